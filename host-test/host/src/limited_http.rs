//! `psa:connector/http` as a guest sees it: the caller's backend behind the rules and limits of the call.
//!
//! Knows nothing of wasmtime, so that its rules can be tested without a guest.

use std::time::Duration;

use psa_contract::{Body, Failure, FailureKind, Request};
use tokio::time::{Instant, timeout_at};

use crate::http::{Answer, Http, denied, refusal};
use crate::limits::Limits;
#[cfg(feature = "policy")]
use crate::policy::Policy;
use crate::trace;

/// How long after the deadline a backend that keeps it may still hand in its answers.
const GRACE_FOR_THE_BACKEND: Duration = Duration::from_millis(100);

/// What a request must keep before any backend sees it.
#[derive(Clone)]
pub(crate) enum RequestRules {
    /// Nothing: for the conformance kit, which judges requests itself.
    None,
    /// The contract's own rules.
    Contract,
    /// Those, and that the origin is approved.
    #[cfg(feature = "policy")]
    Policy(Policy),
}

impl RequestRules {
    fn check(&self, request: &Request) -> Result<(), Failure> {
        match self {
            Self::None => Ok(()),
            Self::Contract => refusal(request).map_or(Ok(()), Err),
            #[cfg(feature = "policy")]
            Self::Policy(policy) => policy.check(request),
        }
    }
}

/// One call's HTTP.
pub(crate) struct LimitedHttp {
    backend: Box<dyn Http>,
    rules: RequestRules,
    requests_left: usize,
    request_limit: usize,
    /// Where the reserve for a look-up begins.
    reserve_starts: Instant,
    /// Where the part of the reserve begins in which the guest only puts its answer together.
    sending_ends: Instant,
    may_have_written: bool,
}

impl LimitedHttp {
    pub(crate) fn new(
        backend: Box<dyn Http>,
        rules: RequestRules,
        limits: &Limits,
        started: Instant,
    ) -> Self {
        let ends = started + limits.effective_wall_clock();
        let reserve = limits.effective_reserve();
        Self {
            backend,
            rules,
            requests_left: limits.requests,
            request_limit: limits.requests,
            reserve_starts: ends - reserve,
            sending_ends: ends - reserve / 10,
            may_have_written: false,
        }
    }

    /// Whether a request that can change something was handed to the backend and not shown to be without effect.
    pub(crate) fn may_have_written(&self) -> bool {
        self.may_have_written
    }

    /// Exactly one answer for each request, in their order.
    pub(crate) async fn send(&mut self, requests: Vec<Request>) -> Vec<Answer> {
        let in_reserve = Instant::now() >= self.reserve_starts;
        let mut answers: Vec<Option<Answer>> = Vec::with_capacity(requests.len());
        let mut admitted = Vec::new();
        let asked: Vec<(String, bool)> = requests
            .iter()
            .map(|request| (request.method.clone(), request.is_write))
            .collect();
        for request in requests {
            let refusal = self.refusal(&request, in_reserve);
            answers.push(refusal.map(Err));
            if answers.last().is_some_and(Option::is_none) {
                admitted.push(request);
            }
        }
        let mut admitted_answers = self.send_admitted(admitted, in_reserve).await.into_iter();
        let answers: Vec<Answer> = answers
            .into_iter()
            .map(|answer| {
                answer
                    .or_else(|| admitted_answers.next())
                    .unwrap_or_else(|| Err(unanswered()))
            })
            .map(with_text_as_text)
            .collect();
        for ((method, is_write), answer) in asked.iter().zip(&answers) {
            trace::of_answer(method, *is_write, answer);
        }
        answers
    }

    fn refusal(&mut self, request: &Request, in_reserve: bool) -> Option<Failure> {
        if self.requests_left == 0 {
            return Some(denied(format!(
                "the request was not sent: this call may send {} requests, and has. \
                 The operator can raise the limit `requests`",
                self.request_limit
            )));
        }
        if in_reserve && request.is_write {
            return Some(Failure {
                kind: FailureKind::TimedOut,
                message: "the request was not sent: the time left of this call is kept for reading"
                    .to_owned(),
                may_have_acted: false,
            });
        }
        if let Err(failure) = self.rules.check(request) {
            return Some(failure);
        }
        self.requests_left -= 1;
        None
    }

