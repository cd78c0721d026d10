//! The state machine, transition by transition. What may follow on what, over long times, is the worker's model test.

mod failures;

use std::time::Duration;

use psa_contract::ErrorCode;

use super::*;
use crate::desk::own_error;
use crate::policy::{OnRecovery, Timing};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

fn rules() -> Rules {
    Rules {
        is_enabled: true,
        on_recovery: OnRecovery::Close,
        can_close: true,
        can_reopen: true,
        timing: Timing::default(),
    }
}

fn alert(event: &str, status: Status) -> Alert {
    Alert {
        source: "s".to_owned(),
        key: "k".to_owned(),
        event: event.to_owned(),
        status,
        ..Alert::default()
    }
}

/// A case and the time, moved on by what happens.
struct Story {
    case: Option<Case>,
    now: Time,
    rules: Rules,
}

impl Story {
    fn new() -> Self {
        Self {
            case: None,
            now: Time(1_000_000),
            rules: rules(),
        }
    }

    fn with_ticket() -> Self {
        let mut story = Self::new();
        story.fires("1");
        story.does(Work::Open, Event::Opened(ticket()));
        story
    }

    fn case(&self) -> &Case {
        self.case.as_ref().expect("a case")
    }

    fn after(&mut self, millis: i64) -> &mut Self {
        self.now = Time(self.now.0 + millis);
        self
    }

    fn receives(&mut self, event: &str, status: Status) -> String {
        self.meets(alert(event, status))
    }

    fn meets(&mut self, alert: Alert) -> String {
        match receive("t", self.case.clone(), alert, self.now, &self.rules) {
            Received::New(case) => {
                self.case = Some(*case);
                "new".to_owned()
            }
            Received::Joined(case, joining) => {
                self.case = Some(*case);
                format!("{joining:?}")
            }
            Received::Nothing(why) => format!("{why:?}"),
        }
    }

    fn fires(&mut self, event: &str) -> String {
        self.receives(event, Status::Firing)
    }

    fn recovers(&mut self, event: &str) -> String {
        self.receives(event, Status::Recovered)
    }

    fn due(&self) -> Option<Due> {
        due(self.case(), &self.rules)
    }

    /// Whether this is what is due now.
    fn is_due(&self, is_it: impl Fn(&Work) -> bool) -> bool {
        self.due()
            .is_some_and(|due| due.at <= self.now && is_it(&due.work))
    }

    fn step(&mut self, event: Event) -> Option<Effect> {
        let step = step(self.case().clone(), event, self.now, &self.rules)?;
        self.case = Some(step.case);
        Some(step.effect)
    }

    fn starts(&mut self) {
        let started = Event::Started { company_id: None };
        assert!(self.step(started).is_some(), "{:#?}", self.case());
    }

    /// What is due starts, is this work, and ends so.
    fn does(&mut self, work: Work, event: Event) -> Effect {
        self.starts();
        let State::Calling { work: started, .. } = &self.case().state else {
            panic!("no call: {:#?}", self.case());
        };
        assert_eq!(started, &work);
        self.step(event).expect("it ends")
    }

    fn notes(&mut self) -> Note {
        self.starts();
        let State::Calling {
            work: Work::Note(note),
            ..
        } = self.case().state.clone()
        else {
            panic!("no note: {:#?}", self.case());
        };
        self.step(Event::Noted).expect("it is noted");
        note
    }

    fn closes(&mut self) {
        let is_closed = Some(true);
        self.does(Work::Close, Event::StatusSet { is_closed });
    }

    fn fails(&mut self, code: ErrorCode) -> Effect {
        self.fails_with(code, None)
    }

    fn fails_with(&mut self, code: ErrorCode, retry_after_seconds: Option<u32>) -> Effect {
        self.starts();
        let mut error = own_error(code, "m".to_owned());
        error.retry_after_seconds = retry_after_seconds;
        self.step(Event::Failed { error, random: 0.5 })
            .expect("it fails")
    }

    fn is_seen(&mut self, is_closed: bool) {
        self.after(1);
        let ticket = Some(SeenTicket {
            is_closed: Some(is_closed),
            is_merged: false,
        });
        let as_of = self.now;
        self.step(Event::Seen { ticket, as_of }).expect("seen");
    }

    fn state(&self) -> &'static str {
        self.case().state.name()
    }
}

fn ticket() -> Ticket {
    Ticket {
        id: "7001".to_owned(),
        number: "7001".to_owned(),
        ..Ticket::default()
    }
}

