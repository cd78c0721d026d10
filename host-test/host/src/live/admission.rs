//! Which requests leave at all: everything that is refused before any name is resolved, with the rule.

use std::sync::Arc;

use psa_contract::{Body, Failure, Request};
use reqwest::header::{HeaderMap, HeaderValue, USER_AGENT};
use reqwest::{Client, Method, Url};

use crate::http::refusal;
use crate::live::client::Clients;
use crate::live::headers;
use crate::live::options::HttpLimits;
use crate::live::proxy::{Proxies, Proxy};
use crate::live::response_body::BytesLeft;
use crate::policy::{Authority, Policy};

/// A request that may be sent, and what to send it with.
pub(crate) struct Admitted {
    pub(crate) client: Client,
    pub(crate) authority: Authority,
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) proxy: Option<Arc<Proxy>>,
}

/// What judges the requests of one call.
pub(crate) struct Admission {
    pub(crate) policy: Policy,
    pub(crate) limits: HttpLimits,
    pub(crate) bytes_left: BytesLeft,
    pub(crate) clients: Clients,
    pub(crate) proxies: Proxies,
    pub(crate) user_agent: HeaderValue,
}

impl Admission {
    /// Judges a request. The bytes of the body of one that is admitted are taken from what the call may send.
    pub(crate) fn admit(&self, request: &Request) -> Result<Admitted, Failure> {
        match refusal(request) {
            Some(failure) => Err(failure),
            None => self
                .judge(request)
                .map_err(|rule| self.policy.denied(&rule)),
        }
    }

    fn judge(&self, request: &Request) -> Result<Admitted, String> {
        let (url, authority) = self.policy.admitted(&request.url)?;
        let method = Method::from_bytes(request.method.as_bytes())
            .ok()
            // CONNECT asks for a tunnel, and TRACE for an echo of the credentials.
            .filter(|method| *method != Method::CONNECT && *method != Method::TRACE)
            .ok_or_else(|| format!("the method {} is not allowed", request.method))?;
        let mut headers = headers::to_send(request, &self.limits)?;
        headers
            .entry(USER_AGENT)
            .or_insert_with(|| self.user_agent.clone());
        let body_bytes = request.body.as_ref().map_or(0, Body::len);
        if self.bytes_left.is_exhausted() || !self.bytes_left.take(body_bytes) {
            return Err(format!(
                "the bodies of a call may have {} bytes, the limit `call_bytes`",
                self.limits.call_bytes
            ));
        }
        let client = self
            .clients
            .client(&authority)
            .map_err(|error| error.to_string())?;
        Ok(Admitted {
            client,
            proxy: self.proxies.proxy_for(&authority).cloned(),
            authority,
            method,
            url,
            headers,
        })
    }
}
