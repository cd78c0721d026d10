//! The failures, by the rule that they broke.

use std::collections::HashMap;

use maud::{Markup, html};

use super::super::count::column;
use super::super::excerpt::Excerpt;
use super::super::group::{Failure, Group, by_rule};
use super::super::{Problem, Repeat, Report};
use super::{counted, number, sentence};
use crate::visible;

/// Of one rule, and of all together: with every rule broken everywhere the page is still quick to open.
const MOST_OF_A_RULE: usize = 30;
const MOST_OF_ALL: usize = 200;
/// Of one rule, that one sees without a click.
const OPEN: usize = 3;
const EXCERPT: Excerpt = Excerpt {
    lines: 10,
    characters: 200,
};

/// What is shown, and where it is on the page.
pub(super) struct Shown<'a> {
    groups: Vec<Group<'a>>,
    /// Of each group.
    most: usize,
    /// The place of a check by its name. One that broke several rules is linked to its first.
    places: HashMap<&'a str, usize>,
    /// The place of the first failure of a case in a column.
    cells: HashMap<(&'a str, &'static str), usize>,
}

impl Shown<'_> {
    /// The anchor of a failure in this cell of the matrix, where one is shown.
    pub(super) fn anchor(&self, case: &str, column: &'static str) -> Option<String> {
        self.cells.get(&(case, column)).map(|place| id(*place))
    }
}

pub(super) fn shown(report: &Report) -> Shown<'_> {
    let groups = by_rule(report);
    let most = (MOST_OF_ALL / groups.len().max(1)).min(MOST_OF_A_RULE);
    let mut places = HashMap::new();
    let mut cells = HashMap::new();
    for failure in groups
        .iter()
        .flat_map(|group| group.failures.iter().take(most))
    {
        let next = places.len();
        let place = *places.entry(failure.check.name.as_str()).or_insert(next);
        if let Some(case) = &failure.check.case {
            let cell = (case.as_str(), column(failure.check));
            cells.entry(cell).or_insert(place);
        }
    }
    Shown {
        groups,
        most,
        places,
        cells,
    }
}

pub(super) fn section(shown: &Shown<'_>, repeat: &Repeat) -> Markup {
    // Each place is given to the first article only: an id stands once on a page.
    let mut unused = shown.places.clone();
    html! {
        @if !shown.groups.is_empty() {
            section {
                h2 id="broken-rules" { "Broken rules" }
                @for group in &shown.groups {
                    (rule(group, shown.most, &mut unused, repeat))
                }
            }
        }
    }
}

fn rule(
    group: &Group<'_>,
    most: usize,
    unused: &mut HashMap<&str, usize>,
    repeat: &Repeat,
) -> Markup {
    let rest = group.failures.len().saturating_sub(most);
    html! {
        article.rule {
            h3 { code { (group.rule.name()) } " " span.count { (counted(group.failures.len(), "check")) } }
            p { (sentence(group.rule.meaning())) }
            @if group.failures.len() > 1 {
                (spread("Faults", &group.faults()))
                (spread("Cases", &group.folders()))
            }
            @for (index, failure) in group.failures.iter().take(most).enumerate() {
                @let place = unused.remove(failure.check.name.as_str());
                details.failure id=[place.map(id)] open[index < OPEN] {
                    summary { (visible(&failure.check.name)) }
                    (facts(failure, repeat))
                }
            }
            @if rest > 0 {
                p.rest { "… and " (number(rest)) " more: " code { "--json" } " lists all of them." }
            }
        }
    }
}

fn spread(what: &str, counts: &[(&str, usize)]) -> Markup {
    html! {
        @if !counts.is_empty() {
            p.spread {
                (what)
                @for (name, count) in counts {
                    " " span { (visible(name)) " " b { (number(*count)) } }
                }
            }
        }
    }
}

fn facts(failure: &Failure<'_>, repeat: &Repeat) -> Markup {
    html! {
        dl.facts {
            @for problem in &failure.problems {
                (expected_and_found(problem))
            }
            dt { "Repeat" } dd { pre.command { (visible(&repeat.command(failure.check))) } }
        }
    }
}

fn expected_and_found(problem: &Problem) -> Markup {
    html! {
        dt { "Expected" } dd { pre.expected { (EXCERPT.lines(&problem.expected).join("\n")) } }
        dt { "Found" } dd { pre.found { (EXCERPT.lines(&problem.found).join("\n")) } }
    }
}

fn id(place: usize) -> String {
    format!("failure-{place}")
}
