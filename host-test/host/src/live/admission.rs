//! Which requests leave at all: everything that is refused before any name is resolved, with the rule.

use psa_contract::{Body, Failure, Request};
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, Url};

use crate::http::{denied, refusal};
use crate::live::policy::Authority;
use crate::live::{Live, address, headers};

/// A request that may be sent, and what to send it with.
pub(crate) struct Admitted {
    pub(crate) client: Client,
    pub(crate) authority: Authority,
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
}

/// Judges a request. The bytes of the body of one that is admitted are taken from what the call may send.
pub(crate) fn admit(live: &Live, request: &Request) -> Result<Admitted, Failure> {
    match refusal(request) {
        Some(failure) => Err(failure),
        None => judge(live, request).map_err(|rule| {
            // A host name can be made of a secret, and the rule repeats it.
            let rule = live.policy.without_secrets(&rule);
            denied(format!("the request was not sent: {rule}"))
        }),
    }
}

fn judge(live: &Live, request: &Request) -> Result<Admitted, String> {
    let url = Url::parse(&request.url).map_err(|error| format!("its URL: {error}"))?;
    // Asked again of the parsed URL, which is the one that is used.
    if url.scheme() != "https" || !url.username().is_empty() || url.password().is_some() {
        return Err("only https without user information is allowed".to_owned());
    }
    let authority = Authority::of(&url).ok_or("its URL has no host")?;
    if let Some(rule) = live.policy.refusal(&authority) {
        return Err(rule);
    }
    // An address in a URL is connected to without asking the resolver.
    let literal = authority.address();
    if let Some(rule) =
        literal.and_then(|address| address::refusal(address, live.options.allow_private))
    {
        return Err(format!("its address is {rule}"));
    }
    let method = Method::from_bytes(request.method.as_bytes())
        .ok()
        // CONNECT asks for a tunnel, and TRACE for an echo of the credentials.
        .filter(|method| *method != Method::CONNECT && *method != Method::TRACE)
        .ok_or_else(|| format!("the method {} is not allowed", request.method))?;
    let limits = &live.options.limits;
    let headers = headers::to_send(request, limits)?;
    let body_bytes = request.body.as_ref().map_or(0, Body::len);
    if live.bytes_left.is_exhausted() || !live.bytes_left.take(body_bytes) {
        return Err(format!(
            "the bodies of a call may have {} bytes, the limit `call_bytes`",
            limits.call_bytes
        ));
    }
    let client = live
        .clients
        .client(&authority)
        .map_err(|error| error.to_string())?;
    Ok(Admitted {
        client,
        authority,
        method,
        url,
        headers,
    })
}
