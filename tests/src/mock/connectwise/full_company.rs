//! The members of a company that the connector does not ask for, from `full_company.json`. A client that names no `fields`
//! is served all of them, which makes a record of about 4.6 KB.
//!
//! Source: the published schema `Company` (2026.4). The values are invented.

use serde_json::{Map, Value};

/// Adds every member that the record does not have, and all that `_info` holds. `base` is the URL of the API.
pub(super) fn complete(record: &mut Value, id: i64, base: &str) {
    let text = include_str!("full_company.json")
        .replace("{id}", &id.to_string())
        .replace("{base}", base);
    let members: Map<String, Value> = serde_json::from_str(&text).expect("a record");
    let record = record.as_object_mut().expect("a record");
    record.remove("_info");
    for (name, value) in members {
        record.entry(name).or_insert(value);
    }
}
