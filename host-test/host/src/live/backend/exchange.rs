//! One attempt: a request is handed to a connection, and its response is read within the limits.

use std::time::Duration;

use psa_contract::{Failure, FailureKind, Request, Response};
use reqwest::Version;
use tokio::time::{Instant, timeout_at};

use super::Live;
use crate::live::admission::Admitted;
use crate::live::connect_failure::{self, Target};
use crate::live::fault::{Fault, interrupted, too_large};
use crate::live::retry::Attempt;
use crate::live::{failure, headers, response_body};
use crate::policy::Authority;

impl Live {
    pub(super) async fn attempt(
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
        let response = match sending.send().await {
            Ok(response) => response,
            Err(error) => return Err(self.why_not_sent(&error, admitted).await),
        };
        *http_version = Some(name_of(response.version()));
        let status = response.status().as_u16();
        if !(200..=599).contains(&status) {
            return Err(Fault::lasting(interrupted(format!(
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

    async fn why_not_sent(&self, error: &reqwest::Error, admitted: &Admitted) -> Fault {
        let authority = &admitted.authority;
        if let Some(proxy) = &admitted.proxy
            && connect_failure::is_refusal_of_a_proxy(error)
        {
            let status = proxy.status_of_connect(authority).await;
            return connect_failure::of_refusing_proxy(proxy, authority, status);
        }
        let target = Target {
            authority,
            proxy: admitted.proxy.as_deref(),
            unused_proxy_variable: self.admission.proxies.unused_variable(),
        };
        failure::of_sending(error, target)
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
