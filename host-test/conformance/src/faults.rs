//! Every answer of every case replaced by faults.

use std::collections::HashSet;

use crate::fault::{Fault, column_in_table, is_success, name_in_table};
use crate::judge;
use crate::outcomes::{Place, Right, place, right};
use crate::report::{Area, Cell, Problem, Rule, problem};
use crate::rules::of_every_call;
use crate::stage::Stage;
use crate::stand::{Observed, Prepared, Stand};
use crate::task::{Findings, Task};
use crate::token::tokens;
use psa_recording::Expectation;
use psa_recording::{Input, Role};

pub(crate) fn tasks(stand: &Stand) -> Vec<Task<'_>> {
    let mut had_a_large_body = HashSet::new();
    let with_a_result = places_with_a_result(stand);
    let mut tasks = Vec::new();
    for prepared in &stand.cases {
        for (index, exchange) in prepared.case.exchanges.iter().enumerate() {
            let Some(place) = place(&prepared.case.exchanges, index) else {
                continue;
            };
            // A large body takes as long as a thousand others: once for each function and role will do, in a case with a
            // result if there is one. What is asked only after a failure is in none.
            let cell = (prepared.case.input.function(), place.name());
            let has_result = matches!(prepared.case.expect, Expectation::Ok(_));
            let with_large_body = is_success(&exchange.answer)
                && (has_result || !with_a_result.contains(&cell))
                && had_a_large_body.insert(cell);
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
                    Task::of_cell(Area::Faults, &name, work)
                        .of_case(&prepared.name)
                        .with_fault(column),
                );
            }
        }
    }
    tasks
}

/// The functions and roles of successful answers in cases that have a result.
fn places_with_a_result(stand: &Stand) -> HashSet<(&'static str, &'static str)> {
    let with_a_result = stand.cases.iter().map(|prepared| &prepared.case);
    let with_a_result = with_a_result.filter(|case| matches!(case.expect, Expectation::Ok(_)));
    let cells = with_a_result.flat_map(|case| {
        let successes =
            (0..case.exchanges.len()).filter(|it| is_success(&case.exchanges[*it].answer));
        let places = successes.filter_map(|index| place(&case.exchanges, index));
        places.map(|place| (case.input.function(), place.name()))
    });
    cells.collect()
}

fn check(
    stand: &Stand,
    prepared: &Prepared,
    index: usize,
    place: Place,
    fault: &Fault,
) -> (Findings, Option<Cell>) {
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
    let cell = was_met.then(|| Cell {
        function: case.input.function(),
        role: place.name(),
        fault: column_in_table(recorded, fault),
    });
    (Findings { runs: 1, problems }, cell)
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
    // A ticket that was found by its reference and does not show it is not one that was found. Where the case writes, none
    // was found.
    let mut exchanges = prepared.case.exchanges.iter();
    let finds = !exchanges.any(|exchange| exchange.role == Some(Role::Write));
    let is_create = matches!(input, Input::CreateTicket(_));
    let is_damaged = fault == "body-not-utf-8" && is_create && finds;
    let is_refused = outcomes.iter().all(|it| matches!(it, Right::Code(_)));
    let failed = is_damaged || is_refused && !is_whole(fault);
    let has_written = observed.writes().next().is_some();
    (place == Place::First(Role::LookUp) && failed && has_written).then(|| {
        problem(
            Rule::WrittenOnce,
            "no write after a look-up that failed",
            "a write",
        )
    })
}
