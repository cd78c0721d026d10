//! Whether a request is the recorded one, and if not, what differs. Never shows the value
//! of a header, of a field of a form, or of anything in the body of a request that is secret.

use std::collections::BTreeSet;

use memchr::memmem;
use percent_encoding::percent_decode_str;
use psa_contract::{Body, Request};
use serde_json::Value;

use crate::exchange::{RecordedBody, RecordedRequest};
use crate::expectation;
use crate::placeholder::REMOVED;

/// One difference, and how far apart it makes two requests.
pub struct Difference {
    /// How far apart it makes them.
    pub weight: usize,
    /// What was recorded and what was sent.
    pub text: String,
}

const OTHER_METHOD: usize = 20;
const OTHER_PATH: usize = 30;
const OTHER_DETAIL: usize = 1;

/// Whether the request is the recorded one. Quicker than asking for the differences, where most are not.
#[must_use]
pub fn is_recorded(recorded: &RecordedRequest, request: &Request) -> bool {
    let (url, _) = split_url(&request.url);
    recorded.method == request.method
        && is_same_path(&recorded.url, url)
        && differences(recorded, request).is_empty()
}

/// Empty: the request is the recorded one.
#[must_use]
pub fn differences(recorded: &RecordedRequest, request: &Request) -> Vec<Difference> {
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
    if !is_same_path(&recorded.url, url) {
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
    for text in body_differences(&recorded.body, request) {
        differs(OTHER_DETAIL, text);
    }
    found
}

/// A request for a message: method and URL. Without the query, whose encoding could hide a value from masking; where
/// it differs from the recorded one, the differences show it decoded.
#[must_use]
pub fn describe_request(request: &Request) -> String {
    let (url, _) = split_url(&request.url);
    format!("{} {url}", request.method)
}

fn split_url(url: &str) -> (&str, &str) {
    url.split_once('?').unwrap_or((url, ""))
}

fn is_same_path(recorded: &str, sent: &str) -> bool {
    let segments = |url| -> Vec<String> {
        let segments = str::split(url, '/').map(percent_decode_str);
        segments
            .map(|segment| segment.decode_utf8_lossy().into_owned())
            .collect()
    };
    let (recorded, sent) = (segments(recorded), segments(sent));
    recorded.len() == sent.len()
        && recorded
            .iter()
            .zip(&sent)
            .all(|(recorded, sent)| is_same(recorded, sent))
}

/// What was taken out of a recording counts as anything.
fn is_same(recorded: &str, sent: &str) -> bool {
    recorded == sent || recorded.contains(REMOVED)
}

/// Whether this value of Content-Type says that a body is a form.
pub(crate) fn is_form(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default();
    essence
        .trim()
        .eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

fn query_differences(recorded: &[(String, String)], query: &str) -> Vec<String> {
    let mut sent: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let mut missing = Vec::new();
    for pair in recorded {
        match sent
            .iter()
            .position(|other| other.0 == pair.0 && is_same(&pair.1, &other.1))
        {
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

fn body_differences(recorded: &RecordedBody, request: &Request) -> Vec<String> {
    match (recorded, request.body.as_ref().map(Body::as_bytes)) {
        (RecordedBody::Absent, None) => Vec::new(),
        (RecordedBody::Absent, Some(bytes)) => {
            vec![format!("body: recorded none, sent {} bytes", bytes.len())]
        }
        (_, None) => vec!["body: not sent".to_owned()],
        (RecordedBody::Bytes(expected), Some(bytes))
            if expected == bytes || memmem::find(expected, REMOVED.as_bytes()).is_some() =>
        {
            Vec::new()
        }
        (RecordedBody::Bytes(expected), Some(bytes)) => vec![format!(
            "body: recorded {} bytes, sent {} others",
            expected.len(),
            bytes.len()
        )],
        (RecordedBody::Json(expected), Some(bytes)) => {
            json_differences(expected, bytes, request.is_secret)
        }
        (RecordedBody::Form(expected), Some(bytes)) => {
            let mut types = request
                .headers
                .iter()
                .filter(|(name, _)| name.eq_ignore_ascii_case("content-type"));
            if types.any(|(_, value)| is_form(value)) {
                form_differences(expected, bytes)
            } else {
                vec![
                    "body: recorded a form, sent a body that Content-Type does not call one"
                        .to_owned(),
                ]
            }
        }
    }
}

fn json_differences(expected: &Value, sent: &[u8], is_secret: bool) -> Vec<String> {
    let found = match serde_json::from_slice::<Value>(sent) {
        Ok(actual) => expectation::differences("body", expected, &actual),
        Err(error) => return vec![format!("body: recorded JSON, sent something else: {error}")],
    };
    if !is_secret {
        return found;
    }
    let places = found.iter().map(|text| text.split(": ").next());
    places
        .flatten()
        .map(|place| format!("{place}: its value differs"))
        .collect()
}

/// Each name once, with what is wrong with all of its values.
fn form_differences(recorded: &[(String, String)], sent: &[u8]) -> Vec<String> {
    let sent: Vec<(String, String)> = form_urlencoded::parse(sent).into_owned().collect();
    let names: BTreeSet<&str> = recorded
        .iter()
        .chain(&sent)
        .map(|(name, _)| name.as_str())
        .collect();
    let mut found = Vec::new();
    for name in names {
        let (expected, actual) = (values(recorded, name), values(&sent, name));
        let problem = match (expected.len(), actual.len()) {
            _ if expected.len() == actual.len()
                && expected
                    .iter()
                    .zip(&actual)
                    .all(|(expected, actual)| is_same(expected, actual)) =>
            {
                continue;
            }
            (_, 0) => "not sent".to_owned(),
            (0, _) => "recorded none, sent one".to_owned(),
            (1, 1) => "its value differs".to_owned(),
            (due, count) if due == count => "its values differ".to_owned(),
            (due, count) => format!("recorded {due} times, sent {count} times"),
        };
        found.push(format!("form field `{name}`: {problem}"));
    }
    found
}

/// Sorted, since fields may come in any order.
fn values<'a>(fields: &'a [(String, String)], name: &str) -> Vec<&'a str> {
    let mut values: Vec<&str> = fields
        .iter()
        .filter(|(other, _)| other == name)
        .map(|(_, value)| value.as_str())
        .collect();
    values.sort_unstable();
    values
}
