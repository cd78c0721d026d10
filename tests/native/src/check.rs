//! The judgement of a case that was run.

use psa_recording::{Case, Replay};
use serde_json::Value;

use crate::Native;

/// What came of a case.
pub struct Outcome {
    /// The result or the connector's error, as JSON.
    pub result: Result<Value, Value>,
    /// The exchanges, with what was asked of them.
    pub replay: Replay,
}

/// Whether a case came out as it should, whatever it ran through.
///
/// # Errors
/// What did not, and what came.
pub fn check(vendor: &Native, case: &Case, outcome: &Outcome) -> Result<(), String> {
    let result = outcome.result.as_ref();
    let complaints = complaints(vendor, case, outcome, outcome.replay.rounds());
    if complaints.is_empty() {
        return Ok(());
    }
    let result = match result {
        Ok(value) => format!("ok: {value:#}"),
        Err(error) => format!("err: {error:#}"),
    };
    let complaints = complaints.join("\n- ");
    Err(format!("{case}\n- {complaints}\nwhat came: {result}"))
}

/// Everything that did not come out as it should, for a host that sees the requests of a round one by one and counts rounds itself.
#[must_use]
pub fn complaints(vendor: &Native, case: &Case, outcome: &Outcome, rounds: usize) -> Vec<String> {
    let mut complaints = outcome.replay.finish();
    complaints.extend(case.expect.mismatches(outcome.result.as_ref()));
    if rounds != case.rounds {
        complaints.push(format!("rounds: expected {}, found {rounds}", case.rounds));
    }
    complaints.extend(leaks(vendor, case, outcome));
    complaints
}

/// Secrets of the settings in what came out, or in a URL.
fn leaks(vendor: &Native, case: &Case, outcome: &Outcome) -> Vec<String> {
    let (Ok(result) | Err(result)) = &outcome.result;
    let result = result.to_string();
    let urls: Vec<String> = outcome
        .replay
        .requests()
        .into_iter()
        .flatten()
        .map(|request| request.url)
        .collect();
    // A shorter one may be a part of any word.
    let secrets = case.settings.iter().filter(|setting| {
        vendor.secrets.contains(&setting.name.as_str()) && setting.value.len() >= 8
    });
    let mut leaks = Vec::new();
    for secret in secrets {
        if result.contains(&secret.value) {
            leaks.push(format!("the result holds the value of `{}`", secret.name));
        }
        if urls.iter().any(|url| url.contains(&secret.value)) {
            leaks.push(format!("a URL holds the value of `{}`", secret.name));
        }
    }
    leaks
}
