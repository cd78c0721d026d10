//! What a guest is answered and what its backend is given, whatever either does.

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
            LimitedHttp::with_rules(backend, RequestRules::Contract, &limits, Instant::now());
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
            let mut http = LimitedHttp::with_rules(
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
        let mut http = LimitedHttp::with_rules(
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
    let mut http = LimitedHttp::with_rules(
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
    let mut http =
        LimitedHttp::with_rules(backend, RequestRules::Contract, &limits, Instant::now());
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
            LimitedHttp::with_rules(Box::new(Echoing), rules, &Limits::default(), Instant::now());
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
