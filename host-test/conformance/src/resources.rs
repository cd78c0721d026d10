//! How computing and memory grow with the number of rows. The limits themselves hold in every call of the kit.

use crate::list_rows::ListRows;
use crate::report::{Area, Rule, problem};
use crate::stage::Stage;
use crate::stand::{Outcome, Prepared, Stand};
use crate::task::{Findings, Task};
use psa_host::Usage;

const ROWS: [usize; 3] = [10, 100, 1_000];
/// Beside what a row costs: sorting takes the logarithm of their number more, and an allocator doubles.
const TOLERANCE: f64 = 1.5;

pub(crate) fn tasks(stand: &Stand) -> Vec<Task<'_>> {
    let mut tasks = Vec::new();
    for prepared in &stand.cases {
        let exchanges = &prepared.case.exchanges;
        for (index, exchange) in exchanges.iter().enumerate() {
            // A row is what is multiplied.
            let Some(rows) = ListRows::of(exchange).filter(|rows| !rows.rows().is_empty()) else {
                continue;
            };
            // Of a list on several pages, how long one is decides whether another is read.
            let url = &exchange.request.url;
            let pages = exchanges.iter().filter(|it| it.request.url == *url);
            if pages.count() > 1 {
                continue;
            }
            let name = format!("{}/{}/growth", prepared.name, index + 1);
            let work = move || check(stand, prepared, index, &rows);
            tasks.push(Task::new(Area::Resources, &name, work).of_case(&prepared.name));
        }
    }
    tasks
}

fn check(stand: &Stand, prepared: &Prepared, index: usize, rows: &ListRows) -> Findings {
    let mut used: Vec<Usage> = Vec::new();
    let mut requests = None;
    for count in ROWS {
        let case = &prepared.case;
        let Ok(mut response) = case.exchanges[index].answer.clone() else {
            break;
        };
        let Some(body) = rows.body_with_count(count) else {
            break;
        };
        response.body = body.into();
        let stage = Stage::new(&case.exchanges)
            .replacing(index, Ok(response))
            .with_no_more_rows();
        let observed = stand.call(&case.settings, &case.input, &stage);
        match observed.outcome {
            // A full page makes a connector ask for more, which costs more.
            Outcome::Ok(_)
                if requests.is_some_and(|of_few| of_few != observed.requests().count()) =>
            {
                break;
            }
            Outcome::Ok(_) => {
                requests = Some(observed.requests().count());
                used.push(observed.usage);
            }
            Outcome::Stopped(_) | Outcome::Trapped(_) => {
                let problems = vec![problem(
                    Rule::Growth,
                    format!("a result for {count} rows"),
                    observed.outcome.shown(),
                )];
                return Findings {
                    runs: used.len() + 1,
                    problems,
                };
            }
            // So many rows are not what was asked for, so that they are refused.
            Outcome::Err(..) | Outcome::Host(_) => break,
        }
    }
    let runs = used.len();
    let [few, some, many] = used.as_slice() else {
        return Findings {
            runs: runs.max(1),
            problems: Vec::new(),
        };
    };
    let mut problems = Vec::new();
    let computing = [few, some, many].map(|usage| usage.fuel as f64);
    let memory = [few, some, many].map(|usage| usage.memory_bytes as f64);
    if grows_faster_than_linear(computing) {
        problems.push(problem(
            Rule::Growth,
            format!("computing in proportion to {ROWS:?} rows"),
            format!("{computing:?} units of fuel"),
        ));
    }
    // Memory comes in steps, so that what one row takes cannot be seen.
    if memory[2] > memory[1] * (ROWS[2] / ROWS[1]) as f64 {
        problems.push(problem(
            Rule::Growth,
            format!("memory in proportion to {ROWS:?} rows"),
            format!("{memory:?} bytes"),
        ));
    }
    Findings { runs, problems }
}

/// Whether the last 900 rows cost more each than the 90 before them.
fn grows_faster_than_linear(used: [f64; 3]) -> bool {
    let [few, some, many] = used;
    let each_of_some = (some - few) / (ROWS[1] - ROWS[0]) as f64;
    let each_of_many = (many - some) / (ROWS[2] - ROWS[1]) as f64;
    each_of_many > each_of_some * TOLERANCE && each_of_many > 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_is_judged_by_what_a_row_costs() {
        for (used, is_too_fast) in [
            ([1_100.0, 2_000.0, 11_000.0], false),
            ([1_100.0, 2_000.0, 13_000.0], false),
            ([1_100.0, 2_000.0, 20_000.0], true),
            ([100.0, 10_000.0, 1_000_000.0], true),
            ([5.0, 5.0, 5.0], false),
        ] {
            assert_eq!(grows_faster_than_linear(used), is_too_fast, "{used:?}");
        }
    }
}
