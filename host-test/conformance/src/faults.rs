//! Every answer of every case replaced by faults.

use std::collections::HashSet;

use crate::fault::{Fault, STATUSES};
use crate::judge;
use crate::outcomes::{Place, Right, right};
use crate::report::{Area, Problem, Rule};
use crate::rules::{of_every_call, problem};
use crate::stage::Stage;
use crate::stand::{Observed, Prepared, Stand};
use crate::task::{Findings, Task};
use crate::token::tokens;
use psa_contract::http::Answer;
use psa_recording::Expectation;
use psa_recording::{Exchange, Input, Role};

pub(crate) fn tasks(stand: &Stand) -> Vec<Task<'_>> {
    let mut had_a_large_body = HashSet::new();
    let mut tasks = Vec::new();
    for prepared in &stand.cases {
        for (index, exchange) in prepared.case.exchanges.iter().enumerate() {
            let Some(place) = place(&prepared.case.exchanges, index) else {
                continue;
            };
            // A large body takes as long as a thousand others: once for each function and role will do.
            let with_large_body = is_success(&exchange.answer)
                && matches!(prepared.case.expect, Expectation::Ok(_))
                && had_a_large_body.insert((prepared.case.input.function(), exchange.role));
            let mut faults = Fault::all(&exchange.answer, &exchange.required, with_large_body);
            let case = &prepared.case;
            if !tokens(&case.exchanges, index, &case.settings).is_empty() {
                faults.extend(Fault::OF_TOKEN_REQUESTS);
            }
            for fault in faults {
                let name = format!("{}/{}/{}", prepared.name, index + 1, fault.name());
                let column = fault.column();
                let work = move || check(stand, prepared, index, place, &fault);
                tasks.push(
                    Task::new(Area::Faults, &name, work)
                        .of_case(&prepared.name)
                        .with_fault(column),
                );
            }
        }
    }
    tasks
}

/// What the exchange is for. None: the case does not say.
pub(crate) fn place(exchanges: &[Exchange], index: usize) -> Option<Place> {
    let role = exchanges.get(index)?.role?;
    let follows_a_write = exchanges
        .iter()
        .take(index)
        .any(|exchange| exchange.role == Some(Role::Write));
    Some(if role == Role::LookUp && follows_a_write {
        Place::LookUpAgain
    } else {
        Place::First(role)
    })
}

fn check(
    stand: &Stand,
    prepared: &Prepared,
    index: usize,
    place: Place,
    fault: &Fault,
) -> Findings {
    let case = &prepared.case;
    let recorded = &case.exchanges[index].answer;
    let stage = Stage::new(&case.exchanges).replacing(index, fault.apply(recorded));
    let observed = stand.call(&case.settings, &case.input, &stage);
    let mut problems = of_every_call(stand, prepared, &case.input, &observed);
    let was_met = observed.sent().any(|sent| sent.exchange == Some(index));
    if was_met {
        let name = name_in_table(recorded, fault);
        problems.extend(judge::of_fault(prepared, &observed, index, place, &name));
        problems.extend(of_writing_in_vain(prepared, &observed, place, &name));
    }
    Findings { runs: 1, problems }
}

/// A damaged answer that was a refusal stays one.
pub(crate) fn name_in_table(recorded: &Answer, fault: &Fault) -> String {
    match (fault, recorded) {
        (Fault::Body(_) | Fault::Headers(_), Ok(response)) if !is_success(recorded) => {
            name_of_status(response.status)
        }
        // Which member it is makes no difference to the table.
        _ => fault
            .name()
            .split(':')
            .next()
            .unwrap_or_default()
            .to_owned(),
    }
}

/// A status that the table does not have means what the first of its class means (RFC 9110, section 15).
pub(crate) fn name_of_status(status: u16) -> String {
    let known = match status {
        300..=399 => 301,
        _ if STATUSES.iter().any(|(known, _)| *known == status) => status,
        400..=499 => 400,
        _ => 500,
    };
    format!("status-{known}")
}

fn is_success(answer: &Answer) -> bool {
    matches!(answer, Ok(response) if (200..=299).contains(&response.status))
}

/// A look-up that failed does not say that there is nothing to find.
fn of_writing_in_vain(
    prepared: &Prepared,
    observed: &Observed,
    place: Place,
    fault: &str,
) -> Option<Problem> {
    let is_whole = |fault: &str| fault.starts_with("required-") || fault.starts_with("optional-");
    let input = &prepared.case.input;
    let outcomes = right(input, place, fault);
    // A ticket that was found by its reference and does not show it is not one that was found.
    let is_damaged = fault == "body-not-utf-8" && matches!(input, Input::CreateTicket(_));
    let is_refused = outcomes.iter().all(|it| matches!(it, Right::Code(_)));
    let failed = is_damaged || is_refused && !is_whole(fault);
    let has_written = observed.writes().next().is_some();
    (place == Place::First(Role::LookUp) && failed && has_written).then(|| {
        problem(
            Rule::WrittenOnce,
            "nothing is written after a look-up that failed",
            "a request that writes",
        )
    })
}
