//! The `send` that gives the answers of an input, looks at each request, and keeps what was asked.

use psa_contract::{Failure, Request, Response};

use crate::answers::{Answer, Answers, good};
use crate::arguments::REFERENCE;
use crate::vendor::Vendor;

/// More than any input of a few kilobytes should ask for.
const MOST_ROUNDS: usize = 1_000;

/// Which requests are answered well, whatever the input holds.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Good {
    None,
    /// What comes before everything else.
    Door,
    /// That, and what is read before a ticket is written.
    BeforeWrite,
}

/// A server, and what it was asked.
pub(crate) struct Desk {
    vendor: &'static Vendor,
    answers: Answers,
    good: Good,
    /// Whether the host kept what it may keep.
    is_kept: bool,
    pub(crate) origins: Vec<String>,
    rounds: usize,
    given: usize,
    /// Whether a request carried the vendor's token.
    has_token: bool,
    exchanges: Vec<Exchange>,
    /// Whether the server repeated a secret.
    pub(crate) holds_a_secret: bool,
}

/// A request, and what came of it. None: the host had no result.
pub(crate) struct Exchange {
    round: usize,
    is_door: bool,
    pub(crate) is_write: bool,
    /// Whether the reference was asked for.
    pub(crate) is_look_up: bool,
    pub(crate) url: String,
    body: String,
    pub(crate) result: Option<Result<Response, Failure>>,
    may_decline: fn(&str) -> bool,
}

impl Desk {
    pub(crate) fn new(
        vendor: &'static Vendor,
        answers: Answers,
        good: Good,
        is_kept: bool,
    ) -> Self {
        Self {
            vendor,
            answers,
            good,
            is_kept,
            origins: Vec::new(),
            rounds: 0,
            given: 0,
            has_token: false,
            exchanges: Vec::new(),
            holds_a_secret: false,
        }
    }

    /// Where the server has no result for a request, the host returns none for those after it in the round either.
    pub(crate) fn send(&mut self, requests: &[Request]) -> Vec<Result<Response, Failure>> {
        self.rounds += 1;
        assert!(self.rounds <= MOST_ROUNDS, "it asks for ever");
        assert!(!requests.is_empty(), "a round without requests");
        let mut results = Vec::new();
        let mut is_cut = false;
        for request in requests {
            self.check(request);
            if let Some(token) = self.vendor.token() {
                let carries_it =
                    |(_, value): &(String, String)| value.strip_prefix("Bearer ") == Some(token);
                self.has_token |= request.headers.iter().any(carries_it);
            }
            let result = self.answer(request).filter(|_| !is_cut);
            is_cut = result.is_none();
            let body = request
                .body
                .as_ref()
                .map_or(&[][..], |body| body.as_bytes());
            let body = String::from_utf8_lossy(body).into_owned();
            self.exchanges.push(Exchange {
                round: self.rounds,
                is_door: self.vendor.is_door(request),
                is_write: request.is_write,
                is_look_up: !request.is_write
                    && (request.url.contains(REFERENCE) || body.contains(REFERENCE)),
                url: request.url.clone(),
                body,
                result: result.clone(),
                may_decline: self.vendor.may_decline,
            });
            results.extend(result);
        }
        results
    }

    fn answer(&mut self, request: &Request) -> Option<Result<Response, Failure>> {
        let is_before_write =
            self.good == Good::BeforeWrite && !self.exchanges.iter().any(|it| it.is_write);
        let body = match self.good {
            Good::None => None,
            _ => self.vendor.good_answer(request, is_before_write),
        };
        let (mut answer, holds_a_secret) = match body {
            Some(body) => good(body, self.vendor.secrets),
            None => {
                self.given += 1;
                self.answers.to(self.given - 1)
            }
        };
        // To a server that was not sent a key, and to a connector that was not given a token, it is a word like others.
        let is_door = self.vendor.is_door(request);
        let unknown = match self.vendor.token() {
            Some(_) if self.has_token || (is_door && is_success(&answer)) => &[][..],
            Some(_) => &self.vendor.secrets[2..],
            None if is_door => self.vendor.secrets,
            None => &[],
        };
        answer = answer.map(|answer| {
            unknown
                .iter()
                .fold(answer, |answer, it| without(answer, it))
        });
        self.holds_a_secret |= holds_a_secret && !request.is_secret;
        if self.is_kept
            && request.reuse_seconds > Some(0)
            && is_success(&answer)
            && let Some(Ok(response)) = &mut answer
        {
            response.age_seconds = Some(1);
        }
        answer
    }