    async fn send_admitted(&mut self, requests: Vec<Request>, in_reserve: bool) -> Vec<Answer> {
        if requests.is_empty() {
            return Vec::new();
        }
        let deadline = if in_reserve {
            self.sending_ends
        } else {
            self.reserve_starts
        };
        let writes: Vec<bool> = requests.iter().map(|it| it.is_write).collect();
        let had_written = self.may_have_written;
        // Set before waiting: the guest may be stopped while it waits.
        self.may_have_written |= writes.contains(&true);

        let sending = self.backend.send(requests, deadline.into_std());
        let mut answers = match timeout_at(deadline + GRACE_FOR_THE_BACKEND, sending).await {
            Ok(answers) => answers,
            Err(_) => writes.iter().map(|_| Err(timed_out())).collect(),
        };
        answers.resize_with(writes.len(), || Err(unanswered()));

        self.may_have_written = had_written
            || writes
                .iter()
                .zip(&answers)
                .any(|(is_write, answer)| *is_write && may_have_acted(answer));
        answers
    }
}

/// A backend may hand in text as bytes; the guest gets `text` if and only if the bytes are valid UTF-8.
fn with_text_as_text(mut answer: Answer) -> Answer {
    if let Ok(response) = &mut answer
        && let Body::Bytes(bytes) = &mut response.body
    {
        response.body = std::mem::take(bytes).into();
    }
    answer
}

fn may_have_acted(answer: &Answer) -> bool {
    match answer {
        Ok(_) => true,
        Err(failure) => failure.may_have_acted,
    }
}

fn timed_out() -> Failure {
    Failure {
        kind: FailureKind::TimedOut,
        message: "no complete response within the time of this call".to_owned(),
        may_have_acted: true,
    }
}

