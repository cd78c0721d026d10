//! The component's edge towards the connector. `wasi` is the edge towards the host.
#![allow(
    missing_docs,
    unreachable_pub,
    unsafe_op_in_unsafe_fn,
    clippy::all,
    reason = "generated code"
)]

use psa_contract::{Failure, Request, Response};

wit_bindgen::generate!({
    inline: "package psa:wasi-http@0.2.0;
        interface pacing { concurrent-requests: func() -> u32; }
        world adapter { import pacing; export psa:connector/http@0.2.0; }",
    path: "../../wit/connector.wit",
    generate_all,
    world: "psa:wasi-http/adapter",
    with: {
        "psa:connector/http@0.2.0/body": psa_contract::Body,
        "psa:connector/http@0.2.0/failure": psa_contract::Failure,
        "psa:connector/http@0.2.0/failure-kind": psa_contract::FailureKind,
        "psa:connector/http@0.2.0/request": psa_contract::Request,
        "psa:connector/http@0.2.0/response": psa_contract::Response,
    },
});

use psa::wasi_http::pacing;

struct Adapter;

export!(Adapter);

impl exports::psa::connector::http::Guest for Adapter {
    fn send(requests: Vec<Request>) -> Vec<Result<Response, Failure>> {
        crate::send::send(requests, pacing::concurrent_requests())
    }
}
