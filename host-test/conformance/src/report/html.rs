//! The report as one HTML page that needs nothing else: no script, no image, no network. maud escapes what it shows.

use std::collections::HashSet;

use indicatif::HumanCount;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::count::{Count, by_area, unchecked};
use super::unreached::described;
use super::{Check, Repeat, Report};
use crate::visible;

mod failures;
mod matrix;
#[cfg(test)]
mod tests;

const STYLE: &str = include_str!("html/page.css");
/// The browser is told, too, that nothing else may be loaded or run.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

impl Report {
    /// A page for a browser or a printer, below 3 MB for 460 cases with 40 faults.
    #[must_use]
    pub fn html(&self, repeat: &Repeat) -> String {
        let connector = match self.connector.as_str() {
            "" => "A connector that does not describe itself".to_owned(),
            connector => visible(connector),
        };
        let failures = failures::shown(self);
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(POLICY);
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { "Conformance report: " (connector) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    header {
                        h1 { "Conformance report" }
                        p.connector { (connector) }
                        (verdict(self))
                        (summary(self))
                    }
                    (areas(self))
                    (unreached(self))
                    (matrix::section(self, &failures))
                    (failures::section(&failures, repeat))
                    footer { "psa-host conform, in " (seconds(self)) }
                }
            }
        };
        page.into_string()
    }
}

fn verdict(report: &Report) -> Markup {
    let all = Count::of(&report.checks);
    html! {
        @if report.is_conformant() {
            @let unchecked = unchecked(report);
            p.verdict.passed {
                "✓ " @if unchecked.is_empty() { "Conformant: " } (counted(all.checks, "check")) " passed"
            }
            @if !unchecked.is_empty() { p { "Not checked: " (unchecked.join(", ")) "." } }
        } @else {
            p.verdict.failed {
                "✗ Not conformant: " (number(all.failed)) " of " (counted(all.checks, "check")) " failed"
            }
            " " a href="#broken-rules" { "See the broken rules" }
        }
    }
}

fn summary(report: &Report) -> Markup {
    let faults: HashSet<_> = report.checks.iter().filter_map(|it| it.fault).collect();
    let with_fault = report.checks.iter().filter(|check| check.fault.is_some());
    let numbers = [
        ("Cases", number(report.cases)),
        ("Faults", number(with_fault.count())),
        ("Kinds of fault", number(faults.len())),
        ("Checks", number(report.checks.len())),
        ("Calls of the connector", number(report.runs())),
        ("Size in bytes", number(report.component_bytes)),
        ("Time", seconds(report)),
    ];
    html! {
        dl.numbers {
            @for (name, value) in numbers {
                div { dt { (name) } dd { (value) } }
            }
        }
    }
}

fn areas(report: &Report) -> Markup {
    html! {
        section {
            h2 { "Areas" }
            table.areas {
                thead { tr { th {} th { "Area" } th { "What it checks" } th.number { "Checks" } th.number { "Failed" } th.number { "Calls" } } }
                tbody {
                    @for (area, count) in by_area(report) {
                        tr.(class(count)) {
                            td.mark { (mark(count)) }
                            th scope="row" { (area.name()) }
                            td.meaning { (sentence(area.meaning())) }
                            td.number data-name="checks" { (number(count.checks)) }
                            td.number data-name="failed" { (number(count.failed)) }
                            td.number data-name="calls" { (number(count.runs)) }
                        }
                    }
                }
            }
            (without_case(report))
        }
    }
}

/// What no check reached. Unknown if there is a filter.
fn unreached(report: &Report) -> Markup {
    html! {
        @if let Some(unreached) = &report.unreached_faults {
            section {
                h2 { "Not reached" }
                @if unreached.is_empty() {
                    p { "Nothing: every fault was put into an answer of each role of each function." }
                } @else {
                    p { "Not tested, because no case has a response with this role, or none that takes these faults:" }
                    ul { @for it in unreached { li { (described(it)) } } }
                }
            }
        }
    }
}

/// The few checks that do not belong to a case, so that the matrix cannot show them.
fn without_case(report: &Report) -> Markup {
    let checks: Vec<&Check> = report
        .checks
        .iter()
        .filter(|it| it.case.is_none())
        .collect();
    html! {
        @if !checks.is_empty() {
            details {
                summary { (counted(checks.len(), "check")) " of the component itself" }
                ul.checks {
                    @for check in checks {
                        @let count = Count::of([check]);
                        li.(class(count)) { span.mark { (mark(count)) } " " (visible(&check.name)) }
                    }
                }
            }
        }
    }
}

/// Text between backticks becomes code.
fn sentence(text: &str) -> Markup {
    html! {
        @for (index, part) in text.split('`').enumerate() {
            @if index % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

fn mark(count: Count) -> &'static str {
    match count {
        Count { checks: 0, .. } => "–",
        Count { failed: 0, .. } => "✓",
        _ => "✗",
    }
}

fn class(count: Count) -> &'static str {
    match count {
        Count { checks: 0, .. } => "none",
        Count { failed: 0, .. } => "passed",
        _ => "failed",
    }
}

fn seconds(report: &Report) -> String {
    format!("{:.1} s", report.elapsed.as_secs_f64())
}

fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {what}{plural}", number(count))
}

fn number(count: usize) -> String {
    HumanCount(u64::try_from(count).unwrap_or(u64::MAX)).to_string()
}
