//! The neutral alert: what every dialect of the intake is read into.

use serde::{Deserialize, Serialize};

/// One alert of a source, as it stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Alert {
    /// The id of the source that it came from.
    pub source: String,
    /// What it is about, within its source: alerts with one key belong to one case.
    pub key: String,
    /// Which event it is: a sender that repeats an event sends the same one.
    pub event: String,
    /// Whether that name is of this one event, so that one which comes late is told from a new one. False: it is made of the
    /// body, and the same body may come again and mean it.
    #[serde(default)]
    pub is_unique: bool,
    /// Firing, recovered or acknowledged.
    pub status: Status,
    /// How bad it is.
    pub severity: Severity,
    /// One line for people.
    pub summary: String,
    /// More than a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whose it is, in the source's words. None: the alert does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// When it happened, in the sender's form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<String>,
    /// Everything else that it says, in its order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
    /// Where a person sees it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
}

/// A named value of an alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// As the source calls it. Members of objects are joined by dots: `dns.fqdn`.
    pub name: String,
    /// As text.
    pub value: String,
}

/// A link to the alert's console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// What the person reads.
    pub label: String,
    /// Where it leads.
    pub url: String,
}

/// How an alert stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It goes on.
    #[default]
    Firing,
    /// Somebody has seen it. It goes on.
    Acknowledged,
    /// It is over.
    Recovered,
}

/// How bad an alert is.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Nothing to do.
    Info,
    /// The least that somebody should look at.
    Low,
    /// Also if the alert does not say.
    #[default]
    Medium,
    /// Soon.
    High,
    /// Now.
    Critical,
}

impl Status {
    /// The name in the store and for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Firing => "firing",
            Self::Acknowledged => "acknowledged",
            Self::Recovered => "recovered",
        }
    }
}

impl Severity {
    /// All, the worst first.
    pub const ALL: [Self; 5] = [
        Self::Critical,
        Self::High,
        Self::Medium,
        Self::Low,
        Self::Info,
    ];

    /// The name in settings and in templates.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::Info => "info",
        }
    }

    /// What the words of common products mean. Numbers as in OCSF: 1 is informational, 6 is fatal. None: not known.
    #[must_use]
    pub fn of_words(words: &str) -> Option<Self> {
        let words = words.trim().to_ascii_lowercase();
        Some(match words.as_str() {
            "critical" | "crit" | "fatal" | "emergency" | "disaster" | "page" | "p1" | "5"
            | "6" => Self::Critical,
            "high" | "error" | "err" | "major" | "alert" | "severe" | "p2" | "4" => Self::High,
            "medium" | "moderate" | "warning" | "warn" | "average" | "p3" | "3" => Self::Medium,
            "low" | "minor" | "notice" | "p4" | "2" => Self::Low,
            "info" | "informational" | "information" | "debug" | "none" | "ok" | "p5" | "1" => {
                Self::Info
            }
            _ => return None,
        })
    }
}

impl Alert {
    /// The value of the first field with this name, compared without case.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|field| field.name.eq_ignore_ascii_case(name))
            .map(|field| field.value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_products_are_severities() {
        for (words, severity) in [
            ("critical", Some(Severity::Critical)),
            (" Error ", Some(Severity::High)),
            ("warning", Some(Severity::Medium)),
            ("P4", Some(Severity::Low)),
            ("1", Some(Severity::Info)),
            ("6", Some(Severity::Critical)),
            ("purple", None),
            ("", None),
        ] {
            assert_eq!(Severity::of_words(words), severity, "{words}");
        }
        for severity in Severity::ALL {
            assert_eq!(Severity::of_words(severity.name()), Some(severity));
        }
    }
}
