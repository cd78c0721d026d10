//! Values of JSON as the fields of an alert, and pointers into it. Every size is bounded: a sender decides none of them.

use serde_json::Value;

use crate::alert::{Alert, Field, Link, Status};
use crate::intake::source::SourceRules;
use crate::reference::sha256_hex;

/// How many fields are read of one value at most.
const MOST_FIELDS: usize = 100;
/// How many fields an alert has at most: labels, annotations, and a few of the dialect.
pub(super) const MOST_IN_ALL: usize = 250;
/// How many links an alert has at most.
pub(super) const MOST_LINKS: usize = 20;
/// How long a value is at most, in characters. So it is with the next ones.
pub(super) const LONGEST_VALUE: usize = 4_000;
pub(super) const LONGEST_NAME: usize = 200;
pub(super) const LONGEST_SUMMARY: usize = 1_024;
pub(super) const LONGEST_DESCRIPTION: usize = 8_000;
/// How long a key is before its digest takes its place, in bytes.
const LONGEST_KEY: usize = 512;

/// The text at a JSON Pointer: of text, numbers and booleans, and of a list of those. Empty text is none.
#[must_use]
pub fn text_at(value: &Value, pointer: &str) -> Option<String> {
    text_of(value.pointer(pointer)?)
}

/// Every value below this one with its path, objects taken apart. `{"a": {"b": 1}, "c": [1, 2]}` is `a.b` = `1` and
/// `c` = `1, 2`.
#[must_use]
pub fn flattened(value: &Value) -> Vec<Field> {
    let mut fields = Vec::new();
    flatten_into(&mut fields, "", value);
    fields
}

/// The members of objects are visited with a stack of names; `serde_json` bounds their depth.
fn flatten_into(fields: &mut Vec<Field>, path: &str, value: &Value) {
    // A name is as long as all that it is in: without an end to both, a small body makes large names.
    if fields.len() >= MOST_FIELDS {
        return;
    }
    let named = |name: &str| {
        let name = cut(name, LONGEST_NAME);
        if path.is_empty() {
            name
        } else {
            cut(&format!("{path}.{name}"), LONGEST_NAME)
        }
    };
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                flatten_into(fields, &named(name), member);
            }
        }
        Value::Array(elements) if elements.iter().any(|it| it.is_object() || it.is_array()) => {
            for (index, element) in elements.iter().enumerate() {
                flatten_into(fields, &named(&index.to_string()), element);
            }
        }
        other => {
            if let Some(value) = text_of(other) {
                let name = if path.is_empty() { "value" } else { path };
                fields.push(Field {
                    name: name.to_owned(),
                    value,
                });
            }
        }
    }
}

pub(super) fn text_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null | Value::Object(_) => return None,
        Value::String(text) => text.clone(),
        Value::Array(elements) => {
            let texts: Vec<String> = elements.iter().filter_map(text_of).collect();
            texts.join(", ")
        }
        other => other.to_string(),
    };
    let text = cut(text.trim(), LONGEST_VALUE);
    (!text.is_empty()).then_some(text)
}

/// The first so many characters.
pub(super) fn cut(text: &str, most: usize) -> String {
    match end_of(text, most) {
        Some(end) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Where the first so many characters end. None: there are no more.
fn end_of(text: &str, most: usize) -> Option<usize> {
    // Each has a byte at least: most texts need not be gone through.
    let may_be_longer = text.len() > most;
    let end = may_be_longer.then(|| text.char_indices().nth(most));
    end.flatten().map(|(end, _)| end)
}

/// A link that the contract takes: `https`, at most 2,000 characters, nothing that a PSA would take for markup.
pub(crate) fn link(label: &str, url: &str) -> Option<Link> {
    let is_fine = url.len() <= 2_000
        && url
            .strip_prefix("https://")
            .is_some_and(|rest| !rest.is_empty())
        && !url
            .chars()
            .any(|it| it.is_whitespace() || it.is_control() || r#"<>"()[]\"#.contains(it))
        && !url
            .split('/')
            .nth(2)
            .is_some_and(|authority| authority.contains('@'));
    is_fine.then(|| Link {
        label: label.to_owned(),
        url: url.to_owned(),
    })
}

/// The value of one or more pointers as a key: none of them may be missing.
pub(super) fn key_at(value: &Value, pointers: &[String]) -> Result<Option<String>, String> {
    let mut parts = Vec::new();
    for pointer in pointers {
        let part = text_at(value, pointer)
            .ok_or_else(|| format!("there is nothing at {pointer}, which is part of the key"))?;
        parts.push(part);
    }
    Ok((!parts.is_empty()).then(|| parts.join(" / ")))
}

/// A key that fits: a long one is cut, and its digest tells it from others that begin alike.
pub(super) fn fitting_key(key: &str) -> String {
    if key.len() <= LONGEST_KEY {
        return key.to_owned();
    }
    let digest = sha256_hex(key.as_bytes());
    format!("{} {digest}", cut(key, 100))
}

/// What the pointers of a source say takes the place of what the dialect says.
pub(super) fn apply_map(alert: &mut Alert, rules: &SourceRules, value: &Value) {
    let map = &rules.fields;
    let at = |pointer: &Option<String>| pointer.as_deref().and_then(|it| text_at(value, it));
    if let Some(summary) = at(&map.summary) {
        alert.summary = summary;
    }
    if let Some(severity) = at(&map.severity).and_then(|words| rules.severity(&words)) {
        alert.severity = severity;
    }
    if let Some(url) = at(&map.link) {
        alert.links.extend(link("Alert", &url));
    }
    alert.description = at(&map.description).or(alert.description.take());
    alert.occurred_at = at(&map.occurred_at).or(alert.occurred_at.take());
    alert.company = rules
        .company
        .clone()
        .or_else(|| at(&map.company))
        .or(alert.company.take());
    if let Some(status) = &map.status {
        let said = text_at(value, &status.pointer).unwrap_or_default();
        let is_in = |words: &[String]| words.iter().any(|word| word.eq_ignore_ascii_case(&said));
        alert.status = if is_in(&status.recovered) {
            Status::Recovered
        } else if is_in(&status.acknowledged) {
            Status::Acknowledged
        } else {
            Status::Firing
        };
    }
    bound(alert);
}

/// Nothing of an alert is larger than it may be, whatever the dialect took.
fn bound(alert: &mut Alert) {
    let shorten = |text: &mut String, most: usize| {
        if end_of(text, most).is_some() {
            *text = cut(text, most);
        }
    };
    alert.key = fitting_key(&alert.key);
    shorten(&mut alert.summary, LONGEST_SUMMARY);
    if let Some(description) = &mut alert.description {
        shorten(description, LONGEST_DESCRIPTION);
    }
    for text in [&mut alert.company, &mut alert.occurred_at] {
        text.iter_mut().for_each(|text| shorten(text, LONGEST_NAME));
    }
    alert.fields.truncate(MOST_IN_ALL);
    for field in &mut alert.fields {
        shorten(&mut field.name, LONGEST_NAME);
        shorten(&mut field.value, LONGEST_VALUE);
    }
    alert.links.truncate(MOST_LINKS);
    for link in &mut alert.links {
        shorten(&mut link.label, LONGEST_NAME);
    }
}
