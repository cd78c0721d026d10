//! What an observer of a live backend is told. Nothing is decided here.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use psa_contract::{Body, Request, Response};

use crate::http::Answer;

/// Something that happened to a request. The requests of a batch overlap, so their events mix.
///
/// Of a request that [is secret](Request::is_secret), and of its answers, headers and bodies are left out. Others are whole,
/// with the credentials that they hold: a recorder must scrub them. `url` holds no value of a secret setting and is fit to
/// be shown. Every request has exactly one [`Event::Finished`], unless the call was dropped before.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// It is about to be handed to a connection.
    Sending {
        /// As the connector asked.
        request: &'a Request,
        /// Its URL, without the values of secret settings.
        url: &'a str,
        /// 1 for the first time.
        attempt: u32,
    },
    /// An attempt failed; the request will be sent again.
    Again {
        /// As the connector asked.
        request: &'a Request,
        /// Its URL, without the values of secret settings.
        url: &'a str,
        /// Which attempt it was.
        attempt: u32,
        /// Why: a failure, or a response such as 429.
        answer: &'a Answer,
        /// How long the attempt took.
        duration: Duration,
        /// How long until the next one.
        pause: Duration,
    },
    /// What the connector is given: a response, a failure, or the refusal of the policy (kind `denied`).
    Finished {
        /// As the connector asked.
        request: &'a Request,
        /// Its URL, without the values of secret settings.
        url: &'a str,
        /// How often it was sent. 0: it was refused, its time was over, or a kept response answered it.
        attempts: u32,
        /// What the connector is given.
        answer: &'a Answer,
        /// `HTTP/1.1` or `HTTP/2.0`, if there is a response.
        http_version: Option<&'static str>,
        /// When the last attempt began. Of a request that was not sent: when its answer came.
        started: SystemTime,
        /// How long the last attempt took.
        duration: Duration,
    },
}

/// A request as an observer may see it.
pub(crate) fn shown_request(request: &Request) -> Cow<'_, Request> {
    if !request.is_secret {
        return Cow::Borrowed(request);
    }
    Cow::Owned(Request {
        method: request.method.clone(),
        url: request.url.clone(),
        headers: Vec::new(),
        body: None,
        ..*request
    })
}

/// The answer to a request as an observer may see it.
pub(crate) fn shown_answer<'a>(request: &Request, answer: &'a Answer) -> Cow<'a, Answer> {
    match answer {
        Ok(response) if request.is_secret => Cow::Owned(Ok(Response {
            headers: Vec::new(),
            body: Body::default(),
            ..*response
        })),
        _ => Cow::Borrowed(answer),
    }
}
