//! A backend that waits and then gives the answers it was given, and keeps what it was asked.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use psa_host::contract::{Failure, FailureKind, Request, Response};
use psa_host::{Answer, Answers, Http};

/// Clones share what was asked.
#[derive(Clone)]
pub(crate) struct Backend {
    delay: Duration,
    answer: Answer,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Backend {
    pub(crate) fn answering(answer: Answer) -> Self {
        Self {
            delay: Duration::ZERO,
            answer,
            asked: Arc::default(),
        }
    }

    pub(crate) fn after(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    /// The methods of all requests, in order.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked
            .lock()
            .expect("no test panics with the lock")
            .clone()
    }
}

impl Http for Backend {
    fn send(&mut self, requests: Vec<Request>, _deadline: Instant) -> Answers<'_> {
        let methods = requests.iter().map(|request| request.method.clone());
        self.asked
            .lock()
            .expect("no test panics with the lock")
            .extend(methods);
        Box::pin(async move {
            tokio::time::sleep(self.delay).await;
            requests.iter().map(|_| self.answer.clone()).collect()
        })
    }
}

pub(crate) fn response(status: u16) -> Answer {
    Ok(Response {
        status,
        ..Response::default()
    })
}

pub(crate) fn failure(kind: FailureKind, may_have_acted: bool) -> Answer {
    Err(Failure {
        kind,
        message: String::new(),
        may_have_acted,
    })
}
