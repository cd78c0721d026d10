//! An alert meets the latest case of its key.

use std::fmt;

use super::{Case, Owed, Repeats, State, Target, Work};
use crate::alert::{Alert, Status};
use crate::policy::{OnRecovery, Rules};
use crate::reference::ticket_reference;
use crate::time::Time;

/// How many events of a case are remembered.
const RECENT_EVENTS: usize = 8;

/// What an alert does.
#[derive(Clone, Debug, PartialEq)]
pub enum Received {
    /// It makes a case.
    New(Box<Case>),
    /// It belongs to a case that is there.
    Joined(Box<Case>, Joining),
    /// It does nothing.
    Nothing(Why),
}

/// What an alert does to its case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joining {
    /// The same event again: it is counted.
    SameEvent,
    /// It goes on: noted in time.
    Repeats,
    /// It is over.
    Recovers,
    /// It fires again: its ticket is reopened, or noted if it is still open.
    Recurs,
    /// A person closed its ticket while it fired: it stays closed.
    StaysClosed,
    /// Somebody has seen it.
    IsAcknowledged,
}

/// Why an alert does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The tenant's tickets are switched off.
    SwitchedOff,
    /// It is over, and there is no case.
    RecoveredWithoutCase,
    /// It is acknowledged, and there is no case.
    AcknowledgedWithoutCase,
}

/// Why it did, or did not, become a ticket: the words of the trail.
impl fmt::Display for Received {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::New(case) if case.episode == 1 => formatter.write_str("a new case"),
            Self::New(case) => write!(formatter, "a new case, the {}. of this key", case.episode),
            Self::Joined(_, joining) => write!(formatter, "{joining}"),
            Self::Nothing(why) => write!(formatter, "{why}"),
        }
    }
}

impl fmt::Display for Joining {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::SameEvent => "the same event again; counted",
            Self::Repeats => "goes on; noted on the ticket at the next note",
            Self::Recovers => "recovered",
            Self::Recurs => "fires again",
            Self::StaysClosed => {
                "goes on; a person closed the ticket, so it stays closed until the alert recovers or the time for \
                 reopening has passed"
            }
            Self::IsAcknowledged => "acknowledged",
        })
    }
}

impl fmt::Display for Why {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::SwitchedOff => "no ticket: the tenant is not enabled",
            Self::RecoveredWithoutCase => "no ticket: recovered, and there is no case",
            Self::AcknowledgedWithoutCase => "no ticket: acknowledged, and there is no case",
        })
    }
}

/// What an alert does, given the latest case of its tenant, source and key.
#[must_use]
pub fn receive(
    tenant: &str,
    latest: Option<Case>,
    alert: Alert,
    now: Time,
    rules: &Rules,
) -> Received {
    let Some(case) = latest else {
        return without_case(tenant, 1, alert, now, rules);
    };
    if is_same_event(&case, &alert, now, rules) {
        let case = counted(case, now);
        return joined(case, Joining::SameEvent);
    }
    match alert.status {
        Status::Firing => firing(tenant, case, alert, now, rules),
        Status::Acknowledged => {
            let mut case = remembered(case, &alert, now);
            if case.status == Status::Firing {
                case.status = Status::Acknowledged;
            }
            joined(case, Joining::IsAcknowledged)
        }
        Status::Recovered => recovered(remembered(case, &alert, now), now, rules),
    }
}

fn joined(case: Case, joining: Joining) -> Received {
    Received::Joined(Box::new(case.settled()), joining)
}

fn without_case(tenant: &str, episode: u32, alert: Alert, now: Time, rules: &Rules) -> Received {
    match alert.status {
        Status::Recovered => return Received::Nothing(Why::RecoveredWithoutCase),
        Status::Acknowledged => return Received::Nothing(Why::AcknowledgedWithoutCase),
        Status::Firing => {}
    }
    if !rules.is_enabled {
        return Received::Nothing(Why::SwitchedOff);
    }
    Received::New(Box::new(Case {
        tenant: tenant.to_owned(),
        source: alert.source.clone(),
        key: alert.key.clone(),
        episode,
        reference: ticket_reference(&alert.source, &alert.key, episode),
        state: State::New,
        status: alert.status,
        first_seen: now,
        last_seen: now,
        count: 1,
        recent_events: vec![(alert.event.clone(), now)],
        alert,
        ticket: None,
        company_id: None,
        owed: Owed::default(),
        noted_at: now,
        notes: 0,
        called_at: Time::default(),
        failures: 0,
        unexpected: 0,
        ended_at: None,
        ended_by_person: false,
        recovered_at: None,
    }))
}

