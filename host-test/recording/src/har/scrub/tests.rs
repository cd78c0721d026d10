use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use psa_contract::{Failure, FailureKind, Request, Response, Setting};
use serde_json::{Value, json};

use super::*;
use crate::har::{FoundSecret, Tape, find_secrets, har_exchanges};
use crate::http::{Answers, Http};
use crate::replay::Replay;

const KEY: &str = "s3cret/Key+1";

fn settings() -> Vec<Setting> {
    [("company-id", "acme"), ("private-key", KEY)]
        .map(|(name, value)| Setting {
            name: name.to_owned(),
            value: value.to_owned(),
        })
        .into()
}

fn scrubber() -> Scrubber {
    Scrubber::of_secrets(&settings())
}

fn authorization() -> String {
    format!("Basic {}", STANDARD.encode(format!("acme+pub:{KEY}")))
}

/// Everything a browser's archive can hold of a secret.
fn foreign() -> Value {
    let in_base64 = STANDARD.encode(format!("key={KEY}"));
    json!({"log": {"version": "1.2", "creator": {"name": "WebInspector", "version": "1"}, "comment": KEY, "entries": [{
        "_initiator": {"requestHeaders": {"authorization": authorization()}},
        "request": {
            "method": "GET",
            "url": "https://me:pass@psa.example/acme?clientId=6f1b-7a52&k=s3cret%2FKey%2B1&x=1",
            "httpVersion": "HTTP/1.1",
            "headers": [
                {"name": "Authorization", "value": authorization()},
                {"name": "ClientID", "value": "6f1b-7a52"},
                {"name": "Cookie", "value": "sid=0123"},
                {"name": "accept", "value": "*/*"},
            ],
            "cookies": [{"name": "sid", "value": "0123"}],
            "queryString": [{"name": "clientId", "value": "6f1b-7a52"}, {"name": "k", "value": KEY}],
            "postData": {"mimeType": "application/json", "text": "{\"k\": \"s3cret\\/Key+1\"}"},
        },
        "response": {
            "status": 200,
            "headers": [{"name": "set-cookie", "value": "sid=0123; path=/"}],
            "content": {"mimeType": "text/plain", "encoding": "base64", "text": in_base64},
        },
    }, {"request": {"url": "https://psa.example/"}, "response": {"content": {
        "encoding": "base64", "text": STANDARD.encode([&[0xff, 0], KEY.as_bytes(), &[0xfe]].concat()),
    }}}]}})
}

#[test]
fn an_archive_of_others_is_cleaned_everywhere() {
    let archive = foreign().to_string();
    let known = [KEY, "s3cret", "0123", "6f1b-7a52", "pass", "acme"];
    for (scrubber, gone) in [
        (scrubber(), &known[..]),
        (Scrubber::default(), &known[2..5]),
    ] {
        let cleaned = scrub_har(&archive, &scrubber).expect("an archive");
        for value in gone {
            assert!(!cleaned.contains(value), "{value}: {cleaned}");
        }
        let authorization = authorization();
        let digits = authorization.trim_start_matches("Basic ");
        assert!(!cleaned.contains(digits), "{cleaned}");
        assert!(
            cleaned.contains("*/*") && cleaned.contains("x=1"),
            "{cleaned}"
        );
        let again = scrub_har(&cleaned, &scrubber).expect("an archive");
        assert_eq!(again, cleaned);
    }
    let cleaned: Value =
        serde_json::from_str(&scrub_har(&archive, &scrubber()).expect("an archive")).expect("JSON");
    let request = &cleaned["log"]["entries"][0]["request"];
    assert_eq!(
        request["url"],
        "https://me:{{removed-3}}@psa.example/{{company-id}}?clientId={{removed-2}}&k={{percent:{{private-key}}}}&x=1"
    );
    assert_eq!(
        request["headers"][0]["value"],
        "Basic {{base64:{{company-id}}+pub:{{private-key}}}}"
    );
    let contents = |index: usize| cleaned["log"]["entries"][index]["response"]["content"].clone();
    assert_eq!(contents(0)["text"], "key={{private-key}}");
    assert_eq!(contents(0)["encoding"], Value::Null);
    let bytes = STANDARD
        .decode(contents(1)["text"].as_str().expect("text"))
        .expect("base64");
    assert_eq!(
        bytes,
        [&[0xff, 0][..], &[b'*'; KEY.len()], &[0xfe]].concat()
    );
}

#[test]
fn what_is_no_archive_is_refused() {
    for (text, part) in [
        ("{", "not JSON"),
        ("{}", "not an HTTP Archive"),
        ("[]", "not an HTTP Archive"),
    ] {
        let problem = scrub_har(text, &Scrubber::default()).expect_err("no archive");
        assert!(problem.to_string().contains(part), "{problem}");
    }
}