fn unanswered() -> Failure {
    Failure {
        kind: FailureKind::Interrupted,
        message: "the host's HTTP gave no answer".to_owned(),
        may_have_acted: true,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant as StdInstant;

    use psa_contract::Response;

    use super::*;
    use crate::http::Answers;

    /// Hands in as many answers as it is told to, whatever it was asked, and after a while.
    struct Answering(usize, Duration);

    impl Http for Answering {
        fn send(&mut self, _requests: Vec<Request>, _deadline: StdInstant) -> Answers<'_> {
            let response = Response {
                status: 200,
                ..Response::default()
            };
            let (count, delay) = (self.0, self.1);
            Box::pin(async move {
                tokio::time::sleep(delay).await;
                vec![Ok(response); count]
            })
        }
    }

    fn requests(methods: &[&str]) -> Vec<Request> {
        let request = |method: &&str| Request {
            method: (*method).to_owned(),
            url: "https://psa.example/".to_owned(),
            headers: Vec::new(),
            is_write: *method == "POST",
            ..Request::default()
        };
        methods.iter().map(request).collect()
    }

    fn kinds(answers: &[Answer]) -> Vec<&'static str> {
        let kind = |answer: &Answer| {
            answer
                .as_ref()
                .map_or_else(|failure| failure.kind.name(), |_| "ok")
        };
        answers.iter().map(kind).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn every_request_gets_one_answer() {
        let second = Duration::from_secs(1);
        let hour = Duration::from_secs(3_600);
        /// Methods, answers that the backend gives, after how long, limit of requests, kinds of the answers.
        type Case<'a> = (&'a [&'a str], usize, Duration, usize, &'a [&'a str]);
        let cases: &[Case<'_>] = &[
            (&[], 3, second, 9, &[]),
            (&["GET", "GET"], 2, second, 9, &["ok", "ok"]),
            (&["GET", "GET"], 5, second, 9, &["ok", "ok"]),
            (&["GET", "GET"], 1, second, 9, &["ok", "interrupted"]),
            (
                &["GET", "GET"],
                0,
                second,
                9,
                &["interrupted", "interrupted"],
            ),
            (&["GET", "GET"], 2, hour, 9, &["timed-out", "timed-out"]),
            (
                &["GET", "GET", "GET"],
                3,
                second,
                2,
                &["ok", "ok", "denied"],
            ),
            (&["GET"], 1, second, 0, &["denied"]),
        ];
        for (methods, answers, delay, limit, expected) in cases {
            let limits = Limits {
                requests: *limit,
                ..Limits::default()
            };
            let backend = Box::new(Answering(*answers, *delay));
            let mut http =
                LimitedHttp::new(backend, RequestRules::Contract, &limits, Instant::now());
            let answers = http.send(requests(methods)).await;
            assert_eq!(kinds(&answers), *expected, "{methods:?}");
        }
    }

    /// Hands in this response to everything.
    struct Responding(Response);

    impl Http for Responding {
        fn send(&mut self, requests: Vec<Request>, _deadline: StdInstant) -> Answers<'_> {
            Box::pin(std::future::ready(vec![Ok(self.0.clone()); requests.len()]))
        }
    }

    #[tokio::test]
    async fn a_body_is_text_if_and_only_if_it_is_utf_8_and_an_age_passes() {
        let cases: &[(Body, Body)] = &[
            (Body::Bytes(Vec::new()), Body::Text(String::new())),
            (Body::Bytes(b"a".to_vec()), Body::Text("a".to_owned())),
            (
                Body::Bytes(b"\xef\xbb\xbf\xc3\xa9".to_vec()),
                Body::Text("\u{feff}é".to_owned()),
            ),
            (
                Body::Bytes(b"a\xff".to_vec()),
                Body::Bytes(b"a\xff".to_vec()),
            ),
            (Body::Text("a".to_owned()), Body::Text("a".to_owned())),
        ];
        for (body, expected) in cases {
            for age_seconds in [None, Some(7)] {
                let response = Response {
                    status: 200,
                    headers: Vec::new(),
                    body: body.clone(),
                    age_seconds,
                };
                let expected = Response {
                    body: expected.clone(),
                    ..response.clone()
                };
                let backend = Box::new(Responding(response));
                let mut http = LimitedHttp::new(
                    backend,
                    RequestRules::Contract,
                    &Limits::default(),
                    Instant::now(),
                );
                let answers = http.send(requests(&["GET"])).await;
                assert_eq!(answers, [Ok(expected)]);
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_post_that_is_no_write_never_makes_the_outcome_unknown() {
        for delay in [Duration::ZERO, Duration::from_secs(3_600)] {
            let backend = Box::new(Answering(0, delay));
            let mut http = LimitedHttp::new(
                backend,
                RequestRules::Contract,
                &Limits::default(),
                Instant::now(),
            );
            let token_request = Request {
                is_write: false,
                ..requests(&["POST"]).remove(0)
            };
            http.send(vec![token_request]).await;
            assert!(!http.may_have_written());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_write_without_an_answer_may_have_written() {
        let backend = Box::new(Answering(0, Duration::ZERO));
        let mut http = LimitedHttp::new(
            backend,
            RequestRules::Contract,
            &Limits::default(),
            Instant::now(),
        );
        http.send(requests(&["POST"])).await;
        assert!(http.may_have_written());
    }

    #[tokio::test(start_paused = true)]
    async fn the_reserve_is_for_reading() {
        let limits = Limits::default();
        let backend = Box::new(Answering(1, Duration::ZERO));
        let mut http = LimitedHttp::new(backend, RequestRules::Contract, &limits, Instant::now());
        tokio::time::advance(Duration::from_secs(101)).await;
        let answers = http.send(requests(&["POST", "GET"])).await;
        assert_eq!(kinds(&answers), ["timed-out", "ok"]);
        assert!(
            answers[0]
                .as_ref()
                .is_err_and(|failure| !failure.may_have_acted)
        );
        assert!(!http.may_have_written());
    }

    /// Gives each request back in its answer, so that a test sees what arrived.
    struct Echoing;

    impl Http for Echoing {
        fn send(&mut self, requests: Vec<Request>, _deadline: StdInstant) -> Answers<'_> {
            let echo = |request: &Request| {
                Ok(Response {
                    body: request.url.as_str().into(),
                    ..Response::default()
                })
            };
            Box::pin(std::future::ready(requests.iter().map(echo).collect()))
        }
    }

    #[tokio::test]
    async fn whatever_the_backend_it_is_given_only_what_the_rules_allow() {
        let urls = [
            "https://psa.example/",
            "http://psa.example/",
            "https://other.example/",
        ];
        let asked = || {
            urls.map(|url| Request {
                url: url.to_owned(),
                ..requests(&["GET"]).remove(0)
            })
        };
        let mut rules = vec![
            (RequestRules::None, ["ok", "ok", "ok"]),
            (RequestRules::Contract, ["ok", "denied", "ok"]),
        ];
        #[cfg(feature = "policy")]
        rules.push((
            RequestRules::Policy(policy_for("psa.example")),
            ["ok", "denied", "denied"],
        ));
        for (rules, expected) in rules {
            let mut http =
                LimitedHttp::new(Box::new(Echoing), rules, &Limits::default(), Instant::now());
            let answers = http.send(asked().to_vec()).await;
            assert_eq!(kinds(&answers), expected);
            for (answer, url) in answers.iter().zip(urls) {
                let echoed = answer.as_ref().map(|response| response.body.to_text());
                assert!(echoed.map_or(true, |echoed| echoed == url), "{url}");
            }
        }
    }

    #[cfg(feature = "policy")]
    fn policy_for(host: &str) -> Policy {
        let options = crate::policy::PolicyOptions {
            allow_hosts: vec![host.to_owned()],
            ..Default::default()
        };
        Policy::new(&[0; 32], &Default::default(), &[], &options).expect("a policy")
    }
}
