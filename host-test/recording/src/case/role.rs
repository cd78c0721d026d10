//! What a request in a recording was probably for. A guess: only the author of a connector knows.

use serde_json::Value;

use crate::exchange::{Exchange, RecordedBody, Role};

/// Guesses from method, address and answer; `all` are the exchanges of the recording.
pub(super) fn guess(exchange: &Exchange, all: &[Exchange]) -> Role {
    let request = &exchange.request;
    if is_read(exchange) {
        let is_written =
            |other: &Exchange| other.request.url == request.url && guess(other, &[]) == Role::Write;
        if all.iter().any(is_written) {
            return Role::LookUp;
        }
        return if is_list(exchange) {
            Role::List
        } else {
            Role::Detail
        };
    }
    if is_token_request(exchange) {
        Role::Credential
    } else if matches!(last_segment(&request.url), "query" | "search") {
        Role::List
    } else {
        Role::Write
    }
}

fn is_read(exchange: &Exchange) -> bool {
    matches!(exchange.request.method.as_str(), "GET" | "HEAD")
}

fn is_token_request(exchange: &Exchange) -> bool {
    let has_grant = match &exchange.request.body {
        RecordedBody::Form(fields) => fields.iter().any(|(name, _)| name == "grant_type"),
        RecordedBody::Json(json) => json.get("grant_type").is_some(),
        RecordedBody::Absent | RecordedBody::Bytes(_) => false,
    };
    has_grant || last_segment(&exchange.request.url) == "token"
}

fn is_list(exchange: &Exchange) -> bool {
    let answer = exchange.answer.as_ref().ok();
    let json = answer.and_then(|answer| serde_json::from_slice(answer.body.as_bytes()).ok());
    let last = last_segment(&exchange.request.url);
    let is_of_one = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    match json {
        Some(Value::Array(_)) => true,
        Some(Value::Object(members)) => !is_of_one && members.values().any(Value::is_array),
        _ => !is_of_one,
    }
}

fn last_segment(url: &str) -> &str {
    url.trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default()
}