#[test]
fn secrets_in_a_recording_are_found_with_their_place() {
    let places = |document: &Value, scrubber: &Scrubber| -> Vec<String> {
        find_secrets(document, scrubber)
            .into_iter()
            .map(|FoundSecret { place }| place)
            .collect()
    };
    let found = places(&foreign(), &Scrubber::default());
    for place in [
        "log.entries[0]._initiator.requestHeaders.authorization",
        "log.entries[0].request.headers[0].value",
        "log.entries[0].request.headers[1].value",
        "log.entries[0].request.headers[2].value",
        "log.entries[0].request.cookies[0].value",
        "log.entries[0].request.url",
        "log.entries[0].response.headers[0].value",
    ] {
        assert!(
            found.iter().any(|found| found == place),
            "{place}: {found:?}"
        );
    }
    let text = scrub_har(&foreign().to_string(), &scrubber()).expect("an archive");
    let cleaned: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(places(&cleaned, &scrubber()), [""; 0]);
    assert_eq!(places(&cleaned, &Scrubber::default()), [""; 0]);

    let by_hand = json!({
        "request-headers": {"authorization": "Basic {{base64:{{a}}:{{b}}}}", "clientid": "{{client-id}}"},
        "exchanges": [{"request": {"headers": {"authorization": null}}, "response": {"headers": [["set-cookie", "a=b"]], "text": "{{x"}}],
    });
    assert_eq!(
        places(&by_hand, &Scrubber::default()),
        ["exchanges[0].response.headers[0][1]"]
    );
}

/// A server of three answers, the second with everything that could be mistaken for a placeholder.
struct Server;

impl Http for Server {
    fn send(&mut self, requests: Vec<Request>, _deadline: std::time::Instant) -> Answers<'_> {
        let answers = requests
            .iter()
            .map(|request| match request.method.as_str() {
                "DELETE" => Err(Failure {
                    kind: FailureKind::Unreachable,
                    message: format!("no way to {}", request.url),
                    may_have_acted: false,
                }),
                "PUT" => Ok(Response {
                    status: 200,
                    headers: vec![("x".to_owned(), KEY.to_owned())],
                    body: vec![0xff, 0xfe].into(),
                    age_seconds: None,
                }),
                _ => Ok(Response {
                    status: 200,
                    headers: vec![("content-type".to_owned(), "application/json".to_owned())],
                    body: format!(
                        r#"{{"a": {{"{{{{private-key}}}}": "{KEY}"}}, "b": "{{{KEY}}}}}"}}"#
                    )
                    .into(),
                    age_seconds: None,
                }),
            });
        Box::pin(std::future::ready(answers.collect()))
    }
}

#[tokio::test]
async fn what_was_taped_is_replayed_as_it_was() {
    let request = |method: &str, body: Option<&str>| Request {
        method: method.to_owned(),
        url: "https://psa.example/acme?k=s3cret%2FKey%2B1&c=%7B%7Bx%7D%7D".to_owned(),
        headers: vec![
            ("authorization".to_owned(), authorization()),
            ("accept".to_owned(), "*/*".to_owned()),
        ],
        body: body.map(Into::into),
        ..Request::default()
    };
    let requests = vec![
        request("GET", None),
        request("POST", Some("s3cret/Key+1")),
        request("PUT", Some("")),
        request("DELETE", None),
    ];
    let tape = Tape::default();
    let mut backend = tape.around(Server);
    let due = backend
        .send(requests.clone(), std::time::Instant::now())
        .await;
    let archive = tape.to_har(&scrubber()).expect("an archive");
    assert!(
        !archive.contains("s3cret") && !archive.contains("acme"),
        "{archive}"
    );
    let document: Value = serde_json::from_str(&archive).expect("JSON");
    assert!(find_secrets(&document, &scrubber()).is_empty());

    let exchanges = har_exchanges("a.har", &archive, &settings()).expect("an archive");
    let replay = Replay::of_exchanges(exchanges.clone(), &settings());
    assert_eq!(replay.answer(requests.clone()), due);
    assert_eq!(replay.finish(), [""; 0]);

    let mut other = request("GET", None);
    other.headers.remove(0);
    let replay = Replay::of_exchanges(exchanges, &settings());
    replay.answer(vec![other]);
    assert_eq!(
        replay.unmatched().len(),
        1,
        "a header of ours must be as recorded"
    );
}

/// Gives no answer before its future is dropped.
struct Silent;

impl Http for Silent {
    fn send(&mut self, _requests: Vec<Request>, _deadline: std::time::Instant) -> Answers<'_> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn what_was_given_up_is_on_the_tape_as_timed_out() {
    let tape = Tape::default();
    let request = Request {
        method: "POST".to_owned(),
        url: "https://psa.example/".to_owned(),
        headers: Vec::new(),
        ..Request::default()
    };
    let mut backend = tape.around(Silent);
    let sending = backend.send(vec![request], std::time::Instant::now());
    let waiting = tokio::time::timeout(std::time::Duration::from_millis(1), sending);
    assert!(waiting.await.is_err());
    let archive = tape.to_har(&Scrubber::default()).expect("an archive");
    let exchanges = har_exchanges("a.har", &archive, &[]).expect("an archive");
    assert!(matches!(
        &exchanges[0].answer,
        Err(failure) if failure.kind == FailureKind::TimedOut && failure.may_have_acted
    ));
}
