//! What people do: technicians in the PSA, and whoever looks after the relay.

use super::{Case, Owed, SeenTicket, State, Step, Ticket, Work, quiet, told};
use crate::alert::Status;
use crate::time::Time;

/// Only while no call about it is under way or in doubt: what such a call did would be taken for a person's doing.
pub(super) fn seen(
    mut case: Case,
    seen: Option<SeenTicket>,
    as_of: Time,
    now: Time,
) -> Option<Step> {
    let is_stale = as_of <= case.called_at;
    if is_stale || case.pending().is_some() || matches!(case.state, State::Dropped) {
        return None;
    }
    let ticket = case.ticket.as_mut()?;
    let was_closed = ticket.is_closed;
    ticket.is_gone = seen.is_none_or(|it| it.is_merged);
    let is_closed = ticket.is_gone || seen.and_then(|it| it.is_closed).unwrap_or(was_closed);
    ticket.is_closed = is_closed;
    if is_closed == was_closed {
        return Some(quiet(case));
    }
    let line = if ticket.is_gone {
        "the ticket was merged into another one or deleted"
    } else if is_closed {
        "a person closed the ticket"
    } else {
        "a person opened the ticket again"
    };
    if is_closed {
        case.ended_at = Some(now);
        case.ended_by_person = case.status != Status::Recovered;
        case.owed = Owed::default();
    } else {
        case.ended_at = None;
        case.ended_by_person = false;
    }
    Some(told(case.settled(), line))
}

pub(super) fn retried(mut case: Case) -> Option<Step> {
    let State::Parked(_) = case.state else {
        return None;
    };
    case.failures = 0;
    case.unexpected = 0;
    case.state = case.at_rest();
    Some(told(case.settled(), "a person asked to try again"))
}

pub(super) fn adopted(mut case: Case, ticket: Ticket) -> Option<Step> {
    let State::Parked(_) = case.state else {
        return None;
    };
    let line = format!("a person chose ticket #{}", ticket.number);
    case.ticket = Some(ticket);
    case.failures = 0;
    case.unexpected = 0;
    case.state = case.at_rest();
    Some(told(case.settled(), line))
}

pub(super) fn dropped(mut case: Case, now: Time) -> Option<Step> {
    if matches!(case.state, State::Dropped | State::Calling { .. }) {
        return None;
    }
    let is_in_doubt = matches!(case.pending(), Some(Work::Open));
    case.state = State::Dropped;
    case.owed = Owed::default();
    case.ended_at = Some(now);
    case.ended_by_person = case.status != Status::Recovered;
    let line = if is_in_doubt {
        "a person dropped the case; a ticket may be there, since its call was in doubt"
    } else {
        "a person dropped the case"
    };
    Some(told(case, line))
}
