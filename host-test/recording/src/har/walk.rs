//! Walks through an archive and cleans every text of it, those included that this program does not know: learns what is
//! secret on the first walk, and takes it out on the second.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::har::body::{Part, fields, is_json, json_strings, unquoted};
use crate::har::credential;
use crate::har::document::IS_SECRET;
use crate::har::learnt::Learnt;
use crate::har::replace::Context;
use crate::har::secrets::Scrubber;
use crate::matching::is_form;
use crate::placeholder::REMOVED;

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

#[derive(Clone, Copy)]
pub(super) struct Walk<'a> {
    pub(super) scrubber: &'a Scrubber,
    /// Gets what is found. None: nothing is left to learn.
    pub(super) learnt: Option<&'a Learnt<'a>>,
    /// Where requests went: that an answer names one of them is no secret, and a replay needs it.
    pub(super) urls: &'a [&'a str],
    pub(super) has_placeholders: bool,
    /// This is an entry whose bodies are secret, or in one.
    pub(super) is_in_secret_entry: bool,
    /// This is such a body, or the headers of such a response.
    pub(super) is_secret: bool,
}

/// What is known of a text from where it is.
#[derive(Clone, Copy, Default)]
struct Place {
    is_url: bool,
    is_body: bool,
    is_form: bool,
}

impl Place {
    fn under(name: &str) -> Self {
        Self {
            is_url: matches!(name, "url" | "redirectURL" | "queryString"),
            is_body: name == "text",
            is_form: false,
        }
    }
}

