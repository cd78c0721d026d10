//! The cases in `tests/cases/`: a request, the answer, and the alerts that were read; and bodies that nobody thought of.

mod made_up;

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;

use super::{Answer, Reading, Request, SourceRules, read};
use crate::alert::Alert;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    docs: String,
    source: SourceRules,
    request: Sent,
    answer: Expected,
    /// Of each alert the members that are named.
    #[serde(default)]
    alerts: Vec<Value>,
    /// Part of why there is none.
    why: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    #[serde(default = "post")]
    method: String,
    #[serde(default)]
    query: String,
    #[serde(default)]
    headers: Vec<(String, String)>,
    json: Option<Value>,
    text: Option<String>,
    base64: Option<String>,
}

impl Sent {
    fn body(&self) -> Result<Vec<u8>, String> {
        match (&self.json, &self.text, &self.base64) {
            (Some(json), None, None) => Ok(json.to_string().into_bytes()),
            (None, Some(text), None) => Ok(text.clone().into_bytes()),
            (None, None, Some(encoded)) => STANDARD.decode(encoded).map_err(|it| it.to_string()),
            (None, None, None) => Ok(Vec::new()),
            _ => Err("more than one body".to_owned()),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    status: u16,
    #[serde(default)]
    headers: Vec<(String, String)>,
    json: Option<Value>,
}

fn post() -> String {
    "POST".to_owned()
}

#[test]
fn each_dialect_reads_and_answers_as_its_cases_say() {
    let files = case_files();
    assert!(files.len() >= 30, "only {} cases", files.len());
    let failed: Vec<String> = files
        .iter()
        .filter_map(|path| Some(format!("{}: {}", path.display(), check(path).err()?)))
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

fn check(path: &Path) -> Result<(), String> {
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    let case: Case = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    if case.docs.is_empty() {
        return Err("`docs` is empty".to_owned());
    }
    let body = case.request.body()?;
    let request = Request {
        method: &case.request.method,
        query: &case.request.query,
        headers: &case.request.headers,
        body: &body,
    };
    let (answer, alerts, why) = match read("s1", &case.source, &request) {
        Reading::Alerts { alerts, answer } => (answer, alerts, String::new()),
        Reading::Nothing { answer, why } => (answer, Vec::new(), why.to_owned()),
        Reading::NotUnderstood { answer, why } => (answer, Vec::new(), why),
    };
    check_answer(&case.answer, &answer)?;
    check_alerts(&case.alerts, &alerts)?;
    match &case.why {
        Some(part) if !why.contains(part.as_str()) => Err(format!("why: {why}")),
        None if !why.is_empty() => Err(format!("an unexpected why: {why}")),
        _ => Ok(()),
    }
}

fn check_answer(expected: &Expected, answer: &Answer) -> Result<(), String> {
    if answer.status != expected.status {
        return Err(format!("{} {}", answer.status, answer.body));
    }
    let missing = expected
        .headers
        .iter()
        .find(|header| !answer.headers.contains(header));
    if let Some(missing) = missing {
        return Err(format!("no header {missing:?} in {:?}", answer.headers));
    }
    let body = serde_json::from_str::<Value>(&answer.body).ok();
    match &expected.json {
        Some(expected) => differences("answer", expected, &body.unwrap_or_default()),
        None => Ok(()),
    }
}

fn check_alerts(expected: &[Value], alerts: &[Alert]) -> Result<(), String> {
    if expected.len() != alerts.len() {
        return Err(format!("{} alerts: {alerts:#?}", alerts.len()));
    }
    for (expected, alert) in expected.iter().zip(alerts) {
        let alert = serde_json::to_value(alert).map_err(|error| error.to_string())?;
        if alert["source"] != "s1" || alert["event"].as_str().unwrap_or_default().len() != 64 {
            return Err(format!("source or event of {alert:#}"));
        }
        differences("alert", expected, &alert)?;
    }
    Ok(())
}

/// Every member that is expected is there; others may be.
fn differences(place: &str, expected: &Value, actual: &Value) -> Result<(), String> {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => {
            for (name, value) in expected {
                let found = actual.get(name).unwrap_or(&Value::Null);
                differences(&format!("{place}.{name}"), value, found)?;
            }
            Ok(())
        }
        _ if expected == actual => Ok(()),
        _ => Err(format!("{place} is {actual}, not {expected}")),
    }
}

fn case_files() -> Vec<PathBuf> {
    files_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases"))
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}
