//! The vendor's own fields of a draft: a JSON object that goes into the request as it is.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use psa_contract::FieldError;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;

use crate::error::field_error;
use crate::input::{InputRow, field_of_member};
use crate::text::one_line;

/// A body with the vendor's own fields merged into it at its top level, as they were written, so that a number keeps its
/// digits. `fields` are those of the contract, by the PSA's names for them.
///
/// Faults: the vendor's fields are not an object, or name a member twice, or one that the body has or that is `reserved`,
/// whatever its case: servers compare names without case.
pub fn merge_vendor_fields(
    body: String,
    vendor_fields: Option<&str>,
    reserved: &[&str],
    fields: &[InputRow],
    faults: &mut Vec<FieldError>,
) -> String {
    let text = vendor_fields.unwrap_or_default().trim();
    if text.is_empty() {
        return body;
    }
    let members = match serde_json::from_str::<Members>(text) {
        Ok(Members(members)) => members,
        Err(fault) => {
            faults.push(field_error("vendor-fields", not_an_object(text, &fault)));
            return body;
        }
    };
    // A body that was just written is an object.
    let own: BTreeMap<String, &RawValue> = serde_json::from_str(&body).unwrap_or_default();
    let mut seen = BTreeSet::new();
    for name in &members {
        let is = |other: &str| other.eq_ignore_ascii_case(name);
        let shown: String = one_line(name).chars().take(40).collect();
        if reserved.iter().any(|it| is(it)) || own.keys().any(|it| is(it)) {
            let fault = match field_of_member(fields, name) {
                Some(field) => format!("its member `{shown}` belongs in `{field}`; set it there"),
                None => format!("its member `{shown}` is the connector's to set; leave it out"),
            };
            faults.push(field_error("vendor-fields", fault));
        }
        if !seen.insert(name.to_ascii_lowercase()) {
            let fault = format!("its member `{shown}` is set more than once; set it once");
            faults.push(field_error("vendor-fields", fault));
        }
    }
    let inner = |text: &str| {
        let text = text.trim();
        let text = text.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
        text.unwrap_or_default().trim().to_owned()
    };
    let mut parts = vec![inner(&body), inner(text)];
    parts.retain(|part| !part.is_empty());
    format!("{{{}}}", parts.join(","))
}

/// The names of the members of an object, as they come.
struct Members(Vec<String>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;

        impl<'de> Visitor<'de> for Names {
            type Value = Members;

            fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Members, A::Error> {
                let mut names = Vec::new();
                while let Some((name, IgnoredAny)) = members.next_entry()? {
                    names.push(name);
                }
                Ok(Members(names))
            }
        }

        deserializer.deserialize_map(Names)
    }
}

fn not_an_object(text: &str, fault: &serde_json::Error) -> String {
    let kind = match text.as_bytes().first() {
        Some(b'[') => "an array",
        Some(b'"') => "a text",
        Some(b'n') => "null",
        Some(b't' | b'f') => "a flag",
        _ => "a number",
    };
    if fault.classify() == Category::Data {
        return format!("it must be a JSON object, not {kind}");
    }
    let (line, column) = (fault.line(), fault.column());
    format!("it is not JSON (line {line}, column {column})")
}
