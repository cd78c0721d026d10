//! The contract's and the relay's names in words.

use maud::{Markup, html};
use psa_contract::{Operation, PermissionState};

use crate::alert::Severity;
use crate::case::State;
use crate::intake::Dialect;
use crate::service::MissingCheck;
use crate::time::Time;

/// What a permission is needed for.
pub(super) fn operation(operation: Operation) -> &'static str {
    match operation {
        Operation::Verify => "verify the set-up",
        Operation::ListCompanies => "list companies",
        Operation::ListBoardMetadata => "list boards, statuses, types and priorities",
        Operation::CheckTicket => "check a ticket",
        Operation::CreateTicket => "open tickets",
        Operation::GetTicket => "read a ticket",
        Operation::FindTickets => "see what technicians did",
        Operation::AddNote => "add notes",
        Operation::SetStatus => "close and reopen tickets",
        Operation::ListContacts => "list contacts",
        Operation::ListAssets => "list assets",
        Operation::ListSites => "list sites",
        Operation::AttachAsset => "attach assets",
    }
}

/// What was found of a permission, with the class of its mark.
pub(super) fn permission(state: PermissionState) -> (&'static str, &'static str) {
    match state {
        PermissionState::Granted => ("good", "Granted"),
        PermissionState::Limited => ("warn", "Limited"),
        PermissionState::Missing => ("bad", "Missing"),
        PermissionState::Unknown => ("unknown", "Not known"),
    }
}

/// A word with a mark: the mark is never the only thing that tells.
pub(super) fn mark(class: &str, word: &str) -> Markup {
    html! { span class={ "mark " (class) } { (word) } }
}

pub(super) fn dialect(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::PagerDuty => "PagerDuty Events API v2",
        Dialect::Alertmanager => "Alertmanager or Grafana webhook",
        Dialect::CloudEvents => "CloudEvents 1.0",
        Dialect::Generic => "JSON of any shape",
    }
}

/// Where its alerts go, below the intake.
pub(super) fn path(dialect: Dialect, source: &str) -> String {
    match dialect {
        Dialect::PagerDuty => "/v2/enqueue".to_owned(),
        Dialect::Alertmanager => "/alertmanager".to_owned(),
        Dialect::CloudEvents => "/events".to_owned(),
        Dialect::Generic => format!("/in/{source}"),
    }
}

/// Where its token goes.
pub(super) fn token_place(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::PagerDuty => "as routing_key (the integration key)",
        Dialect::Alertmanager => "as `credentials` of `authorization` in `http_config`",
        Dialect::CloudEvents => {
            "in the header Authorization: Bearer, or as access_token in the query"
        }
        Dialect::Generic => {
            "in the header Authorization: Bearer, or at the end of the address after a slash"
        }
    }
}

pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "Critical",
        Severity::High => "High",
        Severity::Medium => "Medium",
        Severity::Low => "Low",
        Severity::Info => "Info",
    }
}

/// The name of a state, as it is kept, in words.
pub(super) fn state_name(name: &str) -> &str {
    match name {
        "new" => "Needs a ticket",
        "opening" => "Being opened",
        "open" => "Ticket open",
        "noting" => "Note being written",
        "closing" => "Being closed",
        "reopening" => "Being reopened",
        "closed" => "Closed",
        "waiting" => "Waits for the PSA",
        "parked" => "Waits for you",
        "dropped" => "Dropped",
        other => other,
    }
}

/// The class of the mark of a state.
pub(super) fn state_class(name: &str) -> &'static str {
    match name {
        "open" => "good",
        "parked" => "bad",
        "waiting" => "warn",
        _ => "unknown",
    }
}

/// What is to be said of a state beside its name.
pub(super) fn state_reason(state: &State) -> Option<&str> {
    match state {
        State::Waiting { why, .. } => Some(why),
        State::Parked(parked) => Some(&parked.message),
        _ => None,
    }
}

pub(super) fn missing(check: MissingCheck) -> &'static str {
    match check {
        MissingCheck::Verify => "Verify Setup passes",
        MissingCheck::ReadTicket => "one ticket was read by its number, or you skipped this",
        MissingCheck::CheckTicket => "a sample ticket was checked",
    }
}

/// A time, with how long ago it was.
pub(super) fn time(at: Time, now: Time) -> Markup {
    let text = at.to_string();
    let minutes = now.since(at).as_secs() / 60;
    let ago = match minutes {
        0 => "just now".to_owned(),
        1..60 => format!("{minutes} min ago"),
        60..2_880 => format!("{} h ago", minutes / 60),
        _ => format!("{} days ago", minutes / 1_440),
    };
    html! { time datetime=(text) title=(text) { (ago) } }
}

/// A moment, in full.
pub(super) fn moment(at: Time) -> String {
    at.to_string().replace('T', " ").replace('Z', " UTC")
}

/// A number of things.
pub(super) fn count(number: u64, one: &str, many: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {many}"),
    }
}
