//! Which statuses count as done, by what the cases of `list-board-metadata` return: a ticket in one of them is not open, in
//! whatever function. So what one function says is held against what another one says.

use std::collections::BTreeMap;

use psa_recording::{Case, Expectation, Input};
use serde_json::Value;

use crate::report::{Problem, Rule};

/// Whether tickets in a status are done, by its id. A status of which the cases say both is not in it.
pub(crate) type ClosedStatuses = BTreeMap<String, bool>;

pub(crate) fn closed_statuses<'a>(cases: impl Iterator<Item = &'a Case>) -> ClosedStatuses {
    let mut said: BTreeMap<String, Option<bool>> = BTreeMap::new();
    for case in cases {
        let (Input::ListBoardMetadata(_), Expectation::Ok(metadata)) = (&case.input, &case.expect)
        else {
            continue;
        };
        for status in metadata["statuses"].as_array().into_iter().flatten() {
            let (id, is_closed) = (&status["choice"]["id"], status["is-closed"].as_bool());
            if let Some(id) = id.as_str() {
                let known = said.entry(id.to_owned()).or_insert(is_closed);
                *known = known.filter(|it| Some(*it) == is_closed);
            }
        }
    }
    let sure = said.into_iter();
    sure.filter_map(|(id, it)| Some((id, it?))).collect()
}

pub(crate) fn of_closed_tickets(statuses: &ClosedStatuses, result: &Value) -> Option<Problem> {
    let listed = result["tickets"].as_array().into_iter().flatten();
    let mut tickets = listed.chain(Some(&result["ticket"]));
    let wrong = tickets.find(|ticket| {
        let status = ticket["status"]["id"].as_str();
        let is_done = status.and_then(|status| statuses.get(status)) == Some(&true);
        is_done && ticket["is-closed"] == false
    })?;
    Some(Problem {
        rule: Rule::ClosedIsClosed,
        expected: format!(
            "`is-closed: true`, because the status {} is closed",
            wrong["status"]["id"]
        ),
        found: format!("ticket {} with `is-closed: false`", wrong["id"]),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn case_with(statuses: &[(&str, Option<bool>)]) -> Case {
        let statuses = statuses
            .iter()
            .map(|(id, is_closed)| json!({"choice": {"id": id}, "is-closed": is_closed}));
        let statuses: Vec<Value> = statuses.collect();
        let case = json!({
            "docs": "d", "provenance": "composed", "operation": "list-board-metadata", "settings": {},
            "input": "all", "exchanges": [], "rounds": 0, "expect": {"ok": {"statuses": statuses}},
        });
        Case::parse("f", &case.to_string()).expect("a case")
    }

    #[test]
    fn a_ticket_in_a_status_that_is_done_is_not_open() {
        let cases = [
            case_with(&[("1", Some(false)), ("2", Some(true)), ("3", Some(true))]),
            case_with(&[("2", Some(true)), ("3", Some(false)), ("4", None)]),
        ];
        let statuses = closed_statuses(cases.iter());
        for (status, is_closed, is_right) in [
            ("1", json!(false), true),
            ("2", json!(true), true),
            ("2", json!(null), true),
            ("2", json!(false), false),
            // One case says so, another one does not.
            ("3", json!(false), true),
            ("4", json!(false), true),
            ("5", json!(false), true),
        ] {
            let ticket = json!({"id": "9", "status": {"id": status}, "is-closed": is_closed});
            for result in [json!({"ticket": ticket}), json!({"tickets": [ticket]})] {
                let found = of_closed_tickets(&statuses, &result);
                assert_eq!(found.is_none(), is_right, "{result}");
            }
        }
    }
}
