//! Failures in groups, so that one defect that breaks a thousand checks is read once. Nothing is shown here.

use std::collections::{HashMap, HashSet};

use super::count::{column, folder};
use super::{Check, Problem, Report, Rule};

/// The checks that found one rule broken.
pub(super) struct Group<'a> {
    pub(super) rule: Rule,
    /// Such that the first few differ in fault and operation: those are the ones that are shown.
    pub(super) failures: Vec<Failure<'a>>,
}

/// One check, and where it broke the rule of the group.
pub(super) struct Failure<'a> {
    pub(super) check: &'a Check,
    pub(super) problems: Vec<&'a Problem>,
}

/// In the order of the rules. A check that broke several is in several groups.
pub(super) fn by_rule(report: &Report) -> Vec<Group<'_>> {
    let groups = Rule::ALL.iter().map(|&rule| {
        let failures = report.failed().filter_map(|check| {
            let problems: Vec<_> = check
                .problems
                .iter()
                .filter(|problem| problem.rule == rule)
                .collect();
            (!problems.is_empty()).then_some(Failure { check, problems })
        });
        Group {
            rule,
            failures: different_first(failures.collect()),
        }
    });
    groups.filter(|group| !group.failures.is_empty()).collect()
}

impl Group<'_> {
    /// How many failures there are of each fault, and of each area where there is none; the most frequent first.
    pub(super) fn faults(&self) -> Vec<(&str, usize)> {
        frequencies(self.failures.iter().map(|failure| column(failure.check)))
    }

    /// The same of the folders of the cases.
    pub(super) fn folders(&self) -> Vec<(&str, usize)> {
        let cases = self
            .failures
            .iter()
            .filter_map(|it| it.check.case.as_deref());
        frequencies(cases.map(folder))
    }
}

/// One of each kind first, then the second ones, and so on. A kind is a fault in the cases of a folder.
fn different_first(failures: Vec<Failure<'_>>) -> Vec<Failure<'_>> {
    let kinds: Vec<_> = failures.iter().map(kind).collect();
    let order = spread(&kinds);
    let mut count: HashMap<Kind<'_>, usize> = HashMap::new();
    let mut ranked: Vec<_> = failures
        .into_iter()
        .zip(kinds)
        .map(|(failure, kind)| {
            let count = count.entry(kind).or_default();
            *count += 1;
            ((*count, order[&kind]), failure)
        })
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, failure)| failure).collect()
}

type Kind<'a> = (&'static str, &'a str);

fn kind<'a>(failure: &Failure<'a>) -> Kind<'a> {
    let case = failure.check.case.as_deref();
    (column(failure.check), case.map_or("", folder))
}

/// The place of each kind, such that the next one is always that which has least in common with those before it.
fn spread<'a>(kinds: &[Kind<'a>]) -> HashMap<Kind<'a>, usize> {
    let mut rest: Vec<Kind<'a>> = Vec::new();
    let mut seen = HashSet::new();
    rest.extend(kinds.iter().filter(|kind| seen.insert(**kind)));
    let mut uses: HashMap<&str, usize> = HashMap::new();
    let mut order = HashMap::new();
    while !rest.is_empty() {
        let used = |name: &str| uses.get(name).copied().unwrap_or_default();
        let next = (0..rest.len())
            .min_by_key(|&at| used(rest[at].0) + used(rest[at].1))
            .unwrap_or_default();
        let kind = rest.remove(next);
        *uses.entry(kind.0).or_default() += 1;
        *uses.entry(kind.1).or_default() += 1;
        order.insert(kind, order.len());
    }
    order
}

fn frequencies<'a>(names: impl Iterator<Item = &'a str>) -> Vec<(&'a str, usize)> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|&(name, count)| (std::cmp::Reverse(count), name));
    counts
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_rule_is_one_group_whose_first_failures_differ() {
        let report = sample::failing();
        let groups = by_rule(&report);
        let found: Vec<_> = groups
            .iter()
            .map(|group| (group.rule, group.failures.len()))
            .collect();
        assert_eq!(found, [(Rule::NoTrap, 5), (Rule::OutcomeFitsFault, 1)]);
        let cases: Vec<_> = groups[0].failures[..2]
            .iter()
            .map(|failure| failure.check.case.as_deref())
            .collect();
        assert_eq!(cases, [Some("list-companies/ok"), Some("verify/ok")]);
        assert_eq!(groups[0].faults(), [("member-null", 5)]);
        assert_eq!(groups[0].folders(), [("list-companies", 4), ("verify", 1)]);
    }

    #[test]
    fn the_first_failures_have_as_little_in_common_as_can_be() {
        let failed = |(folder, fault): (&str, &'static str)| {
            let check = sample::passed(&format!("faults/{folder}/ok/1/{fault}"), Some(fault));
            sample::failed(check, Rule::NoTrap, "this", "that")
        };
        let kinds = [
            ("verify", "status-502"),
            ("verify", "status-502"),
            ("verify", "status-503"),
            ("verify", "status-504"),
            ("get-ticket", "status-502"),
            ("get-ticket", "status-503"),
        ];
        let report = sample::report(kinds.map(failed).into());
        let groups = by_rule(&report);
        let found: Vec<_> = groups[0]
            .failures
            .iter()
            .map(|failure| kind(failure))
            .collect();
        let expected = [
            ("status-502", "verify"),
            ("status-503", "get-ticket"),
            ("status-504", "verify"),
            ("status-502", "get-ticket"),
            ("status-503", "verify"),
            ("status-502", "verify"),
        ];
        assert_eq!(found, expected);
    }
}
