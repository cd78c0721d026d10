//! Cleans an archive, whoever made it: every text of it, those that this program does not know included.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use crate::har::credential;
use crate::har::secrets::{Context, REMOVED, Scrubber};

/// Why an archive cannot be cleaned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ScrubError(String);

impl ScrubError {
    pub(super) fn new(message: String) -> Self {
        Self(message)
    }
}

/// The field of `log` that says that `{{…}}` in the archive are placeholders.
pub(super) const SCRUBBED_BY: &str = "_scrubbedBy";

/// This program, as an archive names what wrote it.
pub(super) const PROGRAM: &str = "psa-host";

/// The archive without secrets, as indented JSON. What it holds beside is kept. Cleaning it again changes nothing.
///
/// Gone are: the values that the scrubber knows, wherever they are; the values of headers, cookies, query parameters
/// and members whose name says that they are credentials; what looks like the value of Authorization. What a
/// placeholder stands for is put in its place again when the archive is replayed, `{{removed}}` counts as anything.
///
/// # Errors
/// The text is not JSON, or has no `log` with `entries`.
pub fn scrub_har(text: &str, scrubber: &Scrubber) -> Result<String, ScrubError> {
    let archive: Value = serde_json::from_str(without_mark(text))
        .map_err(|error| ScrubError(format!("this is not JSON: {error}")))?;
    scrub_value(archive, scrubber)
}

pub(super) fn scrub_value(archive: Value, scrubber: &Scrubber) -> Result<String, ScrubError> {
    let log = archive.get("log");
    let has_entries = log.and_then(|log| log.get("entries")?.as_array());
    if has_entries.is_none() {
        let message = "this is not an HTTP Archive: it has no `log.entries`";
        return Err(ScrubError(message.to_owned()));
    }
    let has_placeholders = log.is_some_and(|log| log.get(SCRUBBED_BY).is_some());
    let mut cleaned = clean(archive, scrubber, has_placeholders);
    if let Some(log) = cleaned.get_mut("log").and_then(Value::as_object_mut) {
        let program = format!("{PROGRAM} {}", env!("CARGO_PKG_VERSION"));
        log.insert(SCRUBBED_BY.to_owned(), program.into());
    }
    let mut text = serde_json::to_string_pretty(&cleaned)
        .map_err(|error| ScrubError(format!("the archive cannot be written: {error}")))?;
    text.push('\n');
    Ok(text)
}

/// The same of any JSON that holds requests, for looking for what would change.
pub(super) fn clean(document: Value, scrubber: &Scrubber, has_placeholders: bool) -> Value {
    let walk = Walk {
        scrubber,
        has_placeholders,
    };
    walk.value("", document)
}

/// Some programs begin a file with a byte order mark.
pub(super) fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// Members that hold a word of the format or of HTTP, so that a placeholder would make the file unreadable.
const WORDS: [&str; 7] = [
    "encoding",
    "httpVersion",
    "kind",
    "method",
    "mimeType",
    "startedDateTime",
    "version",
];

struct Walk<'a> {
    scrubber: &'a Scrubber,
    has_placeholders: bool,
}

impl Walk<'_> {
    /// What is under this name.
    fn value(&self, name: &str, value: Value) -> Value {
        match value {
            Value::String(text) if WORDS.contains(&name) => Value::String(text),
            Value::String(text) if credential::is_name(name) => self.credential(&text).into(),
            Value::String(text) => self.text(name, &text).into(),
            Value::Array(items) => self.list(name, items),
            Value::Object(members) => Value::Object(self.object(name, members)),
            other => other,
        }
    }

    fn list(&self, name: &str, items: Vec<Value>) -> Value {
        // A header as a pair: the form of recordings written by hand.
        if let [Value::String(first), Value::String(second)] = items.as_slice()
            && credential::is_name(first)
        {
            return vec![first.clone(), self.credential(second)].into();
        }
        let items = items.into_iter().map(|item| self.value(name, item));
        Value::Array(items.collect())
    }

    fn object(&self, name: &str, mut members: Map<String, Value>) -> Map<String, Value> {
        let own_name = members.get("name").and_then(Value::as_str);
        let own_value = members.get("value").and_then(Value::as_str);
        if let (Some(own_name), Some(value)) = (own_name, own_value) {
            let value = if name == "cookies" && !value.is_empty() {
                REMOVED.to_owned()
            } else if credential::is_name(own_name) {
                self.credential(value)
            } else {
                self.text(name, value)
            };
            members.remove("value");
            let mut cleaned = self.members(members);
            cleaned.insert("value".to_owned(), value.into());
            return cleaned;
        }
        let is_encoded = members.get("encoding").and_then(Value::as_str) == Some("base64");
        let body = members.get("text").and_then(Value::as_str);
        if let Some(body) = body.filter(|_| is_encoded)
            && let Some((body, is_text)) = self.encoded_body(body)
        {
            members.remove("text");
            if is_text {
                members.remove("encoding");
            }
            let mut cleaned = self.members(members);
            cleaned.insert("text".to_owned(), body.into());
            return cleaned;
        }
        self.members(members)
    }

    fn members(&self, members: Map<String, Value>) -> Map<String, Value> {
        members
            .into_iter()
            .map(|(name, value)| {
                let value = self.value(&name, value);
                (self.text("", &name), value)
            })
            .collect()
    }

    fn credential(&self, value: &str) -> String {
        credential::without_value(&self.text("", value))
    }

    fn text(&self, name: &str, text: &str) -> String {
        let is_url = matches!(name, "url" | "redirectURL" | "queryString");
        let context = Context {
            is_url,
            has_placeholders: self.has_placeholders,
        };
        let cleaned = self.scrubber.text(text, context);
        match cleaned.split_once('?') {
            Some((path, query)) if is_url && name != "queryString" => {
                format!("{path}?{}", self.query(query))
            }
            _ => cleaned,
        }
    }

    fn query(&self, query: &str) -> String {
        let pairs: Vec<String> = query
            .split('&')
            .map(|pair| match pair.split_once('=') {
                Some((name, value)) if credential::is_name(name) => {
                    format!("{name}={}", credential::without_value(value))
                }
                _ => pair.to_owned(),
            })
            .collect();
        pairs.join("&")
    }

    /// A body in base64, and whether it has become text. None: it holds nothing to take out.
    fn encoded_body(&self, body: &str) -> Option<(String, bool)> {
        let bytes = STANDARD.decode(body).ok()?;
        match String::from_utf8(bytes) {
            Ok(text) => {
                let as_it_is = Context {
                    is_url: false,
                    has_placeholders: true,
                };
                let holds_some = self.scrubber.text(&text, as_it_is) != text;
                // No placeholder is read in base64, so whatever looks like one is text.
                holds_some.then(|| (self.scrubber.text(&text, Context::default()), true))
            }
            Err(error) => {
                let cleaned = self.scrubber.bytes(error.into_bytes());
                // Also where it is unchanged: as text its digits could be taken for something else.
                Some((STANDARD.encode(cleaned), false))
            }
        }
    }
}

#[cfg(test)]
mod tests;
