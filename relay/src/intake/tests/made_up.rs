//! Bodies that nobody thought of: made of the members that the dialects look at, and cases with some of their bytes changed.
//! The same in every run. `relay/fuzz/` looks further.

use std::fs;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Value, json};

use super::{Case, case_files};
use crate::alert::Alert;
use crate::intake::fields::{
    LONGEST_DESCRIPTION, LONGEST_NAME, LONGEST_SUMMARY, LONGEST_VALUE, MOST_IN_ALL, MOST_LINKS,
};
use crate::intake::{CaseKey, Dialect, Reading, Request, SourceRules, read, redacted};

/// JSON of the members that the dialects look at, with values of every kind.
fn json() -> impl Strategy<Value = Value> {
    const NAMES: [&str; 22] = [
        "routing_key",
        "event_action",
        "dedup_key",
        "payload",
        "summary",
        "source",
        "severity",
        "links",
        "href",
        "version",
        "groupKey",
        "status",
        "alerts",
        "labels",
        "annotations",
        "fingerprint",
        "startsAt",
        "specversion",
        "id",
        "type",
        "data",
        "data_base64",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        prop::sample::select(vec![
            "trigger", "resolve", "firing", "resolved", "1.0", "critical"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 8, |inner| {
        let members = prop::collection::vec((prop::sample::select(&NAMES[..]), inner.clone()), 0..8);
        prop_oneof![
            2 => members.prop_map(|members| members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
            1 => prop::collection::vec(inner, 0..4).prop_map(Value::Array),
        ]
    })
}

/// What a body may say that it is.
const MEDIA_TYPES: [&str; 6] = [
    "application/json",
    "application/cloudevents+json",
    "application/cloudevents-batch+json; charset=utf-8",
    "application/cloudevents+xml",
    "text/plain",
    "",
];

/// The rules of every dialect, as they are and with all that can be chosen.
fn all_rules() -> Vec<SourceRules> {
    let mut all = Vec::new();
    for dialect in Dialect::ALL {
        let mut rules = SourceRules::of(dialect);
        all.push(rules.clone());
        rules.case_key = CaseKey::Group;
        all.push(rules.clone());
        let fields = json!({
            "key": ["/id"], "summary": "/data", "description": "/payload", "severity": "/severity", "company": "/source",
            "occurred-at": "/startsAt", "link": "/href", "status": {"pointer": "/status", "recovered": ["resolved"]},
        });
        rules.fields = serde_json::from_value(fields).expect("a map");
        all.push(rules);
    }
    all
}

/// What holds whatever is sent, of every dialect.
fn check(headers: &[(String, String)], body: &[u8]) -> Result<(), TestCaseError> {
    for rules in all_rules() {
        for method in ["POST", "OPTIONS"] {
            let request = Request {
                method,
                query: "",
                headers,
                body,
            };
            let answer = match read("s1", &rules, &request) {
                Reading::Alerts { alerts, answer } => {
                    prop_assert!(!alerts.is_empty() && answer.status == 202);
                    for alert in &alerts {
                        bounded(alert)?;
                    }
                    answer
                }
                Reading::Nothing { answer, .. } => answer,
                Reading::NotUnderstood { answer, .. } => {
                    prop_assert!(answer.status >= 400, "{answer:?}");
                    answer
                }
            };
            let status = answer.status;
            prop_assert!([200, 202, 400, 413, 415].contains(&status), "{answer:?}");
        }
    }
    let kept = redacted(body);
    prop_assert!(
        kept.len() <= 2 * body.len() + 8_192,
        "{} of {}",
        kept.len(),
        body.len()
    );
    Ok(())
}

/// A sender decides no size, and an alert belongs to a case.
fn bounded(alert: &Alert) -> Result<(), TestCaseError> {
    let is_within = |text: &str, most: usize| text.chars().count() <= most + 1;
    prop_assert!(!alert.key.is_empty() && alert.key.len() <= 600, "key");
    prop_assert_eq!(alert.event.len(), 64);
    prop_assert!(is_within(&alert.summary, LONGEST_SUMMARY), "summary");
    let description = alert.description.as_deref().unwrap_or_default();
    prop_assert!(is_within(description, LONGEST_DESCRIPTION), "description");
    for text in [&alert.company, &alert.occurred_at] {
        let text = text.as_deref().unwrap_or_default();
        prop_assert!(is_within(text, LONGEST_NAME), "company or time");
    }
    prop_assert!(alert.fields.len() <= MOST_IN_ALL && alert.links.len() <= MOST_LINKS);
    for field in &alert.fields {
        prop_assert!(is_within(&field.name, LONGEST_NAME), "a name");
        prop_assert!(is_within(&field.value, LONGEST_VALUE), "a value");
    }
    for link in &alert.links {
        prop_assert!(is_within(&link.label, LONGEST_NAME) && link.url.len() <= 2_000);
        prop_assert!(link.url.starts_with("https://"));
    }
    Ok(())
}

/// Headers and a body.
type Sent = (Vec<(String, String)>, Vec<u8>);

/// The requests of all cases.
fn sent() -> Vec<Sent> {
    let cases = case_files().into_iter().map(|path| {
        let text = fs::read_to_string(path).expect("a case");
        let case: Case = serde_json::from_str(&text).expect("a case");
        let body = case.request.body().expect("a body");
        (case.request.headers, body)
    });
    cases.collect()
}

/// A change of bytes: where, how many are taken away, what is put there.
fn change() -> impl Strategy<Value = (prop::sample::Index, usize, Vec<u8>)> {
    let words = [
        &b"\"\""[..],
        b"null",
        b"{",
        b"}",
        b"[",
        b"]",
        b"\\",
        b"\\u0000",
        b"\\ud800",
        b"-1e999",
        b"18446744073709551616",
        b"\xc0\xa0",
        b"\xff",
        b"\0",
        b",",
        b":",
        b"%00",
        b"true",
        "\u{202e}".as_bytes(),
    ];
    let word = prop::sample::select(words.map(<[u8]>::to_vec).to_vec());
    let put = prop_oneof![
        3 => word,
        1 => prop::collection::vec(any::<u8>(), 0..8),
        1 => (any::<u8>(), 0..9_000_usize).prop_map(|(byte, times)| vec![byte; times]),
    ];
    (any::<prop::sample::Index>(), 0..12_usize, put)
}

fn configuration(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(configuration(2_000))]

    #[test]
    fn whatever_json_is_sent_is_answered(body in json(), media_type in prop::sample::select(&MEDIA_TYPES[..])) {
        let headers = [("content-type", media_type), ("ce-specversion", "1.0")];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
        check(&headers, body.to_string().as_bytes())?;
    }
}

proptest! {
    #![proptest_config(configuration(1_500))]

    #[test]
    fn whatever_bytes_are_sent_are_answered(
        case in prop::sample::select(sent()),
        changes in prop::collection::vec(change(), 1..5),
        value in ".{0,12}",
    ) {
        let (mut headers, mut body) = case;
        for (place, taken, put) in changes {
            let from = place.index(body.len() + 1);
            let to = body.len().min(from + taken);
            body.splice(from..to, put);
        }
        headers.push(("ce-subject".to_owned(), value));
        check(&headers, &body)?;
    }
}

/// A name is as long as all that it is in: a hundred members far down would make a hundred long ones.
#[test]
fn a_small_body_makes_no_large_alert() {
    let members: serde_json::Map<String, Value> = (0..20_000)
        .map(|number| (format!("m{number}"), json!(number)))
        .collect();
    let body = json!({"id": "k", "x".repeat(400_000): members}).to_string();
    let mut rules = SourceRules::of(Dialect::Generic);
    rules.fields.key = vec!["/id".to_owned()];
    let request = Request {
        method: "POST",
        body: body.as_bytes(),
        ..Request::default()
    };
    let Reading::Alerts { alerts, .. } = read("s1", &rules, &request) else {
        panic!("it is an alert");
    };
    let size = serde_json::to_string(&alerts).expect("JSON").len();
    assert!(size < 100_000, "{size} bytes");
}
