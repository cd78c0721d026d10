//! Sends one request until there is an answer to pass on: waits for its turn, and sends again if that may help.

use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime};

use psa_contract::{Failure, FailureKind, Request};
use tokio::time::{Instant, sleep, timeout_at};

use super::Live;
use crate::http::Answer;
use crate::live::Event;
use crate::live::admission::Admitted;
use crate::live::event::{shown_answer, shown_request};
use crate::live::pacing::InFlight;
use crate::live::retry::{self, Attempt};

/// What a request came to.
pub(super) struct Finished {
    pub(super) answer: Answer,
    pub(super) attempts: u32,
    pub(super) http_version: Option<&'static str>,
    pub(super) started: SystemTime,
    pub(super) duration: Duration,
}

impl Finished {
    pub(super) fn without_sending(answer: Answer) -> Self {
        Self {
            answer,
            attempts: 0,
            http_version: None,
            started: SystemTime::now(),
            duration: Duration::ZERO,
        }
    }
}

impl Live {
    /// Sends until there is an answer to pass on.
    pub(super) async fn carry_out(
        &self,
        request: &Request,
        url: &str,
        admitted: &Admitted,
        deadline: Instant,
    ) -> Finished {
        let mut finished = Finished::without_sending(Err(not_sent_in_time()));
        let mut acted = false;
        loop {
            // Queued requests are not sent after the deadline; what an earlier attempt brought stands.
            let Ok(Ok(permit)) = timeout_at(deadline, self.in_flight.acquire()).await else {
                return finished;
            };
            let Some(place) = self.paced(deadline).await else {
                return finished;
            };
            if Instant::now() >= deadline {
                return finished;
            }
            finished.attempts += 1;
            finished.started = SystemTime::now();
            let attempt = finished.attempts;
            self.tell(&Event::Sending {
                request: &shown_request(request),
                url,
                attempt,
            });
            if request.is_write {
                self.has_written.store(true, Ordering::Relaxed);
            }
            let clock = Instant::now();
            let (result, http_version) = self.attempt(request, admitted, deadline).await;
            drop((place, permit));
            finished.duration = clock.elapsed();
            finished.http_version = http_version;
            self.hold_back(&result, attempt);
            let pause = self.pause(request, &result, attempt, deadline);
            // What an earlier attempt may have done, a later one does not undo.
            let acted_before = acted;
            acted |= result
                .as_ref()
                .map_or_else(|fault| fault.failure.may_have_acted, |_| true);
            finished.answer = result.map_err(|fault| Failure {
                may_have_acted: fault.failure.may_have_acted || acted_before,
                ..fault.failure
            });
            let Some(pause) = pause else {
                return finished;
            };
            self.tell(&Event::Again {
                request: &shown_request(request),
                url,
                attempt,
                answer: &shown_answer(request, &finished.answer),
                duration: finished.duration,
                pause,
            });
            sleep(pause).await;
        }
    }

    /// Waits for the tenant's turn, unless this call has sent a write. None: it does not come before the deadline.
    async fn paced(&self, deadline: Instant) -> Option<InFlight<'_>> {
        let pacing = &self.admission.policy.pacing;
        let pacer = &self.tenant.pacer;
        if self.has_written.load(Ordering::Relaxed) {
            Some(pacer.without_waiting(pacing))
        } else {
            pacer.wait(pacing, deadline).await
        }
    }

    /// Lets the tenant's other requests wait too if the server says that it had too many.
    fn hold_back(&self, result: &Attempt, attempt: u32) {
        let retries = &self.options.retries;
        let response = result.as_ref().ok();
        let hold = response.and_then(|it| retry::hold(it, attempt, retries, SystemTime::now()));
        if let Some(time) = hold.and_then(|hold| Instant::now().checked_add(hold)) {
            self.tenant.pacer.hold_until(time);
        }
    }

    /// How long to wait before sending again. None: what came is the answer.
    fn pause(
        &self,
        request: &Request,
        result: &Attempt,
        attempt: u32,
        deadline: Instant,
    ) -> Option<Duration> {
        let retries = &self.options.retries;
        if attempt > retries.per_request || !retry::may_be_sent_again(request, result) {
            return None;
        }
        let pause = retry::pause(result, attempt, retries, SystemTime::now(), retry::random())
            .filter(|pause| {
                let end = Instant::now().checked_add(*pause);
                end.is_some_and(|end| end < deadline)
            })?;
        // Of a rate limit, the waiting is what protects the server.
        if matches!(result, Ok(response) if response.status == 429) {
            return Some(pause);
        }
        let take_one = |left: u32| left.checked_sub(1);
        self.retries_left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, take_one)
            .ok()
            .map(|_| pause)
    }
}

pub(super) fn not_sent_in_time() -> Failure {
    Failure {
        kind: FailureKind::TimedOut,
        message: "the request was not sent: the time of this call ends before its turn comes"
            .to_owned(),
        may_have_acted: false,
    }
}
