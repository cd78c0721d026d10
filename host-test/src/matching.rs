//! Whether a request is the recorded one, and if not, what differs. Never shows the value of a header.

use percent_encoding::percent_decode_str;
use psa_contract::{Body, Request};
use serde_json::Value;

use crate::exchange::{RecordedBody, RecordedRequest};
use crate::expectation;

/// One difference, and how far apart it makes two requests.
pub(crate) struct Difference {
    pub(crate) weight: usize,
    pub(crate) text: String,
}

const OTHER_METHOD: usize = 20;
const OTHER_PATH: usize = 30;
const OTHER_DETAIL: usize = 1;

/// Whether the request is the recorded one. Quicker than asking for the differences, where most are not.
pub(crate) fn is_recorded(recorded: &RecordedRequest, request: &Request) -> bool {
    let (url, _) = split_url(&request.url);
    recorded.method == request.method
        && segments(&recorded.url) == segments(url)
        && differences(recorded, request).is_empty()
}

/// Empty: the request is the recorded one.
pub(crate) fn differences(recorded: &RecordedRequest, request: &Request) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut differs = |weight, text| found.push(Difference { weight, text });
    if recorded.method != request.method {
        let (expected, actual) = (&recorded.method, &request.method);
        differs(
            OTHER_METHOD,
            format!("method: recorded {expected}, sent {actual}"),
        );
    }
    let (url, query) = split_url(&request.url);
    if segments(&recorded.url) != segments(url) {
        differs(
            OTHER_PATH,
            format!("path: recorded {}, sent {url}", recorded.url),
        );
    }
    for text in query_differences(&recorded.query, query) {
        differs(OTHER_DETAIL, text);
    }
    for (name, value) in &recorded.headers {
        if let Some(text) = header_difference(name, value.as_deref(), request) {
            differs(OTHER_DETAIL, text);
        }
    }
    for text in body_differences(&recorded.body, request.body.as_ref().map(Body::as_bytes)) {
        differs(OTHER_DETAIL, text);
    }
    found
}

/// A request for a message: method and URL. Without the query, whose encoding could hide a value from masking; where
/// it differs from the recorded one, the differences show it decoded.
pub(crate) fn describe_request(request: &Request) -> String {
    let (url, _) = split_url(&request.url);
    format!("{} {url}", request.method)
}

fn split_url(url: &str) -> (&str, &str) {
    url.split_once('?').unwrap_or((url, ""))
}

fn segments(url: &str) -> Vec<Vec<u8>> {
    url.split('/')
        .map(|segment| percent_decode_str(segment).collect())
        .collect()
}

fn query_differences(recorded: &[(String, String)], query: &str) -> Vec<String> {
    let mut sent: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let mut missing = Vec::new();
    for pair in recorded {
        match sent.iter().position(|other| other == pair) {
            Some(at) => drop(sent.remove(at)),
            None => missing.push(pair),
        }
    }
    let mut found = Vec::new();
    for (name, value) in missing {
        match sent.iter().position(|(other, _)| other == name) {
            Some(at) => {
                let (_, actual) = sent.remove(at);
                found.push(format!(
                    "query `{name}`: recorded `{value}`, sent `{actual}`"
                ));
            }
            None => found.push(format!("query `{name}`: recorded `{value}`, sent none")),
        }
    }
    found.extend(
        sent.iter()
            .map(|(name, value)| format!("query `{name}`: recorded none, sent `{value}`")),
    );
    found
}

fn header_difference(name: &str, expected: Option<&str>, request: &Request) -> Option<String> {
    let sent: Vec<&str> = request
        .headers
        .iter()
        .filter(|(other, _)| other.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
        .collect();
    match (expected, sent.as_slice()) {
        (None, []) => None,
        (None, _) => Some(format!("header {name}: must not be sent")),
        (Some(_), []) => Some(format!("header {name}: not sent")),
        (Some(expected), [only]) if *only == expected => None,
        (Some(_), [_]) => Some(format!("header {name}: its value differs")),
        (Some(_), _) => Some(format!("header {name}: sent {} times", sent.len())),
    }
}

fn body_differences(recorded: &RecordedBody, sent: Option<&[u8]>) -> Vec<String> {
    match (recorded, sent) {
        (RecordedBody::Absent, None) => Vec::new(),
        (RecordedBody::Absent, Some(bytes)) => {
            vec![format!("body: recorded none, sent {} bytes", bytes.len())]
        }
        (_, None) => vec!["body: not sent".to_owned()],
        (RecordedBody::Bytes(expected), Some(bytes)) if expected == bytes => Vec::new(),
        (RecordedBody::Bytes(expected), Some(bytes)) => vec![format!(
            "body: recorded {} bytes, sent {} others",
            expected.len(),
            bytes.len()
        )],
        (RecordedBody::Json(expected), Some(bytes)) => match serde_json::from_slice::<Value>(bytes)
        {
            Ok(actual) => expectation::differences("body", expected, &actual),
            Err(error) => vec![format!("body: recorded JSON, sent something else: {error}")],
        },
    }
}
