//! Where the trials stand: sends, notes what each trial saw, and looks at every answer for what holds for all of them.

use std::collections::BTreeMap;

use psa_contract::{Body, Company, Failure, FailureKind, Request, Response};
use psa_toolkit::HttpSend;
use psa_toolkit::exchange::HttpResult;

use crate::ask::SECRET_BODY;
use crate::settings::Settings;

/// What a trial found.
pub(crate) enum Verdict {
    Kept,
    /// What was seen.
    Broken(String),
    /// Why not.
    NotTested(String),
}

pub(crate) struct Stand<'a, 'b> {
    pub(crate) settings: &'a Settings,
    send: &'a mut HttpSend<'b>,
    /// By duty and trial.
    found: Vec<(&'static str, String, Verdict)>,
    /// What holds for every answer: the first fault of each duty.
    watched: BTreeMap<&'static str, Option<String>>,
}

impl<'a, 'b> Stand<'a, 'b> {
    pub(crate) fn new(settings: &'a Settings, send: &'a mut HttpSend<'b>) -> Self {
        Self {
            settings,
            send,
            found: Vec::new(),
            watched: BTreeMap::new(),
        }
    }

    /// Whether one of these duties is to be tried.
    pub(crate) fn is_wanted(&self, duties: &[&str]) -> bool {
        let only = self.settings.only.as_deref();
        only.is_none_or(|only| duties.contains(&only))
    }

    /// What the host returns for these requests, whatever that is.
    pub(crate) fn send(&mut self, mut requests: Vec<Request>) -> Vec<HttpResult> {
        let results = (self.send)(&mut requests);
        for (request, result) in requests.iter().zip(&results) {
            match result {
                Ok(response) => self.watch_response(request, response),
                Err(failure) => self.watch_failure(failure),
            }
        }
        results
    }

    /// The result of one request. A host that returns none has failed it.
    pub(crate) fn one(&mut self, request: Request) -> HttpResult {
        let result = self.send(vec![request]).into_iter().next();
        result.unwrap_or_else(|| {
            Err(Failure {
                kind: FailureKind::Interrupted,
                message: "the host returned no result".to_owned(),
                may_have_acted: true,
            })
        })
    }

    /// Notes what a trial found: nothing, or the fault.
    pub(crate) fn note(&mut self, duty: &'static str, trial: &str, fault: Option<String>) {
        let verdict = fault.map_or(Verdict::Kept, Verdict::Broken);
        self.found.push((duty, trial.to_owned(), verdict));
    }

    pub(crate) fn not_tested(&mut self, duty: &'static str, trial: &str, why: &str) {
        let verdict = Verdict::NotTested(why.to_owned());
        self.found.push((duty, trial.to_owned(), verdict));
    }

    fn watch(&mut self, duty: &'static str, fault: Option<String>) {
        let first = self.watched.entry(duty).or_default();
        if first.is_none() {
            *first = fault;
        }
    }

    fn watch_response(&mut self, request: &Request, response: &Response) {
        let name = response.headers.iter().map(|(name, _)| name);
        let name = name
            .clone()
            .find(|name| name.to_ascii_lowercase() != **name);
        self.watch(
            "header-names-lower-case",
            name.map(|name| format!("a response has a header `{name}`")),
        );
        let is_text =
            matches!(&response.body, Body::Bytes(bytes) if std::str::from_utf8(bytes).is_ok());
        self.watch(
            "text-or-bytes",
            is_text.then(|| "a body that is valid UTF-8 arrived as `bytes`".to_owned()),
        );
        if request.reuse_seconds.is_none_or(|seconds| seconds == 0) {
            let age = response.age_seconds;
            self.watch(
                "age-of-fresh-responses",
                age.map(|age| {
                    format!("a response that the server just sent has `age-seconds` {age}")
                }),
            );
        }
    }

    fn watch_failure(&mut self, failure: &Failure) {
        let must_be = match failure.kind {
            FailureKind::Denied => Some(false),
            FailureKind::TooLarge | FailureKind::Interrupted => Some(true),
            FailureKind::Unreachable | FailureKind::TimedOut => None,
        };
        let is_wrong = must_be.is_some_and(|must_be| must_be != failure.may_have_acted);
        self.watch(
            "may-have-acted",
            is_wrong.then(|| format!("a failure {}", shown(&Err(failure.clone())))),
        );
        let secrets = [self.settings.key.as_str(), SECRET_BODY];
        let is_leaked = secrets
            .iter()
            .any(|secret| failure.message.contains(secret));
        self.watch(
            "no-secret-in-messages",
            is_leaked.then(|| {
                format!(
                    "the message of a failure {} holds a header or a body",
                    failure.kind.name()
                )
            }),
        );
        self.watch(
            "message-says-why",
            failure
                .message
                .trim()
                .is_empty()
                .then(|| format!("a failure {} has no message", failure.kind.name())),
        );
    }

    /// A company for each trial.
    pub(crate) fn companies(self) -> Vec<Company> {
        let only = self.settings.only.clone();
        let watched = self.watched.into_iter().map(|(duty, fault)| {
            let verdict = fault.map_or(Verdict::Kept, Verdict::Broken);
            (duty, "every-answer".to_owned(), verdict)
        });
        let found = self.found.into_iter().chain(watched);
        found
            .filter(|(duty, ..)| only.as_ref().is_none_or(|only| only == duty))
            .map(|(duty, trial, verdict)| Company {
                id: format!("{duty}/{trial}"),
                identifier: None,
                name: match verdict {
                    Verdict::Kept => "kept".to_owned(),
                    Verdict::Broken(seen) => format!("broken: {seen}"),
                    Verdict::NotTested(why) => format!("not tested: {why}"),
                },
                status: None,
                is_active: true,
                types: Vec::new(),
                properties: Vec::new(),
            })
            .collect()
    }
}

/// What came of a request, in a few words: `403`, or `interrupted, may-have-acted: true`.
pub(crate) fn shown(result: &HttpResult) -> String {
    match result {
        Ok(response) => format!("a response {}", response.status),
        Err(failure) => format!(
            "{}, may-have-acted: {} ({})",
            failure.kind.name(),
            failure.may_have_acted,
            failure.message.chars().take(120).collect::<String>()
        ),
    }
}

/// The fault, if what came is not a failure of one of these kinds that says this of the server.
pub(crate) fn unless_failure(
    result: &HttpResult,
    kinds: &[FailureKind],
    may_have_acted: bool,
) -> Option<String> {
    let is_right = matches!(result, Err(failure)
        if kinds.contains(&failure.kind) && failure.may_have_acted == may_have_acted);
    let kinds: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
    (!is_right).then(|| {
        format!(
            "expected {}, may-have-acted: {may_have_acted}; came {}",
            kinds.join(" or "),
            shown(result)
        )
    })
}

/// The response, or the fault that there is none.
pub(crate) fn response(result: HttpResult) -> Result<Response, String> {
    match result {
        Ok(response) if response.status == 200 => Ok(response),
        other => Err(format!("expected a response 200; came {}", shown(&other))),
    }
}
