//! Bodies that break off, and bodies nobody expects: each gives an error or a result, and neither a panic nor a trap.

use psa_host::contract::Response;
use psa_recording::{Case, Replay, Role};
use psa_tests::{CONNECTWISE, call_in_sandbox};
use serde_json::{Value, json};

/// A case, and which of its exchanges has the body that is changed.
struct Subject {
    case: Case,
    exchange: usize,
    /// What the body is before it is changed.
    good: Vec<u8>,
}

/// The good body of each operation that reads one, from the cases of success.
fn subjects() -> Vec<Subject> {
    let mut subjects = vec![
        subject("verify/ok", "/service/info/boards"),
        subject("list-companies/ok", "/company/companies"),
        subject("list-board-metadata/all", "/service/boards/5/statuses"),
        subject("check-ticket/ok-all-fields", "/service/boards/5/types"),
        subject("get-ticket/ok", "/service/tickets/7001"),
    ];
    // The write's good body, in the two cases that know of the look-up after it.
    let created = subject("create-ticket/ok-all-fields", "/service/tickets");
    let write = position(&created.case, |role, _| role == Some(Role::Write));
    let good = response(&created.case, write).body.clone();
    for name in [
        "create-ticket/doubt-truncated-found",
        "create-ticket/doubt-truncated-not-found",
    ] {
        let case = CONNECTWISE.case(name).expect("the case");
        subjects.push(Subject {
            exchange: position(&case, |role, _| role == Some(Role::Write)),
            case,
            good: good.clone().into_bytes(),
        });
    }
    subjects
}

#[test]
fn every_prefix_of_a_good_body_is_an_error() {
    for subject in subjects() {
        assert!(
            natively(&subject, &subject.good).is_ok(),
            "{}",
            subject.case
        );
        for length in 0..subject.good.len() {
            let result = natively(&subject, &subject.good[..length]);
            check(&subject, length, &result);
        }
    }
}

#[tokio::test]
async fn every_prefix_is_an_error_of_the_component_too() {
    for subject in subjects() {
        let step = (subject.good.len() / 20).max(1);
        for length in (0..subject.good.len()).step_by(step) {
            let result = in_sandbox(&subject, &subject.good[..length]).await;
            check(&subject, length, &result);
        }
    }
}

#[tokio::test]
async fn what_nobody_expects_is_the_same_to_the_core_and_to_the_component() {
    for subject in subjects() {
        for body in unexpected_bodies(&subject.good) {
            let shown = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
            let native = natively(&subject, &body);
            let sandboxed = in_sandbox(&subject, &body).await;
            assert_eq!(native, sandboxed, "{}: {shown}", subject.case);
            if let Err(error) = native {
                assert!(
                    is_due(&subject, &error),
                    "{}: {shown}: {error}",
                    subject.case
                );
            }
        }
    }
}

#[test]
fn a_byte_order_mark_does_not_count() {
    for subject in subjects() {
        let marked = [b"\xef\xbb\xbf", subject.good.as_slice()].concat();
        assert_eq!(
            natively(&subject, &marked),
            natively(&subject, &subject.good),
            "{}",
            subject.case
        );
    }
}

/// A write whose answer breaks off was found, or is in doubt; nothing else broke off unnoticed.
fn check(subject: &Subject, length: usize, result: &Result<Value, Value>) {
    let place = format!("{}: the first {length} bytes", subject.case);
    match result {
        Ok(value) => assert_eq!(value["creation"], json!("found"), "{place}: {value}"),
        Err(error) => assert!(is_due(subject, error), "{place}: {error}"),
    }
}

fn is_due(subject: &Subject, error: &Value) -> bool {
    let is_write = subject.case.exchanges[subject.exchange].role == Some(Role::Write);
    let due = if is_write {
        "outcome-unknown"
    } else {
        "unexpected-response"
    };
    // It may ask for what comes after such an answer, which no case records.
    let message = error["message"].as_str().unwrap_or_default();
    error["code"] == json!(due) || message.contains("no exchange is recorded")
}

