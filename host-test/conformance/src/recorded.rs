//! Each case as it was recorded: the same requests, the same result, in as many rounds.

use std::sync::Arc;

use crate::canary::Tenant;
use crate::closed_statuses::{ClosedStatuses, closed_statuses, of_closed_tickets};
use crate::report::{Area, Problem, Rule, problem};
use crate::rules::of_every_call;
use crate::stage::Stage;
use crate::stand::{Observed, Outcome, Prepared, Stand};
use crate::task::{Findings, Task};
use psa_recording::Exchange;
use psa_recording::Expectation;
use psa_recording::matching::{describe_request, differences};

pub(crate) fn tasks(stand: &Stand) -> Vec<Task<'_>> {
    let closed = Arc::new(closed_statuses(stand.cases.iter().map(|it| &it.case)));
    stand
        .cases
        .iter()
        .map(|prepared| {
            let closed = Arc::clone(&closed);
            let work = move || check(stand, prepared, &closed);
            Task::new(Area::Recorded, &prepared.name, work).of_case(&prepared.name)
        })
        .collect()
}

/// With the case's own settings, which a recorded text may repeat.
fn check(stand: &Stand, prepared: &Prepared, closed: &ClosedStatuses) -> Findings {
    match stand.prepare(&prepared.name, &prepared.original, Tenant::Own) {
        Ok(own) => check_own(stand, &own, closed),
        Err(found) => Findings {
            runs: 0,
            problems: vec![problem(
                Rule::RecordedResult,
                "a case that can be read",
                found,
            )],
        },
    }
}

fn check_own(stand: &Stand, prepared: &Prepared, closed: &ClosedStatuses) -> Findings {
    let case = &prepared.case;
    let stage = Stage::new(&case.exchanges);
    let observed = stand.call(&case.settings, &case.input, &stage);
    let mut problems = of_every_call(stand, prepared, &case.input, &observed);
    problems.extend(of_result(&case.expect, &observed.outcome));
    if let Outcome::Ok(result) = &observed.outcome {
        problems.extend(of_closed_tickets(closed, result));
    }
    problems.extend(of_requests(&case.exchanges, &observed));
    let left_over = stage.left_over();
    if !left_over.is_empty() {
        let names: Vec<String> = left_over
            .iter()
            .map(|index| {
                let request = &case.exchanges[*index].request;
                format!("exchange {}, {} {}", index + 1, request.method, request.url)
            })
            .collect();
        problems.push(problem(
            Rule::RecordedRequests,
            "every recorded request",
            format!("no request for {}", names.join("; ")),
        ));
    }
    if observed.rounds.len() != case.rounds {
        problems.push(problem(
            Rule::RecordedRequests,
            format!("{} rounds", case.rounds),
            format!("{} rounds", observed.rounds.len()),
        ));
    }
    Findings { runs: 1, problems }
}

fn of_result(expect: &Expectation, outcome: &Outcome) -> Option<Problem> {
    let result = match outcome {
        Outcome::Ok(value) => Ok(value),
        Outcome::Err(_, error) => Err(error),
        // The rules that hold for every call name these.
        Outcome::Trapped(_) | Outcome::Stopped(_) | Outcome::Host(_) => return None,
    };
    let mismatches = expect.mismatches(result);
    (!mismatches.is_empty()).then(|| {
        problem(
            Rule::RecordedResult,
            "the recorded result",
            mismatches.join("\n"),
        )
    })
}

/// The requests that are recorded nowhere, each with where it differs from the nearest one.
fn of_requests<'a>(
    exchanges: &'a [Exchange],
    observed: &'a Observed,
) -> impl Iterator<Item = Problem> + 'a {
    observed
        .sent()
        .filter(|sent| sent.exchange.is_none())
        .map(|sent| {
            let nearest = exchanges
                .iter()
                .map(|exchange| differences(&exchange.request, &sent.request))
                .min_by_key(|differences| -> usize {
                    differences.iter().map(|difference| difference.weight).sum()
                })
                .unwrap_or_default();
            let texts: Vec<&str> = nearest
                .iter()
                .map(|difference| difference.text.as_str())
                .collect();
            let request = describe_request(&sent.request);
            let found = if texts.is_empty() {
                format!("{request}, which is not recorded, or not this many times")
            } else {
                format!(
                    "{request}, which differs from the most similar recorded one: {}",
                    texts.join("; ")
                )
            };
            problem(Rule::RecordedRequests, "the recorded requests", found)
        })
}