/// An event with an identity of its own is the same wherever it stands among the latest: it comes late. One that is known by
/// its body only may happen again, so it is the same only if nothing else came in between.
fn is_same_event(case: &Case, alert: &Alert, now: Time, rules: &Rules) -> bool {
    let Some((last, at)) = case.recent_events.last() else {
        return false;
    };
    if *last == alert.event {
        return now.since(*at) < rules.timing.same_event_within;
    }
    alert.is_unique
        && case
            .recent_events
            .iter()
            .any(|(event, _)| *event == alert.event)
}

fn counted(mut case: Case, now: Time) -> Case {
    case.count = case.count.saturating_add(1);
    case.last_seen = case.last_seen.max(now);
    case
}

fn remembered(case: Case, alert: &Alert, now: Time) -> Case {
    let mut case = counted(case, now);
    case.recent_events
        .retain(|(event, _)| *event != alert.event);
    case.recent_events.push((alert.event.clone(), now));
    let surplus = case.recent_events.len().saturating_sub(RECENT_EVENTS);
    case.recent_events.drain(..surplus);
    case
}

fn firing(tenant: &str, case: Case, alert: Alert, now: Time, rules: &Rules) -> Received {
    let has_recovered = case.status == Status::Recovered;
    let in_time = |since: Time| now.since(since) < rules.timing.reopen_within;
    let is_ended = case.ended_at.is_some();
    let since = case.ended_at.or(case.recovered_at);
    let is_in_time = since.is_none_or(in_time);
    let waits_for_ticket = case.ticket.is_none() && !matches!(case.state, State::Dropped);
    if case.ended_by_person && is_in_time {
        let case = remembered(case, &alert, now);
        return joined(case, Joining::StaysClosed);
    }
    let is_gone =
        matches!(case.state, State::Dropped) || case.ticket.as_ref().is_some_and(|it| it.is_gone);
    let can_go_on = !is_ended || (is_in_time && rules.can_reopen && !is_gone);
    if !waits_for_ticket && ((has_recovered && !is_in_time) || !can_go_on) {
        let episode = case.episode.saturating_add(1);
        return without_case(tenant, episode, alert, now, rules);
    }
    if is_ended && !rules.is_enabled {
        return Received::Nothing(Why::SwitchedOff);
    }
    let mut case = remembered(case, &alert, now);
    case.status = Status::Firing;
    case.recovered_at = None;
    // What was owed about the recovery is no longer true.
    case.owed.recovered_at = None;
    let closes = matches!(case.pending(), Some(Work::Close));
    case.owed.status = (is_ended || closes).then_some(Target::Open);
    owe_repeat(&mut case, now, has_recovered);
    let joining = if has_recovered {
        Joining::Recurs
    } else {
        Joining::Repeats
    };
    joined(case, joining)
}

fn owe_repeat(case: &mut Case, now: Time, recurred: bool) {
    let repeats = case.owed.repeats.get_or_insert(Repeats {
        count: 0,
        first: now,
        last: now,
        recurred: false,
    });
    repeats.count = repeats.count.saturating_add(1);
    repeats.last = now;
    repeats.recurred |= recurred;
}

fn recovered(mut case: Case, now: Time, rules: &Rules) -> Received {
    let was_over = case.status == Status::Recovered;
    case.status = Status::Recovered;
    if was_over {
        return joined(case, Joining::SameEvent);
    }
    case.recovered_at = Some(now);
    // From here on, firing is a recurrence, whoever ended the case.
    case.ended_by_person = false;
    let reopens = matches!(case.pending(), Some(Work::Reopen));
    if case.ended_at.is_some() && !reopens {
        case.owed = Owed::default();
        return joined(case, Joining::Recovers);
    }
    case.owed.status = None;
    match rules.on_recovery {
        OnRecovery::Nothing => {}
        OnRecovery::Note => case.owed.recovered_at = Some(now),
        OnRecovery::Close => {
            case.owed.recovered_at = Some(now);
            case.owed.status = rules.can_close.then_some(Target::Closed);
        }
    }
    joined(case, Joining::Recovers)
}
