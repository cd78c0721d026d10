//! The conformance kit on connectors that are wrong in one way each: the check that is meant for it finds it, by its name.
//! And on one that is right, for a vendor that the kit cannot know.

use psa_conformance::{Filter, Options, Report, Rule, conform};
use psa_recording::Case;
use psa_tests::{GOOD_SAMPLE, SAMPLE, sample_bytes, wrong_samples};

/// A feature of `sample-connector/`, the checks to make, by a part of their names, and the rule that must be found broken.
const CAUGHT: [(&str, &str, Rule); 14] = [
    (
        "allocates-without-end",
        "faults/get-ticket/ok",
        Rule::Memory,
    ),
    ("asks-for-wasi", "structure/", Rule::Imports),
    (
        "calls-doubt-rejected",
        "writes/create-ticket/all-fields/status-5",
        Rule::DoubtIsReported,
    ),
    ("contacts-another-host", "recorded/verify", Rule::Egress),
    (
        "empty-list-on-html",
        "faults/list-companies/two-pages",
        Rule::NothingMissing,
    ),
    ("keeps-state", "isolation/", Rule::NoStateKept),
    (
        "leaks-the-key-in-a-body",
        "faults/create-ticket/all-fields/1/headers",
        Rule::NoSecretInBody,
    ),
    (
        "leaks-the-key-in-a-url",
        "recorded/verify",
        Rule::NoSecretInUrl,
    ),
    (
        "leaks-the-key-in-an-error",
        "faults/verify/ok/1/status-401",
        Rule::NoSecretInResult,
    ),
    (
        "loops",
        "faults/get-ticket/ok/1/body-empty",
        Rule::Computing,
    ),
    ("names-a-wrong-field", "input/", Rule::NamesTheField),
    (
        "retries-a-write",
        "writes/create-ticket/all-fields/status-5",
        Rule::WrittenOnce,
    ),
    (
        "swallows-a-page",
        "faults/list-companies/two-pages/2",
        Rule::NothingMissing,
    ),
    ("traps-on-null", "faults/get-ticket/ok", Rule::NoTrap),
];

#[test]
fn every_wrong_connector_is_caught_by_the_check_that_is_meant_for_it() {
    let cases = SAMPLE.cases().expect("the cases");
    let mut missed = Vec::new();
    for (name, filter, rule) in CAUGHT {
        let report = held(name, &cases, Some(Filter::Contains(filter.to_owned())));
        let found = report
            .failed()
            .flat_map(|check| &check.problems)
            .any(|problem| problem.rule == rule);
        if !found {
            missed.push(format!("{name} does not break {}", rule.name()));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn there_is_a_line_for_every_wrong_connector() {
    let mut wrong = wrong_samples().expect("the features");
    wrong.sort();
    assert_eq!(wrong, CAUGHT.map(|(name, _, _)| name.to_owned()));
}

#[test]
fn the_good_connector_conforms() {
    let cases = SAMPLE.cases().expect("the cases");
    let report = held(GOOD_SAMPLE, &cases, None);
    let problems: Vec<_> = report
        .failed()
        .map(|check| (&check.name, &check.problems))
        .collect();
    assert!(problems.is_empty(), "{problems:#?}");
    assert!(report.is_conformant() && report.checks.len() > 5_000);
}

fn held(name: &str, cases: &[(String, Case)], filter: Option<Filter>) -> Report {
    let component = sample_bytes(name).unwrap_or_else(|error| panic!("{name}: {error:#}"));
    let options = Options {
        filter,
        ..Options::default()
    };
    conform(&component, cases, &options, &|_| {})
}
