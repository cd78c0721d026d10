//! Every case of every vendor through service, connector and adapter over `wasi:http`: what is sent and what comes back is as
//! recorded, field by field.

use std::sync::Arc;

use anyhow::{Context as _, Result};
use psa_host::contract::{Failure, FailureKind};
use psa_native::{Outcome, complaints};
use psa_recording::{Case, Expectation, Replay};
use psa_tests::{AUTOTASK, CONNECTWISE, HALOPSA, Vendor, json_files, workspace};
use serde_json::Value;

use crate::answers;
use crate::built;
use crate::host::Host;
use crate::replayed::Replayed;

#[test]
fn every_case_of_connectwise_gives_the_expected_result() {
    run(&CONNECTWISE);
}

#[test]
fn every_case_of_halopsa_gives_the_expected_result() {
    run(&HALOPSA);
}

#[test]
fn every_case_of_autotask_gives_the_expected_result() {
    run(&AUTOTASK);
}

fn run(vendor: &Vendor) {
    let cases = vendor.cases().expect("cases");
    let folder = workspace().join("tests/cases").join(vendor.name);
    let files = json_files(&folder).expect("files");
    let is_case = |path: &&std::path::PathBuf| !path.iter().any(|part| part == "_shared");
    assert_eq!(cases.len(), files.iter().filter(is_case).count());

    let nothing = Arc::new(Replayed::new(Replay::default()));
    let host = built::host(vendor, nothing).expect("a service");
    // On one thread: then no answer is read before the whole round was sent, and rounds can be counted.
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build().expect("a runtime");
    let mut wrong = Vec::new();
    for (name, case) in &cases {
        let outcome = runtime.block_on(outcome(&host, vendor, case));
        let problems = outcome.unwrap_or_else(|error| vec![format!("{error:#}")]);
        wrong.extend(
            problems
                .into_iter()
                .map(|problem| format!("{name}: {problem}")),
        );
    }
    println!("{} cases of {} over wasi:http", cases.len(), vendor.name);
    assert!(
        wrong.is_empty(),
        "{} are wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

async fn outcome(host: &Host, vendor: &Vendor, case: &Case) -> Result<Vec<String>> {
    let replay = Replay::of_exchanges(case.exchanges.clone(), &case.settings);
    let network = Arc::new(Replayed::new(replay.clone()));
    let host = host.with(&case.settings, network.clone());
    let function = case.input.function();
    let answered = host.call(function, &case.input.arguments()).await?;
    let mut problems = answers::problems(function, &answered).context("the document")?;
    let result = answered.outcome();
    let case = with_the_adapters_words(case);
    let outcome = Outcome { result, replay };
    problems.extend(complaints(vendor, &case, &outcome, network.rounds()));
    let advised = vendor.description().pacing.concurrent_requests;
    let most = u32::try_from(network.most_in_flight())?;
    if advised.is_some_and(|advised| most > advised) {
        problems.push(format!("{most} requests were in flight at once"));
    }
    Ok(problems)
}

/// What went wrong on the way is told by whoever sends: the words that were recorded are those of another host. Only they are
/// replaced in what is expected.
fn with_the_adapters_words(case: &Case) -> Case {
    let mut case = case.clone();
    let (Expectation::Ok(expected) | Expectation::Err(expected)) = &mut case.expect;
    for exchange in &case.exchanges {
        if let Err(failure) = &exchange.answer {
            let host = exchange.request.url.split('/').nth(2).unwrap_or_default();
            let words = words_of_the_adapter(failure, &format!("https://{host}"));
            let mut recorded = failure.message.clone();
            for setting in case.settings.iter().filter(|it| it.value.len() >= LEAST) {
                // As a result shows secrets.
                recorded = recorded.replace(&setting.value, "[secret]");
            }
            for recorded in [&failure.message, &recorded] {
                replace(expected, recorded, &words);
            }
        }
    }
    case
}

fn words_of_the_adapter(failure: &Failure, target: &str) -> String {
    match (failure.kind, failure.may_have_acted) {
        (FailureKind::Denied, _) => {
            format!("the host does not allow this request to {target} (HttpRequestDenied)")
        }
        (FailureKind::Unreachable, false) => {
            format!("no connection to {target} (ConnectionRefused)")
        }
        (FailureKind::TimedOut, false) => {
            format!("no connection within the time to connect to {target} (ConnectionTimeout)")
        }
        (FailureKind::TimedOut, true) => {
            format!(
                "no complete response within the host's time from {target} (HttpResponseTimeout)"
            )
        }
        (FailureKind::Interrupted, _) | (FailureKind::Unreachable, true) => {
            format!("the connection broke before the response, to {target} (ConnectionTerminated)")
        }
        (FailureKind::TooLarge, _) => {
            format!("the response passes a limit of the host, from {target} (HttpResponseBodySize)")
        }
    }
}

fn replace(value: &mut Value, recorded: &str, words: &str) {
    match value {
        Value::Array(values) => values
            .iter_mut()
            .for_each(|it| replace(it, recorded, words)),
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(text) if name == "message" && !text.contains(words) => {
                        *text = replaced(text, recorded, words);
                    }
                    other => replace(other, recorded, words),
                }
            }
        }
        _ => {}
    }
}

/// Shorter texts may be a part of any other.
const LEAST: usize = 8;

/// A case quotes the whole message, a part of it, or its beginning after words of the connector.
fn replaced(text: &str, recorded: &str, words: &str) -> String {
    if recorded.len() >= LEAST && text.contains(recorded) {
        return text.replace(recorded, words);
    }
    let part = text.trim_matches('…');
    if part.len() < LEAST || part.len() == text.len() {
        return text.to_owned();
    }
    if recorded.contains(part) {
        return format!("…{words}…");
    }
    let ends = part.char_indices().map(|(at, _)| part.split_at(at));
    let mut ends = ends.filter(|(_, end)| end.len() >= LEAST);
    match ends.find(|(_, end)| recorded.starts_with(end)) {
        Some((own, _)) => format!("…{own}{words}…"),
        None => text.to_owned(),
    }
}
