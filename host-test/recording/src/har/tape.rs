//! Takes down what a connector asked and was given, whatever the backend. How that is written is in `write.rs`.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use psa_contract::{Failure, FailureKind, Request};

use crate::http::{Answer, Answers, Http};

/// What was asked and answered, of any number of calls, in the order of asking. Clones share one tape.
///
/// It is what the connector saw: a request that the backend sent three times is one entry with the last answer, so that
/// a replay gives the same result.
#[derive(Clone, Default)]
pub struct Tape {
    entries: Arc<Mutex<Vec<Taped>>>,
}

/// One request with its answer, credentials included: never shown or written as it is.
pub(super) struct Taped {
    pub(super) request: Request,
    pub(super) answer: Answer,
    pub(super) started: SystemTime,
    /// Of the whole round.
    pub(super) took: Duration,
}

impl Tape {
    /// The same HTTP, with every exchange recorded.
    #[must_use]
    pub fn around<Backend: Http>(&self, backend: Backend) -> Taping<Backend> {
        Taping {
            tape: self.clone(),
            backend,
        }
    }

    /// How many requests were recorded.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Whether nothing was asked yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Vec<Taped>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// HTTP with a tape.
pub struct Taping<Backend> {
    tape: Tape,
    backend: Backend,
}

impl<Backend: Http> Http for Taping<Backend> {
    fn send(&mut self, requests: Vec<Request>, deadline: Instant) -> Answers<'_> {
        let started = SystemTime::now();
        let clock = Instant::now();
        let count = requests.len();
        let first = {
            let mut entries = self.tape.lock();
            let first = entries.len();
            entries.extend(requests.iter().map(|request| Taped {
                request: request.clone(),
                answer: Err(given_up()),
                started,
                took: Duration::ZERO,
            }));
            first
        };
        Box::pin(async move {
            let answers = self.backend.send(requests, deadline).await;
            let took = clock.elapsed();
            let mut entries = self.tape.lock();
            for (entry, answer) in entries.iter_mut().skip(first).take(count).zip(&answers) {
                entry.answer.clone_from(answer);
                entry.took = took;
            }
            drop(entries);
            answers
        })
    }
}

/// What a connector is told of a request that its host gave up, which is all that is known if no answer comes.
fn given_up() -> Failure {
    Failure {
        kind: FailureKind::TimedOut,
        message: "no complete response within the time of this call".to_owned(),
        may_have_acted: true,
    }
}
