//! What matches, what a complaint shows, and what it hides.

use super::*;
use psa_contract::FailureKind;

const RECORDING: &str = r#"{
    "docs": "d", "provenance": "p", "base-url": "https://psa.example/v1",
    "request-headers": {"Authorization": "Basic {{key}}"},
    "exchanges": [
        {"role": "list", "request": {"method": "GET", "path": "/tickets", "query": {"a": "1", "b": "x y"}},
         "response": {"status": 200}},
        {"role": "discovery", "request": {"method": "GET", "path": "/info/a b", "headers": {"authorization": null}},
         "response": {"status": 201}},
        {"role": "write", "request": {"method": "POST", "path": "/tickets", "json": {"a": [1, 2], "b": null}},
         "failure": {"kind": "timed-out", "message": "m", "may-have-acted": true}}
    ]}"#;

fn replay() -> Replay {
    let recording = Recording::parse("f", RECORDING).expect("a recording");
    let key = Setting {
        name: "key".to_owned(),
        value: "s3cret".to_owned(),
    };
    Replay::new(&recording, &[key]).expect("exchanges")
}

fn request(method: &str, path: &str, key: Option<&str>, body: Option<&str>) -> Request {
    Request {
        method: method.to_owned(),
        url: format!("https://psa.example/v1{path}"),
        headers: key
            .map(|key| ("authorization".to_owned(), key.to_owned()))
            .into_iter()
            .collect(),
        body: body.map(Into::into),
        ..Request::default()
    }
}