#[test]
fn the_first_alert_opens_and_repeats_become_one_note_in_fifteen_minutes() {
    let mut story = Story::new();
    assert_eq!(story.fires("1"), "new");
    assert!(story.is_due(|work| *work == Work::Open));
    story.does(Work::Open, Event::Opened(ticket()));
    assert_eq!((story.state(), story.due()), ("open", None));
    assert_eq!(story.after(MINUTE).fires("1"), "SameEvent");
    assert_eq!(story.due(), None, "counted only");
    assert_eq!(story.after(MINUTE).fires("2"), "Repeats");
    assert_eq!(story.after(MINUTE).fires("3"), "Repeats");
    assert!(!story.is_due(|_| true), "too early");
    story.after(12 * MINUTE);
    let repeats = story.notes().repeats.expect("repeats");
    assert_eq!((repeats.count, repeats.recurred), (2, false));
    assert_eq!((story.case().count, story.due()), (4, None));
}

#[test]
fn the_same_event_an_hour_later_is_noted() {
    let mut story = Story::with_ticket();
    assert_eq!(story.after(59 * MINUTE).fires("1"), "SameEvent");
    assert_eq!(story.after(2 * MINUTE).fires("1"), "Repeats");
}

#[test]
fn an_event_with_an_identity_that_comes_late_is_no_recurrence() {
    let unique = |event: &str, status| Alert {
        is_unique: true,
        ..alert(event, status)
    };
    let mut story = Story::new();
    story.meets(unique("1", Status::Firing));
    story.does(Work::Open, Event::Opened(ticket()));
    story
        .after(MINUTE)
        .meets(unique("1-over", Status::Recovered));
    let late = story.after(MINUTE).meets(unique("1", Status::Firing));
    assert_eq!(late, "SameEvent", "the other one of a pair");
    assert_eq!(story.case().status, Status::Recovered);
    let again = story.after(MINUTE).meets(unique("2", Status::Firing));
    assert_eq!(again, "Recurs");
    let late = story.meets(unique("1-over", Status::Recovered));
    assert_eq!((&*late, story.case().status), ("SameEvent", Status::Firing));
}

#[test]
fn a_recovery_is_noted_with_what_came_before_and_closes() {
    let mut story = Story::with_ticket();
    story.after(MINUTE).fires("2");
    assert_eq!(story.after(MINUTE).recovers("3"), "Recovers");
    let note = story.notes();
    assert_eq!(note.recovered_at, Some(story.now));
    assert_eq!(note.repeats.map(|it| it.count), Some(1));
    story.closes();
    assert_eq!((story.state(), story.due()), ("closed", None));
    assert_eq!(story.after(MINUTE).recovers("4"), "SameEvent");
    assert_eq!(story.due(), None);
}

#[test]
fn a_recovery_does_what_was_chosen() {
    for (on_recovery, can_close, has_note) in [
        (OnRecovery::Nothing, true, false),
        (OnRecovery::Note, true, true),
        (OnRecovery::Close, false, true),
    ] {
        let mut story = Story::with_ticket();
        story.rules.on_recovery = on_recovery;
        story.rules.can_close = can_close;
        story.after(MINUTE).recovers("2");
        assert_eq!(story.is_due(|work| matches!(work, Work::Note(_))), has_note);
        if has_note {
            story.notes();
        }
        assert_eq!((story.state(), story.due()), ("open", None));
    }
}

#[test]
fn firing_again_in_time_reopens_and_too_late_makes_a_new_case() {
    let closed = || {
        let mut story = Story::with_ticket();
        story.after(MINUTE).recovers("2");
        story.notes();
        story.closes();
        story
    };
    let mut story = closed();
    assert_eq!(story.after(23 * HOUR).fires("3"), "Recurs");
    let is_closed = Some(false);
    story.does(Work::Reopen, Event::StatusSet { is_closed });
    let note = story.notes();
    assert!(note.repeats.is_some_and(|it| it.recurred));
    assert_eq!((story.state(), story.due()), ("open", None));
    assert_eq!(story.case().episode, 1);

    let mut story = closed();
    let first = story.case().reference.clone();
    assert_eq!(story.after(25 * HOUR).fires("3"), "new");
    assert_eq!(story.case().episode, 2);
    assert_ne!(story.case().reference, first);

    let mut story = closed();
    story.rules.can_reopen = false;
    assert_eq!(story.after(MINUTE).fires("3"), "new");

    let mut story = closed();
    story.rules.is_enabled = false;
    assert_eq!(story.after(MINUTE).fires("3"), "SwitchedOff");
}

#[test]
fn firing_again_before_the_ticket_is_closed_leaves_it_open() {
    let mut story = Story::with_ticket();
    story.after(MINUTE).recovers("2");
    story.after(MINUTE).fires("3");
    assert!(!story.is_due(|work| matches!(work, Work::Close | Work::Reopen)));
    // While it is being closed.
    let mut story = Story::with_ticket();
    story.after(MINUTE).recovers("2");
    story.notes();
    story.starts();
    story.after(MINUTE).fires("3");
    let is_closed = Some(true);
    story.step(Event::StatusSet { is_closed }).expect("closed");
    assert!(
        story.is_due(|work| *work == Work::Reopen),
        "{:#?}",
        story.case()
    );
}

