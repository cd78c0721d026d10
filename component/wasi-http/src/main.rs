//! The HTTP of a connector over `wasi:http`: put behind a connector, it makes a component that every host of WASI 0.2 runs. What
//! the contract asks of a host and `wasi:http` does not do is done here: the contract's rules for requests, several requests at
//! once, limits of time and size, and what a failure says of the server. What outlives a call stays with whoever runs it.
//!
//! `make wasi` builds it and puts it behind each connector. It knows no connector and fits each component that imports
//! `psa:connector/http`. Only how many requests that connector wants to be sent at once is put behind it, as a component that says
//! a number.
// What a server answers may be anything, so whatever can panic is refused by the compiler.
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::string_slice,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]
#![cfg_attr(
    not(target_arch = "wasm32"),
    allow(dead_code, reason = "only a component sends")
)]

mod exchange;
#[cfg(target_arch = "wasm32")]
mod export;
mod failure;
mod limits;
mod outgoing;
mod send;

fn main() {}