    /// What was asked, but for what comes before everything else, and what was only refused for an access token or a zone that
    /// the host had kept: it was sent again after the renewal.
    pub(crate) fn exchanges(&self) -> Vec<&Exchange> {
        let is_sent_again = |it: &&Exchange| {
            let is_in = |round, that: &dyn Fn(&Exchange) -> bool| {
                self.exchanges
                    .iter()
                    .any(|other| other.round == round && that(other))
            };
            is_in(it.round + 1, &|other| other.is_door)
                && is_in(it.round + 2, &|other| other.asks_the_same_as(it))
        };
        let all = self.exchanges.iter().filter(|it| !it.is_door);
        all.filter(|it| !self.is_kept || !is_sent_again(it))
            .collect()
    }

    pub(crate) fn urls(&self) -> impl Iterator<Item = &str> {
        self.exchanges.iter().map(|exchange| exchange.url.as_str())
    }

    /// Whether every request went to the server and asked for nothing that it should not.
    fn check(&self, request: &Request) {
        let url = request.url.as_str();
        let at_origin = self.origins.iter().any(|origin| is_at(url, origin));
        assert!(at_origin, "{url} is at none of {:?}", self.origins);
        assert!(
            url.bytes()
                .all(|byte| byte.is_ascii_graphic() && byte != b'#'),
            "{url:?} is no URL"
        );
        let is_get = request.method == "GET";
        assert!(is_get || matches!(request.method.as_str(), "POST" | "PATCH"));
        assert_eq!(request.body.is_some(), !is_get);
        let is_query = self.vendor.is_door(request) || url.contains("/query");
        assert!(
            request.is_write != (is_get || is_query),
            "{} {url}",
            request.method
        );
        let keeps = request.reuse_seconds;
        assert!(keeps.is_none() || !request.is_write, "a write is kept");
        assert!(keeps <= Some(3_600), "{url} is kept too long");
        let body = request.body.as_ref().map_or(&[][..], |it| it.as_bytes());
        let is_secret = self.vendor.holds_a_secret(&String::from_utf8_lossy(body));
        assert!(
            !is_secret || request.is_secret || self.holds_a_secret,
            "the body of {url} is secret, and not said to be"
        );
        for (name, value) in &request.headers {
            assert!(
                value.bytes().all(|byte| (b' '..=b'~').contains(&byte)),
                "the header {name} holds what no header may"
            );
        }
    }
}

fn is_success(answer: &Answer) -> bool {
    matches!(answer, Some(Ok(response)) if (200..300).contains(&response.status))
}

fn without(answer: Result<Response, Failure>, secret: &str) -> Result<Response, Failure> {
    let cut = |text: &str| {
        let holds_it = text
            .to_ascii_lowercase()
            .contains(&secret.to_ascii_lowercase());
        (if holds_it { "-" } else { text }).to_owned()
    };
    match answer {
        Ok(mut response) => {
            response.body = cut(&String::from_utf8_lossy(response.body.as_bytes())).into();
            response
                .headers
                .iter_mut()
                .for_each(|(_, value)| *value = cut(value));
            Ok(response)
        }
        Err(failure) => Err(Failure {
            message: cut(&failure.message),
            ..failure
        }),
    }
}

/// Whether a URL is at an origin, whose first label may be `*`.
fn is_at(url: &str, origin: &str) -> bool {
    let after = match origin.strip_prefix("https://*") {
        Some(domain) => url.strip_prefix("https://").and_then(|rest| {
            let (label, rest) = rest.split_once('.')?;
            let is_label = label
                .bytes()
                .all(|it| it.is_ascii_alphanumeric() || it == b'-');
            rest.strip_prefix(&domain[1..])
                .filter(|_| is_label && !label.is_empty())
        }),
        None => url.strip_prefix(origin),
    };
    after.is_some_and(|rest| rest.starts_with('/'))
}

impl Exchange {
    /// Whatever the origin.
    fn asks_the_same_as(&self, other: &Self) -> bool {
        let path = |url: &str| url.splitn(4, '/').nth(3).map(str::to_owned);
        self.body == other.body && path(&self.url) == path(&other.url)
    }

    /// The body of an answer with success.
    pub(crate) fn success(&self) -> Option<&[u8]> {
        match &self.result {
            Some(Ok(response)) if (200..300).contains(&response.status) => {
                Some(response.body.as_bytes())
            }
            _ => None,
        }
    }

    /// Whether the server may have written. A 5xx counts unless its body may be the one that says that it read no further
    /// than the request.
    pub(crate) fn may_have_acted(&self) -> bool {
        match &self.result {
            Some(Ok(response)) => match response.status {
                408 => true,
                400..500 => false,
                500..600 => !(self.may_decline)(&String::from_utf8_lossy(response.body.as_bytes())),
                _ => true,
            },
            Some(Err(failure)) => failure.may_have_acted,
            None => true,
        }
    }

    /// Whether nothing can have been written.
    pub(crate) fn was_declined(&self) -> bool {
        match &self.result {
            Some(Ok(response)) => matches!(response.status, 400..=407 | 409..=499),
            Some(Err(failure)) => !failure.may_have_acted,
            None => false,
        }
    }
}
