//! Verdicts, for people and for programs.

use serde::Serialize;

use crate::duty::Duty;

/// What is known of a duty, or of one trial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing was found.
    Kept,
    /// This was seen.
    Broken(String),
    /// This is why.
    NotTested(String),
}

/// A duty, and what became of it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Outcome {
    /// Its name.
    pub id: &'static str,
    /// `kept`, `broken` or `not-tested`.
    pub state: &'static str,
    /// What was seen of a broken duty, or why it was not tested: what was tried, and what came of it.
    pub seen: Vec<String>,
    /// How many trials kept it.
    pub kept: usize,
    /// What the contract says.
    pub contract: &'static str,
    /// How it was provoked.
    pub provoked: &'static str,
    /// What to do if it is broken.
    pub remedy: &'static str,
}

/// All duties.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// In the order of the table.
    pub outcomes: Vec<Outcome>,
}

impl Outcome {
    /// One broken trial breaks the duty. One that was kept keeps it, if others could not be tried.
    pub(crate) fn of(duty: &Duty, found: Vec<(String, State)>) -> Self {
        let kept = found
            .iter()
            .filter(|(_, state)| *state == State::Kept)
            .count();
        let mut broken = Vec::new();
        let mut not_tested = Vec::new();
        for (trial, state) in found {
            match state {
                State::Kept => {}
                State::Broken(seen) => broken.push(format!("{trial}: {seen}")),
                State::NotTested(why) => not_tested.push(format!("{trial}: {why}")),
            }
        }
        let (state, seen) = match (broken.is_empty(), kept) {
            (false, _) => ("broken", broken),
            (true, 1..) => ("kept", not_tested),
            (true, 0) => ("not-tested", not_tested),
        };
        Self {
            id: duty.id,
            state,
            seen,
            kept,
            contract: duty.contract,
            provoked: duty.provoked,
            remedy: duty.remedy,
        }
    }
}

impl Report {
    /// Those in this state: `kept`, `broken` or `not-tested`.
    #[must_use]
    pub fn in_state(&self, state: &str) -> Vec<&'static str> {
        let found = self
            .outcomes
            .iter()
            .filter(|outcome| outcome.state == state);
        found.map(|outcome| outcome.id).collect()
    }

    /// Whether no duty is broken.
    #[must_use]
    pub fn is_conformant(&self) -> bool {
        self.in_state("broken").is_empty()
    }
}
