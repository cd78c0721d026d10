//! What goes into a store and comes out of it.

use serde::{Deserialize, Serialize};

use crate::alert::{Alert, Severity, Status};
use crate::case::Case;
use crate::tenant::{Mapping, Source, Tenant};
use crate::time::Time;

/// Why something could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk, or the database.
    #[error("the database: {0}")]
    Database(String),
    /// The database does not take this, and would not take it another time.
    #[error("the database refuses it: {0}")]
    Refused(String),
    /// More waits to be written than the store holds.
    #[error("the store has more to write than it can hold; send it again")]
    Busy,
    /// The store is closed.
    #[error("the store is closed")]
    Closed,
    /// What is kept cannot be read.
    #[error("the database holds something that cannot be read: {0}")]
    Unreadable(String),
    /// There is no such tenant, source or case.
    #[error("there is no {0}")]
    Missing(String),
    /// The database was made by a later version.
    #[error("the database has version {found}, and this relay knows {known}: use a later relay")]
    TooNew {
        /// The database's.
        found: i64,
        /// The newest that is known here.
        known: i64,
    },
}

/// The number of a case in its store.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct CaseId(pub i64);

/// A case as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredCase {
    /// Its number.
    pub id: CaseId,
    /// When it has work. None: it has none.
    pub due_at: Option<Time>,
    /// The case.
    pub case: Case,
}

/// What came of an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The number of the alert in the trail.
    pub alert: i64,
    /// The case that it made or joined.
    pub case: Option<CaseId>,
    /// What it did, for people.
    pub outcome: String,
    /// Whether its case has work now that it did not have before.
    pub has_work: bool,
    /// The tenant of its source.
    pub tenant: String,
}

/// A body to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCapture {
    /// Whether it was understood.
    pub is_understood: bool,
    /// Why it was not.
    pub why: String,
    /// Its media type.
    pub media_type: String,
    /// Without credentials.
    pub body: String,
}

impl NewCapture {
    /// How many bodies of a source are kept that are like this one.
    #[must_use]
    pub(super) fn most_kept(&self) -> i64 {
        if self.is_understood { 20 } else { 100 }
    }
}

/// A body that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    /// When it came.
    pub at: Time,
    /// The body.
    pub capture: NewCapture,
}

/// A token of a source, as its digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Token {
    /// Whose it is.
    pub source: String,
    /// 0 or 1: two are valid at once, so that one can be replaced without a pause.
    pub place: u8,
    /// The SHA-256 of the token, in hexadecimal.
    pub digest: String,
    /// When it was made.
    pub created_at: Time,
}

/// Which companies to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MappingFilter {
    /// Part of the name, without case.
    pub search: Option<String>,
    /// Only those without a target that is there.
    pub only_unmapped: bool,
    /// Those after this name.
    pub after: Option<String>,
    /// At most so many. None: all.
    pub limit: Option<usize>,
}

/// Which cases to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseFilter {
    /// Of this tenant.
    pub tenant: Option<String>,
    /// In one of these states, by name. Empty: in any.
    pub states: Vec<String>,
    /// Those before this one.
    pub before: Option<CaseId>,
    /// At most so many. None: 100.
    pub limit: Option<usize>,
}

/// Which alerts to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlertFilter {
    /// Of this tenant.
    pub tenant: Option<String>,
    /// Of this source.
    pub source: Option<String>,
    /// Of this case.
    pub case: Option<CaseId>,
    /// Those before this one.
    pub before: Option<i64>,
    /// At most so many. None: 100.
    pub limit: Option<usize>,
}

/// An alert in the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptAlert {
    /// Its number.
    pub id: i64,
    /// When it came.
    pub at: Time,
    /// Whose it is.
    pub tenant: String,
    /// Where it came from.
    pub source: String,
    /// Its case, if there is one.
    pub case: Option<CaseId>,
    /// How it stood.
    pub status: Status,
    /// How bad it was.
    pub severity: Severity,
    /// In the source's words.
    pub company: Option<String>,
    /// One line.
    pub summary: String,
    /// Why it did, or did not, become a ticket.
    pub outcome: String,
}

impl KeptAlert {
    /// Of an alert that came just now. It has no number, no case and no outcome yet.
    #[must_use]
    pub(super) fn of(tenant: &str, alert: &Alert, now: Time) -> Self {
        Self {
            id: 0,
            at: now,
            tenant: tenant.to_owned(),
            source: alert.source.clone(),
            case: None,
            status: alert.status,
            severity: alert.severity,
            company: alert.company.clone(),
            summary: alert.summary.clone(),
            outcome: String::new(),
        }
    }
}

/// What happened to a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct TrailLine {
    /// When.
    pub at: Time,
    /// What.
    pub line: String,
}

/// An open ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    /// Its case.
    pub case: CaseId,
    /// The PSA's id.
    pub ticket_id: String,
}

/// Everything that a store keeps, but for samples, pauses and the relay's own notes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// Tenants.
    pub tenants: Vec<Tenant>,
    /// Sources.
    pub sources: Vec<Source>,
    /// Companies.
    pub mappings: Vec<Mapping>,
    /// Digests of tokens.
    pub tokens: Vec<Token>,
    /// Sealed settings. Those of the platform have an empty tenant.
    pub settings: Vec<SealedSetting>,
    /// Cases, each with its ticket and its trail, the earliest first.
    pub cases: Vec<TracedCase>,
    /// Alerts, the earliest first.
    pub alerts: Vec<PastAlert>,
}

/// A setting as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedSetting {
    /// Whose.
    pub tenant: String,
    /// Which.
    pub name: String,
    /// None: it is deleted.
    pub sealed: Option<Vec<u8>>,
}

/// A case with what happened to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct TracedCase {
    /// The case.
    pub case: Case,
    /// In order.
    #[serde(default)]
    pub trail: Vec<TrailLine>,
}

/// An alert in the trail, which names its case in words that hold in every store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PastAlert {
    /// When it came.
    pub at: Time,
    /// Whose it is.
    pub tenant: String,
    /// Where it came from.
    pub source: String,
    /// Its case, if there is one: key and episode.
    #[serde(default)]
    pub case: Option<(String, u32)>,
    /// How it stood.
    pub status: Status,
    /// How bad it was.
    pub severity: Severity,
    /// In the source's words.
    #[serde(default)]
    pub company: Option<String>,
    /// One line.
    pub summary: String,
    /// Why it did, or did not, become a ticket.
    pub outcome: String,
}

impl PastAlert {
    /// As it is kept in a store where its case has this number. It has no number itself yet.
    #[must_use]
    pub(super) fn into_kept(self, case: Option<CaseId>) -> KeptAlert {
        KeptAlert {
            id: 0,
            at: self.at,
            tenant: self.tenant,
            source: self.source,
            case,
            status: self.status,
            severity: self.severity,
            company: self.company,
            summary: self.summary,
            outcome: self.outcome,
        }
    }
}

/// What came of taking in a snapshot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TakenIn {
    /// Cases that are new here.
    pub cases: u64,
    /// Cases that were here already, and stayed as they were.
    pub cases_here_already: u64,
}