#[test]
fn a_request_matches_whatever_its_spelling_or_shows_what_differs() {
    let key = Some("Basic s3cret");
    let cases = [
        (request("GET", "/tickets?b=x%20y&a=1", key, None), ""),
        (request("GET", "/tickets?a=1&b=x+y", key, None), ""),
        (request("GET", "/info/a%20b", None, None), ""),
        (
            request("POST", "/tickets", key, Some(r#"{"b": null, "a": [1, 2]}"#)),
            "",
        ),
        (
            request("GET", "/tickets?a=2&b=x%20y", key, None),
            "query `a`: recorded `1`, sent `2`",
        ),
        (
            request("GET", "/tickets?a=1", key, None),
            "query `b`: recorded `x y`, sent none",
        ),
        (
            request("GET", "/tickets?a=1&b=x%20y&c=3", key, None),
            "query `c`: recorded none, sent `3`",
        ),
        (
            request("GET", "/tickets?a=1&a=1&b=x%20y", key, None),
            "query `a`: recorded none, sent `1`",
        ),
        (
            request("GET", "/tickets?a=1&b=x%20y", None, None),
            "header Authorization: not sent",
        ),
        (
            request("GET", "/tickets?a=1&b=x%20y", Some("Basic o5her"), None),
            "Authorization: its value differs",
        ),
        (
            request("GET", "/info/a%20b", key, None),
            "authorization: must not be sent",
        ),
        (
            request("GET", "/info/a%2Fb", None, None),
            "path: recorded https://psa.example/v1/info/a b, sent",
        ),
        (
            request("GET", "/tickets?a=1&b=x%20y", key, Some("")),
            "body: recorded none, sent 0 bytes",
        ),
        (
            request("POST", "/tickets", key, None),
            "exchanges[2] (write), POST https://psa.example/v1/tickets: body: not sent",
        ),
        (
            request("POST", "/tickets", key, Some(r#"{"a": [1, 3], "b": null}"#)),
            "body.a[1]: expected 2, found 3",
        ),
        (
            request("POST", "/tickets", key, Some(r#"{"a": [1, 2]}"#)),
            "body.b: expected null, found nothing",
        ),
        (
            request("POST", "/tickets", key, Some("{")),
            "body: recorded JSON, sent something else",
        ),
        (
            request("PUT", "/tickets", key, Some(r#"{"a": [1, 2], "b": null}"#)),
            "method: recorded POST, sent PUT",
        ),
        (
            request("GET", "/s3cret?s=s3cret", key, None),
            "sent https://psa.example/v1/{{key}}",
        ),
        (
            request("get", "/tickets?a=1&b=x%20y", key, None),
            "upper-case token",
        ),
    ];
    for (request, expected) in cases {
        let replay = replay();
        let answers = replay.answer(vec![request.clone()]);
        let complaints = replay.unmatched().join("\n");
        if expected.is_empty() {
            assert_eq!(complaints, "");
            continue;
        }
        assert!(
            complaints.contains(expected),
            "{} {}: {complaints}",
            request.method,
            request.url
        );
        assert!(
            !complaints.contains("s3cret") && !complaints.contains("o5her"),
            "{complaints}"
        );
        assert!(matches!(
            answers.as_slice(),
            [Err(failure)] if failure.kind == FailureKind::Denied && complaints.contains(&failure.message)
        ));
    }
}

#[test]
fn each_exchange_is_used_once_and_what_is_left_over_is_told() {
    let replay = replay();
    let write = request(
        "POST",
        "/tickets",
        Some("Basic s3cret"),
        Some(r#"{"a": [1, 2], "b": null}"#),
    );
    let answers = replay.answer(vec![
        write.clone(),
        request("GET", "/info/a%20b", None, None),
    ]);
    assert!(matches!(&answers[0], Err(failure) if failure.kind == FailureKind::TimedOut));
    assert!(matches!(&answers[1], Ok(response) if response.status == 201));
    assert_eq!(
        replay.finish(),
        ["nothing asked for exchanges[0] (list), GET https://psa.example/v1/tickets"]
    );

    replay.answer(vec![write]);
    assert_eq!(replay.rounds(), 2);
    assert_eq!(
        replay.requests().iter().map(Vec::len).collect::<Vec<_>>(),
        [2, 1]
    );
    let complaints = replay.finish();
    assert_eq!(complaints.len(), 2);
    assert!(
        complaints[0].contains("round 2, request 1") && complaints[0].contains("was used already"),
        "{complaints:?}"
    );

    // A used exchange is not offered as the nearest of another request.
    replay.answer(vec![request(
        "POST",
        "/tickets",
        Some("Basic s3cret"),
        None,
    )]);
    let complaints = replay.unmatched();
    assert!(
        complaints[1].contains("the nearest is exchanges[0]"),
        "{complaints:?}"
    );
}

const FORM: &str = r#"{
    "docs": "d", "provenance": "p",
    "exchanges": [{"role": "credential", "response": {"status": 200}, "request": {
        "method": "POST", "path": "https://id.example/token",
        "form": [["client_secret", "{{key}}"], ["scope", "a b"], ["scope", "é"], ["grant_type", "client_credentials"]]}}]}"#;

#[test]
fn a_form_matches_whatever_its_order_and_encoding_or_the_field_is_named_without_its_value() {
    let form = "Application/x-www-form-urlencoded; charset=utf-8";
    let cases = [
        (
            form,
            "client_secret=s3cret&scope=a+b&scope=%C3%A9&grant_type=client_credentials",
            "",
        ),
        (
            form,
            "grant_type=client%5Fcredentials&scope=%c3%a9&scope=a%20b&client_secret=s3cre%74",
            "",
        ),
        (
            form,
            "client_secret=o5her&scope=a+b&scope=%C3%A9&grant_type=client_credentials",
            "form field `client_secret`: its value differs",
        ),
        (
            form,
            "client_secret=s3cret&scope=a+b&scope=o5her&grant_type=client_credentials",
            "form field `scope`: its values differ",
        ),
        (
            form,
            "client_secret=s3cret&scope=a+b&grant_type=client_credentials",
            "form field `scope`: recorded 2 times, sent 1 times",
        ),
        (
            form,
            "client_secret=s3cret&scope=a+b&scope=%C3%A9",
            "form field `grant_type`: not sent",
        ),
        (
            form,
            "client_secret=s3cret&scope=a+b&scope=%C3%A9&grant_type=client_credentials&code=o5her",
            "form field `code`: recorded none, sent one",
        ),
        (
            "application/json",
            "o5her",
            "body: recorded a form, sent a body that Content-Type does not call one",
        ),
    ];
    for (content_type, body, expected) in cases {
        let recording = Recording::parse("f", FORM).expect("a recording");
        let key = Setting {
            name: "key".to_owned(),
            value: "s3cret".to_owned(),
        };
        let replay = Replay::new(&recording, &[key]).expect("exchanges");
        replay.answer(vec![Request {
            method: "POST".to_owned(),
            url: "https://id.example/token".to_owned(),
            headers: vec![("Content-Type".to_owned(), content_type.to_owned())],
            body: Some(body.into()),
            ..Request::default()
        }]);
        let complaints = replay.finish().join("\n");
        assert_eq!(
            complaints.is_empty(),
            expected.is_empty(),
            "{body}: {complaints}"
        );
        assert!(complaints.contains(expected), "{body}: {complaints}");
        assert!(
            !complaints.contains("s3cret") && !complaints.contains("o5her"),
            "{complaints}"
        );
    }
}

#[test]
fn what_differs_in_the_json_of_a_secret_request_is_named_without_its_value() {
    for (is_secret, expected) in [
        (false, r#"body.a[1]: expected 2, found "o5her""#),
        (true, "body.a[1]: its value differs"),
    ] {
        let replay = replay();
        let mut sent = request(
            "POST",
            "/tickets",
            Some("Basic s3cret"),
            Some(r#"{"a": [1, "o5her"], "b": null}"#),
        );
        sent.is_secret = is_secret;
        replay.answer(vec![sent]);
        let complaints = replay.unmatched().join("\n");
        assert!(complaints.contains(expected), "{complaints}");
        assert_eq!(complaints.contains("o5her"), !is_secret, "{complaints}");
    }
}
