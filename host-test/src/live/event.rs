//! What an observer of a live backend is told. Nothing is decided here.

use std::time::{Duration, SystemTime};

use psa_contract::Request;

use crate::http::Answer;

/// Something that happened to a request. The requests of a batch overlap, so their events mix.
///
/// `request` and the answers are whole, with the credentials that they hold: a recorder must scrub them. `url` holds no
/// value of a secret setting and is fit to be shown. Every request has exactly one [`Event::Finished`], unless the call
/// was dropped before.
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
    /// An attempt did not do; the request will be sent again.
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
        /// How often it was sent. 0: it was refused before, or its time was over.
        attempts: u32,
        /// What the connector is given.
        answer: &'a Answer,
        /// `HTTP/1.1` or `HTTP/2.0`, where there is a response.
        http_version: Option<&'static str>,
        /// When the last attempt began, or the request was refused.
        started: SystemTime,
        /// How long the last attempt took.
        duration: Duration,
    },
}
