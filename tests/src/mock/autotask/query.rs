//! `POST {Entity}/query`: the language of filters, with what is reported of it. An operator that it does not know is dropped,
//! so that the query runs without the condition; a field that it does not know is a 500.

use serde_json::{Map, Value, json};

use super::declined;
use super::example::TEXTS;
use super::tenant::Tenant;
use crate::mock::Answer;

const LARGEST_PAGE: usize = 500;

type Row = Map<String, Value>;

/// The answer to a query for these rows, which come by id.
pub(super) fn answer<'a>(
    rows: impl Iterator<Item = &'a Row>,
    fields: &[&str],
    name: &str,
    body: &Value,
    heeds_page_size: bool,
) -> Answer {
    let filter = match filter_of(body, fields, name) {
        Ok(filter) => filter,
        Err(answer) => return answer,
    };
    let asked = match body.get("MaxRecords").map(Value::as_u64) {
        None => LARGEST_PAGE,
        Some(Some(asked @ 1..=500)) if heeds_page_size => {
            usize::try_from(asked).unwrap_or(LARGEST_PAGE)
        }
        Some(Some(1..=500)) => LARGEST_PAGE,
        Some(_) => return declined(&["maxCountOfRecordsToReturn must be between 1 and 500"]),
    };
    let chosen = body["IncludeFields"].as_array();
    let mut found = Vec::new();
    let mut has_more = false;
    for row in rows.filter(|row| filter.iter().all(|condition| fits(condition, row))) {
        if found.len() == asked {
            has_more = true;
            break;
        }
        found.push(match chosen {
            Some(chosen) => only(row, chosen),
            None => Value::Object(row.clone()),
        });
    }
    let next =
        "https://webservices5.autotask.net/ATServicesRest/V1.0/Next/query/next?paging=%7b%7d";
    Answer::json(200, &page(&found, has_more.then_some(next)))
}

/// The rows that a query can find: those of a tenant, or the one whose id it asks for, as by the index of a database.
pub(super) fn candidates<'a>(
    tenant: &'a Tenant,
    name: &'static str,
    body: &Value,
) -> Box<dyn Iterator<Item = &'a Row> + 'a> {
    let mut conditions = body["filter"].as_array().into_iter().flatten();
    let by_id = conditions.find(|it| it["field"] == "id" && it["op"] == "eq");
    match by_id.and_then(|it| it["value"].as_i64()) {
        Some(id) => Box::new(tenant.row(name, id).into_iter()),
        None => Box::new(tenant.rows(name)),
    }
}

/// How many rows there are.
pub(super) fn count<'a>(
    rows: impl Iterator<Item = &'a Row>,
    fields: &[&str],
    name: &str,
    body: &Value,
) -> Answer {
    match filter_of(body, fields, name) {
        Ok(filter) => {
            let found = rows.filter(|row| filter.iter().all(|condition| fits(condition, row)));
            Answer::json(200, &json!({"queryCount": found.count()}))
        }
        Err(answer) => answer,
    }
}

/// The conditions, if they can be used at all.
fn filter_of<'a>(body: &'a Value, fields: &[&str], name: &str) -> Result<&'a [Value], Answer> {
    let Some(filter) = body["filter"]
        .as_array()
        .filter(|filter| !filter.is_empty())
    else {
        return Err(declined(&[
            "Value cannot be null.\r\nParameter name: filters",
        ]));
    };
    let known = |field: &str| fields.iter().any(|it| it.eq_ignore_ascii_case(field));
    let strange = |field: &&str| !known(field);
    let chosen = body["IncludeFields"].as_array().into_iter().flatten();
    let chosen = chosen.filter_map(Value::as_str);
    let mut named: Vec<&str> = chosen.collect();
    fields_of(filter, &mut named);
    if let Some(strange) = named.into_iter().find(strange) {
        return Err(declined(&[&format!(
            "Unable to find {strange} in the {name} Entity."
        )]));
    }
    match filter.iter().find_map(wrong_type) {
        Some(text) => Err(declined(&[&text])),
        None => Ok(filter),
    }
}

fn fields_of<'a>(filter: &'a [Value], named: &mut Vec<&'a str>) {
    for condition in filter {
        named.extend(condition["field"].as_str());
        if let Some(items) = condition["items"].as_array() {
            fields_of(items, named);
        }
    }
}

/// A text for a number is the database's own fault.
fn wrong_type(condition: &Value) -> Option<String> {
    let field = condition["field"].as_str().unwrap_or_default();
    let text = condition["value"].as_str()?;
    let is_number = !TEXTS.contains(&field) && text.parse::<i64>().is_err();
    is_number
        .then(|| format!("Conversion failed when converting varchar '{text}' to data type int"))
}

fn fits(condition: &Value, row: &Row) -> bool {
    let items = || condition["items"].as_array().into_iter().flatten();
    let (field, value) = (
        condition["field"].as_str().unwrap_or_default(),
        &condition["value"],
    );
    let found = row.get(field).unwrap_or(&Value::Null);
    let number = |value: &Value| value.as_i64().unwrap_or_default();
    match condition["op"].as_str().unwrap_or_default() {
        "or" => items().any(|item| fits(item, row)),
        "and" => items().all(|item| fits(item, row)),
        "exist" => !found.is_null(),
        "notExist" => found.is_null(),
        "eq" => is_same(found, value),
        "noteq" => !is_same(found, value),
        "gt" => number(found) > number(value),
        "in" => value
            .as_array()
            .into_iter()
            .flatten()
            .any(|it| is_same(found, it)),
        "contains" => {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_lowercase();
            text(found).contains(&text(value))
        }
        // Dropped silently.
        _ => true,
    }
}

/// As the database compares: without case, and without blanks at the end. Flags and numbers are alike. Without a copy, since
/// long tests have ten thousand rows.
fn is_same(found: &Value, value: &Value) -> bool {
    let number = |value: &Value| match value {
        Value::Bool(flag) => Some(i64::from(*flag)),
        other => other.as_i64(),
    };
    match (found, value) {
        (Value::String(found), Value::String(value)) => {
            found.trim_end().eq_ignore_ascii_case(value.trim_end())
        }
        (Value::Null, Value::Null) => true,
        _ => number(found).is_some() && number(found) == number(value),
    }
}

fn only(row: &Row, chosen: &[Value]) -> Value {
    let chosen = chosen.iter().filter_map(Value::as_str);
    let members = chosen.map(|name| {
        let value = row.get(name).cloned().unwrap_or(Value::Null);
        (name.to_owned(), value)
    });
    Value::Object(members.collect())
}

pub(super) fn page(rows: &[Value], next: Option<&str>) -> Value {
    json!({
        "items": rows,
        "pageDetails": {"count": rows.len(), "requestCount": LARGEST_PAGE, "prevPageUrl": null, "nextPageUrl": next},
    })
}
