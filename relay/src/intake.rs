//! What senders send, read into alerts, and what each dialect answers. Pure: a request in, alerts and an answer out. Whose
//! token it is, and whether the alerts could be kept, is decided in front of it and behind it.

mod alertmanager; // Alertmanager's webhook, and Grafana's.
mod cloudevents; // CloudEvents 1.0 over HTTP.
mod fields; // Values of JSON as fields, pointers into it.
mod generic; // JSON of any shape, by pointers.
mod pagerduty; // PagerDuty's Events API v2.
mod redact; // Bodies without credentials.
mod source; // How a source is read.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::alert::Alert;

pub(crate) use fields::link;
pub use fields::{flattened, text_at};
pub use redact::redacted;
pub use source::{CaseKey, Dialect, FieldMap, SourceRules, StatusMap};

/// What arrived.
#[derive(Clone, Debug, Default)]
pub struct Request<'a> {
    /// `POST`.
    pub method: &'a str,
    /// The part of the URL after `?`, without credentials.
    pub query: &'a str,
    /// Names in lower case.
    pub headers: &'a [(String, String)],
    /// As it came.
    pub body: &'a [u8],
}

impl<'a> Request<'a> {
    /// The first value of a header, whose name is in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&'a str> {
        let found = self.headers.iter().find(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str())
    }

    /// `application/json` of `Application/JSON; charset=utf-8`.
    fn media_type(&self) -> String {
        let whole = self.header("content-type").unwrap_or_default();
        let media_type = whole.split(';').next().unwrap_or_default();
        media_type.trim().to_ascii_lowercase()
    }

    /// Whether the body says that it is JSON, or says nothing.
    fn may_be_json(&self) -> bool {
        let media_type = self.media_type();
        media_type.is_empty() || media_type == "application/json" || media_type.ends_with("+json")
    }
}

/// What the sender gets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Names in lower case.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// JSON or nothing.
    #[serde(default)]
    pub body: String,
}

/// What came of a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// To be kept, and answered so once they are.
    Alerts {
        /// At least one.
        alerts: Vec<Alert>,
        /// After they are kept, and never before.
        answer: Answer,
    },
    /// Nothing to keep: a handshake, or an event that says nothing about an alert.
    Nothing {
        /// At once.
        answer: Answer,
        /// Why there is nothing.
        why: &'static str,
    },
    /// Not this dialect. The body is kept for the person who sets up the source.
    NotUnderstood {
        /// At once.
        answer: Answer,
        /// What was wrong, for people.
        why: String,
    },
}

/// What went wrong outside a dialect's own rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The token is unknown, missing or of another source.
    Unauthorized,
    /// The body is larger than the relay takes.
    TooLarge,
    /// This method is not taken here.
    MethodNotAllowed,
    /// The alerts cannot be kept now.
    Unavailable {
        /// When the sender should try again.
        retry_after_seconds: u32,
    },
}

/// Reads a request that was sent by the source with this id.
#[must_use]
pub fn read(source: &str, rules: &SourceRules, request: &Request<'_>) -> Reading {
    match rules.dialect {
        Dialect::PagerDuty => pagerduty::read(source, rules, request),
        Dialect::Alertmanager => alertmanager::read(source, rules, request),
        Dialect::CloudEvents => cloudevents::read(source, rules, request),
        Dialect::Generic => generic::read(source, rules, request),
    }
}

/// What trouble is called in a dialect.
#[must_use]
pub fn trouble(dialect: Dialect, trouble: Trouble) -> Answer {
    let (status, words) = match trouble {
        Trouble::Unauthorized => (401, "the token is missing, or not valid here"),
        Trouble::TooLarge => (413, "the body is too large"),
        Trouble::MethodNotAllowed => (405, "send POST"),
        Trouble::Unavailable { .. } => (503, "the alert cannot be kept now; send it again"),
    };
    let mut answer = match dialect {
        Dialect::PagerDuty => pagerduty::error(status, words),
        _ => problem(status, words),
    };
    let header = match trouble {
        Trouble::Unauthorized => Some(("www-authenticate", "Bearer".to_owned())),
        Trouble::MethodNotAllowed => Some(("allow", "POST".to_owned())),
        Trouble::Unavailable {
            retry_after_seconds,
        } => Some(("retry-after", retry_after_seconds.to_string())),
        Trouble::TooLarge => None,
    };
    let header = header.map(|(name, value)| (name.to_owned(), value));
    answer.headers.extend(header);
    answer
}

fn json_answer(status: u16, body: &serde_json::Value) -> Answer {
    Answer {
        status,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: body.to_string(),
    }
}

/// The answer of every dialect that has none of its own.
fn problem(status: u16, words: &str) -> Answer {
    json_answer(status, &serde_json::json!({"error": words}))
}

fn accepted(rules: &SourceRules, count: usize) -> Answer {
    let status = rules.success_status.unwrap_or(202);
    if status == 204 {
        return Answer {
            status,
            ..Answer::default()
        };
    }
    json_answer(status, &serde_json::json!({"accepted": count}))
}

fn not_understood(why: String) -> Reading {
    Reading::NotUnderstood {
        answer: problem(400, &why),
        why,
    }
}

fn unsupported_media_type(expected: &str) -> Reading {
    let why = format!("the Content-Type is not {expected}");
    Reading::NotUnderstood {
        answer: problem(415, &why),
        why,
    }
}

fn json_body(body: &[u8]) -> Result<serde_json::Value, String> {
    serde_json::from_slice(body).map_err(|error| format!("the body is not JSON: {error}"))
}
