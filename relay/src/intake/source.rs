//! How a source is read: its dialect, and where in its JSON things are.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::alert::Severity;

/// What a source speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dialect {
    /// PagerDuty's Events API v2.
    #[serde(rename = "pagerduty")]
    PagerDuty,
    /// Alertmanager's webhook, and Grafana's, which has the same shape.
    Alertmanager,
    /// CloudEvents 1.0: structured, batched or binary.
    #[serde(rename = "cloudevents")]
    CloudEvents,
    /// JSON of any shape.
    Generic,
}

impl Dialect {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::PagerDuty,
        Self::Alertmanager,
        Self::CloudEvents,
        Self::Generic,
    ];

    /// The name in settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::PagerDuty => "pagerduty",
            Self::Alertmanager => "alertmanager",
            Self::CloudEvents => "cloudevents",
            Self::Generic => "generic",
        }
    }
}

/// What makes a case of Alertmanager's alerts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CaseKey {
    /// Each alert is a case.
    #[default]
    Alert,
    /// All alerts of a notification are one case.
    Group,
}

/// How a source is read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SourceRules {
    /// What it speaks.
    pub dialect: Dialect,
    /// Of Alertmanager only.
    #[serde(default)]
    pub case_key: CaseKey,
    /// Where things are, if not where the dialect has them. Pointers lead into the body of generic sources, into the `data`
    /// of a CloudEvent, into one alert of Alertmanager, and into the event of PagerDuty.
    #[serde(default)]
    pub fields: FieldMap,
    /// What the words of this source mean, before the common ones.
    #[serde(default)]
    pub severities: BTreeMap<String, Severity>,
    /// The company of all its alerts. None: each says it.
    #[serde(default)]
    pub company: Option<String>,
    /// What the sender takes for success. None: 202, as PagerDuty and CloudEvents say.
    #[serde(default)]
    pub success_status: Option<u16>,
}

/// JSON Pointers into an alert. None: where the dialect has it, or not at all.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct FieldMap {
    /// What it is about. Several are joined.
    pub key: Vec<String>,
    /// One line.
    pub summary: Option<String>,
    /// More than a line.
    pub description: Option<String>,
    /// How bad it is.
    pub severity: Option<String>,
    /// Whose it is.
    pub company: Option<String>,
    /// When it happened.
    pub occurred_at: Option<String>,
    /// A link to its console.
    pub link: Option<String>,
    /// Whether it goes on.
    pub status: Option<StatusMap>,
}

/// How a value says whether an alert goes on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct StatusMap {
    /// Where the value is.
    pub pointer: String,
    /// The values that say that it is over, compared without case.
    #[serde(default)]
    pub recovered: Vec<String>,
    /// The values that say that somebody has seen it.
    #[serde(default)]
    pub acknowledged: Vec<String>,
}

impl SourceRules {
    /// Those of a dialect, with nothing chosen.
    #[must_use]
    pub fn of(dialect: Dialect) -> Self {
        Self {
            dialect,
            case_key: CaseKey::default(),
            fields: FieldMap::default(),
            severities: BTreeMap::new(),
            company: None,
            success_status: None,
        }
    }

    /// What a word of this source means. None: not known.
    pub(super) fn severity(&self, words: &str) -> Option<Severity> {
        let own = self
            .severities
            .iter()
            .find(|(own, _)| own.eq_ignore_ascii_case(words.trim()));
        own.map(|(_, severity)| *severity)
            .or_else(|| Severity::of_words(words))
    }
}
