//! In front of a connector: reads the arguments of a call, makes it, and writes its result. `build.rs` writes a case for each
//! function of the contract.
#![allow(
    missing_docs,
    unreachable_pub,
    unsafe_op_in_unsafe_fn,
    clippy::all,
    reason = "generated code, of which this file writes what converts"
)]

use psa_contract::{ConnectorError, ErrorCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

include!(concat!(env!("OUT_DIR"), "/front.rs"));

struct Front;

export!(Front);

impl exports::psa::connector_json::service_desk::Guest for Front {
    fn call(function: String, arguments: String) -> Result<String, String> {
        dispatch(&function, &arguments)
    }
}

fn read<T: DeserializeOwned>(function: &str, arguments: &str) -> Result<T, String> {
    crate::arguments::read(arguments).map_err(|fault| {
        failed(
            ErrorCode::InvalidInput,
            format!("cannot call {function}: {fault}"),
        )
    })
}

fn answer<T: Serialize>(answer: Result<T, ConnectorError>) -> Result<String, String> {
    match answer {
        Ok(answer) => result(answer),
        Err(error) => Err(text(&error)),
    }
}

fn result<T: Serialize>(result: T) -> Result<String, String> {
    Ok(text(&result))
}

fn unsupported(function: &str) -> String {
    failed(
        ErrorCode::Unsupported,
        format!("the contract has no function `{function}`"),
    )
}

fn failed(code: ErrorCode, message: String) -> String {
    text(&ConnectorError::new(code, message))
}

/// Records, lists, texts and numbers: all of it can be written.
fn text<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
