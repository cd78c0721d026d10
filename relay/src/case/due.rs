//! What is to be done next for a case, and when.

use super::{Case, Note, Owed, State, Target, Work};
use crate::alert::Status;
use crate::policy::{OnRecovery, Rules};
use crate::time::Time;

/// The next call of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Which.
    pub work: Work,
    /// Not before.
    pub at: Time,
}

/// The next call of a case. None: nothing is to be done, or a call is under way, or a person has to act.
#[must_use]
pub fn due(case: &Case, rules: &Rules) -> Option<Due> {
    match &case.state {
        State::Calling { .. } | State::Parked(_) | State::Dropped => None,
        State::Waiting {
            until,
            in_doubt: Some(work),
            ..
        } => Some(Due {
            work: work.clone(),
            at: *until,
        }),
        State::Waiting { until, .. } => {
            let wanted = wanted(case, rules)?;
            let at = wanted.at.max(*until);
            Some(Due { at, ..wanted })
        }
        State::New | State::Open | State::Closed => wanted(case, rules),
    }
}

fn wanted(case: &Case, rules: &Rules) -> Option<Due> {
    let Some(ticket) = &case.ticket else {
        return Some(Due {
            work: Work::Open,
            at: case.first_seen,
        });
    };
    let at_once = |work| {
        Some(Due {
            work,
            at: case.last_seen.min(case.noted_at),
        })
    };
    match case.owed.status {
        Some(Target::Closed) if !ticket.is_closed => {
            // People first read why.
            return at_once(if case.owed.recovered_at.is_some() {
                Work::Note(note(case))
            } else {
                Work::Close
            });
        }
        Some(Target::Open) if ticket.is_closed => return at_once(Work::Reopen),
        _ => {}
    }
    if ticket.is_closed {
        return None;
    }
    let recurred = case.owed.repeats.as_ref().is_some_and(|it| it.recurred);
    let tells_recovery = case.owed.recovered_at.is_some();
    if case.owed.repeats.is_none() && !tells_recovery {
        return None;
    }
    let is_urgent =
        (tells_recovery && case.notes == 0) || (recurred && rules.on_recovery == OnRecovery::Close);
    let at = if is_urgent {
        case.noted_at
    } else {
        case.noted_at.plus(rules.timing.note_every)
    };
    Some(Due {
        work: Work::Note(note(case)),
        at,
    })
}

fn note(case: &Case) -> Note {
    Note {
        number: case.notes.saturating_add(1),
        repeats: case.owed.repeats.clone(),
        recovered_at: case.owed.recovered_at,
    }
}

impl Case {
    /// Takes from what is owed what the work does.
    pub(super) fn take_up(&mut self, work: &Work) {
        match work {
            Work::Open => {}
            Work::Note(note) => {
                self.notes = self.notes.max(note.number);
                self.owed.repeats = None;
                self.owed.recovered_at = None;
            }
            Work::Close | Work::Reopen => self.owed.status = None,
        }
    }

    /// The work was not done: it is owed again, if it is still true.
    pub(super) fn give_back(&mut self, work: Work) {
        match work {
            Work::Open => {}
            Work::Note(note) => {
                if let Some(mut before) = note.repeats {
                    if let Some(since) = self.owed.repeats.take() {
                        before.count = before.count.saturating_add(since.count);
                        before.last = since.last;
                        before.recurred |= since.recurred;
                    }
                    self.owed.repeats = Some(before);
                }
                if self.status == Status::Recovered {
                    self.owed.recovered_at = self.owed.recovered_at.or(note.recovered_at);
                }
            }
            Work::Close => self.owed.status = self.owed.status.or(Some(Target::Closed)),
            Work::Reopen => self.owed.status = self.owed.status.or(Some(Target::Open)),
        }
    }

    /// What is owed no longer is gone, and a case that waits for nothing is at rest.
    pub(super) fn settled(mut self) -> Self {
        let changes_status = matches!(self.pending(), Some(Work::Close | Work::Reopen));
        if let Some(ticket) = &self.ticket
            && !changes_status
        {
            let is_reached = match self.owed.status {
                Some(Target::Closed) => ticket.is_closed,
                Some(Target::Open) => !ticket.is_closed,
                None => false,
            };
            if is_reached {
                self.owed.status = None;
            }
            if ticket.is_closed && self.owed.status.is_none() {
                self.owed = Owed::default();
            }
        }
        let waits_for_nothing = match &self.state {
            State::Waiting { in_doubt: None, .. } => {
                self.ticket.is_some() && self.owed == Owed::default()
            }
            State::New | State::Open | State::Closed => true,
            _ => false,
        };
        if waits_for_nothing {
            self.state = self.at_rest();
        }
        self
    }
}
