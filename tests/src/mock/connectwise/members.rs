//! What the body of a write may hold: the members of a record and their types. A member that is not listed is refused.

use serde_json::{Map, Value};

use super::refusal::Fault;
use crate::mock::Answer;

/// A record, as the published schema describes it.
pub(super) struct Schema {
    /// `Ticket`.
    pub(super) name: &'static str,
    /// `ticket`.
    pub(super) resource: &'static str,
    pub(super) members: &'static [(Type, &'static [&'static str])],
}

/// The type of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    /// At most so many UTF-16 units.
    Text(usize),
    Reference,
    Flag,
    Integer,
    Number,
    /// One of these names; null is allowed.
    OneOf(&'static [&'static str]),
    /// A list or a record that is taken as it is.
    Any,
}

/// A text of any length.
pub(super) const UNBOUNDED: usize = usize::MAX;

impl Schema {
    /// The name as the API spells it, and its type. Names compare without case, as the PSA's JSON reader does.
    pub(super) fn member(&self, name: &str) -> Option<(&'static str, Type)> {
        self.members.iter().find_map(|(kind, names)| {
            let found = names.iter().find(|own| own.eq_ignore_ascii_case(name));
            found.map(|own| (*own, *kind))
        })
    }

    /// The members of a body under the API's own names, each of its type. The error is the PSA's refusal.
    pub(super) fn read(&self, body: &[u8]) -> Result<Map<String, Value>, Answer> {
        let Ok(Value::Object(given)) = serde_json::from_slice::<Value>(body) else {
            let message = "The request body is not a JSON object.";
            return Err(Answer::error(400, "InvalidObject", message));
        };
        let mut members = Map::new();
        for (name, value) in given {
            let Some((own_name, kind)) = self.member(&name) else {
                return Err(Answer::unknown_member(&name, self.name));
            };
            if let Some(type_name) = wrong_type(&value, kind) {
                return Err(Answer::wrong_type(&value, type_name, own_name));
            }
            if let (Type::Reference, Some(reference)) = (kind, value.as_object()) {
                check_reference(reference, own_name)?;
            }
            members.insert(own_name.to_owned(), value);
        }
        Ok(members)
    }

    /// The texts that are longer than the schema allows, counted as the server does, in UTF-16 units.
    pub(super) fn too_long(&self, members: &Map<String, Value>) -> Vec<Fault> {
        let faults = members.iter().filter_map(|(name, value)| {
            let (_, Type::Text(limit)) = self.member(name)? else {
                return None;
            };
            let length = value.as_str()?.encode_utf16().count();
            (length > limit).then(|| Fault {
                code: "MaxLengthField",
                message: format!(
                    "The field {name} must be a string with a maximum length of {limit}."
                ),
                field: name.clone(),
            })
        });
        faults.collect()
    }
}

/// A text that is set and not empty.
pub(super) fn text<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    let text = members.get(name)?.as_str()?;
    (!text.is_empty()).then_some(text)
}

/// A flag; one that is not set is false.
pub(super) fn flag(members: &Map<String, Value>, name: &str) -> bool {
    members.get(name).and_then(Value::as_bool).unwrap_or(false)
}

/// None: the value is of the type. Otherwise the type's name, as the PSA writes it.
pub(super) fn wrong_type(value: &Value, kind: Type) -> Option<&'static str> {
    let (is_right, name) = match kind {
        _ if value.is_null() => (true, ""),
        Type::Text(_) => (value.is_string(), "System.String"),
        Type::Reference => (value.is_object(), "ConnectWise.Reference"),
        Type::Flag => (value.is_boolean(), "System.Nullable`1[System.Boolean]"),
        Type::Integer => (is_int32(value), "System.Nullable`1[System.Int32]"),
        Type::Number => (value.is_number(), "System.Nullable`1[System.Double]"),
        Type::OneOf(names) => (
            value.as_str().is_some_and(|text| names.contains(&text)),
            "System.Nullable`1[ConnectWise.Enum]",
        ),
        Type::Any => (true, ""),
    };
    (!is_right).then_some(name)
}

fn is_int32(value: &Value) -> bool {
    value
        .as_i64()
        .is_some_and(|number| i32::try_from(number).is_ok())
}

fn check_reference(reference: &Map<String, Value>, name: &str) -> Result<(), Answer> {
    for (member, value) in reference {
        let path = format!("{name}.{member}");
        let kind = match member.as_str() {
            "id" => Type::Integer,
            "name" | "identifier" => Type::Text(UNBOUNDED),
            "_info" => Type::Any,
            _ => return Err(Answer::unknown_member(&path, "Reference")),
        };
        if let Some(type_name) = wrong_type(value, kind) {
            return Err(Answer::wrong_type(value, type_name, &path));
        }
    }
    Ok(())
}
