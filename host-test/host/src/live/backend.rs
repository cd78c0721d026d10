//! The HTTP of one call: admits, waits, sends, sends again, and reports. The rules are in the files beside this one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant as StdInstant, SystemTime};

use futures_util::future::join_all;
use psa_contract::{Failure, FailureKind, Request, Response};
use reqwest::Version;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, timeout_at};

use crate::http::{Answer, Answers, Http};
use crate::live::admission::{Admission, Admitted};
use crate::live::client::{Clients, Pools, Way};
use crate::live::event::{shown_answer, shown_request};
use crate::live::failure::{self, Fault, too_large};
use crate::live::kept_responses::Turn;
use crate::live::pacing::InFlight;
use crate::live::response_body::{self, BytesLeft};
use crate::live::retry::{self, Attempt};
use crate::live::tenants;
use crate::live::{Event, LiveError, LiveOptions, headers};
use crate::policy::Authority;
use crate::policy::Policy;
use crate::trace;

/// HTTPS for one call of a connector. Make a new one for each call: what a call may spend is counted here.
///
/// Needs a Tokio runtime with IO and time, of any flavour. Dropping the future of a batch ends its requests; whether the
/// server has acted on them is then not known.
pub struct Live {
    admission: Admission,
    options: LiveOptions,
    tenant: Arc<tenants::Shared>,
    in_flight: Semaphore,
    retries_left: AtomicU32,
    /// A write was sent, so that the rest of the call does not wait for the tenant's pacing.
    has_written: AtomicBool,
}

/// What a request came to.
struct Finished {
    answer: Answer,
    attempts: u32,
    http_version: Option<&'static str>,
    started: SystemTime,
    duration: Duration,
}

