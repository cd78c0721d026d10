//! The HTTP backend that answers from a recording: each exchange once, whatever the order, and nothing else.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use psa_contract::{Request, Setting};

use crate::exchange::Exchange;
use crate::http::{Answer, Answers, Http, denied, refusal};
use crate::matching::{describe_request, differences, is_recorded};
use crate::placeholder::Placeholders;
use crate::recording::{Recording, RecordingError};

/// A replay. Clones share one state, so that a test keeps a handle while a call has the other.
#[derive(Clone, Default)]
pub struct Replay {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    exchanges: Vec<(Exchange, bool)>,
    rounds: Vec<Vec<Request>>,
    complaints: Vec<String>,
    masks: Placeholders,
}

impl Replay {
    /// Answers from a recording, with these settings in the places of its placeholders.
    ///
    /// # Errors
    /// An exchange of the recording that cannot be read, or a placeholder that names no setting.
    pub fn new(recording: &Recording, settings: &[Setting]) -> Result<Self, RecordingError> {
        let exchanges = recording.exchanges(&Placeholders::new(settings))?;
        Ok(Self::of_exchanges(exchanges, settings))
    }

    /// Answers from exchanges. The values of the settings are masked in every message.
    #[must_use]
    pub fn of_exchanges(exchanges: Vec<Exchange>, settings: &[Setting]) -> Self {
        Self {
            state: Arc::new(Mutex::new(State {
                exchanges: exchanges
                    .into_iter()
                    .map(|exchange| (exchange, false))
                    .collect(),
                masks: Placeholders::new(settings),
                ..State::default()
            })),
        }
    }

    /// The same recording, of which nothing was asked yet.
    #[must_use]
    pub fn afresh(&self) -> Self {
        let state = self.lock();
        let exchanges = state.exchanges.iter();
        Self {
            state: Arc::new(Mutex::new(State {
                exchanges: exchanges
                    .map(|(exchange, _)| (exchange.clone(), false))
                    .collect(),
                masks: state.masks.clone(),
                ..State::default()
            })),
        }
    }

    /// The answers to one round. What [`Http::send`] does, without waiting: for a connector's core that runs natively.
    ///
    /// A request takes the first exchange that it matches and no other took. One that matches none is a complaint, and
    /// is answered as failure `denied` which names the nearest exchange and every difference.
    pub fn answer(&self, requests: Vec<Request>) -> Vec<Answer> {
        let mut state = self.lock();
        let round = state.rounds.len() + 1;
        state.rounds.push(requests.clone());
        requests
            .iter()
            .enumerate()
            .map(|(index, request)| {
                state.answer(&format!("round {round}, request {}", index + 1), request)
            })
            .collect()
    }

    /// Everything that was not as recorded: requests without an exchange, and exchanges that nothing asked for.
    #[must_use]
    pub fn finish(&self) -> Vec<String> {
        let mut complaints = self.unmatched();
        complaints.extend(self.left_over());
        complaints
    }

    /// The requests that had no exchange, each with the nearest one.
    #[must_use]
    pub fn unmatched(&self) -> Vec<String> {
        self.lock().complaints.clone()
    }

    /// The exchanges that nothing asked for.
    #[must_use]
    pub fn left_over(&self) -> Vec<String> {
        let state = self.lock();
        state
            .exchanges
            .iter()
            .enumerate()
            .filter(|(_, (_, used))| !used)
            .map(|(index, (exchange, _))| {
                let line = format!("nothing asked for {}", name_exchange(index, exchange));
                state.masks.mask(&line)
            })
            .collect()
    }

    /// The requests of every round, as they came.
    #[must_use]
    pub fn requests(&self) -> Vec<Vec<Request>> {
        self.lock().rounds.clone()
    }

    /// How many times something was sent.
    #[must_use]
    pub fn rounds(&self) -> usize {
        self.lock().rounds.len()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves plain lists behind, which stay readable.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Http for Replay {
    fn send(&mut self, requests: Vec<Request>, _deadline: Instant) -> Answers<'_> {
        Box::pin(std::future::ready(self.answer(requests)))
    }
}

impl State {
    fn answer(&mut self, which: &str, request: &Request) -> Answer {
        if let Some(failure) = refusal(request) {
            self.complaints
                .push(format!("{which}: {}", failure.message));
            return Err(failure);
        }
        for (exchange, used) in &mut self.exchanges {
            if !*used && is_recorded(&exchange.request, request) {
                *used = true;
                return exchange.answer.clone();
            }
        }
        let complaint = self.masks.mask(&format!(
            "{which}: no exchange is recorded for {}: {}",
            describe_request(request),
            self.nearest(request)
        ));
        self.complaints.push(complaint.clone());
        Err(denied(complaint))
    }

    fn nearest(&self, request: &Request) -> String {
        let compared = self
            .exchanges
            .iter()
            .enumerate()
            .map(|(index, (exchange, used))| {
                (
                    index,
                    exchange,
                    *used,
                    differences(&exchange.request, request),
                )
            });
        let nearest = compared.min_by_key(|(_, _, used, differences)| {
            // A used exchange explains a request only if it is the same one again.
            let weight: usize = differences.iter().map(|difference| difference.weight).sum();
            if *used && weight > 0 {
                usize::MAX
            } else {
                weight
            }
        });
        match nearest {
            None => "the recording is empty".to_owned(),
            Some((index, exchange, true, _)) => {
                format!("{} was used already", name_exchange(index, exchange))
            }
            Some((index, exchange, false, differences)) => {
                let list: Vec<_> = differences
                    .iter()
                    .map(|difference| difference.text.as_str())
                    .collect();
                format!(
                    "the nearest is {}: {}",
                    name_exchange(index, exchange),
                    list.join("; ")
                )
            }
        }
    }
}

fn name_exchange(index: usize, exchange: &Exchange) -> String {
    let role = exchange
        .role
        .map(|role| format!(" ({})", role.name()))
        .unwrap_or_default();
    let request = &exchange.request;
    format!(
        "exchanges[{index}]{role}, {} {}",
        request.method, request.url
    )
}

#[cfg(test)]
mod tests;
