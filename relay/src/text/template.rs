//! A line with `{fields}`: `Blocked: {domain}`.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::alert::Alert;

/// A text with the names of fields in braces. A name may have another one for its place: `{domain|summary}`. `{{` and `}}`
/// are braces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Template {
    text: String,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    /// The first that has a value.
    Fields(Vec<String>),
}

/// Why a text is not a template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A brace opens and does not close, or the other way round.
    #[error("a brace has no partner; write {{{{ or }}}} for a brace itself")]
    Unbalanced,
    /// `{}`.
    #[error("a pair of braces names no field")]
    Empty,
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// [`TemplateError`]
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            match letter {
                '{' | '}' if letters.peek() == Some(&letter) => {
                    letters.next();
                    plain.push(letter);
                }
                '}' => return Err(TemplateError::Unbalanced),
                '{' => {
                    let mut names = String::new();
                    loop {
                        match letters.next() {
                            Some('}') => break,
                            Some('{') | None => return Err(TemplateError::Unbalanced),
                            Some(letter) => names.push(letter),
                        }
                    }
                    let names: Vec<String> = names.split('|').map(|it| it.trim().into()).collect();
                    if names.iter().any(String::is_empty) {
                        return Err(TemplateError::Empty);
                    }
                    parts.push(Part::Text(std::mem::take(&mut plain)));
                    parts.push(Part::Fields(names));
                }
                other => plain.push(other),
            }
        }
        parts.push(Part::Text(plain));
        parts.retain(|part| !matches!(part, Part::Text(text) if text.is_empty()));
        Ok(Self {
            text: text.to_owned(),
            parts,
        })
    }

    /// The text for an alert. A field that is not there leaves nothing.
    #[must_use]
    pub fn fill(&self, alert: &Alert) -> String {
        let filled = self.parts.iter().map(|part| match part {
            Part::Text(text) => text.clone(),
            Part::Fields(names) => names
                .iter()
                .find_map(|name| value(alert, name))
                .unwrap_or_default(),
        });
        filled.collect()
    }

    /// The fields that it names, for the page that shows which of them an alert has.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.parts
            .iter()
            .flat_map(|part| match part {
                Part::Text(_) => &[][..],
                Part::Fields(names) => names,
            })
            .map(String::as_str)
    }
}

/// What belongs to every alert, then the fields of this one.
fn value(alert: &Alert, name: &str) -> Option<String> {
    let own = match name.to_ascii_lowercase().as_str() {
        "summary" => Some(alert.summary.clone()),
        "description" => alert.description.clone(),
        "severity" => Some(alert.severity.name().to_owned()),
        "company" => alert.company.clone(),
        "key" => Some(alert.key.clone()),
        "source" => alert
            .field("source")
            .map(str::to_owned)
            .or_else(|| Some(alert.source.clone())),
        "time" => alert.occurred_at.clone(),
        _ => None,
    };
    own.filter(|text| !text.is_empty())
        .or_else(|| alert.field(name).map(str::to_owned))
}

impl TryFrom<String> for Template {
    type Error = TemplateError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Template> for String {
    fn from(template: Template) -> Self {
        template.text
    }
}

impl fmt::Display for Template {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::{Field, Severity};

    #[test]
    fn fields_take_the_place_of_their_names() {
        let alert = Alert {
            severity: Severity::High,
            summary: "DNS query blocked".to_owned(),
            fields: vec![Field {
                name: "FQDN".to_owned(),
                value: "bad.example".to_owned(),
            }],
            ..Alert::default()
        };
        let filled = |text: &str| Template::parse(text).map(|it| it.fill(&alert));
        for (text, expected) in [
            ("{severity}: {fqdn}", "high: bad.example"),
            ("{domain|fqdn} blocked", "bad.example blocked"),
            ("{missing}{{x}}", "{x}"),
            ("", ""),
        ] {
            assert_eq!(filled(text), Ok(expected.to_owned()), "{text}");
        }
        for text in ["{", "}", "{a{b}}", "{a"] {
            assert_eq!(filled(text), Err(TemplateError::Unbalanced), "{text}");
        }
        for text in ["{ }", "{a|}"] {
            assert_eq!(filled(text), Err(TemplateError::Empty), "{text}");
        }
        let template = Template::parse("{a|b} {c}").expect("a template");
        assert_eq!(template.fields().collect::<Vec<_>>(), ["a", "b", "c"]);
    }
}
