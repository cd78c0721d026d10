//! The faults of bodies: cut, replaced, and with one member at a time changed.

use serde_json::{Value, json};

/// One fault of a body.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum BodyFault {
    /// Cut after so many eighths of it.
    Truncated(usize),
    /// Something else in its place: the name in reports, and what.
    Replaced(&'static str),
    /// The body itself, with so much white space after it that it is just under the limit of a host.
    Large,
    /// One member or element changed.
    Member {
        change: Change,
        path: Vec<Step>,
        is_required: bool,
    },
}

/// What is done to a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Removed,
    Null,
    OtherType,
    Extreme,
}

/// A step into JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Member(String),
    Element(usize),
}

/// A host takes 16 MiB of a response by default.
const LARGE_BYTES: usize = (16 << 20) - 1;
/// Deeper than any parser needs to go, and than a recursive one can.
const NESTING: usize = 50_000;
/// So many rows of a list have their members changed: the first and the last.
const ROWS_CHANGED: usize = 2;

const REPLACEMENTS: [&str; 9] = [
    "body-empty",
    "body-null",
    "body-empty-list",
    "body-empty-record",
    "body-a-text",
    "body-nested",
    "body-not-utf-8",
    "body-html",
    "body-two-values",
];

impl BodyFault {
    /// Every column.
    pub(crate) const COLUMNS: [&'static str; 19] = [
        "body-empty",
        "body-null",
        "body-empty-list",
        "body-empty-record",
        "body-a-text",
        "body-nested",
        "body-not-utf-8",
        "body-html",
        "body-two-values",
        "body-truncated",
        "body-large",
        "required-removed",
        "required-null",
        "required-other-type",
        "required-extreme",
        "optional-removed",
        "optional-null",
        "optional-other-type",
        "optional-extreme",
    ];

    pub(crate) fn all(body: &[u8], required: &[String], with_large_body: bool) -> Vec<Self> {
        let mut faults: Vec<Self> = REPLACEMENTS.iter().copied().map(Self::Replaced).collect();
        if body.len() >= 8 {
            faults.extend((1..8).map(Self::Truncated));
        }
        // What is replaced by itself is no fault.
        faults.retain(|fault| fault.apply(body) != body);
        if with_large_body {
            faults.push(Self::Large);
        }
        if let Ok(value) = serde_json::from_slice::<Value>(body) {
            members(&value, &mut Vec::new(), required, &mut faults);
        }
        faults
    }

    /// Whether it changes a member that the case calls required.
    pub(crate) fn is_of_required(&self) -> bool {
        matches!(
            self,
            Self::Member {
                is_required: true,
                ..
            }
        )
    }

    pub(crate) fn column(&self) -> &'static str {
        match self {
            Self::Truncated(_) => "body-truncated",
            Self::Replaced(name) => name,
            Self::Large => "body-large",
            Self::Member {
                change,
                is_required,
                ..
            } => match (is_required, change) {
                (true, Change::Removed) => "required-removed",
                (true, Change::Null) => "required-null",
                (true, Change::OtherType) => "required-other-type",
                (true, Change::Extreme) => "required-extreme",
                (false, Change::Removed) => "optional-removed",
                (false, Change::Null) => "optional-null",
                (false, Change::OtherType) => "optional-other-type",
                (false, Change::Extreme) => "optional-extreme",
            },
        }
    }

    pub(crate) fn name(&self) -> String {
        match self {
            Self::Truncated(eighths) => format!("{}-{eighths}-of-8", self.column()),
            Self::Member { path, .. } => format!("{}:{}", self.column(), shown(path)),
            Self::Replaced(_) | Self::Large => self.column().to_owned(),
        }
    }

    pub(crate) fn apply(&self, body: &[u8]) -> Vec<u8> {
        match self {
            Self::Truncated(eighths) => body[..body.len() * eighths / 8].to_vec(),
            Self::Replaced(name) => replacement(name, body),
            Self::Large => {
                let mut large = body.to_vec();
                large.resize(LARGE_BYTES.max(body.len()), b' ');
                large
            }
            Self::Member { change, path, .. } => match serde_json::from_slice(body) {
                Ok(mut value) => {
                    change_member(&mut value, path, *change);
                    value.to_string().into_bytes()
                }
                Err(_) => body.to_vec(),
            },
        }
    }
}

fn replacement(name: &str, body: &[u8]) -> Vec<u8> {
    match name {
        "body-empty" => Vec::new(),
        "body-null" => b"null".to_vec(),
        "body-empty-list" => b"[]".to_vec(),
        "body-empty-record" => b"{}".to_vec(),
        "body-a-text" => b"\"made up by the conformance kit\"".to_vec(),
        "body-nested" => [vec![b'['; NESTING], vec![b']'; NESTING]].concat(),
        "body-html" => b"<!DOCTYPE html><html><body>Sign in</body></html>".to_vec(),
        // As JSON this would be read up to the second value.
        "body-two-values" => [body, b" ", body].concat(),
        // In the middle of what was there, so that it is inside of a value where there is one.
        _ => {
            let (first, second) = body.split_at(body.len() / 2);
            [first, b"\xff\xfe\x80", second].concat()
        }
    }
}

