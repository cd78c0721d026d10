//! The text as a person sees it, in full, and what a hostile connector cannot do to it.

use super::super::{Rule, sample};

#[test]
fn a_conformant_connector_is_read_at_a_glance() {
    let text = sample::conformant().text(&sample::repeat());
    let expected = "\
Connector  Deskly 1.4.0
Size       171,402 bytes
Cases      2
Faults     1, of 1 kind
Checks     10
Calls      18
Time       41.2 s

   AREA            CHECKS   FAILED
✓  structure            1        0
✓  description          1        0
✓  recorded             1        0
✓  input                1        0
✓  faults               1        0
✓  rows                 1        0
✓  writes               1        0
✓  renewal              1        0
✓  isolation            1        0
✓  resources            1        0

Every fault was put into an answer of each role of each function.

✓ Conformant: 10 checks passed.";
    assert_eq!(text, expected);
}

#[test]
fn what_was_not_checked_is_not_called_conformant() {
    let mut report = sample::conformant();
    let left_out = ["input", "writes"];
    report
        .checks
        .retain(|it| !left_out.contains(&it.area.name()));
    let text = report.text(&sample::repeat());
    let verdict = "✓ 8 checks passed. Not checked: input, writes.";
    assert_eq!(text.lines().last(), Some(verdict));
    assert!(
        text.contains("\n-  writes               0        0\n"),
        "{text}"
    );
}

#[test]
fn a_run_with_a_filter_is_not_called_conformant() {
    let mut report = sample::conformant();
    report.is_filtered = true;
    let text = report.text(&sample::repeat());
    let verdict = "✓ 10 checks passed. Not checked: what the filter leaves out.";
    assert_eq!(text.lines().last(), Some(verdict));
}

#[test]
fn what_no_case_reaches_is_named() {
    let mut report = sample::failing();
    report.unreached = vec!["set-status write".to_owned(), "list-sites list".to_owned()];
    let text = report.text(&sample::repeat());
    let faults = "takes these faults:\n   verify probe: body-large, required-null\n\n";
    assert!(text.contains(faults), "{text}");
    // With a filter, nothing is said of faults.
    report.unreached_faults = None;
    let text = report.text(&sample::repeat());
    let roles = "a response with this role:\n   set-status write\n   list-sites list\n\n";
    assert!(text.contains(roles), "{text}");
    assert!(!text.contains("body-large"), "{text}");
}

#[test]
fn a_broken_rule_is_shown_once_with_examples_that_differ() {
    let text = sample::failing().text(&sample::repeat());
    let (_, failures) = text.split_once("✗ no-trap ").expect("the rule");
    let expected = "\
(5 checks)
  Nothing that a server answers makes the connector trap.
  Faults  member-null 5
  Cases   list-companies 4, verify 1

  faults/list-companies/ok/0/member-null/name
    expected  an error of the contract, or a result without the member
    found     trap: wasm `unreachable` instruction executed
    repeat    psa-host conform desk.wasm cases --exact --filter faults/list-companies/ok/0/member-null/name

  faults/verify/ok/0/member-null/version
    expected  an error of the contract, or a result without the member
    found     trap: wasm `unreachable` instruction executed
    repeat    psa-host conform desk.wasm cases --exact --filter faults/verify/ok/0/member-null/version

  faults/list-companies/ok/1/member-null/name
    expected  an error of the contract, or a result without the member
    found     trap: wasm `unreachable` instruction executed
    repeat    psa-host conform desk.wasm cases --exact --filter faults/list-companies/ok/1/member-null/name

  … and 2 more that break no-trap.

✗ outcome-fits-fault (1 check)
  A fault has an outcome that the table of outcomes allows.

  faults/verify/ok/0/status-502-text
    expected  the error unavailable or unexpected-response
    found     ok {
                \"is-complete\": true
              }
    repeat    psa-host conform desk.wasm cases --exact --filter faults/verify/ok/0/status-502-text

✗ Not conformant: 6 of 10 checks failed, 2 rules broken.
  For all of them, use --json, or --html FILE to read them in a browser.";
    assert_eq!(failures, expected);
}

#[test]
fn nothing_that_a_connector_says_is_obeyed_by_a_terminal_or_passes_for_a_line_of_the_report() {
    let text = sample::hostile("\u{1b}[2J\u{202e}\n✓ Conformant").text(&sample::repeat());
    let obeyed = |character| character != '\n' && crate::is_obeyed(character);
    assert!(!text.contains(obeyed), "{text}");
    let forged = text
        .lines()
        .find(|line| line.starts_with('✓') && line.contains("Conf"));
    assert_eq!(forged, None);
    assert!(
        text.contains("Connector  \\u{1b}[2J\\u{202e}\\n✓ Conformant\n"),
        "{text}"
    );
    assert!(
        text.contains("    found     \\u{1b}[2J\\u{202e}\n              ✓ Conf"),
        "{text}"
    );
}

#[test]
fn more_rules_than_anyone_reads_are_counted() {
    let checks = Rule::ALL.iter().map(|&rule| {
        let check = sample::passed("faults/verify/ok/0/status-502-text", Some("status-502"));
        sample::failed(check, rule, "this", "that")
    });
    let text = sample::report(checks.collect()).text(&sample::repeat());
    assert_eq!(text.matches(" (1 check)").count(), super::MOST_GROUPS);
    let rest = Rule::ALL.len() - super::MOST_GROUPS;
    assert!(text.contains(&format!("{rest} rules not shown")), "{text}");
}

#[test]
fn a_report_of_nothing_is_not_conformant() {
    let text = sample::report(Vec::new()).text(&sample::repeat());
    assert!(
        text.ends_with("✗ Not conformant: 0 of 0 checks failed, 0 rules broken."),
        "{text}"
    );
}
