//! Behind a connector: writes its requests, and reads what the host answers.
#![allow(
    missing_docs,
    unreachable_pub,
    unsafe_op_in_unsafe_fn,
    clippy::all,
    reason = "generated code, of which this file writes what converts"
)]

use psa_contract::{Failure, Request, Response};

use crate::wire;

include!(concat!(env!("OUT_DIR"), "/back.rs"));

struct Back;

export!(Back);

impl exports::psa::connector::http::Guest for Back {
    fn send(requests: Vec<Request>) -> Vec<Result<Response, Failure>> {
        let answers = psa::connector_json::http::send(&wire::requests(&requests));
        wire::answers(&answers, requests.len())
    }
}
