//! From what was seen to verdicts: what the probe reported, what arrived at the server, and what the program printed.

use std::collections::BTreeMap;

use crate::duty::DUTIES;
use crate::printed::{Printed, Result, trials};
use crate::report::{Outcome, Report, State};
use crate::server::{Seen, Server};

/// What the probe's description advises: `MOST_AT_ONCE` in `component/probe/src/batches.rs`.
const MOST_AT_ONCE: usize = 8;

/// Findings by duty: what was tried, and what came of it.
#[derive(Default)]
struct Findings(BTreeMap<String, Vec<(String, State)>>);

impl Findings {
    fn add(&mut self, duty: &str, trial: &str, state: State) {
        let of_duty = self.0.entry(duty.to_owned()).or_default();
        of_duty.push((trial.to_owned(), state));
    }
}

/// Judges a run of the host's program. With `only`, of this one duty.
#[must_use]
pub fn judge(server: &Server, seen: &Seen, printed: &Printed, only: Option<&str>) -> Report {
    let mut findings = Findings::default();
    arrivals(seen, &mut findings);
    calls(seen, &mut findings);
    results(seen, &printed.results(), &mut findings);
    output(server, printed, &mut findings);
    let duties = DUTIES
        .iter()
        .filter(|duty| only.is_none_or(|only| only == duty.id));
    let outcomes = duties.map(|duty| {
        let found = findings.0.remove(duty.id).unwrap_or_default();
        Outcome::of(duty, found)
    });
    Report {
        outcomes: outcomes.collect(),
    }
}

/// What must not arrive, or not twice, or not together.
fn arrivals(seen: &Seen, findings: &mut Findings) {
    let mut writes: BTreeMap<String, usize> = BTreeMap::new();
    for script in &seen.arrived {
        match script.arrival.as_str() {
            "never" => {
                let state = State::Broken("the request arrived at the server".to_owned());
                findings.add(&script.duty, &script.trial, state);
            }
            "once" => *writes.entry(script.name()).or_default() += 1,
            _ => {}
        }
        if script.duty == "tenants-stay-apart" {
            let state = match script.trial.as_str() {
                "fresh" => State::Kept,
                "kept" => {
                    State::Broken("a tenant was given the kept response of another one".to_owned())
                }
                "same-tenant" => State::NotTested(
                    "`get-ticket` was called with the settings of the first tenant".to_owned(),
                ),
                _ => State::NotTested("the request for a token failed".to_owned()),
            };
            findings.add("tenants-stay-apart", "get-ticket", state);
        }
    }
    for (write, count) in writes {
        let state = match count {
            1 => State::Kept,
            _ => State::Broken(format!("the write arrived {count} times")),
        };
        findings.add("write-sent-once", &write, state);
    }
    let most = seen.most_at_once;
    if most > MOST_AT_ONCE {
        let state = State::Broken(format!(
            "{most} requests were in flight at once; advised are {MOST_AT_ONCE}"
        ));
        findings.add("pacing-kept", "in-flight", state);
    } else if seen.arrived.iter().any(|script| script.duty == "in-order") {
        findings.add("pacing-kept", "in-flight", State::Kept);
    }
}

/// Which instance each call ran in.
fn calls(seen: &Seen, findings: &mut Findings) {
    let begun: Vec<_> = seen
        .arrived
        .iter()
        .filter(|script| script.duty == "call")
        .collect();
    let used = begun
        .iter()
        .find(|script| script.number("begun").unwrap_or(0) > 0);
    let state = match used {
        Some(script) => State::Broken(format!(
            "`{}` ran in an instance that had run a call before",
            script.trial
        )),
        None if begun.len() > 1 => State::Kept,
        None => State::NotTested("only one call was made".to_owned()),
    };
    findings.add("fresh-instance", "calls", state);
    let state = match (seen.has_overlapping_calls, used) {
        (true, Some(script)) => State::Broken(format!(
            "`{}` began in an instance while a call was running there",
            script.trial
        )),
        (true, None) => State::Kept,
        (false, _) => State::NotTested(
            "no two calls were made at once; an instance for each call keeps it".to_owned(),
        ),
    };
    findings.add("one-call-at-a-time", "calls", state);
}

/// What each call returned.
fn results(seen: &Seen, results: &[Result], findings: &mut Findings) {
    let state = match results.first() {
        None => State::Broken("the program printed no result of `list-companies`".to_owned()),
        Some(Result::Error(code)) => {
            State::Broken(format!("`list-companies` failed with `{code}`"))
        }
        Some(Result::Value(value)) => match trials(value) {
            None => State::Broken("the first result is not that of `list-companies`".to_owned()),
            Some(trials) => {
                for (duty, trial, state) in trials {
                    findings.add(&duty, &trial, state);
                }
                State::Kept
            }
        },
    };
    findings.add("never-raises", "list-companies", state);
    for (place, duty, is_right, expected) in [
        (
            1,
            "stopped-after-a-write",
            (|code| code == "outcome-unknown") as fn(&str) -> bool,
            "`outcome-unknown`",
        ),
        (
            2,
            "stopped-before-a-write",
            |code| code != "outcome-unknown",
            "`unavailable`",
        ),
    ] {
        let has_left = seen.arrived.iter().any(|script| script.duty == duty);
        let state = match results.get(place) {
            _ if !has_left => State::NotTested("the call sent nothing, or was not made".to_owned()),
            None => State::Broken("the program printed no result of it".to_owned()),
            Some(Result::Error(code)) if is_right(code) => State::Kept,
            Some(Result::Error(code)) => {
                State::Broken(format!("expected {expected}; came `{code}`"))
            }
            Some(Result::Value(_)) => State::Broken(format!("expected {expected}; came a result")),
        };
        findings.add(duty, "error", state);
    }
}

fn output(server: &Server, printed: &Printed, findings: &mut Findings) {
    for (name, text) in [
        ("standard output", &printed.output),
        ("standard error", &printed.errors),
    ] {
        let is_leaked = server.secrets().iter().any(|secret| text.contains(secret));
        let state = match is_leaked {
            true => State::Broken(format!(
                "{name} holds the secret setting or the access token"
            )),
            false => State::Kept,
        };
        findings.add("no-secret-in-output", name, state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::Script;

    /// wasmtime lets no host break it, so that no wrong host can show it.
    #[test]
    fn two_calls_at_once_in_an_instance_are_told_from_two_instances() {
        for (second, has_overlapping_calls, state) in [
            ("/any/call/get-ticket?begun=0", true, "kept"),
            ("/any/call/get-ticket?begun=1", true, "broken"),
            ("/any/call/get-ticket?begun=0", false, "not-tested"),
        ] {
            let seen = Seen {
                arrived: vec![
                    Script::of("/any/call/create-ticket?begun=0"),
                    Script::of(second),
                ],
                has_overlapping_calls,
                ..Seen::default()
            };
            let mut findings = Findings::default();
            calls(&seen, &mut findings);
            let duty = DUTIES.iter().find(|duty| duty.id == "one-call-at-a-time");
            let found = findings.0.remove("one-call-at-a-time").unwrap_or_default();
            let outcome = Outcome::of(duty.expect("the duty"), found);
            assert_eq!(outcome.state, state, "{second}");
        }
    }
}
