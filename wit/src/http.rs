//! HTTP as a host provides it to a connector. A replay is one implementation, a live backend another.
//!
//! The rules of `psa:connector/http` that hold for every implementation are here too. No limits, no sockets.

use std::pin::Pin;
use std::time::Instant;

use crate::{Failure, FailureKind, Request, Response};

/// The result of one request.
pub type Answer = Result<Response, Failure>;

/// The answers to come, in the order of the requests.
pub type Answers<'a> = Pin<Box<dyn Future<Output = Vec<Answer>> + Send + 'a>>;

/// HTTP as a connector gets it. One value serves one call.
///
/// All requests of a batch may be in flight at once. An implementation keeps `deadline` itself: it abandons what is
/// unfinished then and reports it as `timed-out`, beside the answers that did arrive. If it does not, it is dropped a moment
/// after the deadline, and every request of the batch counts as `timed-out` and as one that the server may have acted on.
/// Missing answers count as `interrupted`; surplus answers are ignored.
///
/// An implementation refuses what [`refusal`] refuses, before anything is sent.
pub trait Http: Send {
    /// Sends the requests and waits for all of them.
    fn send(&mut self, requests: Vec<Request>, deadline: Instant) -> Answers<'_>;
}

/// No HTTP at all, for `describe` and `origins`: every request is refused.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoHttp;

impl Http for NoHttp {
    fn send(&mut self, requests: Vec<Request>, _deadline: Instant) -> Answers<'_> {
        let answers = requests
            .iter()
            .map(|_| Err(denied("this call has no HTTP".to_owned())))
            .collect();
        Box::pin(std::future::ready(answers))
    }
}

/// Why the contract forbids a request, whatever the backend: a failure of kind `denied` that names the rule.
#[must_use]
pub fn refusal(request: &Request) -> Option<Failure> {
    broken_rule(request).map(|rule| denied(format!("the request was not sent: {rule}")))
}

/// The failure of a request that was not sent because a rule forbids it.
#[must_use]
pub fn denied(message: String) -> Failure {
    Failure {
        kind: FailureKind::Denied,
        message,
        may_have_acted: false,
    }
}

/// Headers that the host writes.
const HEADERS_OF_THE_HOST: [&str; 3] = ["host", "content-length", "accept-encoding"];

/// The longest that a response may be kept.
const LONGEST_REUSE_SECONDS: u32 = 3_600;

fn broken_rule(request: &Request) -> Option<String> {
    if !is_token(&request.method) || request.method.bytes().any(|byte| byte.is_ascii_lowercase()) {
        return Some("the method is not an upper-case token".to_owned());
    }
    if let Some(rule) = broken_rule_of_url(&request.url) {
        return Some(rule.to_owned());
    }
    if let Some(seconds) = request.reuse_seconds {
        if request.is_write {
            return Some("a write asks for its response to be reused".to_owned());
        }
        if seconds > LONGEST_REUSE_SECONDS {
            return Some(format!(
                "it asks for a response to be reused for {seconds} seconds; at most {LONGEST_REUSE_SECONDS} are allowed"
            ));
        }
    }
    for (name, value) in &request.headers {
        if !is_token(name) {
            return Some("the name of a header is not a token".to_owned());
        }
        if HEADERS_OF_THE_HOST
            .iter()
            .any(|own| name.eq_ignore_ascii_case(own))
        {
            return Some(format!("the header {name} is written by the host"));
        }
        if value.contains(['\r', '\n', '\0']) {
            return Some(format!(
                "the value of the header {name} holds a line break or NUL"
            ));
        }
    }
    None
}

fn broken_rule_of_url(url: &str) -> Option<&'static str> {
    let Some(rest) = url.strip_prefix("https://") else {
        return Some("the URL does not start with https://");
    };
    if !url.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Some("the URL holds a space or a character that is not percent-encoded");
    }
    if url.contains('#') {
        return Some("the URL has a fragment");
    }
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    if authority.is_empty() {
        return Some("the URL has no host");
    }
    if authority.contains('@') {
        return Some("the URL holds user information");
    }
    None
}

fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_the_contract_forbids_is_refused_with_the_rule() {
        /// Method, URL, headers, part of the message.
        type Case<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a str);
        let cases: &[Case<'_>] = &[
            ("GET", "https://a.example/x?y=%20", &[("accept", "*/*")], ""),
            ("get", "https://a.example/", &[], "upper-case"),
            ("", "https://a.example/", &[], "upper-case"),
            ("GET", "http://a.example/", &[], "https://"),
            ("GET", "https:///x", &[], "no host"),
            ("GET", "https://u:p@a.example/", &[], "user information"),
            ("GET", "https://a.example/@x", &[], ""),
            ("GET", "https://a.example/a b", &[], "space"),
            ("GET", "https://a.example/é", &[], "percent-encoded"),
            ("GET", "https://a.example/#x", &[], "fragment"),
            (
                "GET",
                "https://a.example/",
                &[("Host", "b")],
                "written by the host",
            ),
            ("GET", "https://a.example/", &[("x y", "b")], "token"),
            (
                "GET",
                "https://a.example/",
                &[("x", "b\r\nc: d")],
                "line break",
            ),
        ];
        for (method, url, headers, part) in cases {
            let request = Request {
                method: (*method).to_owned(),
                url: (*url).to_owned(),
                headers: headers
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                    .collect(),
                ..Request::default()
            };
            match refusal(&request) {
                None => assert!(part.is_empty(), "{method} {url} was accepted"),
                Some(failure) => assert!(
                    !part.is_empty() && failure.message.contains(part),
                    "{method} {url}: {}",
                    failure.message
                ),
            }
        }
    }
}
