//! The call of wit-bindgen and nothing else. It generates the import, and writes the world into the module, from which the
//! component is made. What it would generate for the exports is not used: `mod.rs` says why.
#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    unsafe_op_in_unsafe_fn,
    clippy::all,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "generated code"
)]

wit_bindgen::generate!({
    path: "../wit",
    world: "connector",
    with: {
        "psa:connector/http@0.1.0/request": psa_contract::Request,
        "psa:connector/http@0.1.0/response": psa_contract::Response,
        "psa:connector/http@0.1.0/failure-kind": psa_contract::FailureKind,
        "psa:connector/http@0.1.0/failure": psa_contract::Failure,
    },
});
