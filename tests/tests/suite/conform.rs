//! The conformance kit on connectors that are wrong in one way each: the check that is meant for it finds it, by its name.
//! And on one that is right, for a vendor that the kit cannot know.

use psa_conformance::{Filter, Options, Report, Rule, conform};
use psa_recording::Case;
use psa_tests::{SAMPLE, broken_bytes, broken_connectors};

/// A feature of `broken/`, the checks to make, by a part of their names, and the rule that must be found broken.
const CAUGHT: [(&str, &str, Rule); 33] = [
    (
        "allocates-without-end",
        "faults/get-ticket/ok",
        Rule::Memory,
    ),
    ("asks-for-wasi", "structure/", Rule::Imports),
    (
        "believes-a-false-success",
        "writes/set-status/ok/false-success",
        Rule::FalseSuccess,
    ),
    (
        "calls-doubt-rejected",
        "writes/create-ticket/all-fields/status-5",
        Rule::DoubtIsReported,
    ),
    (
        "checks-what-nobody-needs",
        "description/verify/ok/needed-get-ticket",
        Rule::NeededRights,
    ),
    ("contacts-another-host", "recorded/verify", Rule::Egress),
    (
        "creates-as-a-read",
        "recorded/create-ticket/all-fields",
        Rule::WriteMarked,
    ),
    (
        "describes-a-field-that-it-refuses",
        "input/create-ticket/vendor-fields-taken",
        Rule::InputFieldsDescribed,
    ),
    (
        "describes-a-function-that-it-lacks",
        "description/operations/attach-asset",
        Rule::OperationsDescribed,
    ),
    (
        "describes-pacing-without-a-window",
        "description/pacing",
        Rule::PacingDescribed,
    ),
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
        "leaks-the-token-in-a-result",
        "recorded/verify/ok",
        Rule::NoSecretInResult,
    ),
    (
        "leaks-the-token-in-an-error",
        "faults/get-ticket/ok/2/status-500",
        Rule::NoSecretInResult,
    ),
    (
        "lists-a-contact-twice",
        "recorded/list-contacts/of-a-company",
        Rule::RowsInOrder,
    ),
    (
        "lists-contacts-of-another-company",
        "rows/list-contacts/by-email",
        Rule::OnlyWhatWasAsked,
    ),
    (
        "loops",
        "faults/get-ticket/ok/1/body-empty",
        Rule::Computing,
    ),
    (
        "marks-a-read-as-a-write",
        "recorded/get-ticket/ok",
        Rule::WriteMarked,
    ),
    ("names-a-wrong-field", "input/", Rule::NamesTheField),
    (
        "overlooks-a-note",
        "writes/add-note/with-a-reference/status-5",
        Rule::OneNote,
    ),
    (
        "renews-without-end",
        "renewal/get-ticket/ok",
        Rule::TokenRenewedOnce,
    ),
    (
        "reports-a-closed-ticket-as-open",
        "recorded/find-tickets/by-references",
        Rule::ClosedIsClosed,
    ),
    (
        "retries-a-write",
        "writes/create-ticket/all-fields/status-5",
        Rule::WrittenOnce,
    ),
    (
        "sets-a-status-again",
        "writes/set-status/ok/status-5",
        Rule::ChangeIsTold,
    ),
    (
        "sets-a-status-without-reading",
        "recorded/set-status/ok",
        Rule::ReadFirst,
    ),
    (
        "swallows-a-page",
        "faults/list-companies/two-pages/3",
        Rule::NothingMissing,
    ),
    (
        "takes-a-merged-ticket-for-a-closed-one",
        "recorded/set-status/merged",
        Rule::MergedIsConflict,
    ),
    (
        "token-request-not-secret",
        "recorded/verify/ok",
        Rule::SecretMarked,
    ),
    ("traps-on-null", "faults/get-ticket/ok", Rule::NoTrap),
    (
        "writes-again-after-a-refused-look-up",
        "writes/create-ticket/all-fields/look-up-refused",
        Rule::WrittenOnce,
    ),
];

#[test]
fn every_wrong_connector_is_caught_by_the_check_that_is_meant_for_it() {
    let cases = SAMPLE.cases().expect("the cases");
    let mut missed = Vec::new();
    for (name, filter, rule) in CAUGHT {
        let component = broken_bytes(name).unwrap_or_else(|error| panic!("{name}: {error:#}"));
        let report = held(
            &component,
            &cases,
            Some(Filter::Contains(filter.to_owned())),
        );
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
    let mut wrong = broken_connectors().expect("the features");
    wrong.sort();
    assert_eq!(wrong, CAUGHT.map(|(name, _, _)| name.to_owned()));
}

#[test]
fn the_good_connector_conforms() {
    let cases = SAMPLE.cases().expect("the cases");
    let component = SAMPLE.bytes().expect("the component");
    let report = held(&component, &cases, None);
    let problems: Vec<_> = report
        .failed()
        .map(|check| (&check.name, &check.problems))
        .collect();
    assert!(problems.is_empty(), "{problems:#?}");
    assert!(report.is_conformant() && report.checks.len() > 8_000);
    // Of some answers, every member is needed.
    let unreached = report.unreached_faults.expect("all checks were made");
    let mut faults = unreached.iter().flat_map(|unreached| &unreached.faults);
    assert!(
        faults.all(|fault| fault.starts_with("optional-")),
        "{unreached:?}"
    );
}

#[test]
fn what_the_cases_do_not_reach_is_said_of_each_function_and_role() {
    let mut cases = SAMPLE.cases().expect("the cases");
    cases.retain(|(name, _)| name == "get-ticket/ok");
    let component = SAMPLE.bytes().expect("the component");
    let report = held(&component, &cases, None);
    let unreached = report.unreached_faults.expect("all checks were made");
    let faults = |function: &str, role: &str| {
        let mut unreached = unreached.iter();
        let found = unreached.find(|it| it.function == function && it.role == role);
        found.map_or(0, |unreached| unreached.faults.len())
    };
    assert_eq!(faults("get-ticket", "detail"), 0, "{unreached:?}");
    let all = faults("set-status", "look-up-again");
    assert!(all > 40, "{unreached:?}");
    assert_eq!(faults("list-contacts", "list"), all, "{unreached:?}");
    // What this PSA has not is not missed, nor is what only cases can tell of.
    for (function, role) in [("attach-asset", "write"), ("set-status", "credential")] {
        assert_eq!(faults(function, role), 0, "{unreached:?}");
    }
    let filtered = held(
        &component,
        &cases,
        Some(Filter::Contains("recorded".to_owned())),
    );
    assert_eq!(filtered.unreached_faults, None);
}

fn held(component: &[u8], cases: &[(String, Case)], filter: Option<Filter>) -> Report {
    let options = Options {
        filter,
        ..Options::default()
    };
    conform(component, cases, &options, &|_| {})
}
