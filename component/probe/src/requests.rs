//! What of a request arrives at the server, which says so in its answer.

use psa_contract::{Body, Request};
use serde::Deserialize;

use crate::ask::{Arrival, ask};
use crate::stand::{Stand, response};

/// A request as the server saw it.
#[derive(Deserialize)]
struct Arrived {
    method: String,
    /// Path and query.
    target: String,
    /// As they came, values as Latin-1.
    headers: Vec<(String, String)>,
    /// In hexadecimal digits.
    body: String,
}

impl Arrived {
    fn values(&self, name: &str) -> Vec<&str> {
        let named = self
            .headers
            .iter()
            .filter(|(it, _)| it.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_str()).collect()
    }
}

/// Sends a request that the server describes, and notes what is wrong with it there.
fn arrives(
    stand: &mut Stand,
    duty: &'static str,
    trial: &str,
    request: Request,
    fault: impl FnOnce(&Arrived) -> Option<String>,
) {
    let arrived = response(stand.one(request)).and_then(|response| {
        serde_json::from_slice::<Arrived>(response.body.as_bytes())
            .map_err(|_| "the server's answer arrived changed".to_owned())
    });
    let fault = arrived.map_or_else(Some, |arrived| fault(&arrived));
    stand.note(duty, trial, fault);
}

fn echo(stand: &Stand, duty: &str, trial: &str) -> Request {
    ask(stand.settings, Arrival::Any, duty, trial, &[("echo", "1")])
}

fn unless_equal(what: &str, sent: &str, arrived: &str) -> Option<String> {
    (sent != arrived).then(|| format!("{what} was sent as `{sent}` and arrived as `{arrived}`"))
}

pub(crate) fn methods(stand: &mut Stand) {
    const DUTY: &str = "method-kept";
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
        let request = Request {
            method: method.to_owned(),
            ..echo(stand, DUTY, method)
        };
        arrives(stand, DUTY, method, request, |arrived| {
            unless_equal("the method", method, &arrived.method)
        });
    }
}

pub(crate) fn urls(stand: &mut Stand) {
    const DUTY: &str = "url-kept";
    for (trial, more) in [
        ("path", "a%20b/%2F/%c3%A9/x;y/~-_.!?echo=1"),
        ("query", "q?echo=1&q=%20+%2B&empty=&flag&r=[1]&q=%C3%A9/?"),
    ] {
        let target = format!("/any/{DUTY}/{more}");
        let request = Request {
            url: format!("https://{}{target}", stand.settings.site),
            ..echo(stand, DUTY, trial)
        };
        arrives(stand, DUTY, trial, request, |arrived| {
            unless_equal("the URL", &target, &arrived.target)
        });
    }
}

pub(crate) fn headers(stand: &mut Stand) {
    const DUTY: &str = "request-headers-kept";
    let long = "x".repeat(8_000);
    let cases: [(&str, &[&str]); 6] = [
        ("plain", &["a b, c"]),
        ("repeated", &["2", "1", "3"]),
        ("empty", &[""]),
        ("latin-1", &["B\u{fc}cher"]),
        ("odd", &["\"quoted; x=1\", (comment) \\ {brace}"]),
        ("long", &[&long]),
    ];
    for (trial, values) in cases {
        let mut request = echo(stand, DUTY, trial);
        let added = values
            .iter()
            .map(|value| ("X-Probe".to_owned(), (*value).to_owned()));
        request.headers.extend(added);
        arrives(stand, DUTY, trial, request, |arrived| {
            // A list may come in one header: HTTP says that it means the same.
            let joined = arrived.values("x-probe").join(", ");
            unless_equal("the header X-Probe", &values.join(", "), &joined)
        });
    }
}

pub(crate) fn user_agent(stand: &mut Stand) {
    const DUTY: &str = "user-agent";
    let request = echo(stand, DUTY, "added");
    arrives(stand, DUTY, "added", request, |arrived| {
        let is_there = arrived
            .values("user-agent")
            .iter()
            .any(|value| !value.is_empty());
        (!is_there).then(|| "a request without User-Agent arrived without one".to_owned())
    });
    let mut request = echo(stand, DUTY, "kept");
    request
        .headers
        .push(("User-Agent".to_owned(), "probe/1".to_owned()));
    arrives(stand, DUTY, "kept", request, |arrived| {
        let joined = arrived.values("user-agent").join(", ");
        unless_equal("the connector's User-Agent", "probe/1", &joined)
    });
}

pub(crate) fn bodies(stand: &mut Stand) {
    const DUTY: &str = "request-body-kept";
    let all: Vec<u8> = (0..=u8::MAX).collect();
    for (trial, body) in [
        ("text", Body::from("Gr\u{f6}\u{df}e \u{1f600}\r\n\0")),
        ("byte-order-mark", Body::from("\u{feff}x")),
        ("bytes", Body::from(all)),
        ("two-chunks", Body::from("x".repeat(20_000))),
    ] {
        let sent: String = body
            .as_bytes()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let request = Request {
            method: "POST".to_owned(),
            body: Some(body),
            ..echo(stand, DUTY, trial)
        };
        arrives(stand, DUTY, trial, request, |arrived| {
            let of = |text: &str| text.chars().take(80).collect::<String>();
            let fault = unless_equal("the body", &of(&sent), &of(&arrived.body));
            let lengths = (sent.len() / 2, arrived.body.len() / 2);
            fault.or_else(|| {
                (sent != arrived.body)
                    .then(|| format!("a body of {} bytes arrived with {}", lengths.0, lengths.1))
            })
        });
    }
}

pub(crate) fn lengths(stand: &mut Stand) {
    const DUTY: &str = "content-length";
    for (trial, method, body, allowed) in [
        ("get-without-body", "GET", None, &[""][..]),
        // HTTP recommends 0 for a method that may have a body, and many clients insist.
        ("post-without-body", "POST", None, &["", "0"]),
        ("empty-body", "POST", Some(Body::default()), &["0"]),
        ("body", "PUT", Some(Body::from("12345")), &["5"]),
    ] {
        let request = Request {
            method: method.to_owned(),
            body,
            ..echo(stand, DUTY, trial)
        };
        arrives(stand, DUTY, trial, request, |arrived| {
            let chunked = arrived.values("transfer-encoding").join(", ");
            let found = arrived.values("content-length").join(", ");
            unless_equal("Transfer-Encoding", "", &chunked).or_else(|| {
                let is_right = allowed.contains(&found.as_str());
                (!is_right).then(|| format!("Content-Length came as `{found}`"))
            })
        });
    }
}

/// Headers that change what a request means, and that the connector did not send.
pub(crate) fn additions(stand: &mut Stand) {
    const DUTY: &str = "nothing-added";
    const MEANINGFUL: [&str; 7] = [
        "authorization",
        "content-type",
        "cookie",
        "expect",
        "if-none-match",
        "origin",
        "referer",
    ];
    let cookie = [("header", "Set-Cookie: probe=1; Path=/")];
    let first = ask(stand.settings, Arrival::Any, DUTY, "cookie", &cookie);
    // Whatever comes of it: the next request shows what was kept of it.
    let _ = stand.one(first);
    let request = Request {
        method: "POST".to_owned(),
        headers: Vec::new(),
        body: Some("{}".into()),
        ..echo(stand, DUTY, "headers")
    };
    arrives(stand, DUTY, "headers", request, |arrived| {
        let added = MEANINGFUL
            .iter()
            .find(|name| !arrived.values(name).is_empty());
        added.map(|name| format!("the host added the header {name}"))
    });
}
