//! A captured body: its pointers, and the ticket that it would become.

use maud::{Markup, html};
use serde_json::Value;

use super::chosen_mark;
use crate::alert::{Alert, Field};
use crate::intake::Dialect;
use crate::office::Office;
use crate::page::fields::sentence;
use crate::page::tables;
use crate::page::visit::Trouble;
use crate::page::words;
use crate::service::{self, Preview};
use crate::store::Capture;
use crate::tenant::Source;

/// How many pointers are offered.
const POINTERS: usize = 100;
/// How much of a value is shown, in characters.
const SHOWN: usize = 60;

/// The latest body of a source, as its rules read it.
pub(super) struct Sample {
    capture: Capture,
    alert: Result<Option<Alert>, String>,
}

impl Sample {
    /// The latest that was understood, else the latest.
    pub(super) fn of(source: &Source, captures: &[Capture]) -> Option<Self> {
        let mut understood = captures.iter().filter(|it| it.capture.is_understood);
        let capture = understood.next().or_else(|| captures.first())?.clone();
        let alerts = service::read_sample(&source.id, &source.rules, &capture);
        Some(Self {
            alert: alerts.map(|it| it.into_iter().next()),
            capture,
        })
    }

    /// The fields of its alert.
    pub(super) fn fields(&self) -> &[Field] {
        match &self.alert {
            Ok(Some(alert)) => &alert.fields,
            _ => &[],
        }
    }

    /// Pointers into it with the values that are there.
    pub(super) fn pointers(&self, dialect: Dialect) -> Vec<(String, String)> {
        let mut found = Vec::new();
        if let Some(value) = self.value(dialect) {
            walk(&mut found, "", &value);
        }
        found
    }

    /// What pointers lead into.
    fn value(&self, dialect: Dialect) -> Option<Value> {
        let body: Value = serde_json::from_str(&self.capture.capture.body).ok()?;
        let inner = match dialect {
            Dialect::Generic | Dialect::PagerDuty => None,
            Dialect::Alertmanager => body.pointer("/alerts/0").cloned(),
            Dialect::CloudEvents => body.pointer("/data").or(body.pointer("/0/data")).cloned(),
        };
        Some(inner.unwrap_or(body))
    }

    pub(super) async fn preview(
        &self,
        office: &Office,
        source: &Source,
    ) -> Result<Option<Preview>, Trouble> {
        match &self.alert {
            Ok(Some(alert)) => {
                let preview = service::preview(office, source, alert.clone()).await?;
                Ok(Some(preview))
            }
            _ => Ok(None),
        }
    }

    pub(super) fn draw(&self, preview: Option<&Preview>) -> Markup {
        html! {
            @match (&self.alert, preview) {
                (Ok(Some(alert)), Some(preview)) => {
                    p {
                        (chosen_mark(true)) " The latest alert, of " (words::moment(self.capture.at)) ", is "
                        (words::severity(alert.severity)) " and " (alert.status.name()) ". It belongs to the case "
                        code { (preview.key) } "."
                    }
                    @match &preview.company {
                        Some(company) => (tables::preview(&preview.draft, &company.name)),
                        None => {
                            p.notice { "Its company, " (alert.company.as_deref().unwrap_or("which it does not name"))
                                ", is not mapped: it waits for you." }
                            (tables::preview(&preview.draft, "a company that is not mapped"))
                        }
                    }
                }
                (Err(why), _) => p { (chosen_mark(false)) " " (sentence(why)) " Say below where things are." },
                _ => p { "The latest body holds no alert." },
            }
            details {
                summary { "The body, without credentials" }
                pre tabindex="0" { (self.capture.capture.body) }
            }
        }
    }
}

/// Every value below this one by its pointer. Lists of texts are one value.
fn walk(found: &mut Vec<(String, String)>, path: &str, value: &Value) {
    if found.len() >= POINTERS {
        return;
    }
    let is_plain = |value: &Value| !value.is_object() && !value.is_array();
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                walk(found, &format!("{path}/{name}"), member);
            }
        }
        Value::Array(elements) if !elements.iter().all(is_plain) => {
            for (index, element) in elements.iter().enumerate() {
                walk(found, &format!("{path}/{index}"), element);
            }
        }
        other => {
            let text = match other {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let shown: String = text.chars().take(SHOWN).collect();
            found.push((path.to_owned(), shown));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_lead_to_what_is_shown() {
        let value = serde_json::json!({"a/b": 1, "c": {"d~": ["x", "y"]}, "e": [{"f": null}]});
        let mut found = Vec::new();
        walk(&mut found, "", &value);
        assert_eq!(found.len(), 3);
        for (pointer, _) in found {
            assert!(value.pointer(&pointer).is_some(), "{pointer}");
        }
    }
}
