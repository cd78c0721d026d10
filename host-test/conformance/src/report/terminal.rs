//! The report on a terminal: a summary, the areas, then each broken rule with a few examples. Every text from outside goes
//! through `visible`. There are no colors.

use indicatif::HumanCount;

use super::count::{Count, by_area, unchecked};
use super::excerpt::Excerpt;
use super::group::{Failure, Group, by_rule};
use super::unreached::described;
use super::{Repeat, Report};
use crate::visible;

#[cfg(test)]
mod tests;

/// More than this is in the HTML page and in the JSON.
const MOST_GROUPS: usize = 20;
const EXAMPLES: usize = 3;
const MOST_NAMES: usize = 6;
const EXCERPT: Excerpt = Excerpt {
    lines: 8,
    characters: 300,
};

impl Report {
    /// Lines for a terminal: the summary, the areas, each broken rule with up to three examples, and the verdict.
    #[must_use]
    pub fn text(&self, repeat: &Repeat) -> String {
        let groups = by_rule(self);
        let mut parts = vec![summary(self), areas(self), unreached(self)];
        parts.retain(|part| !part.is_empty());
        parts.extend(
            groups
                .iter()
                .take(MOST_GROUPS)
                .map(|shown| group(shown, repeat)),
        );
        parts.push(verdict(self, &groups));
        parts.join("\n\n")
    }
}

fn summary(report: &Report) -> String {
    let faults: std::collections::HashSet<_> =
        report.checks.iter().filter_map(|it| it.fault).collect();
    let with_fault = report.checks.iter().filter(|check| check.fault.is_some());
    let connector = match report.connector.as_str() {
        "" => "(does not describe itself)".to_owned(),
        connector => visible(connector),
    };
    let rows = [
        ("Connector", connector),
        ("Size", format!("{} bytes", number(report.component_bytes))),
        ("Cases", number(report.cases)),
        (
            "Faults",
            format!(
                "{}, of {}",
                number(with_fault.count()),
                counted(faults.len(), "kind")
            ),
        ),
        ("Checks", number(report.checks.len())),
        ("Calls", number(report.runs())),
        ("Time", format!("{:.1} s", report.elapsed.as_secs_f64())),
    ];
    let lines: Vec<_> = rows
        .iter()
        .map(|(name, value)| format!("{name:<9}  {value}"))
        .collect();
    lines.join("\n")
}

fn areas(report: &Report) -> String {
    let mut lines = vec![format!("   {:<13}{:>9}{:>9}", "AREA", "CHECKS", "FAILED")];
    for (area, count) in by_area(report) {
        let (checks, failed) = (number(count.checks), number(count.failed));
        let name = area.name();
        lines.push(format!("{}  {name:<13}{checks:>9}{failed:>9}", mark(count)));
    }
    lines.join("\n")
}

/// What the cases leave out. Of a part of the checks: the roles alone.
fn unreached(report: &Report) -> String {
    let lines = match &report.unreached_faults {
        Some(unreached) if unreached.is_empty() => {
            return "Every fault was put into an answer of each role of each function.".to_owned();
        }
        Some(unreached) => unreached.iter().map(described).collect(),
        None => report.unreached.clone(),
    };
    if lines.is_empty() {
        return String::new();
    }
    let lines: Vec<_> = lines.iter().map(|line| format!("   {line}")).collect();
    let which = match report.unreached_faults {
        Some(_) => {
            "Not tested, because no case has a response with this role, or none that takes these faults:"
        }
        None => "Not tested, because no case has a response with this role:",
    };
    format!("{which}\n{}", lines.join("\n"))
}

/// As `verify` marks permissions.
fn mark(count: Count) -> char {
    match count {
        Count { checks: 0, .. } => '-',
        Count { failed: 0, .. } => '✓',
        _ => '✗',
    }
}

fn group(group: &Group<'_>, repeat: &Repeat) -> String {
    let count = group.failures.len();
    let mut lines = vec![
        format!("✗ {} ({})", group.rule.name(), counted(count, "check")),
        format!("  {}", group.rule.meaning()),
    ];
    if count > EXAMPLES {
        lines.push(format!("  Faults  {}", names(&group.faults())));
        let folders = group.folders();
        if !folders.is_empty() {
            lines.push(format!("  Cases   {}", names(&folders)));
        }
    }
    for failure in group.failures.iter().take(EXAMPLES) {
        lines.push(String::new());
        lines.extend(example(failure, repeat));
    }
    if count > EXAMPLES {
        let rest = number(count - EXAMPLES);
        lines.push(format!(
            "\n  … and {rest} more that break {}.",
            group.rule.name()
        ));
    }
    lines.join("\n")
}

fn example(failure: &Failure<'_>, repeat: &Repeat) -> Vec<String> {
    let check = failure.check;
    let mut lines = vec![format!("  {}", visible(&check.name))];
    let mut fact = |name: &str, values: &[String]| {
        // Only this program's own words stand at the start of a line: nothing from outside can pass for them.
        let mut name = name;
        for value in values {
            lines.push(format!("    {name:<8}  {value}"));
            name = "";
        }
    };
    for problem in &failure.problems {
        fact("expected", &EXCERPT.lines(&problem.expected));
        fact("found", &EXCERPT.lines(&problem.found));
    }
    fact("repeat", &[visible(&repeat.command(check))]);
    lines
}

/// `status-502 12, member-null 4, and 3 others`.
fn names(counts: &[(&str, usize)]) -> String {
    let mut named: Vec<_> = counts
        .iter()
        .take(MOST_NAMES)
        .map(|(name, count)| format!("{} {}", visible(name), number(*count)))
        .collect();
    let others = counts.len().saturating_sub(MOST_NAMES);
    if others > 0 {
        named.push(format!("and {}", counted(others, "other")));
    }
    named.join(", ")
}

fn verdict(report: &Report, groups: &[Group<'_>]) -> String {
    let failed = report.failed().count();
    let checks = counted(report.checks.len(), "check");
    if report.is_conformant() {
        // A part of the checks shows nothing of the rest.
        return match unchecked(report).as_slice() {
            [] => format!("✓ Conformant: {checks} passed."),
            areas => format!("✓ {checks} passed. Not checked: {}.", areas.join(", ")),
        };
    }
    let rules = counted(groups.len(), "rule");
    let mut verdict = format!(
        "✗ Not conformant: {} of {checks} failed, {rules} broken.",
        number(failed)
    );
    let left_out = groups.len().saturating_sub(MOST_GROUPS);
    if left_out > 0 {
        verdict.push_str(&format!(" {} not shown.", counted(left_out, "rule")));
    }
    let is_cut = left_out > 0 || groups.iter().any(|group| group.failures.len() > EXAMPLES);
    if is_cut {
        verdict
            .push_str("\n  For all of them, use --json, or --html FILE to read them in a browser.");
    }
    verdict
}

fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {what}{plural}", number(count))
}

/// `31,020`.
fn number(count: usize) -> String {
    HumanCount(u64::try_from(count).unwrap_or(u64::MAX)).to_string()
}
