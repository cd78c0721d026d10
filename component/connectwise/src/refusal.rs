//! What the body of a refusal says, in whichever form it comes. What that means is in `api.rs`.

use psa_contract::Response;
use psa_toolkit::body::text_of;
use psa_toolkit::json;
use psa_toolkit::text::contains_ignoring_case;
use psa_toolkit::web_page;
use serde_json::Value;

/// What a refusal says.
pub(crate) struct Said {
    pub(crate) code: Option<String>,
    pub(crate) message: String,
    pub(crate) errors: Vec<InnerError>,
}

/// What it says of a field, or more of the same.
pub(crate) struct InnerError {
    pub(crate) message: Option<String>,
    pub(crate) field: Option<String>,
}

impl Said {
    pub(crate) fn of(response: &Response) -> Self {
        let body: Value = json::read(&response.body).unwrap_or_default();
        let code = text(&body, &["code", "error"]);
        let mut errors = Vec::new();
        for name in ["errors", "ModelState"] {
            errors.extend(body.get(name).map(inner_errors).unwrap_or_default());
        }
        errors.extend(text(&body, &["ExceptionMessage", "detail"]).map(unnamed));
        let message = match text(&body, &["message", "Message", "title"]) {
            Some(message) => message,
            None if code.is_some() || !errors.is_empty() => String::new(),
            None => plain_text(response),
        };
        Self {
            code,
            message,
            errors,
        }
    }

    /// The message with what the inner errors add to it.
    pub(crate) fn whole_message(&self) -> String {
        let mut parts = vec![self.message.as_str()];
        let inner = self.errors.iter().filter_map(|it| it.message.as_deref());
        for message in inner {
            if !parts.contains(&message) {
                parts.push(message);
            }
            if parts.len() == MOST_MESSAGES {
                break;
            }
        }
        parts.retain(|part| !part.is_empty());
        parts.join("; ")
    }

    pub(crate) fn names_client_id(&self) -> bool {
        contains_ignoring_case(&self.message, "clientid")
    }

    /// A mistake of ours that the server answers with a 5xx. Recorded: the body was refused while it was parsed, so nothing
    /// was written.
    pub(crate) fn blames_the_client(&self) -> bool {
        let starts = |words: &str| self.message.starts_with(words);
        starts("Error converting value") || starts("Could not find member")
    }
}

/// More of them only make the error long.
const MOST_MESSAGES: usize = 6;

/// The first of these members that is a text with something in it.
fn text(record: &Value, names: &[&str]) -> Option<String> {
    let texts = names.iter().filter_map(|name| record.get(name)?.as_str());
    texts.map(str::to_owned).find(|it| !it.trim().is_empty())
}

/// A list of records or of texts, or texts by the names of fields.
fn inner_errors(errors: &Value) -> Vec<InnerError> {
    match errors {
        Value::String(message) => vec![unnamed(message.clone())],
        Value::Array(items) => items.iter().flat_map(inner_error).collect(),
        Value::Object(fields) => {
            let of_field = |(field, messages): (&String, &Value)| {
                let messages = inner_errors(messages).into_iter();
                let named = messages.map(|it| InnerError {
                    field: Some(field.clone()),
                    ..it
                });
                named.collect::<Vec<_>>()
            };
            fields.iter().flat_map(of_field).collect()
        }
        _ => Vec::new(),
    }
}

fn inner_error(item: &Value) -> Option<InnerError> {
    match item {
        Value::String(message) => Some(unnamed(message.clone())),
        Value::Object(_) => Some(InnerError {
            message: text(item, &["message", "Message"]),
            field: text(item, &["field"]),
        }),
        _ => None,
    }
}

fn unnamed(message: String) -> InnerError {
    InnerError {
        message: Some(message),
        field: None,
    }
}

/// A short text is a message of the gateway; a page, and JSON of another shape, are not worth repeating.
fn plain_text(response: &Response) -> String {
    let text = text_of(&response.body);
    match text.trim_start().as_bytes().first() {
        None => "an empty body".to_owned(),
        Some(b'<') => web_page::describe(&response.body),
        Some(b'{' | b'[' | b'"') => "JSON that is not an error message of the PSA".to_owned(),
        Some(_) => text.into_owned(),
    }
}
