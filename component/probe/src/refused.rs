//! What a host must not send: what the contract forbids, and what no setting allows.

use psa_contract::{FailureKind, Request};

use crate::ask::{Arrival, ask, ask_of};
use crate::stand::{Stand, unless_failure};

/// Notes the fault, if the host did not refuse the request. That nothing arrived, the server says.
fn is_denied(stand: &mut Stand, duty: &'static str, trial: &str, request: Request) {
    let result = stand.one(request);
    let fault = unless_failure(&result, &[FailureKind::Denied], false);
    stand.note(duty, trial, fault);
}

pub(crate) fn headers_of_the_host(stand: &mut Stand) {
    const DUTY: &str = "host-headers-refused";
    for (name, value) in [
        ("Host", "another.example"),
        ("content-length", "2"),
        ("Accept-Encoding", "identity"),
    ] {
        let mut request = ask(stand.settings, Arrival::Never, DUTY, name, &[]);
        request.headers.push((name.to_owned(), value.to_owned()));
        is_denied(stand, DUTY, name, request);
    }
}

pub(crate) fn forbidden(stand: &mut Stand) {
    const DUTY: &str = "forbidden-refused";
    let good = |trial: &str| ask(stand.settings, Arrival::Never, DUTY, trial, &[]);
    let with_header = |trial: &str, name: &str, value: &str| {
        let mut request = good(trial);
        request.headers.push((name.to_owned(), value.to_owned()));
        request
    };
    let at = |trial: &str, scheme: &str, user: &str, end: &str| Request {
        url: format!(
            "{scheme}://{user}{}/never/{DUTY}/{trial}{end}",
            stand.settings.site
        ),
        ..good(trial)
    };
    let requests = [
        ("http", at("http", "http", "", "")),
        (
            "user-information",
            at("user-information", "https", "user:word@", ""),
        ),
        ("fragment", at("fragment", "https", "", "#x")),
        ("space", at("space", "https", "", "/a b")),
        ("not-ascii", at("not-ascii", "https", "", "/\u{e9}")),
        (
            "method",
            Request {
                method: "get".to_owned(),
                ..good("method")
            },
        ),
        (
            "method-with-space",
            Request {
                method: "GET /x".to_owned(),
                ..good("method-with-space")
            },
        ),
        ("header-name", with_header("header-name", "x probe", "1")),
        (
            "line-break",
            with_header("line-break", "x-probe", "1\r\nx-injected: 2"),
        ),
        ("nul", with_header("nul", "x-probe", "1\u{0}2")),
        (
            "reuse-of-a-write",
            Request {
                method: "POST".to_owned(),
                is_write: true,
                reuse_seconds: Some(60),
                ..good("reuse-of-a-write")
            },
        ),
        (
            "reuse-for-too-long",
            Request {
                reuse_seconds: Some(3_601),
                ..good("reuse-for-too-long")
            },
        ),
    ];
    for (trial, request) in requests {
        is_denied(stand, DUTY, trial, request);
    }
}

pub(crate) fn foreign_origins(stand: &mut Stand) {
    const DUTY: &str = "origin-refused";
    let settings = stand.settings;
    let request = ask_of(
        &settings.foreign,
        settings,
        Arrival::Never,
        DUTY,
        "foreign",
        &[],
    );
    is_denied(stand, DUTY, "foreign", request);
}
