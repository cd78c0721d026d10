//! What runs on `wasi:http`: the adapter behind a connector, and the service in front of it. The host is `wasmtime-wasi-http`, in
//! this process, with the network replaced; what the command `wasmtime serve` makes of it is in `served`. `make wasi` builds what
//! is tested.

mod adapter; // What a host owes a connector.
mod answers; // Answers of the service against its own document.
mod built; // What `make wasi` built.
mod cases; // Every case of every vendor.
mod creates; // Many tickets whose connections are cut.
mod document; // The OpenAPI document against the contract.
mod duties; // The kit for hosts.
#[path = "../../hosts/wasi/host.rs"]
mod host; // A host of wasi:http.
mod replayed; // A recording in place of the network.
mod served; // The command `wasmtime serve`.
#[path = "../../hosts/wasi/tls.rs"]
mod tls; // The network, with an authority of our own.
