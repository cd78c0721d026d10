//! What senders send to the relay, for the fuzz targets. The first byte chooses how the source is read, the lines up to an
//! empty one are headers, and the rest is the body.
//!
//! A rule that is broken is a panic, which libFuzzer reports with the input.

use psa_relay::alert::Alert;
use psa_relay::intake::{
    CaseKey, Dialect, FieldMap, Reading, Request, SourceRules, StatusMap, read, redacted,
};

/// Reads a request of a source of this dialect.
///
/// # Panics
/// What holds whatever is sent does not hold.
pub fn request_of_sender(dialect: Dialect, data: &[u8]) {
    let Some((choice, rest)) = data.split_first() else {
        return;
    };
    let (headers, body) = parts(rest);
    let request = Request {
        method: if choice & 4 == 0 { "POST" } else { "OPTIONS" },
        query: "",
        headers: &headers,
        body,
    };
    match read("s1", &rules(dialect, *choice), &request) {
        Reading::Alerts { alerts, answer } => {
            assert!(!alerts.is_empty() && answer.status == 202, "{answer:?}");
            alerts.iter().for_each(hold);
        }
        Reading::Nothing { answer, .. } => assert!([200, 202].contains(&answer.status)),
        Reading::NotUnderstood { answer, .. } => {
            assert!([400, 413, 415].contains(&answer.status), "{answer:?}");
        }
    }
    assert!(redacted(body).len() <= 2 * body.len() + 8_192);
}

/// As the dialect has it, or with everything chosen.
fn rules(dialect: Dialect, choice: u8) -> SourceRules {
    let mut rules = SourceRules::of(dialect);
    if choice & 1 == 1 {
        rules.case_key = CaseKey::Group;
    }
    if choice & 2 == 2 || dialect == Dialect::Generic {
        let some = |pointer: &str| Some(pointer.to_owned());
        rules.fields = FieldMap {
            key: vec!["/id".to_owned()],
            summary: some("/summary"),
            description: some("/data"),
            severity: some("/severity"),
            company: some("/source"),
            occurred_at: some("/time"),
            link: some("/url"),
            status: Some(StatusMap {
                pointer: "/status".to_owned(),
                recovered: vec!["resolved".to_owned()],
                acknowledged: vec!["seen".to_owned()],
            }),
        };
    }
    rules
}

/// Headers as the relay hands them on: names in lower case, values that are text.
fn parts(data: &[u8]) -> (Vec<(String, String)>, &[u8]) {
    let mut headers = Vec::new();
    let mut rest = data;
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let (line, others) = rest.split_at(end);
        rest = &others[1..];
        if line.is_empty() {
            return (headers, rest);
        }
        let line = String::from_utf8_lossy(line);
        let (name, value) = line.split_once(':').unwrap_or((&line, ""));
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    (headers, rest)
}

/// An alert belongs to a case, and a sender decides no size.
fn hold(alert: &Alert) {
    assert!(!alert.key.is_empty() && alert.key.len() <= 600);
    assert_eq!(alert.event.len(), 64);
    let texts = [Some(&alert.summary), alert.description.as_ref()];
    let texts = texts.into_iter().flatten().map(String::as_str);
    let names = [&alert.company, &alert.occurred_at];
    let names = names.into_iter().flatten().map(String::as_str);
    let names = names.chain(alert.fields.iter().map(|field| field.name.as_str()));
    let values = alert.fields.iter().map(|field| field.value.as_str());
    assert!(names.map(|it| it.chars().count()).all(|it| it <= 201));
    assert!(values.map(|it| it.chars().count()).all(|it| it <= 4_001));
    assert!(texts.map(|it| it.chars().count()).all(|it| it <= 8_001));
    assert!(alert.fields.len() <= 250 && alert.links.len() <= 20);
    assert!(
        alert
            .links
            .iter()
            .all(|link| link.url.starts_with("https://"))
    );
}
