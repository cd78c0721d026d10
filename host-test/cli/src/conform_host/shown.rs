//! The report for people: a line for each duty, and what to do about those that are broken.

use psa_host_conformance::{Outcome, Printed, Report};

use crate::layout::{Width, labelled, paragraph};
use crate::terminal::{BAD, DOUBTFUL, GOOD, styled};

/// More than this of the program's errors does not help.
const MOST_LINES_OF_ERRORS: usize = 10;

pub(super) fn report(report: &Report, printed: &Printed, width: Width) -> String {
    let mut lines: Vec<String> = Vec::new();
    for outcome in &report.outcomes {
        lines.extend(duty(outcome, width));
    }
    let counts = ["kept", "broken", "not-tested"].map(|state| report.in_state(state).len());
    let [kept, broken, not_tested] = counts;
    lines.push(String::new());
    lines.push(format!(
        "{kept} duties kept, {broken} broken, {not_tested} not tested"
    ));
    if report.in_state("broken").contains(&"never-raises") {
        lines.extend(end_of_program(printed, width));
    }
    lines.join("\n")
}

fn duty(outcome: &Outcome, width: Width) -> Vec<String> {
    let (style, mark, word) = match outcome.state {
        "kept" => (GOOD, "\u{2713}", "kept"),
        "broken" => (BAD, "\u{2717}", "broken"),
        _ => (DOUBTFUL, "\u{2013}", "not tested"),
    };
    let mut lines = vec![format!(
        "{}  {word:<10}  {}",
        styled(style, mark),
        outcome.id
    )];
    let seen = outcome.seen.iter().map(|seen| paragraph(4, seen, width));
    match outcome.state {
        "broken" => {
            lines.extend(seen);
            lines.push(labelled(4, "contract", outcome.contract, width));
            lines.push(labelled(4, "to do", outcome.remedy, width));
        }
        "kept" => {}
        _ if outcome.seen.is_empty() => {
            lines.push(paragraph(4, "nothing was seen of it", width));
        }
        _ => lines.extend(seen),
    }
    lines
}

/// Why there may be no result.
fn end_of_program(printed: &Printed, width: Width) -> Vec<String> {
    let mut lines = vec![String::new(), printed.end.clone()];
    let errors: Vec<&str> = printed.errors.lines().collect();
    let last = &errors[errors.len().saturating_sub(MOST_LINES_OF_ERRORS)..];
    lines.extend(last.iter().map(|line| paragraph(2, line, width)));
    lines.retain(|line| !line.is_empty() || errors.is_empty());
    lines
}
