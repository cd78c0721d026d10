//! The calls of a case: their start, and what came of them.

use std::time::Duration;

use psa_contract::{ConnectorError, ErrorCode};

use super::{Case, Effect, Parked, State, Step, Ticket, Work, due, quiet, told};
use crate::alert::Status;
use crate::policy::Rules;
use crate::reference::ticket_reference;
use crate::time::Time;

/// By how much the clock of a PSA may differ from the relay's.
const CLOCKS_APART: Duration = Duration::from_secs(300);

pub(super) fn started(
    mut case: Case,
    company_id: Option<String>,
    now: Time,
    rules: &Rules,
) -> Option<Step> {
    let due = due(&case, rules).filter(|due| due.at <= now)?;
    let is_repeat = case.pending().is_some();
    if !is_repeat {
        case.take_up(&due.work);
    }
    if due.work == Work::Open {
        // A repeat of a call in doubt is for the same company.
        case.company_id = case.company_id.or(company_id);
    }
    case.state = State::Calling {
        work: due.work,
        since: now,
        is_repeat,
    };
    Some(quiet(case))
}

pub(super) fn opened(mut case: Case, ticket: Ticket, now: Time) -> Option<Step> {
    succeeded(&mut case, &Work::Open)?;
    let line = format!("ticket #{} is there", ticket.number);
    if ticket.is_closed || ticket.is_gone {
        // A ticket that bears the reference already, and that a person has closed.
        case.ended_at = Some(now);
        case.ended_by_person = case.status != Status::Recovered;
    }
    case.ticket = Some(ticket);
    case.state = case.at_rest();
    Some(told(case.settled(), line))
}

/// A closed ticket that was there before this case called for the first time is of an earlier case of the same key, which
/// is not kept any more, or is not in the copy that the relay was restored from. It says nothing about this alert. After a
/// doubt it may be this case's own, closed by a person since; one that is older than the case is not.
pub(super) fn found(
    mut case: Case,
    ticket: Ticket,
    opened_at: Option<Time>,
    now: Time,
) -> Option<Step> {
    let is_first_call = matches!(
        case.state,
        State::Calling {
            is_repeat: false,
            ..
        }
    );
    let is_older = opened_at.is_some_and(|at| at.plus(CLOCKS_APART) < case.first_seen);
    let is_of_earlier_case = is_first_call || is_older;
    if !is_of_earlier_case || !(ticket.is_closed || ticket.is_gone) {
        return opened(case, ticket, now);
    }
    succeeded(&mut case, &Work::Open)?;
    case.episode = case.episode.saturating_add(1);
    case.reference = ticket_reference(&case.source, &case.key, case.episode);
    case.company_id = None;
    case.state = State::New;
    let line = format!(
        "ticket #{} is closed and of an earlier case; another one is opened",
        ticket.number
    );
    Some(told(case, line))
}

pub(super) fn noted(mut case: Case, now: Time) -> Option<Step> {
    let State::Calling {
        work: Work::Note(note),
        ..
    } = &case.state
    else {
        return None;
    };
    let line = match (&note.repeats, note.recovered_at) {
        (_, Some(_)) => "the recovery is noted on the ticket".to_owned(),
        (Some(repeats), None) => format!("{} repeats are noted on the ticket", repeats.count),
        (None, None) => "a note is on the ticket".to_owned(),
    };
    case.noted_at = now;
    case.failures = 0;
    case.unexpected = 0;
    case.state = case.at_rest();
    Some(told(case.settled(), line))
}

pub(super) fn status_set(mut case: Case, is_closed: Option<bool>, now: Time) -> Option<Step> {
    let State::Calling { work, .. } = &case.state else {
        return None;
    };
    let closes = match work {
        Work::Close => true,
        Work::Reopen => false,
        Work::Open | Work::Note(_) => return None,
    };
    let work = work.clone();
    succeeded(&mut case, &work)?;
    let is_closed = is_closed.unwrap_or(closes);
    if let Some(ticket) = &mut case.ticket {
        ticket.is_closed = is_closed;
    }
    case.ended_at = is_closed.then_some(now);
    case.ended_by_person = false;
    case.state = case.at_rest();
    let line = match (closes, is_closed) {
        (true, true) => "the ticket is closed",
        (true, false) => "the closing status is set, and the PSA does not count the ticket as done",
        (false, false) => "the ticket is open again",
        (false, true) => "the status for reopening is set, and the PSA counts the ticket as done",
    };
    Some(told(case.settled(), line))
}

fn succeeded(case: &mut Case, expected: &Work) -> Option<()> {
    match &case.state {
        State::Calling { work, .. } if work == expected => {
            case.failures = 0;
            case.unexpected = 0;
            Some(())
        }
        _ => None,
    }
}

