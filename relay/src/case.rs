//! A case: all alerts of one source with one key, from firing to the end. One ticket each. What happens to it is decided
//! here, as a function of the case, what happened and the time; nothing is done here.
//!
//! A call is started ([`Event::Started`]) before it is made, and the start is kept: so a process that ends in the middle
//! leaves a case in a calling state, and whoever finds it ([`Event::Interrupted`]) treats the call as one whose outcome is
//! unknown. No two calls of a case overlap: a case in a calling state has nothing due.

mod call; // Calls: their start, and what came of them.
mod due; // What is to be done next, and when.
mod receive; // An alert meets the latest case of its key.
mod seen; // What technicians did.

#[cfg(test)]
mod tests;

use psa_contract::ConnectorError;
use serde::{Deserialize, Serialize};

use crate::alert::{Alert, Status};
use crate::policy::Rules;
use crate::time::Time;

pub use due::{Due, due};
pub use receive::{Joining, Received, Why, receive};

/// A case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Case {
    /// Whose it is.
    pub tenant: String,
    /// Where its alerts come from.
    pub source: String,
    /// What it is about.
    pub key: String,
    /// 1, and one more each time that the alert comes back too late for its old ticket.
    pub episode: u32,
    /// Under which its ticket is found again.
    pub reference: String,
    /// Where it stands.
    pub state: State,
    /// The alert that made it: what the ticket says.
    pub alert: Alert,
    /// How the alert stands now.
    pub status: Status,
    /// When the first alert came.
    pub first_seen: Time,
    /// When the latest alert came.
    pub last_seen: Time,
    /// How many alerts came.
    pub count: u64,
    /// The latest events, the newest last: a sender may repeat each.
    pub recent_events: Vec<(String, Time)>,
    /// Its ticket, once it is known.
    #[serde(default)]
    pub ticket: Option<Ticket>,
    /// The PSA's company that a ticket was or may have been opened for.
    #[serde(default)]
    pub company_id: Option<String>,
    /// What is to be written yet.
    #[serde(default)]
    pub owed: Owed,
    /// The latest note, or the first alert.
    pub noted_at: Time,
    /// How many notes have a number.
    pub notes: u32,
    /// When a call last began or ended.
    #[serde(default)]
    pub called_at: Time,
    /// Failures in a row.
    pub failures: u32,
    /// Answers in a row that were not understood.
    #[serde(default)]
    pub unexpected: u32,
    /// Since when the ticket is closed, or the case at its end.
    #[serde(default)]
    pub ended_at: Option<Time>,
    /// Whether a person ended it, and the alert has not recovered since.
    #[serde(default)]
    pub ended_by_person: bool,
    /// When the alert recovered, if it has.
    #[serde(default)]
    pub recovered_at: Option<Time>,
}

/// The ticket of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Ticket {
    /// The PSA's id.
    pub id: String,
    /// What people quote.
    pub number: String,
    /// For a person's browser.
    #[serde(default)]
    pub url: Option<String>,
    /// Whether it counts as done, as far as is known.
    #[serde(default)]
    pub is_closed: bool,
    /// It was merged or deleted: it cannot be reopened.
    #[serde(default)]
    pub is_gone: bool,
}

/// Where a case stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum State {
    /// It needs a ticket.
    New,
    /// A call has started.
    Calling {
        /// Which.
        work: Work,
        /// When.
        since: Time,
        /// Whether the same call was in doubt before.
        is_repeat: bool,
    },
    /// Its ticket is open.
    Open,
    /// Its ticket is closed.
    Closed,
    /// Until a time.
    Waiting {
        /// That time.
        until: Time,
        /// The call whose outcome is unknown: it is repeated as it was. None: what is due then.
        in_doubt: Option<Work>,
        /// For people.
        why: String,
    },
    /// For a person.
    Parked(Parked),
    /// A person dropped it.
    Dropped,
}

/// Why a case waits for a person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Parked {
    /// The contract's code, or `unmapped-company`, `mapping-gone`, `not-set-up`.
    pub reason: String,
    /// What happened.
    pub message: String,
    /// What to correct.
    #[serde(default)]
    pub hint: Option<String>,
    /// The fields that are wrong, in the contract's names.
    #[serde(default)]
    pub fields: Vec<String>,
    /// The tickets to look at.
    #[serde(default)]
    pub ticket_ids: Vec<String>,
}

/// A call of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Work {
    /// Opens the ticket.
    Open,
    /// Adds this note.
    Note(Note),
    /// Sets the closing status.
    Close,
    /// Sets the status for reopening.
    Reopen,
}

/// A note, frozen when its call starts: a repeat of the call says the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Note {
    /// Of the notes of this case.
    pub number: u32,
    /// What came again.
    pub repeats: Option<Repeats>,
    /// When the alert recovered.
    pub recovered_at: Option<Time>,
}

/// Alerts that came again and are not noted yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Repeats {
    /// How many.
    pub count: u64,
    /// The first of them.
    pub first: Time,
    /// The latest of them.
    pub last: Time,
    /// Whether the alert had recovered in between.
    pub recurred: bool,
}

