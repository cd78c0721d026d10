//! The HTTP of a connector, answered from a recording: `tenant.json` in the first folder that the host gives. Every call gets the
//! whole recording anew.
#![allow(
    missing_docs,
    unreachable_pub,
    unsafe_op_in_unsafe_fn,
    clippy::all,
    reason = "generated code"
)]

use std::cell::OnceCell;

use psa_contract::http::denied;
use psa_contract::{Failure, Request, Response};
use psa_recording::{Recording, Replay};
use wasi::cli::environment::get_environment;
use wasi::filesystem::preopens::get_directories;
use wasi::filesystem::types::{DescriptorFlags, OpenFlags, PathFlags};

use crate::settings::settings;

wit_bindgen::generate!({
    inline: "package psa:service@0.2.0; world recorded { export psa:connector/http@0.2.0; }",
    path: "../../wit/connector.wit",
    generate_all,
    world: "psa:service/recorded",
    with: {
        "psa:connector/http@0.2.0/body": psa_contract::Body,
        "psa:connector/http@0.2.0/failure": psa_contract::Failure,
        "psa:connector/http@0.2.0/failure-kind": psa_contract::FailureKind,
        "psa:connector/http@0.2.0/request": psa_contract::Request,
        "psa:connector/http@0.2.0/response": psa_contract::Response,
    },
});

struct Recorded;

export!(Recorded);

const FILE: &str = "tenant.json";

thread_local! {
    /// Lasts as long as the instance: a call.
    static REPLAY: OnceCell<Result<Replay, String>> = const { OnceCell::new() };
}

impl exports::psa::connector::http::Guest for Recorded {
    fn send(requests: Vec<Request>) -> Vec<Result<Response, Failure>> {
        REPLAY.with(|replay| match replay.get_or_init(open) {
            Ok(replay) => replay.answer(requests),
            Err(problem) => {
                let answers = requests.iter().map(|_| Err(denied(problem.clone())));
                answers.collect()
            }
        })
    }
}

fn open() -> Result<Replay, String> {
    let text = read().map_err(|problem| {
        format!("cannot read {FILE} in the first folder that the host gives (`--dir` of wasmtime): {problem}")
    })?;
    let recording = Recording::parse(FILE, &text).map_err(|error| error.to_string())?;
    Replay::new(&recording, &settings(&get_environment())).map_err(|error| error.to_string())
}

fn read() -> Result<String, String> {
    let folders = get_directories();
    let (folder, _) = folders
        .first()
        .ok_or("the host gives no folder with a recording")?;
    let (read, nothing) = (DescriptorFlags::READ, OpenFlags::empty());
    let file = folder
        .open_at(PathFlags::empty(), FILE, nothing, read)
        .map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    loop {
        let place = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let (part, is_end) = file.read(PART, place).map_err(|error| error.to_string())?;
        bytes.extend(part);
        if is_end {
            return String::from_utf8(bytes).map_err(|error| error.to_string());
        }
    }
}

/// How much is read at once.
const PART: u64 = 1 << 20;