pub(super) fn failed(
    mut case: Case,
    error: &ConnectorError,
    random: f64,
    now: Time,
    rules: &Rules,
) -> Option<Step> {
    let State::Calling {
        work, is_repeat, ..
    } = case.state.clone()
    else {
        return None;
    };
    let timing = &rules.timing;
    let asked = error
        .retry_after_seconds
        .map(|seconds| Duration::from_secs(seconds.into()));
    let wait = |mut case: Case, until: Time, is_in_doubt: bool| {
        let in_doubt = if is_in_doubt {
            Some(work.clone())
        } else {
            not_done(&mut case, work.clone());
            None
        };
        case.failures = case.failures.saturating_add(1);
        case.state = State::Waiting {
            until,
            in_doubt,
            why: error.message.clone(),
        };
        case.settled()
    };
    let line = format!("{}: {}", error.code.name(), error.message);
    let told = |case, effect| {
        Some(Step {
            case,
            effect,
            line: Some(line.clone()),
        })
    };
    match error.code {
        ErrorCode::OutcomeUnknown => {
            let until = now.plus(timing.settled_after(error.retry_after_seconds));
            told(wait(case, until, true), Effect::None)
        }
        ErrorCode::RateLimited => {
            let until = now.plus(asked.unwrap_or(timing.rate_limited));
            told(wait(case, until, is_repeat), Effect::TenantWaits(until))
        }
        ErrorCode::Unavailable | ErrorCode::Denied => {
            let pause = timing.pause(case.failures, random);
            let until = now.plus(pause.max(asked.unwrap_or_default()));
            told(wait(case, until, is_repeat), Effect::None)
        }
        ErrorCode::Unauthorized | ErrorCode::Forbidden | ErrorCode::InvalidSettings => told(
            wait(case, now, is_repeat),
            Effect::TenantPauses(parked(error)),
        ),
        ErrorCode::UnexpectedResponse if case.unexpected == 0 => {
            case.unexpected = 1;
            let until = now.plus(timing.pause(case.failures, random));
            told(wait(case, until, is_repeat), Effect::None)
        }
        ErrorCode::UnexpectedResponse
        | ErrorCode::Rejected
        | ErrorCode::InvalidInput
        | ErrorCode::NotFound
        | ErrorCode::Conflict
        | ErrorCode::Unsupported => {
            not_done(&mut case, work);
            case.state = State::Parked(parked(error));
            told(case.settled(), Effect::None)
        }
    }
}

/// The call was declined or never arrived: it is owed again, and a ticket may be opened for another company.
fn not_done(case: &mut Case, work: Work) {
    if work == Work::Open {
        case.company_id = None;
    }
    case.give_back(work);
}

fn parked(error: &ConnectorError) -> Parked {
    let names = error.field_errors.iter().filter_map(|it| {
        let field = it.field.as_ref().or(it.vendor_field.as_ref());
        field.cloned()
    });
    let messages: Vec<String> = error
        .field_errors
        .iter()
        .map(|it| match it.field.as_ref().or(it.vendor_field.as_ref()) {
            Some(field) => format!("{field}: {}", it.message),
            None => it.message.clone(),
        })
        .collect();
    let message = if messages.is_empty() {
        error.message.clone()
    } else {
        format!("{} ({})", error.message, messages.join("; "))
    };
    Parked {
        reason: error.code.name().to_owned(),
        message,
        hint: error.hint.clone(),
        fields: names.collect(),
        ticket_ids: error.ticket_ids.clone(),
    }
}

pub(super) fn interrupted(mut case: Case, now: Time, rules: &Rules) -> Option<Step> {
    let State::Calling { work, .. } = &case.state else {
        return None;
    };
    let line = format!(
        "the relay ended during a call ({}); the same call is repeated once the PSA has settled",
        case.state.name()
    );
    case.state = State::Waiting {
        // From now on: nobody knows when the call that was cut off had left.
        until: now.plus(rules.timing.settled_after(None)),
        in_doubt: Some(work.clone()),
        why: "the relay ended during the call".to_owned(),
    };
    Some(told(case, line))
}

pub(super) fn hindered(mut case: Case, parked: Parked, now: Time, rules: &Rules) -> Option<Step> {
    match &mut case.state {
        State::New | State::Open | State::Closed | State::Waiting { in_doubt: None, .. } => {
            let line = format!("parked, {}: {}", parked.reason, parked.message);
            case.state = State::Parked(parked);
            Some(told(case, line))
        }
        // A call in doubt is not forgotten: it is tried again later.
        State::Waiting { until, why, .. } => {
            *until = now.plus(rules.timing.longest_pause);
            *why = parked.message;
            Some(quiet(case))
        }
        State::Calling { .. } | State::Parked(_) | State::Dropped => None,
    }
}