impl Walk<'_> {
    /// What is under this name.
    pub(super) fn value(&self, name: &str, value: Value) -> Value {
        match value {
            Value::String(text) if WORDS.contains(&name) => Value::String(text),
            Value::String(text) if credential::is_credential(name, &text) => {
                self.credential(name, &text).into()
            }
            Value::String(text) => self.text(&text, Place::under(name)).into(),
            Value::Array(items) => self.list(name, items),
            Value::Object(members) => Value::Object(self.object(name, members)),
            other => other,
        }
    }

    fn list(&self, name: &str, items: Vec<Value>) -> Value {
        // A header as a pair: the form of recordings written by hand.
        if let [Value::String(first), Value::String(second)] = items.as_slice()
            && credential::is_credential(first, second)
        {
            return vec![first.clone(), self.credential(first, second)].into();
        }
        let items = items.into_iter().map(|item| self.value(name, item));
        Value::Array(items.collect())
    }

    fn object(&self, name: &str, mut members: Map<String, Value>) -> Map<String, Value> {
        let text_of = |name: &str| members.get(name).and_then(Value::as_str);
        let replaced = if let (Some(own_name), Some(value)) = (text_of("name"), text_of("value")) {
            let is_cookie = name == "cookies" && !value.is_empty();
            let value = if is_cookie || self.is_credential(own_name, value, true) {
                self.credential(own_name, value)
            } else {
                self.text(value, Place::under(name))
            };
            Some(("value", value))
        } else if let Some(body) = text_of("text") {
            let place = Place {
                is_form: text_of("mimeType").is_some_and(is_form),
                ..Place::under("text")
            };
            if text_of("encoding") == Some("base64") {
                let cleaned = self.encoded_body(body, place);
                if cleaned.as_ref().is_some_and(|(_, is_text)| *is_text) {
                    members.remove("encoding");
                }
                cleaned.map(|(body, _)| ("text", body))
            } else {
                Some(("text", self.text(body, place)))
            }
        } else {
            None
        };
        let Some((name, value)) = replaced else {
            return self.members(members);
        };
        members.remove(name);
        let mut cleaned = self.members(members);
        cleaned.insert(name.to_owned(), value.into());
        cleaned
    }

    fn members(&self, members: Map<String, Value>) -> Map<String, Value> {
        let is_in_secret_entry =
            self.is_in_secret_entry || members.get(IS_SECRET) == Some(&Value::Bool(true));
        let of_name = Context {
            is_name: true,
            has_placeholders: self.has_placeholders,
            ..Context::default()
        };
        let cleaned = members.into_iter().map(|(name, value)| {
            let begins = is_in_secret_entry && matches!(name.as_str(), "response" | "postData");
            let inner = Self {
                is_in_secret_entry,
                is_secret: self.is_secret || begins,
                ..*self
            };
            let value = inner.value(&name, value);
            (self.scrubber.text(&name, of_name), value)
        });
        cleaned.collect()
    }

    fn is_credential(&self, name: &str, value: &str, is_of_exchange: bool) -> bool {
        let is_address =
            || value.starts_with("https://") && self.urls.iter().any(|url| url.starts_with(value));
        let is_secret = self.is_secret && is_of_exchange;
        credential::is_credential(name, value)
            || is_secret && !credential::is_harmless(name) && !is_address()
    }

    fn credential(&self, name: &str, value: &str) -> String {
        if let Some(learnt) = self.learnt {
            learnt.add_credential(name, value);
        }
        let context = Context {
            has_placeholders: self.has_placeholders,
            ..Context::default()
        };
        credential::without_value(&self.scrubber.text(value, context))
    }

    fn text(&self, text: &str, place: Place) -> String {
        let is_json = is_json(text);
        let is_all_secret = self.is_secret && place.is_body && !place.is_form && !is_json;
        if is_all_secret {
            return self.credential("", text);
        }
        self.learn(text, place, 0);
        if is_json {
            return self.json(text, place);
        }
        let context = Context {
            is_url: place.is_url,
            has_placeholders: self.has_placeholders,
            ..Context::default()
        };
        let cleaned = self.scrubber.text(text, context);
        let cleaned = self.without_credentials(&cleaned, &json_strings(&cleaned), place);
        let found = fields(&cleaned, place.is_form || place.is_url);
        self.without_credentials(&cleaned, &found, place)
    }

    /// JSON with other strings: all the rest stays as it was written.
    fn json(&self, text: &str, place: Place) -> String {
        let mut cleaned = String::with_capacity(text.len());
        let mut at = 0;
        for part in json_strings(text) {
            let context = Context {
                is_name: part.is_name,
                is_quoted: true,
                has_placeholders: self.has_placeholders,
                ..Context::default()
            };
            let inside = text.get(part.range.clone()).unwrap_or_default();
            let mut string = self.scrubber.text(inside, context);
            if !part.is_name && self.is_credential(&part.name, &unquoted(inside), place.is_body) {
                string = credential::without_value(&string);
            }
            string = self.without_credentials(&string, &fields(&string, false), Place::default());
            cleaned.push_str(text.get(at..part.range.start).unwrap_or_default());
            cleaned.push_str(&string);
            at = part.range.end;
        }
        cleaned.push_str(text.get(at..).unwrap_or_default());
        cleaned
    }

    fn without_credentials(&self, text: &str, parts: &[Part], place: Place) -> String {
        let mut cleaned = text.to_owned();
        for part in parts.iter().rev().filter(|part| !part.is_name) {
            let value = text.get(part.range.clone()).unwrap_or_default();
            if self.is_credential(&part.name, value, place.is_body) {
                cleaned.replace_range(part.range.clone(), &credential::without_value(value));
            }
        }
        cleaned
    }

    /// Learns the credentials in a text, and in the texts that its strings and fields hold.
    fn learn(&self, text: &str, place: Place, depth: usize) {
        const DEEPEST: usize = 8;
        let Some(learnt) = self.learnt.filter(|_| depth < DEEPEST) else {
            return;
        };
        for secret in credential::secrets_in(text) {
            learnt.add(&secret);
        }
        let inside = |part: &Part| text.get(part.range.clone()).unwrap_or_default();
        let strings = json_strings(text).into_iter().filter(|part| !part.is_name);
        let strings = strings.map(|part| (unquoted(inside(&part)), part.name));
        let fields = fields(text, place.is_form || place.is_url).into_iter();
        let fields = fields.flat_map(|part| {
            let plain = percent_decode_str(inside(&part)).decode_utf8_lossy();
            // A program may mean a plus by a plus, whatever a form says.
            [plain.replace('+', " "), plain.into_owned()].map(|value| (value, part.name.clone()))
        });
        for (value, name) in strings.chain(fields) {
            if self.is_credential(&name, &value, place.is_body) {
                learnt.add_credential(&name, &value);
            } else if value.len() < text.len() {
                self.learn(&value, Place::default(), depth + 1);
            }
        }
    }

    /// A body in base64, and whether it has become text. None: it holds nothing to take out.
    fn encoded_body(&self, body: &str, place: Place) -> Option<(String, bool)> {
        let bytes = STANDARD.decode(body).ok()?;
        // No placeholder is read in base64, so whatever looks like one is text.
        let literal = Self {
            has_placeholders: false,
            ..*self
        };
        match String::from_utf8(bytes) {
            Ok(text) => {
                let as_it_is = Self {
                    has_placeholders: true,
                    ..*self
                };
                let holds_some = as_it_is.text(&text, place) != text;
                holds_some.then(|| (literal.text(&text, place), true))
            }
            Err(_) if self.is_secret && place.is_body => Some((REMOVED.to_owned(), true)),
            Err(error) => {
                let bytes = error.into_bytes();
                self.learn(&String::from_utf8_lossy(&bytes), place, 0);
                // Also if it is unchanged: as text its digits could be taken for something else.
                Some((STANDARD.encode(self.scrubber.bytes(bytes)), false))
            }
        }
    }
}
