//! A list as the API serves it: conditions, order, page, `Link`, and only the members that `fields` names.

use serde_json::{Map, Value};

use super::condition::{Condition, Kind, Operand, parse};
use super::paging::page_size;
use crate::mock::Answer;
use crate::mock::Asked;

/// A row of a list.
pub(super) trait Record {
    /// The type of a member that a condition may name; None for any other.
    fn kind(name: &str) -> Option<Kind>;

    /// The same for `childConditions`: members of a child array.
    fn child_kind(_name: &str) -> Option<Kind> {
        None
    }

    /// Whether a list can be ordered by this member beside the id: a date, as a text that sorts as the date does.
    fn is_date(_name: &str) -> bool {
        false
    }

    fn id(&self) -> i64;

    /// See [`Record::is_date`].
    fn date(&self, _name: &str) -> &str {
        ""
    }

    /// What a member holds: nothing where it is not set, several values of a child array.
    fn operands(&self, name: &str) -> Vec<Operand>;

    /// Every member, as the API serves it under `base`.
    fn json(&self, base: &str) -> Value;
}

/// The conditions of a request, read.
pub(super) struct Filter(Vec<Condition>);

impl Filter {
    /// The error is the PSA's refusal.
    pub(super) fn of<R: Record>(asked: &Asked) -> Result<Self, Answer> {
        let mut conditions = Vec::new();
        for (name, kind) in [
            ("conditions", R::kind as fn(&str) -> Option<Kind>),
            ("childConditions", R::child_kind),
        ] {
            if let Some(text) = asked.query(name) {
                let condition = parse(text, kind).map_err(|message| Answer::condition(&message))?;
                conditions.push(condition);
            }
        }
        match asked.query("customFieldConditions") {
            Some(_) => Err(Answer::condition("custom fields are not recognized here.")),
            None => Ok(Self(conditions)),
        }
    }

    pub(super) fn keeps(&self, record: &impl Record) -> bool {
        let operands = |name: &str| record.operands(name);
        self.0.iter().all(|condition| condition.holds(&operands))
    }

    /// See [`Condition::text_due`].
    pub(super) fn text_due(&self, member: &str) -> Option<&str> {
        self.0
            .iter()
            .find_map(|condition| condition.text_due(member))
    }
}

/// The page of a list that was asked for.
pub(super) fn list<'a, R: Record + 'a>(
    asked: &Asked,
    records: impl IntoIterator<Item = &'a R>,
) -> Answer {
    match Filter::of::<R>(asked) {
        Ok(filter) => page(
            asked,
            records
                .into_iter()
                .filter(|record| filter.keeps(*record))
                .collect(),
        ),
        Err(refusal) => refusal,
    }
}

/// How many records meet the conditions.
pub(super) fn count<'a, R: Record + 'a>(
    asked: &Asked,
    records: impl IntoIterator<Item = &'a R>,
) -> Answer {
    match Filter::of::<R>(asked) {
        Ok(filter) => {
            let kept = records.into_iter().filter(|record| filter.keeps(*record));
            Answer::json(200, &serde_json::json!({"count": kept.count()}))
        }
        Err(refusal) => refusal,
    }
}

/// The same of records that were filtered before.
pub(super) fn page<R: Record>(asked: &Asked, mut records: Vec<&R>) -> Answer {
    if let Err(refusal) = sort(&mut records, asked.query("orderBy").unwrap_or("id")) {
        return refusal;
    }
    let size = page_size(asked);
    let page = asked.query("page").and_then(|text| text.parse().ok());
    let page: usize = page.unwrap_or(1).max(1);
    let last_page = records.len().div_ceil(size).max(1);
    let base = asked.base();
    let rows: Vec<Value> = records
        .into_iter()
        .skip((page - 1).saturating_mul(size))
        .take(size)
        .map(|record| projected(record.json(&base), asked.query("fields")))
        .collect();
    let answer = Answer::json(200, &Value::Array(rows));
    match link(asked, size, page, last_page) {
        Some(link) => answer.with_header("link", link),
        None => answer,
    }
}

