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
    let host = Host::new(vendor, nothing).expect("a service");
    // On one thread: then no answer is read before the whole round was sent, and rounds can be counted.
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build().expect("a runtime");
    let mut wrong = Vec::new();
    for (name, case) in &cases {
        let outcome = runtime.block_on(outcome(&host, vendor, case));
        let problems = outcome.unwrap_or_else(|error| vec![format!("{error:#}")]);
        wrong.extend(problems.into_iter().map(|problem| format!("{name}: {problem}")));
    }
    println!("{} cases of {} over wasi:http", cases.len(), vendor.name);
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
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
    Ok(problems)
}

/// What went wrong on the way is told by whoever sends: the words that were recorded are those of another host.
fn with_the_adapters_words(case: &Case) -> Case {
    let mut case = case.clone();
    let (Expectation::Ok(expected) | Expectation::Err(expected)) = &mut case.expect;
    for exchange in &case.exchanges {
        if let Err(failure) = &exchange.answer
            && !failure.message.is_empty()
        {
            let host = exchange.request.url.split('/').nth(2).unwrap_or_default();
            let words = words_of_the_adapter(failure, &format!("https://{host}"));
            replace(expected, &failure.message, &words);
        }
    }
    case
}

fn words_of_the_adapter(failure: &Failure, target: &str) -> String {
    match (failure.kind, failure.may_have_acted) {
        (FailureKind::Denied, _) => {
            format!("the host does not allow this request to {target} (HttpRequestDenied)")
        }
        (FailureKind::Unreachable, _) => format!("no connection to {target} (ConnectionRefused)"),
        (FailureKind::TimedOut, false) => {
            format!("no connection within the time to connect to {target} (ConnectionTimeout)")
        }
        (FailureKind::TimedOut, true) => {
            format!("no complete response within the host's time from {target} (HttpResponseTimeout)")
        }
        (FailureKind::Interrupted, _) => {
            format!("the connection broke before the response, to {target} (ConnectionTerminated)")
        }
        (FailureKind::TooLarge, _) => {
            format!("the response passes a limit of the host, from {target} (HttpResponseBodySize)")
        }
    }
}

fn replace(value: &mut Value, from: &str, to: &str) {
    match value {
        Value::String(text) => *text = text.replace(from, to),
        Value::Array(values) => values.iter_mut().for_each(|it| replace(it, from, to)),
        Value::Object(members) => members.values_mut().for_each(|it| replace(it, from, to)),
        _ => {}
    }
}
