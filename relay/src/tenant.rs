//! A tenant of the relay: one PSA's account, what was chosen for its tickets, and its companies.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::alert::Severity;
use crate::case::Parked;
use crate::intake::SourceRules;
use crate::policy::{OnRecovery, Rules, Timing};
use crate::text::TextRules;
use crate::time::Time;

/// A tenant, but for its settings, which are secret.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Tenant {
    /// Lower case, digits and hyphens; never changes.
    pub id: String,
    /// What people read.
    pub name: String,
    /// The name of the connector, as the configuration of the relay has it.
    pub connector: String,
    /// Whether alerts become tickets.
    #[serde(default)]
    pub is_enabled: bool,
    /// What was chosen for its tickets.
    #[serde(default)]
    pub services: Services,
    /// What was checked before it may be enabled.
    #[serde(default)]
    pub checks: Checks,
}

/// The choices of the Services step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Services {
    /// Where tickets are worked on.
    pub board_id: Option<String>,
    /// The status of a new ticket.
    pub status_id: Option<String>,
    /// Its type.
    pub type_id: Option<String>,
    /// Its subtype.
    pub subtype_id: Option<String>,
    /// Its item.
    pub item_id: Option<String>,
    /// The priority of every severity that has none of its own.
    pub priority_id: Option<String>,
    /// The priority of a severity.
    pub priorities: BTreeMap<Severity, String>,
    /// Where the PSA shows that tickets come from.
    pub source_id: Option<String>,
    /// The statuses that close a ticket, in order of preference. Empty: recoveries are noted.
    pub closing_status_ids: Vec<String>,
    /// The statuses that open a ticket again. Empty: an alert that recurs opens a new ticket.
    pub reopening_status_ids: Vec<String>,
    /// What a recovery does.
    pub on_recovery: OnRecovery,
    /// The company of alerts whose own is not mapped. None: they wait for a person.
    pub default_company: Option<PsaCompany>,
}

/// A company of the PSA.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PsaCompany {
    /// The PSA's id.
    pub id: String,
    /// As the PSA shows it.
    pub name: String,
}

/// What was done before a tenant may be enabled.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Checks {
    /// When Verify Setup last passed with these settings.
    pub verified_at: Option<Time>,
    /// When a ticket was read by its number, or a person said that it may be skipped.
    pub ticket_read_at: Option<Time>,
    /// When `check-ticket` last had no objection to these services.
    pub ticket_checked_at: Option<Time>,
}

/// A source of alerts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Source {
    /// Lower case, digits and hyphens; never changes, since references are made of it.
    pub id: String,
    /// Whose it is.
    pub tenant: String,
    /// What people read.
    pub name: String,
    /// How it is read.
    pub rules: SourceRules,
    /// What its tickets say.
    #[serde(default)]
    pub text: TextRules,
}

/// A company of a source and its company in the PSA.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Mapping {
    /// Whose it is.
    pub tenant: String,
    /// In the source's words.
    pub company: String,
    /// None: not mapped yet.
    #[serde(default)]
    pub target: Option<PsaCompany>,
    /// The target is no longer in the PSA.
    #[serde(default)]
    pub is_gone: bool,
    /// How many alerts named it.
    #[serde(default)]
    pub alerts: u64,
}

/// Why a tenant's calls rest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Pause {
    /// The PSA asked for it.
    Waits {
        /// Until then.
        until: Time,
    },
    /// Its settings are not accepted: verified again from time to time.
    Paused {
        /// What was wrong.
        parked: Parked,
        /// When it is verified again.
        verify_at: Time,
    },
}

impl Tenant {
    /// What the state machine needs of these choices.
    #[must_use]
    pub fn rules(&self, timing: &Timing) -> Rules {
        Rules {
            is_enabled: self.is_enabled,
            on_recovery: self.services.on_recovery,
            can_close: !self.services.closing_status_ids.is_empty(),
            can_reopen: !self.services.reopening_status_ids.is_empty(),
            timing: timing.clone(),
        }
    }
}

/// Whether a text can be an id here: 1 to 60 of `a-z 0-9 -`, the first a letter or digit.
#[must_use]
pub fn is_id(text: &str) -> bool {
    let is_fine = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    (1..=60).contains(&text.len())
        && text.chars().all(|letter| is_fine(letter) || letter == '-')
        && text.starts_with(is_fine)
}

/// What is said of an id that is none of those that there are.
#[must_use]
pub fn not_among(what: &str, id: &str, known: &[String]) -> String {
    match known {
        [] => format!("there is no {what} {id}; there are none"),
        known => format!("there is no {what} {id}; there are: {}", known.join(", ")),
    }
}
