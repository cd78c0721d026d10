//! What the server answers, and what of it arrives.

use psa_contract::{Body, FailureKind, Response};

use crate::ask::{Arrival, ask, write};
use crate::stand::{Stand, response, shown};

pub(crate) fn statuses(stand: &mut Stand) {
    const DUTY: &str = "every-status-is-a-response";
    for status in [
        "200", "201", "202", "204", "304", "400", "401", "403", "404", "409", "418", "429", "500",
        "502", "503", "599",
    ] {
        let script = [
            ("status", status),
            ("header", "Retry-After: 0"),
            ("body", "{}"),
        ];
        // As a write, so that nothing is repeated.
        let result = stand.one(write(stand.settings, DUTY, status, &script));
        let is_right = matches!(&result, Ok(response) if response.status.to_string() == status);
        let fault =
            (!is_right).then(|| format!("the server answered {status}; came {}", shown(&result)));
        stand.note(DUTY, status, fault);
    }
}

pub(crate) fn redirects(stand: &mut Stand) {
    const DUTY: &str = "redirects-not-followed";
    let settings = stand.settings;
    let own = format!("https://{}/never/{DUTY}/target", settings.site);
    let foreign = format!("https://{}/never/{DUTY}/target", settings.foreign);
    for (status, target) in [
        ("301", &own),
        ("302", &foreign),
        ("303", &own),
        ("307", &foreign),
        ("308", &own),
    ] {
        let location = format!("Location: {target}");
        let script = [("status", status), ("header", &*location)];
        let result = stand.one(ask(settings, Arrival::Any, DUTY, status, &script));
        let fault = match &result {
            Ok(response) if response.status.to_string() != status => Some(format!(
                "the server answered {status}; came {}",
                shown(&result)
            )),
            Ok(response) => (response.header("location") != Some(target.as_str()))
                .then(|| format!("the response {status} arrived without its Location")),
            Err(_) => Some(format!(
                "the server answered {status}; came {}",
                shown(&result)
            )),
        };
        stand.note(DUTY, status, fault);
    }
}

pub(crate) fn interim(stand: &mut Stand) {
    const DUTY: &str = "interim-not-passed-on";
    let script = [("interim", "1"), ("body", "done")];
    let result = stand.one(ask(stand.settings, Arrival::Any, DUTY, "103", &script));
    let found = response(result).map(|response| response.body.to_text() == "done");
    let fault = match found {
        Ok(true) => None,
        Ok(false) => Some("after an interim response 103 its body arrived changed".to_owned()),
        Err(fault) => Some(fault),
    };
    stand.note(DUTY, "103", fault);
}

pub(crate) fn headers(stand: &mut Stand) {
    let settings = stand.settings;
    let script = [
        ("header", "X-Probe: 2"),
        ("header", "Set-Cookie: b=2, x"),
        ("header", "x-PROBE: 1"),
        ("header", "Set-Cookie: a=1"),
        ("header", "X-Empty:"),
        ("header", "X-Latin: B\u{fc}cher \u{c3}\u{a9}"),
    ];
    let result = stand.one(ask(
        settings,
        Arrival::Any,
        "response-headers",
        "all",
        &script,
    ));
    let (repeats, latin) = match response(result) {
        Err(fault) => (Some(fault.clone()), Some(fault)),
        Ok(response) => {
            let of = |name: &str| {
                let named = response
                    .headers
                    .iter()
                    .filter(|(it, _)| it.eq_ignore_ascii_case(name));
                named
                    .map(|(_, value)| value.as_str())
                    .collect::<Vec<_>>()
                    .join(" | ")
            };
            let found = [of("x-probe"), of("set-cookie")].join(", ");
            let expected = "2 | 1, b=2, x | a=1";
            let has_empty = response.header("x-empty") == Some("");
            let repeats = (found != expected)
                .then(|| format!("expected X-Probe and Set-Cookie as {expected}; came {found}"));
            let empty = (!has_empty).then(|| "a header with an empty value is missing".to_owned());
            let value = of("x-latin");
            let latin = (value != "B\u{fc}cher \u{c3}\u{a9}").then(|| {
                format!("the bytes `42 FC 63 68 65 72 20 C3 A9` of a header arrived as `{value}`")
            });
            (repeats.or(empty), latin)
        }
    };
    stand.note("header-repeats-kept", "all", repeats);
    stand.note("header-values-latin-1", "all", latin);
}