/// Every member and every element of the rows that are changed, each with every change.
fn members(value: &Value, path: &mut Vec<Step>, required: &[String], faults: &mut Vec<BodyFault>) {
    if !path.is_empty() {
        let is_required = required.iter().any(|pattern| leads_to(pattern, path));
        for change in [
            Change::Removed,
            Change::Null,
            Change::OtherType,
            Change::Extreme,
        ] {
            let is_same = change == Change::Null && value.is_null();
            // A list has no optional elements: null is of another type there.
            let is_of_no_list = change == Change::Null
                && !is_required
                && matches!(path.last(), Some(Step::Element(_)));
            // Without a row it is another list, which is no fault.
            let is_row_removed =
                change == Change::Removed && matches!(path.last(), Some(Step::Element(_)));
            // The one extreme of a flag is the other flag, which is right too.
            let has_no_extreme =
                change == Change::Extreme && (value.is_boolean() || value.is_null());
            if !(is_same || is_of_no_list || is_row_removed || has_no_extreme) {
                faults.push(BodyFault::Member {
                    change,
                    path: path.clone(),
                    is_required,
                });
            }
        }
    }
    match value {
        Value::Object(record) => {
            for (name, value) in record {
                path.push(Step::Member(name.clone()));
                members(value, path, required, faults);
                path.pop();
            }
        }
        Value::Array(rows) => {
            for index in changed_rows(rows.len()) {
                path.push(Step::Element(index));
                members(&rows[index], path, required, faults);
                path.pop();
            }
        }
        _ => {}
    }
}

fn changed_rows(count: usize) -> Vec<usize> {
    if count <= ROWS_CHANGED {
        (0..count).collect()
    } else {
        vec![0, count - 1]
    }
}

/// Whether a pattern names this place, or a place within it: what holds a required member is required.
fn leads_to(pattern: &str, path: &[Step]) -> bool {
    let segments: Vec<&str> = pattern.split('/').collect();
    path.len() <= segments.len()
        && path.iter().zip(segments).all(|(step, segment)| match step {
            Step::Member(name) => name == segment,
            Step::Element(_) => segment == "*",
        })
}

fn change_member(value: &mut Value, path: &[Step], change: Change) {
    let Some((last, before)) = path.split_last() else {
        return;
    };
    let mut holder = value;
    for step in before {
        let inner = match step {
            Step::Member(name) => holder.get_mut(name),
            Step::Element(index) => holder.get_mut(index),
        };
        match inner {
            Some(inner) => holder = inner,
            None => return,
        }
    }
    match (last, holder) {
        (Step::Member(name), Value::Object(record)) => {
            if change == Change::Removed {
                record.remove(name);
            } else if let Some(value) = record.get_mut(name) {
                *value = changed(value, change);
            }
        }
        (Step::Element(index), Value::Array(rows)) => {
            if let Some(value) = rows.get_mut(*index) {
                *value = changed(value, change);
            }
        }
        _ => {}
    }
}

fn changed(value: &Value, change: Change) -> Value {
    match (change, value) {
        (Change::Removed | Change::Null, _) => Value::Null,
        // PSAs write an id as a text here and as a number there.
        (Change::OtherType, Value::String(text)) if text.parse::<i64>().is_ok() => json!({}),
        (Change::OtherType, Value::Null | Value::String(_)) => json!(7),
        (Change::OtherType, Value::Bool(_) | Value::Number(_) | Value::Object(_)) => json!("text"),
        (Change::OtherType, Value::Array(_)) => json!({}),
        (Change::Extreme, Value::Number(_)) => json!(u64::MAX),
        (Change::Extreme, Value::String(_)) => {
            json!("\u{202e}\u{0}\u{1b}[2J\"\\<script>\u{1f980}".repeat(500))
        }
        (Change::Extreme, Value::Array(_)) => json!([]),
        (Change::Extreme, _) => json!({}),
    }
}

fn shown(path: &[Step]) -> String {
    path.iter()
        .map(|step| match step {
            Step::Member(name) => format!("/{name}"),
            Step::Element(index) => format!("/{index}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_member_is_changed_in_every_way_and_what_is_required_is_known() {
        let body = br#"{"rows": [{"id": 1}, {"id": 2}, {"id": 3}], "more": true}"#;
        let faults = BodyFault::all(body, &["rows/*/id".to_owned()], false);
        let text = |name: &str| {
            let fault = faults.iter().find(|fault| fault.name() == name);
            fault.map(|fault| String::from_utf8(fault.apply(body)).unwrap_or_default())
        };
        let expected = [
            (
                "optional-removed:/more",
                r#"{"rows":[{"id":1},{"id":2},{"id":3}]}"#,
            ),
            (
                "optional-other-type:/more",
                r#"{"more":"text","rows":[{"id":1},{"id":2},{"id":3}]}"#,
            ),
            (
                "required-null:/rows/2/id",
                r#"{"more":true,"rows":[{"id":1},{"id":2},{"id":null}]}"#,
            ),
            (
                "required-null:/rows/0",
                r#"{"more":true,"rows":[null,{"id":2},{"id":3}]}"#,
            ),
            ("required-extreme:/rows", r#"{"more":true,"rows":[]}"#),
            (
                "required-extreme:/rows/0/id",
                r#"{"more":true,"rows":[{"id":18446744073709551615},{"id":2},{"id":3}]}"#,
            ),
        ];
        for (name, expected) in expected {
            let found = text(name).map(|text| serde_json::from_str::<Value>(&text).ok());
            assert_eq!(found, Some(serde_json::from_str(expected).ok()), "{name}");
        }
        for absent in [
            "optional-extreme:/more",
            "required-removed:/rows/0",
            "required-null:/rows/1",
        ] {
            assert_eq!(text(absent), None, "{absent}");
        }
    }
}
