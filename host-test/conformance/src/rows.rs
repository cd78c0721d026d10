//! Lists with other rows than were asked for: one that comes twice, rows in another order, a row that the filter excludes.
//! A connector leaves them out or refuses the answer; it never returns them, and never loses the others.

use psa_contract::{ErrorCode, TicketSelection};
use psa_recording::{Exchange, Expectation, Input};
use serde_json::{Value, json};

use crate::judge::is_whole;
use crate::list_rows::ListRows;
use crate::report::{Area, Problem, Rule};
use crate::results;
use crate::rules::of_every_call;
use crate::stage::Stage;
use crate::stand::{Outcome, Prepared, Stand};
use crate::task::{Findings, Task};

/// So far behind the id of the row that it is made from is the id of a row that must not be in the result.
const FAR: usize = 1_000_000;

/// An answer with other rows.
struct Changed {
    name: &'static str,
    body: Vec<u8>,
    /// The id of the row that must not be in the result.
    excluded: Option<String>,
}

pub(crate) fn tasks(stand: &Stand) -> Vec<Task<'_>> {
    let mut tasks = Vec::new();
    for prepared in &stand.cases {
        let case = &prepared.case;
        let Expectation::Ok(recorded) = &case.expect else {
            continue;
        };
        if results::rows(&case.input, recorded).is_none() {
            continue;
        }
        for (index, exchange) in case.exchanges.iter().enumerate() {
            let Some(list) = ListRows::of(exchange) else {
                continue;
            };
            // Of a list on several pages, the last row of one decides which is asked for next.
            let goes_on = |later: &Exchange| {
                let rows = ListRows::of(later).map(|list| list.rows());
                later.request.url == exchange.request.url && rows.is_some_and(|it| !it.is_empty())
            };
            if case.exchanges[index + 1..].iter().any(goes_on) {
                continue;
            }
            for changed in changes(&case.input, recorded, &list) {
                let name = format!("{}/{}/{}", prepared.name, index + 1, changed.name);
                let work = move || check(stand, prepared, index, recorded, &changed);
                tasks.push(Task::new(Area::Rows, &name, work).of_case(&prepared.name));
            }
        }
    }
    tasks
}

fn changes(input: &Input, recorded: &Value, list: &ListRows) -> Vec<Changed> {
    let rows = list.rows();
    let is_returned = |row: &&Value| {
        let mut returned = results::rows(input, recorded).into_iter().flatten();
        returned.any(|it| it["id"].as_str() == list.key(row).as_deref())
    };
    let Some(row) = rows.iter().rfind(is_returned) else {
        return Vec::new();
    };
    let mut changes = Vec::new();
    let mut change = |name, rows: Vec<Value>, excluded| {
        let body = list.body_with(rows);
        changes.push(Changed {
            name,
            body,
            excluded,
        });
    };
    let twice = rows
        .iter()
        .flat_map(|it| vec![it.clone(); if it == row { 2 } else { 1 }]);
    change("row-twice", twice.collect(), None);
    if rows.len() > 1 {
        change("rows-reversed", rows.iter().rev().cloned().collect(), None);
    }
    for (name, values) in filters(input) {
        let other = list.with_key_after(row, FAR);
        if let Some(mut other) = other.filter(|other| list.key(other).is_some()) {
            // An id of its own is another id already. Any other value is replaced, in a row that shows it.
            if values.is_empty() || replace(&mut other, &values) {
                let excluded = list.key(&other);
                change(name, [&rows[..], &[other]].concat(), excluded);
            }
        }
    }
    changes
}

/// What a query chooses rows by, and the name of the change that makes a row another one.
fn filters(input: &Input) -> Vec<(&'static str, Vec<String>)> {
    let given = |text: &Option<String>| text.iter().cloned().collect();
    let mut filters = match input {
        Input::FindTickets(query) => match &query.selection {
            TicketSelection::Ids(_) => return vec![("row-of-another-id", Vec::new())],
            TicketSelection::References(references) => {
                vec![("row-of-another-reference", references.clone())]
            }
            TicketSelection::OpenOfCompany(id) => {
                vec![("row-of-another-company", vec![id.clone()])]
            }
        },
        Input::ListContacts(query) => vec![
            ("row-of-another-company", vec![query.company_id.clone()]),
            ("row-of-another-address", given(&query.email)),
        ],
        Input::ListAssets(query) => vec![
            ("row-of-another-company", vec![query.company_id.clone()]),
            ("row-of-another-name", given(&query.name)),
            ("row-of-another-serial-number", given(&query.serial_number)),
        ],
        Input::ListSites(query) => vec![("row-of-another-company", vec![query.company_id.clone()])],
        _ => Vec::new(),
    };
    filters.retain(|(_, values)| !values.is_empty());
    filters
}