#[test]
fn a_recovery_before_the_ticket_is_there_still_opens_it_and_then_closes_it() {
    let mut story = Story::new();
    story.fires("1");
    story.after(MINUTE).recovers("2");
    story.after(48 * HOUR).fires("3");
    assert_eq!(story.case().episode, 1, "its ticket is not even there");
    story.after(MINUTE).recovers("4");
    story.does(Work::Open, Event::Opened(ticket()));
    story.notes();
    story.closes();
    assert_eq!(story.state(), "closed");
}

#[test]
fn a_ticket_that_a_person_closed_stays_closed_while_the_alert_goes_on() {
    let mut story = Story::with_ticket();
    story.after(MINUTE).fires("2");
    story.is_seen(true);
    assert_eq!(
        (story.state(), story.due()),
        ("closed", None),
        "no note on a closed ticket"
    );
    assert_eq!(story.after(HOUR).fires("3"), "StaysClosed");
    assert_eq!(story.due(), None);
    assert_eq!(story.after(HOUR).recovers("4"), "Recovers");
    assert_eq!(story.due(), None, "it is closed already");
    assert_eq!(story.after(HOUR).fires("5"), "Recurs");
    assert!(story.is_due(|work| *work == Work::Reopen));

    let mut story = Story::with_ticket();
    story.is_seen(true);
    assert_eq!(story.after(25 * HOUR).fires("3"), "new");
}

#[test]
fn a_ticket_that_a_person_opened_again_is_open() {
    let mut story = Story::with_ticket();
    story.is_seen(true);
    story.is_seen(false);
    assert_eq!(story.state(), "open");
    assert_eq!(story.after(MINUTE).fires("2"), "Repeats");
}

#[test]
fn a_ticket_that_was_merged_or_deleted_is_not_reopened() {
    for ticket in [
        None,
        Some(SeenTicket {
            is_closed: None,
            is_merged: true,
        }),
    ] {
        let mut story = Story::with_ticket();
        story.after(1);
        let as_of = story.now;
        story.step(Event::Seen { ticket, as_of }).expect("seen");
        story.after(HOUR).recovers("2");
        assert_eq!(story.after(HOUR).fires("3"), "new");
    }
}

#[test]
fn what_was_read_before_a_call_ended_says_nothing() {
    let mut story = Story::with_ticket();
    let ticket = Some(SeenTicket {
        is_closed: Some(true),
        is_merged: false,
    });
    let as_of = story.now;
    story.after(MINUTE);
    assert_eq!(story.step(Event::Seen { ticket, as_of }), None);
}

#[test]
fn a_closed_ticket_of_an_earlier_case_is_not_taken_for_this_one() {
    let mut story = Story::new();
    story.fires("1");
    let first = story.case().reference.clone();
    story.does(Work::Open, found(closed(), None));
    assert_eq!((story.state(), story.case().episode), ("new", 2));
    assert_ne!(story.case().reference, first);
    assert!(story.is_due(|work| *work == Work::Open));
    // One that is open is the one.
    story.does(Work::Open, found(ticket(), None));
    assert_eq!((story.state(), story.case().episode), ("open", 2));
}

/// The relay may have ended before its first call found it.
#[test]
fn a_closed_ticket_that_is_older_than_the_case_is_not_taken_for_this_one_after_a_doubt() {
    let mut story = Story::new();
    let old = story.now;
    story.after(HOUR).fires("1");
    story.starts();
    story.step(Event::Interrupted);
    story.after(2 * MINUTE);
    story.does(Work::Open, found(closed(), Some(old)));
    assert_eq!((story.state(), story.case().episode), ("new", 2));
    story.does(Work::Open, Event::Opened(ticket()));
    assert_eq!((story.state(), story.case().episode), ("open", 2));
}

/// The call may have opened it, and somebody closed it since. The clocks of PSA and relay differ.
#[test]
fn a_closed_ticket_that_is_found_after_a_doubt_is_the_ticket() {
    for opened_before in [None, Some(-MINUTE), Some(0), Some(4 * MINUTE)] {
        let mut story = Story::new();
        let opened_at = opened_before.map(|millis| Time(story.now.0 - millis));
        story.fires("1");
        story.fails(ErrorCode::OutcomeUnknown);
        story.after(2 * MINUTE);
        story.does(Work::Open, found(closed(), opened_at));
        assert_eq!((story.state(), story.case().episode), ("closed", 1));
        assert_eq!(story.after(MINUTE).fires("2"), "StaysClosed");
    }
}

fn found(ticket: Ticket, opened_at: Option<Time>) -> Event {
    Event::Found { ticket, opened_at }
}

fn closed() -> Ticket {
    Ticket {
        is_closed: true,
        ..ticket()
    }
}
