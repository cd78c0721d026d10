//! Exchanges that are secret: nothing of them stays, and a replay gives consistent placeholders.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use psa_contract::{Request, Response, Setting};
use serde_json::{Value, json};

use super::*;
use crate::har::{Tape, find_secrets, har_exchanges};
use crate::http::{Answers, Http};
use crate::replay::Replay;

const TOKEN: &str = "eyJ0/x\"y+z.0123456789";
const SECRET: &str = "cl13nt s3cret/&=";

/// Gives a token for a secret, and what was asked back for a token.
struct TokenServer;

impl Http for TokenServer {
    fn send(&mut self, requests: Vec<Request>, _deadline: std::time::Instant) -> Answers<'_> {
        let answer = |request: &Request| {
            let (kind, body) = if request.is_secret {
                let body = json!({
                    "access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600, "user": "Somebody",
                    "base": "https://psa.example/api", "nested": [{"key": "n3sted-key"}],
                });
                ("application/json", body.to_string())
            } else {
                (
                    "text/plain",
                    format!("Somebody asked with {TOKEN}, {SECRET}"),
                )
            };
            let headers = [
                ("content-type", kind),
                ("x-session", "s3ss10n-of-header"),
                ("date", "today"),
            ];
            Ok(Response {
                status: 200,
                headers: headers
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .into(),
                body: body.into(),
                age_seconds: None,
            })
        };
        Box::pin(std::future::ready(requests.iter().map(answer).collect()))
    }
}

/// What a connector sends: a token request, then requests with the token in all the places that it has been given for.
fn requests(token: &str, stamp: &str) -> [Request; 2] {
    let percent = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let form = format!(
        "grant_type=client_credentials&client_id=an-id-of-ours&client_secret={}&client_assertion={stamp}",
        percent(SECRET)
    );
    let header = |name: &str, value: String| (name.to_owned(), value);
    let of_token = Request {
        method: "POST".to_owned(),
        url: "https://psa.example/api/token".to_owned(),
        headers: vec![header(
            "content-type",
            "application/x-www-form-urlencoded".to_owned(),
        )],
        body: Some(form.into()),
        is_secret: true,
        ..Request::default()
    };
    let of_use = Request {
        method: "POST".to_owned(),
        url: format!("https://psa.example/api/x?t={}", percent(token)),
        headers: vec![
            header("authorization", format!("Bearer {token}")),
            header(
                "x-pair",
                format!("Basic {}", STANDARD.encode(format!("u:{token}"))),
            ),
            header("content-type", "application/json".to_owned()),
            header("x-stamp", stamp.to_owned()),
        ],
        body: Some(
            json!({"t": token, "nested": json!({"t": token}).to_string(), "s": stamp})
                .to_string()
                .into(),
        ),
        ..Request::default()
    };
    [of_token, of_use]
}

#[tokio::test]
async fn an_exchange_that_is_secret_leaves_nothing_and_replays() {
    let settings = [Setting {
        name: "client-secret".to_owned(),
        value: SECRET.to_owned(),
    }];
    let scrubber = Scrubber::of_secrets(&settings);
    let tape = Tape::default();
    let mut backend = tape.around(TokenServer);
    for request in requests(TOKEN, "made-at-10:00") {
        backend.send(vec![request], std::time::Instant::now()).await;
    }
    let archive = tape.to_har(&scrubber).expect("an archive");
    for gone in [
        "eyJ0",
        "0123456789",
        "s3cret",
        "an-id-of-ours",
        "made-at",
        "n3sted",
        "s3ss10n",
        "Somebody",
    ] {
        assert!(!archive.contains(gone), "{gone}: {archive}");
    }
    for stays in [
        "expires_in\\\":3600",
        "Bearer\\\"",
        "https://psa.example/api\\\"",
        "today",
        "client_credentials",
    ] {
        assert!(archive.contains(stays), "{stays}: {archive}");
    }
    let again = scrub_har(&archive, &scrubber).expect("an archive");
    assert_eq!(again, archive, "again");
    let document: Value = serde_json::from_str(&archive).expect("JSON");
    assert_eq!(find_secrets(&document, &Scrubber::default()), []);

    let exchanges = har_exchanges("a.har", &archive, &settings).expect("an archive");
    let replay = Replay::of_exchanges(exchanges, &settings);
    let [of_token, _] = requests("", "made-at-11:00");
    let given = replay.answer(vec![of_token]).remove(0).expect("a response");
    let given: Value = serde_json::from_slice(given.body.as_bytes()).expect("JSON");
    let token = given["access_token"].as_str().expect("a token");
    assert_ne!(token, TOKEN);
    let [_, of_use] = requests(token, "made-at-11:00");
    let answer = replay.answer(vec![of_use]).remove(0).expect("a response");
    let text = String::from_utf8_lossy(answer.body.as_bytes()).into_owned();
    assert!(text.contains(token) && text.contains(SECRET), "{text}");
    assert_eq!(replay.finish(), [""; 0]);

    let exchanges = har_exchanges("a.har", &archive, &settings).expect("an archive");
    let replay = Replay::of_exchanges(exchanges, &settings);
    let [_, with_another] = requests("another-token", "made-at-11:00");
    assert!(
        replay.answer(vec![with_another]).remove(0).is_err(),
        "another token"
    );
}

#[tokio::test]
async fn a_secret_body_that_is_no_json_goes_as_a_whole() {
    for body in [
        &b"t0k3n of plain text"[..],
        b"\xff t0k3n",
        b"{\"access_token\": \"t0k3n",
        b"<a>t0k3n</a>",
    ] {
        let request = Request {
            method: "POST".to_owned(),
            url: "https://psa.example/x".to_owned(),
            body: Some(body.to_vec().into()),
            is_secret: true,
            ..Request::default()
        };
        let tape = Tape::default();
        let sent = tape
            .around(Echo)
            .send(vec![request], std::time::Instant::now())
            .await;
        assert!(sent[0].is_ok());
        let archive = tape.to_har(&Scrubber::default()).expect("an archive");
        let document: Value = serde_json::from_str(&archive).expect("JSON");
        let entry = &document["log"]["entries"][0];
        for text in [
            &entry["request"]["postData"]["text"],
            &entry["response"]["content"]["text"],
        ] {
            let text = text.as_str().expect("a text");
            assert!(["{{removed}}", "{{removed-1}}"].contains(&text), "{text}");
        }
    }
}

struct Echo;

impl Http for Echo {
    fn send(&mut self, requests: Vec<Request>, _deadline: std::time::Instant) -> Answers<'_> {
        let answers = requests.into_iter().map(|request| {
            Ok(Response {
                status: 200,
                headers: Vec::new(),
                body: request.body.expect("a body"),
                age_seconds: None,
            })
        });
        Box::pin(std::future::ready(answers.collect()))
    }
}
