//! What is refused of a recording, and how its fields are read.

use psa_contract::Response;
use serde_json::Value;

use super::*;
use crate::exchange::RecordedBody;

/// A recording of one exchange, with the given request and answer.
fn recording(request: &str, answer: &str) -> String {
    format!(
        r#"{{"docs": "d", "provenance": "p", "base-url": "https://psa.example/v1",
            "request-headers": {{"accept": "json"}},
            "exchanges": [{{"role": "list", "request": {request}, {answer}}}]}}"#
    )
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let request = r#"{"method": "GET", "path": "/x"}"#;
    let response = r#""response": {"status": 200}"#;
    let cases = [
        (recording(request, response), ""),
        (
            recording(r#"{"method": "GET"}"#, response),
            "f: exchanges[0].request: missing field `path`",
        ),
        (
            recording(r#"{"method": "GET", "path": "/", "body": 1}"#, response),
            "exchanges[0].request.body: unknown field",
        ),
        (
            recording(r#"{"method": "GET", "path": "x"}"#, response),
            "f: exchanges[0].request: `path` starts neither",
        ),
        (
            recording(r#"{"method": "GET", "path": "/x?y=1"}"#, response),
            "holds a query",
        ),
        (
            recording(r#"{"method": "GET", "path": "/{{x}}"}"#, response),
            "exchanges[0].request: the placeholder `{{x}}`",
        ),
        (
            recording(
                r#"{"method": "GET", "path": "/", "json": null, "text": ""}"#,
                response,
            ),
            "at most one of",
        ),
        (
            recording(
                r#"{"method": "POST", "path": "/", "form": {"a": "b"}, "text": ""}"#,
                response,
            ),
            "exchanges[0].request: at most one of `json`, `form`, `text` and `base64`",
        ),
        (
            recording(
                r#"{"method": "POST", "path": "/", "form": {"a": 1}}"#,
                response,
            ),
            "exchanges[0].request.form.a: invalid type",
        ),
        (
            recording(
                r#"{"method": "POST", "path": "/", "form": {"a": "{{x}}"}}"#,
                response,
            ),
            "exchanges[0].request: the placeholder `{{x}}`",
        ),
        (
            recording(request, r#""spare": false"#),
            "exchanges[0].response: exactly one of",
        ),
        (
            recording(
                request,
                r#""response": {"status": 200}, "failure": {"kind": "denied", "message": "", "may-have-acted": false}"#,
            ),
            "exchanges[0].response: exactly one of",
        ),
        (
            recording(r#"{"method": "GET", "path": "/", "base64": "!"}"#, response),
            "is not base64",
        ),
        (
            recording(
                r#"{"method": "GET", "path": "/", "query": {"a": 1}}"#,
                response,
            ),
            "exchanges[0].request.query.a: invalid type",
        ),
        (
            recording(request, r#""response": {"status": 100}"#),
            "exchanges[0].response: `status` is 100",
        ),
        (
            recording(request, r#""response": {"status": 200, "x": 1}"#),
            "unknown field `x`",
        ),
        (recording(request, r#""rolle": 1"#), "unknown field `rolle`"),
        (
            recording(
                request,
                r#""failure": {"kind": "gone", "message": "", "may-have-acted": true}"#,
            ),
            "unknown variant `gone`",
        ),
        (
            recording(
                request,
                r#""failure": {"kind": "denied", "message": "", "may-have-acted": true}"#,
            ),
            "exchanges[0].failure: `may-have-acted` is always false for `denied`",
        ),
        (
            recording(
                request,
                r#""failure": {"kind": "too-large", "message": "", "may-have-acted": false}"#,
            ),
            "always true for `too-large`",
        ),
        (
            recording(
                request,
                r#""response": {"status": 200},
                   "look-up": {"if-committed": {"status": 200}, "if-not-committed": {"status": 200}}"#,
            ),
            "exchanges[0].look-up: only a write has one",
        ),
        ("{}".to_owned(), "f: missing field `docs`"),
        ("[".to_owned(), "f: EOF"),
        (
            format!("{} x", recording(request, response)),
            "trailing characters",
        ),
    ];
    for (text, expected) in cases {
        let outcome = Recording::parse("f", &text)
            .and_then(|recording| recording.exchanges(&Placeholders::default()));
        match outcome {
            Ok(_) => assert!(expected.is_empty(), "{text} was accepted"),
            Err(error) => {
                let message = error.to_string();
                assert!(
                    !expected.is_empty() && message.contains(expected),
                    "{text}: {message}"
                );
            }
        }
    }
}

#[test]
fn an_exchange_is_read_in_full() -> Result<(), RecordingError> {
    let text = recording(
        r#"{"method": "POST", "path": "/x", "query": {"a": "1"}, "headers": {"Accept": null}, "json": null}"#,
        r#""response": {"status": 201, "headers": [["Link", "a"], ["link", "b"]], "base64": "AAE="},
           "required": ["id"], "spare": true,
           "look-up": {"if-committed": {"status": 200, "text": "a"}, "if-not-committed": {"status": 404}}"#,
    )
    .replace(r#""role": "list""#, r#""role": "write""#);
    let exchanges = Recording::parse("f", &text)?.exchanges(&Placeholders::default())?;
    let link = |value: &str| ("link".to_owned(), value.to_owned());
    assert_eq!(
        exchanges,
        [Exchange {
            role: Some(Role::Write),
            request: RecordedRequest {
                method: "POST".to_owned(),
                url: "https://psa.example/v1/x".to_owned(),
                query: vec![("a".to_owned(), "1".to_owned())],
                headers: vec![("Accept".to_owned(), None)],
                body: RecordedBody::Json(Value::Null),
            },
            answer: Ok(Response {
                status: 201,
                headers: vec![link("a"), link("b")],
                body: vec![0, 1].into(),
                age_seconds: None,
            }),
            required: vec!["id".to_owned()],
            is_spare: true,
            look_up: Some(LookUpAnswers {
                if_committed: response(200, b"a"),
                if_not_committed: response(404, b""),
            }),
        }]
    );
    Ok(())
}

fn response(status: u16, body: &[u8]) -> Response {
    Response {
        status,
        headers: Vec::new(),
        body: body.to_vec().into(),
        age_seconds: None,
    }
}
