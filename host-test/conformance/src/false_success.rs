//! A false success: the PSA answers a status change with a success, and the ticket keeps its old status.

use psa_contract::{ErrorCode, Operation, Response};
use psa_recording::Expectation;
use serde_json::Value;

use crate::report::{Area, Problem, Rule};
use crate::rules::of_every_call;
use crate::stage::Stage;
use crate::stand::{Outcome, Stand};
use crate::task::{Findings, Task};
use crate::writes::Played;

pub(crate) fn tasks(stand: &Stand) -> Vec<Task<'_>> {
    let played = stand.cases.iter().filter_map(Played::of);
    played
        .filter_map(|played| false_success(stand, played))
        .collect()
}

fn false_success<'a>(stand: &'a Stand, played: Played<'a>) -> Option<Task<'a>> {
    let case = &played.prepared.case;
    if case.input.operation() != Some(Operation::SetStatus) {
        return None;
    }
    let Expectation::Ok(recorded) = &case.expect else {
        return None;
    };
    // A third status is one to which a rule of the PSA moved the ticket on.
    let answer = unchanged(played, case.exchanges[played.write].answer.as_ref().ok()?);
    let name = format!("{}/false-success", played.prepared.name);
    let work = move || check(stand, played, answer);
    let is_changed = recorded["is-changed"] == true;
    is_changed.then(|| Task::new(Area::Writes, &name, work).of_case(&played.prepared.name))
}

/// The answer to the write, with the ticket as it was before wherever it shows the ticket.
fn unchanged(played: Played<'_>, recorded: &Response) -> Response {
    let json = |response: &Response| serde_json::from_slice::<Value>(response.body.as_bytes());
    let mut answer = recorded.clone();
    let answers = played.answers;
    if let (Ok(mut body), Ok(after), Ok(before)) = (
        json(recorded),
        json(&answers.if_committed),
        json(&answers.if_not_committed),
    ) {
        replace(&mut body, &after, &before);
        answer.body = body.to_string().into();
    }
    answer
}

fn replace(value: &mut Value, after: &Value, before: &Value) {
    if value == after {
        value.clone_from(before);
        return;
    }
    match value {
        Value::Array(elements) => elements
            .iter_mut()
            .for_each(|it| replace(it, after, before)),
        Value::Object(members) => members
            .values_mut()
            .for_each(|it| replace(it, after, before)),
        _ => {}
    }
}

fn check(stand: &Stand, played: Played<'_>, answer: Response) -> Findings {
    let case = &played.prepared.case;
    let stage = Stage::new(&case.exchanges)
        .replacing(played.write, Ok(answer))
        .answering_after_write(&played.answers.if_not_committed);
    let observed = stand.call(&case.settings, &case.input, &stage);
    let mut problems = of_every_call(stand, played.prepared, &case.input, &observed);
    if let Outcome::Ok(_) | Outcome::Err(..) = &observed.outcome
        && !matches!(observed.outcome, Outcome::Err(ErrorCode::Rejected, _))
    {
        problems.push(Problem {
            rule: Rule::FalseSuccess,
            expected: "the error rejected, because the ticket still has its old status".to_owned(),
            found: observed.outcome.shown(),
        });
    }
    Findings { runs: 1, problems }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_record_is_replaced_wherever_the_answer_holds_it_as_a_whole() {
        let (before, after) = (json!({"status": 1}), json!({"status": 2}));
        for (answer, expected) in [
            (after.clone(), before.clone()),
            (json!([after]), json!([before])),
            (
                json!({"item": after, "status": 2}),
                json!({"item": before, "status": 2}),
            ),
            (json!({"id": 1}), json!({"id": 1})),
        ] {
            let mut replaced = answer.clone();
            replace(&mut replaced, &after, &before);
            assert_eq!(replaced, expected, "{answer}");
        }
    }
}