/// `id`, `id desc`, `dateCreated desc`.
fn sort<R: Record>(records: &mut [&R], order: &str) -> Result<(), Answer> {
    let (name, direction) = order
        .trim()
        .split_once(' ')
        .unwrap_or((order.trim(), "asc"));
    if name != "id" && !R::is_date(name) {
        return Err(Answer::condition(&format!(
            "{name} is not a recognized name."
        )));
    }
    records.sort_by_key(|record| record.id());
    if name != "id" {
        records.sort_by_key(|record| record.date(name));
    }
    match direction.trim() {
        "asc" => {}
        "desc" => records.reverse(),
        other => return Err(Answer::condition(&format!("{other} is not understood"))),
    }
    Ok(())
}

/// One record, with only what `fields` names.
pub(super) fn one(asked: &Asked, record: &impl Record) -> Answer {
    let json = projected(record.json(&asked.base()), asked.query("fields"));
    Answer::json(200, &json)
}

/// First, previous, next and last page; none on a list of one page.
fn link(asked: &Asked, size: usize, page: usize, last_page: usize) -> Option<String> {
    if last_page == 1 {
        return None;
    }
    let to = |page: usize, relation: &str| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in &asked.query {
            if !["page", "pageSize"]
                .iter()
                .any(|own| name.eq_ignore_ascii_case(own))
            {
                query.append_pair(name, value);
            }
        }
        query.append_pair("pageSize", &size.to_string());
        query.append_pair("page", &page.to_string());
        let (authority, path) = (&asked.authority, &asked.path);
        // With a slash before the query, as the cloud sends it.
        let query = query.finish();
        format!("<https://{authority}{path}/?{query}>; rel=\"{relation}\"")
    };
    let mut links = vec![to(1, "first")];
    if page > 1 {
        links.push(to(page - 1, "prev"));
    }
    if page < last_page {
        links.push(to(page + 1, "next"));
    }
    links.push(to(last_page, "last"));
    Some(links.join(", "))
}

/// `fields=id,status/name` of a record. A name that it does not have is passed over.
fn projected(record: Value, fields: Option<&str>) -> Value {
    let Some(fields) = fields else { return record };
    let mut kept = Value::Object(Map::new());
    for field in fields.split(',') {
        let path: Vec<&str> = field.trim().split('/').collect();
        copy(&record, &mut kept, &path);
    }
    kept
}

fn copy(from: &Value, to: &mut Value, path: &[&str]) {
    let (Some(from), [name, rest @ ..]) = (from.as_object(), path) else {
        return;
    };
    let (Some(member), Some(to)) = (from.get(*name), to.as_object_mut()) else {
        return;
    };
    match member {
        Value::Object(_) if !rest.is_empty() => {
            let empty = Value::Object(Map::new());
            copy(member, to.entry(*name).or_insert(empty), rest);
        }
        Value::Array(rows) if !rest.is_empty() => {
            let empty = vec![Value::Object(Map::new()); rows.len()];
            let kept = to.entry(*name).or_insert(Value::Array(empty));
            for (row, kept) in rows.iter().zip(kept.as_array_mut().into_iter().flatten()) {
                copy(row, kept, rest);
            }
        }
        _ => {
            to.insert((*name).to_owned(), member.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::projected;

    #[test]
    fn only_the_members_named_are_served() {
        let record = json!({
            "id": 1,
            "name": "Riverside Dental",
            "status": {"id": 2, "name": "Active", "_info": {}},
            "types": [{"id": 3, "name": "Client"}, {"id": 4, "name": "Vendor"}],
            "_info": {"dateEntered": "2026-05-04T09:59:58Z"},
        });
        let kept = projected(
            record,
            Some("id,status/id, status/name,types/name,nickname"),
        );
        let expected = json!({
            "id": 1,
            "status": {"id": 2, "name": "Active"},
            "types": [{"name": "Client"}, {"name": "Vendor"}],
        });
        assert_eq!(kept, expected);
    }
}