impl Finished {
    fn without_sending(answer: Answer) -> Self {
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
    /// HTTP for one call under this policy, over the connections of these pools and with the tenant's kept responses and
    /// pacing. Reads the machine's certificate authorities where these pools have not yet done so.
    ///
    /// # Errors
    /// [`LiveError::CertificateAuthorities`].
    pub fn new(policy: &Policy, options: &LiveOptions, pools: &Pools) -> Result<Self, LiveError> {
        pools.verifier(&options.certificate_authorities)?;
        Ok(Self {
            admission: Admission {
                policy: policy.clone(),
                limits: options.limits.clone(),
                bytes_left: BytesLeft::new(options.limits.call_bytes),
                clients: Clients::new(pools, Way::new(policy, options)),
            },
            tenant: pools.tenant(policy.tenant),
            has_written: AtomicBool::new(false),
            in_flight: Semaphore::new(options.limits.in_flight.clamp(1, Semaphore::MAX_PERMITS)),
            retries_left: AtomicU32::new(options.retries.per_call),
            options: options.clone(),
        })
    }

    async fn answer(&self, request: &Request, deadline: Instant) -> Answer {
        let url = self.admission.policy.without_secrets(&request.url);
        let finished = match self.admission.admit(request) {
            Ok(admitted) => self.obtain(request, &url, &admitted, deadline).await,
            Err(failure) => Finished::without_sending(Err(failure)),
        };
        self.tell(&Event::Finished {
            request: &shown_request(request),
            url: &url,
            attempts: finished.attempts,
            answer: &shown_answer(request, &finished.answer),
            http_version: finished.http_version,
            started: finished.started,
            duration: finished.duration,
        });
        finished.answer
    }

    /// A kept response, if the connector takes one, or what the server says.
    async fn obtain(
        &self,
        request: &Request,
        url: &str,
        admitted: &Admitted,
        deadline: Instant,
    ) -> Finished {
        let ignores_reuse = self.options.ignore_reuse;
        let Some(reuse_seconds) = request.reuse_seconds.filter(|_| !ignores_reuse) else {
            return self.carry_out(request, url, admitted, deadline).await;
        };
        let fingerprint = self.admission.policy.tenant.of_request(request);
        let turn = self.tenant.kept.turn(fingerprint, reuse_seconds);
        match timeout_at(deadline, turn).await {
            Err(_) => Finished::without_sending(Err(not_sent_in_time())),
            Ok(Turn::Kept(response)) => Finished::without_sending(Ok(response)),
            Ok(Turn::Send(sending)) => {
                let finished = self.carry_out(request, url, admitted, deadline).await;
                sending.end(&finished.answer, Instant::now() - finished.duration);
                finished
            }
        }
    }

    /// Sends until there is an answer to pass on.
    async fn carry_out(
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
            let Ok(place) = timeout_at(deadline, self.paced()).await else {
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

    /// Waits for the tenant's turn, unless this call has sent a write. None: it is not paced.
    async fn paced(&self) -> Option<InFlight<'_>> {
        let pacing = self.admission.policy.pacing.as_ref()?;
        let pacer = &self.tenant.pacer;
        if self.has_written.load(Ordering::Relaxed) {
            Some(pacer.without_waiting(pacing))
        } else {
            Some(pacer.wait(pacing).await)
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
            .filter(|pause| Instant::now() + *pause < deadline)?;
        let take_one = |left: u32| left.checked_sub(1);
        self.retries_left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, take_one)
            .ok()
            .map(|_| pause)
    }

    async fn attempt(
        &self,
        request: &Request,
        admitted: &Admitted,
        deadline: Instant,
    ) -> (Attempt, Option<&'static str>) {
        let limit = self.options.timeouts.request;
        let ends = Instant::now()
            .checked_add(limit)
            .map_or(deadline, |ends| ends.min(deadline));
        let mut http_version = None;
        let exchange = self.exchange(request, admitted, &mut http_version);
        let result = match timeout_at(ends, exchange).await {
            Ok(result) => result,
            Err(_) => Err(Fault::lasting(timed_out(
                &admitted.authority,
                (ends < deadline).then_some(limit),
            ))),
        };
        (result, http_version)
    }

    async fn exchange(
        &self,
        request: &Request,
        admitted: &Admitted,
        http_version: &mut Option<&'static str>,
    ) -> Attempt {
        let limits = &self.options.limits;
        let mut sending = admitted
            .client
            .request(admitted.method.clone(), admitted.url.clone())
            .headers(admitted.headers.clone());
        if let Some(body) = &request.body {
            sending = sending.body(body.as_bytes().to_vec());
        }
        let response = sending
            .send()
            .await
            .map_err(|error| failure::of_sending(&error, &admitted.authority))?;
        *http_version = Some(name_of(response.version()));
        let status = response.status().as_u16();
        if !(200..=599).contains(&status) {
            return Err(Fault::lasting(failure::interrupted(format!(
                "https://{} answered with status {status}, which is none",
                admitted.authority
            ))));
        }
        let headers = headers::received(response.headers(), limits).ok_or_else(|| {
            Fault::lasting(too_large(
                "the headers of the response pass the limits `header_count` or `header_bytes`"
                    .to_owned(),
            ))
        })?;
        let body = response_body::read(response, limits, &self.admission.bytes_left)
            .await
            .map_err(Fault::lasting)?;
        Ok(Response {
            status,
            headers,
            body: body.into(),
            age_seconds: None,
        })
    }

    fn tell(&self, event: &Event<'_>) {
        trace::of_event(event);
        if let Some(observer) = &self.options.observer {
            observer.tell(event);
        }
    }
}

impl Http for Live {
    fn send(&mut self, requests: Vec<Request>, deadline: StdInstant) -> Answers<'_> {
        let live: &Self = self;
        let deadline = Instant::from_std(deadline);
        Box::pin(async move {
            join_all(
                requests
                    .iter()
                    .map(|request| live.answer(request, deadline)),
            )
            .await
        })
    }
}

fn not_sent_in_time() -> Failure {
    Failure {
        kind: FailureKind::TimedOut,
        message: "the request was not sent: the time of this call was over before its turn came"
            .to_owned(),
        may_have_acted: false,
    }
}

/// Whether the request had left by then is not known.
fn timed_out(authority: &Authority, limit: Option<Duration>) -> Failure {
    let message = match limit {
        Some(limit) => format!(
            "https://{authority} gave no complete response within {} seconds",
            limit.as_secs_f64()
        ),
        None => {
            format!("https://{authority} gave no complete response within the time of this call")
        }
    };
    Failure {
        kind: FailureKind::TimedOut,
        message,
        may_have_acted: true,
    }
}

fn name_of(version: Version) -> &'static str {
    match version {
        Version::HTTP_2 => "HTTP/2.0",
        Version::HTTP_10 => "HTTP/1.0",
        _ => "HTTP/1.1",
    }
}

#[cfg(test)]
mod tests;
