//! `psa:connector/http` as a guest sees it: the caller's backend behind the rules and limits of the call.
//!
//! Knows nothing of wasmtime, so that its rules can be tested without a guest.

use std::time::Duration;

use psa_contract::{Body, Failure, FailureKind, Request};
use tokio::time::{Instant, timeout_at};

use crate::http::{Answer, Http, denied, refusal};
use crate::limits::Limits;
#[cfg(feature = "policy")]
use crate::policy::Policy;
use crate::trace;

/// How long after the deadline a backend that keeps it may still hand in its answers.
const GRACE_FOR_THE_BACKEND: Duration = Duration::from_millis(100);

/// What a request must keep before any backend sees it.
#[derive(Clone)]
pub(crate) enum RequestRules {
    /// Nothing: for the conformance kit, which judges requests itself.
    None,
    /// The contract's own rules.
    Contract,
    /// Those, and that the origin is approved.
    #[cfg(feature = "policy")]
    Policy(Policy),
}

impl RequestRules {
    fn check(&self, request: &Request) -> Result<(), Failure> {
        match self {
            Self::None => Ok(()),
            Self::Contract => refusal(request).map_or(Ok(()), Err),
            #[cfg(feature = "policy")]
            Self::Policy(policy) => policy.check(request),
        }
    }
}

/// The HTTP of one call: an [`Http`] behind the contract's rules, a policy if it is [`under`](Self::under) one, and the
/// [`Limits`] on requests and time. [`Connector::call`](crate::Connector::call) makes one by itself; make one for
/// [`add_to_linker`](crate::add_to_linker).
pub struct LimitedHttp {
    backend: Box<dyn Http>,
    rules: RequestRules,
    requests_left: usize,
    request_limit: usize,
    /// Where the reserve for a look-up begins.
    reserve_starts: Instant,
    /// Where the part of the reserve begins in which the guest only puts its answer together.
    sending_ends: Instant,
    may_have_written: bool,
}

impl LimitedHttp {
    /// HTTP for one call, whose time begins now. Of the limits, it keeps those on requests and time.
    #[must_use]
    pub fn new(http: impl Http + 'static, limits: &Limits) -> Self {
        let rules = RequestRules::Contract;
        Self::with_rules(Box::new(http), rules, limits, Instant::now())
    }

    /// Sends only requests that this policy allows ([`Policy::check`]); others are answered as failure `denied`.
    #[cfg(feature = "policy")]
    #[must_use]
    pub fn under(mut self, policy: &Policy) -> Self {
        self.rules = RequestRules::Policy(policy.clone());
        self
    }

    pub(crate) fn with_rules(
        backend: Box<dyn Http>,
        rules: RequestRules,
        limits: &Limits,
        started: Instant,
    ) -> Self {
        let ends = started + limits.effective_wall_clock();
        let reserve = limits.effective_reserve();
        Self {
            backend,
            rules,
            requests_left: limits.requests,
            request_limit: limits.requests,
            reserve_starts: ends - reserve,
            sending_ends: ends - reserve / 10,
            may_have_written: false,
        }
    }

    /// Whether a request that can change something was handed to the backend and not shown to be without effect.
    #[must_use]
    pub fn may_have_written(&self) -> bool {
        self.may_have_written
    }

    /// Sends requests. Returns exactly one answer for each, in their order.
    pub async fn send(&mut self, requests: Vec<Request>) -> Vec<Answer> {
        let in_reserve = Instant::now() >= self.reserve_starts;
        let mut answers: Vec<Option<Answer>> = Vec::with_capacity(requests.len());
        let mut admitted = Vec::new();
        let asked: Vec<(String, bool)> = requests
            .iter()
            .map(|request| (request.method.clone(), request.is_write))
            .collect();
        for request in requests {
            let refusal = self.refusal(&request, in_reserve);
            answers.push(refusal.map(Err));
            if answers.last().is_some_and(Option::is_none) {
                admitted.push(request);
            }
        }
        let mut admitted_answers = self.send_admitted(admitted, in_reserve).await.into_iter();
        let answers: Vec<Answer> = answers
            .into_iter()
            .map(|answer| {
                answer
                    .or_else(|| admitted_answers.next())
                    .unwrap_or_else(|| Err(unanswered()))
            })
            .map(with_text_as_text)
            .collect();
        for ((method, is_write), answer) in asked.iter().zip(&answers) {
            trace::of_answer(method, *is_write, answer);
        }
        answers
    }

    fn refusal(&mut self, request: &Request, in_reserve: bool) -> Option<Failure> {
        if self.requests_left == 0 {
            return Some(denied(format!(
                "the request was not sent: this call has sent all of its {} requests. Raise the limit `requests`, or \
                 ask for less at once",
                self.request_limit
            )));
        }
        if in_reserve && request.is_write {
            return Some(Failure {
                kind: FailureKind::TimedOut,
                message: "the request was not sent: the time left of this call is kept for reading"
                    .to_owned(),
                may_have_acted: false,
            });
        }
        if let Err(failure) = self.rules.check(request) {
            return Some(failure);
        }
        self.requests_left -= 1;
        None
    }

    async fn send_admitted(&mut self, requests: Vec<Request>, in_reserve: bool) -> Vec<Answer> {
        if requests.is_empty() {
            return Vec::new();
        }
        let deadline = if in_reserve {
            self.sending_ends
        } else {
            self.reserve_starts
        };
        let writes: Vec<bool> = requests.iter().map(|it| it.is_write).collect();
        let had_written = self.may_have_written;
        // Set before waiting: the guest may be stopped while it waits.
        self.may_have_written |= writes.contains(&true);

        let sending = self.backend.send(requests, deadline.into_std());
        let mut answers = match timeout_at(deadline + GRACE_FOR_THE_BACKEND, sending).await {
            Ok(answers) => answers,
            Err(_) => writes.iter().map(|_| Err(timed_out())).collect(),
        };
        answers.resize_with(writes.len(), || Err(unanswered()));

        self.may_have_written = had_written
            || writes
                .iter()
                .zip(&answers)
                .any(|(is_write, answer)| *is_write && may_have_acted(answer));
        answers
    }
}

/// A backend may hand in text as bytes; the guest gets `text` if and only if the bytes are valid UTF-8.
fn with_text_as_text(mut answer: Answer) -> Answer {
    if let Ok(response) = &mut answer
        && let Body::Bytes(bytes) = &mut response.body
    {
        response.body = std::mem::take(bytes).into();
    }
    answer
}

fn may_have_acted(answer: &Answer) -> bool {
    match answer {
        Ok(_) => true,
        Err(failure) => failure.may_have_acted,
    }
}

fn timed_out() -> Failure {
    Failure {
        kind: FailureKind::TimedOut,
        message: "no complete response within the time of this call".to_owned(),
        may_have_acted: true,
    }
}

fn unanswered() -> Failure {
    Failure {
        kind: FailureKind::Interrupted,
        message: "the host's HTTP gave no answer".to_owned(),
        may_have_acted: true,
    }
}

#[cfg(test)]
mod tests;
