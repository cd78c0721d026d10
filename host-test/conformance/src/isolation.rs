//! The same call again, and calls of two tenants in one instance: nothing may depend on what was before.

use crate::canary::Tenant;
use crate::report::{Area, Problem, Rule, problem};
use crate::stage::Stage;
use crate::stand::{Observed, Prepared, Stand};
use crate::task::{Findings, Task};
use psa_host::KeptGuest;

pub(crate) fn tasks(stand: &Stand) -> Vec<Task<'_>> {
    let mut tasks = Vec::new();
    for (index, prepared) in stand.cases.iter().enumerate() {
        let next = &stand.cases[(index + 1) % stand.cases.len()];
        let repeated = format!("{}/repeated", prepared.name);
        let in_turn = format!("{}/two-tenants", prepared.name);
        tasks.push(
            Task::new(Area::Isolation, &repeated, move || repeat(stand, prepared))
                .of_case(&prepared.name),
        );
        tasks.push(
            Task::new(Area::Isolation, &in_turn, move || {
                two_tenants(stand, prepared, next)
            })
            .of_case(&prepared.name),
        );
    }
    tasks
}

fn repeat(stand: &Stand, prepared: &Prepared) -> Findings {
    let first = call(stand, None, prepared);
    let second = call(stand, None, prepared);
    let mut problems: Vec<Problem> = difference(Rule::SameRequests, &first, &second)
        .into_iter()
        .collect();
    if first.usage != second.usage {
        problems.push(problem(
            Rule::SameRequests,
            format!("the same fuel and memory as before: {:?}", first.usage),
            format!("{:?}", second.usage),
        ));
    }
    Findings { runs: 2, problems }
}

/// A case of one tenant, another case of it, and the first case of another tenant, all in one instance: each gives what it
/// gives in a fresh one.
fn two_tenants(stand: &Stand, prepared: &Prepared, next: &Prepared) -> Findings {
    let other = match stand.prepare(&prepared.name, &prepared.original, Tenant::Second) {
        Ok(other) => other,
        Err(found) => {
            let problems = vec![problem(Rule::NoStateKept, "a case that can be read", found)];
            return Findings { runs: 0, problems };
        }
    };
    let kept = KeptGuest::default();
    let mut problems = Vec::new();
    for case in [prepared, next, &other] {
        let in_kept = call(stand, Some(&kept), case);
        let fresh = call(stand, None, case);
        problems.extend(difference(Rule::NoStateKept, &fresh, &in_kept));
        if !problems.is_empty() {
            break;
        }
    }
    Findings { runs: 6, problems }
}

fn call(stand: &Stand, kept: Option<&KeptGuest>, prepared: &Prepared) -> Observed {
    let case = &prepared.case;
    let stage = Stage::new(&case.exchanges);
    stand.call_in(kept, &case.settings, &case.input, &stage)
}

fn difference(rule: Rule, expected: &Observed, found: &Observed) -> Option<Problem> {
    if expected.rounds != found.rounds {
        let expected = expected.requests().count();
        let found = found.requests().count();
        return Some(problem(
            rule,
            format!("the {expected} requests that the call sends on its own"),
            format!("{found} requests, some of them different"),
        ));
    }
    (expected.outcome != found.outcome)
        .then(|| problem(rule, expected.outcome.shown(), found.outcome.shown()))
}