pub(crate) fn encodings(stand: &mut Stand) {
    const DUTY: &str = "encoding-removed";
    for encoding in ["gzip", "deflate", "br"] {
        let script = [("encode", encoding)];
        let result = stand.one(ask(stand.settings, Arrival::Any, DUTY, encoding, &script));
        match result {
            Ok(response) if response.header("x-encoded") == Some("no") => {
                let why = format!("the host's Accept-Encoding does not offer {encoding}");
                stand.not_tested(DUTY, encoding, &why);
            }
            result => {
                let fault = response(result).map_or_else(Some, |response| decoded(&response));
                stand.note(DUTY, encoding, fault);
            }
        }
    }
}

/// The text that the server encodes.
const DECODED: &str = "Gr\u{f6}\u{df}e Gr\u{f6}\u{df}e Gr\u{f6}\u{df}e Gr\u{f6}\u{df}e";

fn decoded(response: &Response) -> Option<String> {
    if response.body.to_text() != DECODED {
        return Some("the body arrived encoded or damaged".to_owned());
    }
    if let Some(encoding) = response.header("content-encoding") {
        return Some(format!(
            "the decoded response still has Content-Encoding {encoding}"
        ));
    }
    let length = response.header("content-length")?;
    (length != DECODED.len().to_string())
        .then(|| "the decoded response has the Content-Length of the encoded one".to_owned())
}

pub(crate) fn bodies(stand: &mut Stand) {
    const DUTY: &str = "text-or-bytes";
    let latin = "Content-Type: text/plain; charset=iso-8859-1";
    let utf_16 = "Content-Type: text/plain; charset=utf-16";
    for (trial, hex, header, expected) in [
        ("utf-8", "c3a9", "X: 1", Body::from("\u{e9}")),
        ("charset-ignored", "6162", utf_16, Body::from("ab")),
        (
            "byte-order-mark",
            "efbbbf78",
            "X: 1",
            Body::from("\u{feff}x"),
        ),
        ("latin-1", "e9", latin, Body::Bytes(vec![0xe9])),
        (
            "surrogate",
            "eda080",
            "X: 1",
            Body::Bytes(vec![0xed, 0xa0, 0x80]),
        ),
        ("nul", "7800", "X: 1", Body::from("x\0")),
        ("empty", "", "X: 1", Body::default()),
    ] {
        let script = [("hex", hex), ("header", header)];
        let result = stand.one(ask(stand.settings, Arrival::Any, DUTY, trial, &script));
        let fault = response(result).map_or_else(Some, |response| {
            (response.body != expected).then(|| {
                let form = |body: &Body| match body {
                    Body::Text(text) => format!("text {text:?}"),
                    Body::Bytes(bytes) => format!("bytes {bytes:02x?}"),
                };
                format!(
                    "expected {}; came {}",
                    form(&expected),
                    form(&response.body)
                )
            })
        });
        stand.note(DUTY, trial, fault);
    }
    let result = stand.one(ask(
        stand.settings,
        Arrival::Any,
        DUTY,
        "no-content",
        &[("status", "204")],
    ));
    let is_right = matches!(&result, Ok(response) if response.body == Body::default());
    let fault =
        (!is_right).then(|| format!("expected an empty text of a 204; came {}", shown(&result)));
    stand.note(DUTY, "no-content", fault);
}

pub(crate) fn whole(stand: &mut Stand) {
    const DUTY: &str = "whole-body";
    for (trial, size, frame) in [
        ("one-megabyte", 1_000_000, "length"),
        ("chunked", 200_000, "chunked"),
        ("until-the-end", 100_000, "end"),
        ("above-16-mebibytes", 17_000_000, "length"),
    ] {
        let script = [("size", &*size.to_string()), ("frame", frame)];
        let result = stand.one(ask(stand.settings, Arrival::Any, DUTY, trial, &script));
        let fault = match &result {
            Ok(response) if response.body.len() == size => None,
            Ok(response) => Some(format!(
                "a body of {size} bytes arrived with {}",
                response.body.len()
            )),
            // A limit of the host. A connector asks for lists of several hundred kilobytes.
            Err(failure) if failure.kind == FailureKind::TooLarge && size > 10_000_000 => None,
            Err(_) => Some(format!("a body of {size} bytes; came {}", shown(&result))),
        };
        stand.note(DUTY, trial, fault);
    }
}
