//! The service's edge: a request of `wasi:http` comes in, the connector is called through the JSON edition, and the answer goes
//! out. The host makes an instance for each request.
#![allow(
    missing_docs,
    unreachable_pub,
    unsafe_op_in_unsafe_fn,
    clippy::all,
    reason = "generated code"
)]

use wasi::cli::environment::get_environment;
use wasi::exports::http::incoming_handler::Guest;
use wasi::http::types::{
    Fields, IncomingRequest, Method, OutgoingBody, OutgoingResponse, ResponseOutparam,
};
use wasi::io::streams::StreamError;

use crate::api::{Asked, LONGEST_BODY, Reply, reply};

wit_bindgen::generate!({
    inline: "package psa:service@0.2.0; world service { import psa:connector-json/service-desk@0.2.0; }",
    path: ["../../wit/connector.wit", "../json/json.wit"],
    world: "psa:service/service",
    generate_all,
});

use psa::connector_json::service_desk::call;

struct Service;

wasi::http::proxy::export!(Service);

impl Guest for Service {
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        let asked = asked(&request);
        answer(out, reply(&asked, &get_environment(), call));
    }
}

fn asked(request: &IncomingRequest) -> Asked {
    let headers = request.headers();
    let header = |name: &str| {
        let value = headers.get(&name.to_owned()).into_iter().next();
        String::from_utf8(value.unwrap_or_default()).unwrap_or_default()
    };
    let path = request.path_with_query().unwrap_or_default();
    Asked {
        method: method(request.method()),
        path: path.split('?').next().unwrap_or_default().to_owned(),
        content_type: header("content-type"),
        authorization: header("authorization"),
        body: body(request),
    }
}

fn method(method: Method) -> String {
    match method {
        Method::Get => "GET".to_owned(),
        Method::Post => "POST".to_owned(),
        // No path takes it, whatever it is.
        other => format!("{other:?}"),
    }
}

/// None: it is too long, or did not arrive whole.
fn body(request: &IncomingRequest) -> Option<Vec<u8>> {
    let body = request.consume().ok()?;
    let stream = body.stream().ok()?;
    let mut bytes = Vec::new();
    loop {
        match stream.blocking_read(PART) {
            Ok(part) => bytes.extend(part),
            Err(StreamError::Closed) => return Some(bytes),
            Err(StreamError::LastOperationFailed(_)) => return None,
        }
        if bytes.len() > LONGEST_BODY {
            return None;
        }
    }
}

/// How much is read at once.
const PART: u64 = 64 << 10;

/// Whoever asked may be gone: then nothing more can be done.
fn answer(out: ResponseOutparam, reply: Reply) {
    let own = [
        ("content-type", "application/json".to_owned()),
        ("content-length", reply.body.len().to_string()),
        ("cache-control", "no-store".to_owned()),
    ];
    let headers = own.into_iter().chain(reply.headers);
    let headers: Vec<(String, Vec<u8>)> = headers
        .map(|(name, value)| (name.to_owned(), value.into_bytes()))
        .collect();
    let response =
        OutgoingResponse::new(Fields::from_list(&headers).unwrap_or_else(|_| Fields::new()));
    let _ = response.set_status_code(reply.status);
    let body = response.body();
    ResponseOutparam::set(out, Ok(response));
    if let Ok(body) = body {
        let _ = write(&body, reply.body.as_bytes());
        let _ = OutgoingBody::finish(body, None);
    }
}

/// As much at once as the host takes.
fn write(body: &OutgoingBody, mut bytes: &[u8]) -> Option<()> {
    let stream = body.write().ok()?;
    while !bytes.is_empty() {
        let room = usize::try_from(stream.check_write().ok()?).unwrap_or(usize::MAX);
        let (part, rest) = bytes.split_at_checked(room).unwrap_or((bytes, &[]));
        if part.is_empty() {
            stream.subscribe().block();
        } else {
            stream.write(part).ok()?;
        }
        bytes = rest;
    }
    stream.blocking_flush().ok()
}