/// Whole bodies, and the same as a member that nobody reads and as the id that everybody does.
fn unexpected_bodies(good: &[u8]) -> Vec<Vec<u8>> {
    let mut values: Vec<Vec<u8>> = [
        "null",
        "true",
        "0",
        "-1",
        "\"\"",
        "[]",
        "{}",
        "[[]]",
        "[{}]",
        "[null]",
        "NaN",
        "Infinity",
        "-",
        "1e400",
        "-1e400",
        "1e-400",
        "123456789012345678901234567890",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "1.0",
        "\"\\ud800\"",
        "\"\\u0000\"",
        "{\"id\":1,\"id\":2}",
        "{\"id\":{\"id\":{\"id\":1}}}",
        "{\"\":1}",
        "<html></html>",
        "'id'",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec();
    // Deeper than the parser goes, and as deep as it goes.
    for depth in [100, 126, 127, 128, 129, 200, 10_000] {
        values.push([b"[".repeat(depth), b"]".repeat(depth)].concat());
        values.push([b"{\"a\":".repeat(depth), b"1".to_vec(), b"}".repeat(depth)].concat());
    }
    values.push(b"\"\xff\xfe\"".to_vec());
    values.push(b"\"\xed\xa0\x80\"".to_vec());
    values.push(b"\xff\xfe[\0]\0".to_vec());
    let as_member = values
        .iter()
        .map(|value| with_member(good, "unknown", value));
    let as_id = values.iter().map(|value| with_member(good, "id", value));
    as_member
        .chain(as_id)
        .chain(values.iter().cloned())
        .collect()
}

/// The body with one more member, before all others of its first object.
fn with_member(good: &[u8], name: &str, value: &[u8]) -> Vec<u8> {
    let start = good
        .iter()
        .position(|byte| *byte == b'{')
        .expect("an object")
        + 1;
    let name = format!("\"{name}\":");
    [&good[..start], name.as_bytes(), value, b",", &good[start..]].concat()
}

fn natively(subject: &Subject, body: &[u8]) -> Result<Value, Value> {
    let replay = replay(subject, body);
    let send = &mut |requests: &[_]| replay.answer(requests.to_vec());
    CONNECTWISE.call_natively(&subject.case.settings, &subject.case.input, send)
}

async fn in_sandbox(subject: &Subject, body: &[u8]) -> Result<Value, Value> {
    let connector = CONNECTWISE.connector().expect("the component");
    let (settings, input) = (&subject.case.settings, &subject.case.input);
    call_in_sandbox(&connector, settings, input, replay(subject, body))
        .await
        .expect("neither a trap nor a limit")
}

/// The case's exchanges, one of them with another body.
fn replay(subject: &Subject, body: &[u8]) -> Replay {
    let mut exchanges = subject.case.exchanges.clone();
    exchanges[subject.exchange].answer = Ok(Response {
        body: body.to_vec().into(),
        age_seconds: None,
        ..response(&subject.case, subject.exchange).clone()
    });
    Replay::of_exchanges(exchanges, &subject.case.settings)
}

fn subject(name: &str, path: &str) -> Subject {
    let case = CONNECTWISE.case(name).expect("the case");
    let exchange = position(&case, |_, url| url.ends_with(path));
    Subject {
        good: response(&case, exchange).body.clone().into_bytes(),
        case,
        exchange,
    }
}

fn position(case: &Case, is_it: impl Fn(Option<Role>, &str) -> bool) -> usize {
    case.exchanges
        .iter()
        .position(|exchange| is_it(exchange.role, &exchange.request.url))
        .expect("such an exchange")
}

fn response(case: &Case, exchange: usize) -> &Response {
    case.exchanges[exchange]
        .answer
        .as_ref()
        .expect("a response")
}