/// Puts something else where a value of the filter is. False: the row does not show one.
fn replace(value: &mut Value, wanted: &[String]) -> bool {
    match value {
        Value::Array(elements) => elements
            .iter_mut()
            .fold(false, |it, element| replace(element, wanted) | it),
        Value::Object(members) => members
            .values_mut()
            .fold(false, |it, member| replace(member, wanted) | it),
        Value::Number(number) if wanted.contains(&number.to_string()) => {
            *value = json!(number.as_u64().unwrap_or_default() + FAR as u64);
            true
        }
        Value::String(text) if wanted.iter().any(|it| it.eq_ignore_ascii_case(text)) => {
            text.push('0');
            true
        }
        _ => false,
    }
}

fn check(
    stand: &Stand,
    prepared: &Prepared,
    index: usize,
    recorded: &Value,
    changed: &Changed,
) -> Findings {
    let case = &prepared.case;
    let mut answer = case.exchanges[index].answer.clone();
    if let Ok(response) = &mut answer {
        response.body = changed.body.clone().into();
    }
    let stage = Stage::new(&case.exchanges)
        .replacing(index, answer)
        .with_no_more_rows();
    let observed = stand.call(&case.settings, &case.input, &stage);
    let mut problems = of_every_call(stand, prepared, &case.input, &observed);
    let asked_for_more = observed.sent().any(|sent| sent.exchange.is_none());
    match &observed.outcome {
        Outcome::Ok(result) => {
            let rows = results::rows(&case.input, result).unwrap_or_default();
            let excluded = changed.excluded.as_deref();
            if excluded.is_some() && rows.iter().any(|row| row["id"].as_str() == excluded) {
                problems.push(Problem {
                    rule: Rule::OnlyWhatWasAsked,
                    expected: "a result without the row that the query excludes, or the error unexpected-response".to_owned(),
                    found: observed.outcome.shown(),
                });
            }
            if !is_whole(recorded, result) {
                problems.push(Problem {
                    rule: Rule::NothingMissing,
                    expected: "every requested row, or the error unexpected-response".to_owned(),
                    found: observed.outcome.shown(),
                });
            }
        }
        Outcome::Err(ErrorCode::UnexpectedResponse, _) => {}
        Outcome::Err(ErrorCode::Unavailable, _) if asked_for_more => {}
        Outcome::Err(..) => problems.push(Problem {
            rule: Rule::OutcomeFitsFault,
            expected: "a result, or the error unexpected-response".to_owned(),
            found: observed.outcome.shown(),
        }),
        // Named by the rules of every call.
        Outcome::Trapped(_) | Outcome::Stopped(_) | Outcome::Host(_) => {}
    }
    Findings { runs: 1, problems }
}

#[cfg(test)]
mod tests {
    use psa_recording::Case;

    use super::*;

    /// The names of the changes, each with the rows of the changed answer.
    fn changed(
        function: &str,
        input: &Value,
        rows: &Value,
        returned: &Value,
    ) -> Vec<(&'static str, Value)> {
        let case = json!({
            "docs": "d", "provenance": "composed", "operation": function, "settings": {}, "input": input,
            "base-url": "https://a.example",
            "exchanges": [{
                "role": "list", "required": ["rows/*/id"], "request": {"method": "GET", "path": "/rows"},
                "response": {"status": 200, "json": {"rows": rows}},
            }],
            "rounds": 1, "expect": {"ok": returned},
        });
        let case = Case::parse("f", &case.to_string()).expect("a case");
        let list = ListRows::of(&case.exchanges[0]).expect("rows");
        let changes = changes(&case.input, returned, &list).into_iter();
        changes
            .map(|it| {
                let body: Value = serde_json::from_slice(&it.body).expect("JSON");
                (it.name, body["rows"].clone())
            })
            .collect()
    }

    #[test]
    fn a_row_that_is_excluded_is_made_of_one_that_is_returned() {
        let (first, second) = (
            json!({"id": 1, "company": {"id": 7}}),
            json!({"id": 2, "company": {"id": 8}}),
        );
        let rows = json!([first, second]);
        let returned = json!({"contacts": [{"id": "1", "company-id": "7"}]});
        let input = json!({"company-id": "7", "email": "a@b.example"});
        let other = json!({"id": 1_000_001, "company": {"id": 1_000_007}});
        // No row shows an address.
        let expected = [
            ("row-twice", json!([first, first, second])),
            ("rows-reversed", json!([second, first])),
            ("row-of-another-company", json!([first, second, other])),
        ];
        assert_eq!(changed("list-contacts", &input, &rows, &returned), expected);
        let found = json!({"tickets": [{"id": "2"}]});
        let by_ids = json!({"selection": {"ids": ["2"]}});
        let with_another = changed("find-tickets", &by_ids, &rows, &found).pop();
        let another = json!({"id": 1_000_002, "company": {"id": 8}});
        let expected = ("row-of-another-id", json!([first, second, another]));
        assert_eq!(with_another, Some(expected));
        assert!(changed("find-tickets", &by_ids, &rows, &json!({"tickets": []})).is_empty());
    }
}
