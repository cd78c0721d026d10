//! The HTTP of one call: admits each request, answers it with a kept response or sends it, and reports what came of it. How
//! it is sent is in the files below; the rules are in those beside this one.

use std::ffi::OsString;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32};
use std::time::Instant as StdInstant;

use futures_util::future::join_all;
use psa_contract::Request;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};

use crate::http::{Answer, Answers, Http};
use crate::live::admission::{Admission, Admitted};
use crate::live::client::{Clients, Pools, Way};
use crate::live::event::{shown_answer, shown_request};
use crate::live::kept_responses::Turn;
use crate::live::proxy::Proxies;
use crate::live::response_body::BytesLeft;
use crate::live::tenants;
use crate::live::user_agent::user_agent;
use crate::live::{Event, LiveError, LiveOptions};
use crate::policy::Policy;
use crate::trace;

mod exchange;
mod sending;

use sending::{Finished, not_sent_in_time};

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

impl Live {
    /// HTTP for one call under this policy, over the connections of these pools and with the tenant's kept responses and
    /// pacing. Reads the machine's certificate authorities if these pools have not yet done so.
    ///
    /// # Errors
    /// [`LiveError`]
    pub fn new(policy: &Policy, options: &LiveOptions, pools: &Pools) -> Result<Self, LiveError> {
        let environment = |name: &str| std::env::var_os(name);
        Self::in_environment(policy, options, pools, &environment)
    }

    fn in_environment(
        policy: &Policy,
        options: &LiveOptions,
        pools: &Pools,
        variable: &dyn Fn(&str) -> Option<OsString>,
    ) -> Result<Self, LiveError> {
        pools.verifier(&options.certificate_authorities)?;
        let proxies = Proxies::new(options.use_environment_proxy, variable)?;
        let (vendor, version) = &*policy.connector;
        Ok(Self {
            admission: Admission {
                policy: policy.clone(),
                limits: options.limits.clone(),
                bytes_left: BytesLeft::new(options.limits.call_bytes),
                clients: Clients::new(pools, Way::new(policy, options, proxies.clone())),
                proxies,
                user_agent: user_agent(vendor, version, options.contact.as_deref())?,
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

#[cfg(test)]
mod tests;