/// What is to be written to the ticket yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Owed {
    /// A note about these.
    pub repeats: Option<Repeats>,
    /// A note about this recovery.
    pub recovered_at: Option<Time>,
    /// A status.
    pub status: Option<Target>,
}

/// A status to be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// The one for reopening.
    Open,
    /// The closing one.
    Closed,
}

/// What happens to a case beside alerts.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The work that is due starts. To be kept before the call.
    Started {
        /// Of a ticket that is opened: the company it is opened for.
        company_id: Option<String>,
    },
    /// The ticket was opened.
    Opened(Ticket),
    /// A ticket bore the reference already.
    Found {
        /// That ticket.
        ticket: Ticket,
        /// When it was opened, by the PSA's clock. None: the PSA does not say.
        opened_at: Option<Time>,
    },
    /// The note is there.
    Noted,
    /// The status is set.
    StatusSet {
        /// Whether the ticket counts as done now. None: the PSA does not say.
        is_closed: Option<bool>,
    },
    /// The call failed.
    Failed {
        /// How.
        error: Box<ConnectorError>,
        /// At least 0, below 1.
        random: f64,
    },
    /// A call was started, and whoever made it is no more.
    Interrupted,
    /// The work that is due cannot be done before a person corrects something.
    Hindered(Parked),
    /// The ticket was read.
    Seen {
        /// None: it is not there, or cannot be seen.
        ticket: Option<SeenTicket>,
        /// When the read began: what a call did since is not undone by it.
        as_of: Time,
    },
    /// A person corrected something.
    Retry,
    /// A person chose the ticket.
    Adopted(Ticket),
    /// A person wants nothing done.
    Dropped,
}

/// What was seen of a ticket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeenTicket {
    /// None: the PSA does not say.
    pub is_closed: Option<bool>,
    /// Merged into another one.
    pub is_merged: bool,
}

/// What follows for the tenant.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Nothing.
    None,
    /// None of its calls before this time.
    TenantWaits(Time),
    /// None of its calls before its settings are verified.
    TenantPauses(Parked),
}

/// What came of an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The case as it is now.
    pub case: Case,
    /// What follows for its tenant.
    pub effect: Effect,
    /// What is to be kept for the person who reads the trail. None: nothing worth a line.
    pub line: Option<String>,
}

/// What an event makes of a case. None: the event does not fit its state, and nothing is changed.
#[must_use]
pub fn step(mut case: Case, event: Event, now: Time, rules: &Rules) -> Option<Step> {
    if matches!(
        event,
        Event::Started { .. }
            | Event::Opened(_)
            | Event::Found { .. }
            | Event::Noted
            | Event::StatusSet { .. }
            | Event::Failed { .. }
            | Event::Interrupted
    ) {
        case.called_at = now;
    }
    match event {
        Event::Started { company_id } => call::started(case, company_id, now, rules),
        Event::Opened(ticket) => call::opened(case, ticket, now),
        Event::Found { ticket, opened_at } => call::found(case, ticket, opened_at, now),
        Event::Noted => call::noted(case, now),
        Event::StatusSet { is_closed } => call::status_set(case, is_closed, now),
        Event::Failed { error, random } => call::failed(case, &error, random, now, rules),
        Event::Interrupted => call::interrupted(case, now, rules),
        Event::Hindered(parked) => call::hindered(case, parked, now, rules),
        Event::Seen { ticket, as_of } => seen::seen(case, ticket, as_of, now),
        Event::Retry => seen::retried(case),
        Event::Adopted(ticket) => seen::adopted(case, ticket),
        Event::Dropped => seen::dropped(case, now),
    }
}

impl State {
    /// The name in lists and in numbers.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Calling { work, .. } => match work {
                Work::Open => "opening",
                Work::Note(_) => "noting",
                Work::Close => "closing",
                Work::Reopen => "reopening",
            },
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Waiting { .. } => "waiting",
            Self::Parked(_) => "parked",
            Self::Dropped => "dropped",
        }
    }

    /// Every name, in the order in which they are shown.
    pub const NAMES: [&str; 10] = [
        "new",
        "opening",
        "open",
        "noting",
        "closing",
        "reopening",
        "closed",
        "waiting",
        "parked",
        "dropped",
    ];
}

impl Case {
    /// The state of a case that neither calls nor waits.
    fn at_rest(&self) -> State {
        match &self.ticket {
            None => State::New,
            Some(ticket) if ticket.is_closed => State::Closed,
            Some(_) => State::Open,
        }
    }

    /// The call that is made now or is in doubt.
    fn pending(&self) -> Option<&Work> {
        match &self.state {
            State::Calling { work, .. } => Some(work),
            State::Waiting { in_doubt, .. } => in_doubt.as_ref(),
            _ => None,
        }
    }
}

fn quiet(case: Case) -> Step {
    Step {
        case,
        effect: Effect::None,
        line: None,
    }
}

fn told(case: Case, line: impl Into<String>) -> Step {
    Step {
        case,
        effect: Effect::None,
        line: Some(line.into()),
    }
}
