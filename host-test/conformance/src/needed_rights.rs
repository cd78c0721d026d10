//! The rights that `verify` checks for each operation, held against the description.

use psa_contract::{ConnectorDescription, Operation};
use serde_json::Value;

use crate::report::{Area, Problem, Rule, problem};
use crate::rules::of_every_call;
use crate::stage::Stage;
use crate::stand::{Outcome, Prepared, Stand};
use crate::task::{Findings, Task};
use psa_recording::{Expectation, Input};

pub(crate) fn tasks(stand: &Stand) -> Vec<Task<'_>> {
    let mut tasks = Vec::new();
    for prepared in &stand.cases {
        let is_of_all = matches!(&prepared.case.input, Input::Verify(needed) if needed.is_empty());
        if !is_of_all || !matches!(prepared.case.expect, Expectation::Ok(_)) {
            continue;
        }
        let mut check = |name: &str, needed: Vec<Operation>| {
            let name = format!("{}/needed-{name}", prepared.name);
            let work = move || check_needed(stand, prepared, &needed);
            tasks.push(Task::new(Area::Description, &name, work).of_case(&prepared.name));
        };
        check("all", Vec::new());
        for operation in &stand.description.operations {
            check(operation.name(), vec![*operation]);
        }
    }
    tasks
}

/// Empty: all operations.
fn check_needed(stand: &Stand, prepared: &Prepared, needed: &[Operation]) -> Findings {
    let case = &prepared.case;
    let input = Input::Verify(needed.to_vec());
    let observed = stand.call(&case.settings, &input, &Stage::new(&case.exchanges));
    let mut problems = of_every_call(stand, prepared, &input, &observed);
    let asked_for_more = observed.sent().any(|sent| sent.exchange.is_none());
    match &observed.outcome {
        Outcome::Ok(verification) => {
            let all = &stand.description.operations;
            let needed = if needed.is_empty() { all } else { needed };
            problems.extend(of_verification(&stand.description, needed, verification));
            if let Expectation::Ok(recorded) = &case.expect
                && !asked_for_more
            {
                let described = &stand.description;
                problems.extend(of_states(described, needed, recorded, verification));
            }
        }
        Outcome::Err(..) if !asked_for_more => problems.push(problem(
            Rule::NeededRights,
            "a result, as with all operations",
            observed.outcome.shown(),
        )),
        // What is not recorded cannot be judged; the rest is named by the rules of every call.
        _ => {}
    }
    Findings { runs: 1, problems }
}

/// What is needed is as it is with all operations.
fn of_states(
    description: &ConnectorDescription,
    needed: &[Operation],
    recorded: &Value,
    found: &Value,
) -> Option<Problem> {
    let permission = description.permissions.iter().find(|permission| {
        let recorded = state(recorded, &permission.id);
        is_needed(&permission.needed_for, needed)
            && recorded.is_some()
            && recorded != state(found, &permission.id)
    })?;
    Some(problem(
        Rule::NeededRights,
        format!(
            "`{}` in the same state as with all operations",
            permission.id
        ),
        state(found, &permission.id).unwrap_or("no check"),
    ))
}

/// Whether a verification is what the contract makes of its checks.
fn of_verification(
    description: &ConnectorDescription,
    needed: &[Operation],
    verification: &Value,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut wrong = |expected: String, found: String| {
        problems.push(problem(Rule::NeededRights, expected, found));
    };
    for permission in &description.permissions {
        let state = state(verification, &permission.id).unwrap_or_default();
        if !is_needed(&permission.needed_for, needed) && state != "unknown" {
            let expected = format!(
                "`{}` is unknown, because no named operation needs it",
                permission.id
            );
            wrong(expected, state.to_owned());
        }
    }
    let lacks_nothing = |operation: &&Operation| {
        !description.permissions.iter().any(|permission| {
            permission.needed_for.contains(operation)
                && state(verification, &permission.id) == Some("missing")
        })
    };
    let ready: Vec<&str> = Operation::ALL
        .iter()
        .filter(|it| needed.contains(it))
        .filter(lacks_nothing)
        .map(|it| it.name())
        .collect();
    let found: Vec<&str> = verification["ready"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if ready != found {
        wrong(format!("ready: {}", ready.join(", ")), found.join(", "));
    }
    let is_complete = ready.len() == needed.len();
    if verification["is-complete"] != is_complete {
        wrong(
            format!("`is-complete: {is_complete}`"),
            verification["is-complete"].to_string(),
        );
    }
    problems
}

fn is_needed(needed_for: &[Operation], needed: &[Operation]) -> bool {
    needed.iter().any(|it| needed_for.contains(it))
}

fn state<'a>(verification: &'a Value, permission: &str) -> Option<&'a str> {
    let mut checks = verification["checks"].as_array()?.iter();
    checks.find(|check| check["permission-id"] == *permission)?["state"].as_str()
}

#[cfg(test)]
mod tests {
    use psa_contract::Permission;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_verification_is_what_its_checks_make_of_it() {
        let permission = |id: &str, needed_for: &[Operation]| Permission {
            id: id.to_owned(),
            needed_for: needed_for.to_vec(),
            ..Permission::default()
        };
        let description = ConnectorDescription {
            permissions: vec![
                permission("read", &[Operation::GetTicket, Operation::CreateTicket]),
                permission("add", &[Operation::CreateTicket]),
            ],
            ..ConnectorDescription::default()
        };
        let both = [Operation::CreateTicket, Operation::GetTicket];
        let reading = [Operation::GetTicket];
        /// Needed, state of `read` and of `add`, what is ready, whether it is complete, how many problems there are.
        type Row<'a> = (
            &'a [Operation],
            &'a str,
            &'a str,
            &'a [&'a str],
            bool,
            usize,
        );
        let cases: [Row<'_>; 9] = [
            (
                &both,
                "granted",
                "limited",
                &["create-ticket", "get-ticket"],
                true,
                0,
            ),
            (
                &both,
                "granted",
                "unknown",
                &["create-ticket", "get-ticket"],
                true,
                0,
            ),
            (&both, "granted", "missing", &["get-ticket"], false, 0),
            (&both, "granted", "missing", &["get-ticket"], true, 1),
            (
                &both,
                "granted",
                "missing",
                &["create-ticket", "get-ticket"],
                false,
                1,
            ),
            (
                &both,
                "granted",
                "granted",
                &["get-ticket", "create-ticket"],
                true,
                1,
            ),
            (&reading, "granted", "unknown", &["get-ticket"], true, 0),
            (&reading, "granted", "granted", &["get-ticket"], true, 1),
            (&reading, "missing", "unknown", &["get-ticket"], true, 2),
        ];
        for (needed, read, add, ready, is_complete, count) in cases {
            let verification = json!({
                "ready": ready,
                "is-complete": is_complete,
                "checks": [
                    {"permission-id": "read", "state": read},
                    {"permission-id": "add", "state": add},
                ],
            });
            let found = of_verification(&description, needed, &verification);
            assert_eq!(found.len(), count, "{verification}: {found:?}");
            let changed = json!({"checks": [{"permission-id": "read", "state": "limited"}]});
            let found = of_states(&description, needed, &verification, &changed);
            assert!(found.is_some(), "{verification}");
            assert_eq!(
                of_states(&description, needed, &verification, &verification),
                None
            );
        }
    }
}
