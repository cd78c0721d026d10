//! The adapter alone, in every way in which a connector can send: what the contract asks of a host.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http_body::Frame;
use http_body_util::{BodyExt as _, Full, StreamBody};
use psa_host::contract::http::Answer;
use psa_host::contract::{Body, FailureKind, Request};
use wasmtime_wasi_http::{Error, WasiBody};

use crate::built::{MOST_AT_ONCE, send};
use crate::host::{Network, Sent};

/// Answers with what the function makes of a request.
struct Answering<F>(F);

impl<F> Network for Answering<F>
where
    F: Fn(http::Request<WasiBody>) -> Sent + Send + Sync,
{
    fn send(&self, request: http::Request<WasiBody>) -> Sent {
        (self.0)(request)
    }
}

fn ask<F>(requests: Vec<Request>, answer: F) -> Vec<Answer>
where
    F: Fn(http::Request<WasiBody>) -> Sent + Send + Sync + 'static,
{
    ask_paced(requests, MOST_AT_ONCE, answer)
}

/// The answers to these requests, on a clock that jumps to what is waited for, for a connector that advises so many at once.
fn ask_paced<F>(requests: Vec<Request>, at_once: u32, answer: F) -> Vec<Answer>
where
    F: Fn(http::Request<WasiBody>) -> Sent + Send + Sync + 'static,
{
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().start_paused(true).build();
    let network = Arc::new(Answering(answer));
    let runtime = runtime.expect("a runtime");
    runtime
        .block_on(send(network, requests, at_once))
        .expect("answers")
}

fn get(path: &str) -> Request {
    Request {
        method: "GET".to_owned(),
        url: format!("https://psa.example{path}"),
        ..Request::default()
    }
}

fn response(status: u16, body: impl Into<Bytes>) -> http::Response<WasiBody> {
    let body = Full::from(body.into()).map_err(|never| match never {});
    let response = http::Response::builder().status(status);
    response.body(body.boxed_unsync()).expect("a response")
}

#[test]
fn no_more_are_in_flight_at_once_than_advised_and_answers_keep_the_order() {
    for (advised, expected) in [(16, 16), (2, 2), (0, 1), (100, 16)] {
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let requests: Vec<Request> = (0..40).map(|number| get(&format!("/{number}"))).collect();
        let counted = (Arc::clone(&now), Arc::clone(&most));
        let answers = ask_paced(requests, advised, move |request| {
            let (now, most) = counted.clone();
            Box::pin(async move {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                let number: u64 = request.uri().path()[1..].parse().expect("a number");
                // The later it was asked for, the sooner it comes.
                tokio::time::sleep(Duration::from_millis(100 - number)).await;
                now.fetch_sub(1, Ordering::SeqCst);
                Ok(response(200, request.uri().path().to_owned()))
            })
        });
        let bodies = answers.into_iter().map(|it| it.expect("a response").body);
        let in_order = (0..40).map(|number| Body::from(format!("/{number}").into_bytes()));
        assert!(bodies.eq(in_order));
        assert_eq!(most.load(Ordering::SeqCst), expected, "{advised}");
    }
    assert!(ask(Vec::new(), |_| unreachable!("nothing was asked")).is_empty());
}

#[test]
fn what_the_contract_forbids_is_not_sent() {
    let mut fragment = get("/#x");
    let mut host = get("/");
    host.headers.push(("Host".to_owned(), "a".to_owned()));
    let mut of_the_connection = get("/");
    of_the_connection
        .headers
        .push(("Transfer-Encoding".to_owned(), "chunked".to_owned()));
    let mut letter = get("/");
    letter.headers.push(("x".to_owned(), "\u{20ac}".to_owned()));
    let mut plain = get("/");
    plain.url = "http://psa.example/".to_owned();
    fragment.method = "GET".to_owned();
    let requests = vec![
        fragment,
        host,
        of_the_connection,
        letter,
        plain,
        get("/good"),
    ];
    let mut answers = ask(requests, |request| {
        assert_eq!(request.uri().path(), "/good");
        Box::pin(async { Ok(response(204, "")) })
    });
    assert_eq!(
        answers
            .pop()
            .expect("an answer")
            .expect("a response")
            .status,
        204
    );
    for answer in answers {
        let failure = answer.expect_err("a refusal");
        assert_eq!(
            (failure.kind, failure.may_have_acted),
            (FailureKind::Denied, false),
            "{failure:?}"
        );
    }
}

#[test]
fn a_request_goes_out_as_it_is_with_the_hosts_headers() {
    let mut request = get("/a%20b/?q=%C3%BC&q=");
    request.method = "PATCH".to_owned();
    request.headers = vec![
        ("Accept".to_owned(), "a".to_owned()),
        ("accept".to_owned(), "B\u{fc}".to_owned()),
    ];
    request.body = Some("\u{fc}".into());
    let mut empty = get("/");
    empty.method = "POST".to_owned();
    empty.body = Some("".into());
    let answers = ask(vec![request, empty, get("/")], |request| {
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let body = body.collect().await?.to_bytes();
            let mut lines = vec![format!("{} {}", head.method, head.uri)];
            lines.extend(
                head.headers
                    .iter()
                    .map(|(name, value)| format!("{name}: {}", value.as_bytes().escape_ascii())),
            );
            lines.push(body.escape_ascii().to_string());
            Ok(response(200, lines.join("\n")))
        })
    });
    let sent: Vec<String> = answers
        .into_iter()
        .map(|answer| {
            let body = answer.expect("a response").body;
            String::from_utf8(body.as_bytes().to_vec()).expect("text")
        })
        .collect();
    let agent = format!("user-agent: psa-wasi-http/{}", env!("CARGO_PKG_VERSION"));
    let expected = |first: &str, more: &[&str], last: &str| {
        let mut lines = vec![first, "host: psa.example"];
        lines.extend(more);
        lines.extend([agent.as_str(), "accept-encoding: identity"]);
        lines.extend(last.split('\n'));
        lines.join("\n")
    };
    assert_eq!(
        sent,
        [
            expected(
                "PATCH https://psa.example/a%20b/?q=%C3%BC&q=",
                &["accept: a", "accept: B\\xfc"],
                "content-length: 2\n\\xc3\\xbc"
            ),
            expected("POST https://psa.example/", &[], "content-length: 0\n"),
            expected("GET https://psa.example/", &[], ""),
        ]
    );
}

#[test]
fn every_status_is_a_response_and_bodies_are_text_if_they_can_be() {
    let answers = ask(vec![get("/302"), get("/599"), get("/200")], |request| {
        Box::pin(async move {
            let status = request.uri().path()[1..].parse().expect("a status");
            let body: &[u8] = if status == 599 {
                b"\xff"
            } else {
                "\u{feff}\u{fc}".as_bytes()
            };
            let mut response = response(status, body);
            let headers = response.headers_mut();
            headers.append(
                "Location",
                http::HeaderValue::from_static("https://b.example/"),
            );
            headers.append(
                "x",
                http::HeaderValue::from_bytes(b"\xfc").expect("a value"),
            );
            headers.append("x", http::HeaderValue::from_static("2"));
            Ok(response)
        })
    });
    let headers = [
        ("location", "https://b.example/"),
        ("x", "\u{fc}"),
        ("x", "2"),
    ];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let bodies = [
        Body::Text("\u{feff}\u{fc}".to_owned()),
        Body::Bytes(vec![0xff]),
    ];
    for (answer, (status, body)) in answers.into_iter().zip([(302, 0), (599, 1), (200, 0)]) {
        let response = answer.expect("a response");
        assert_eq!(
            (response.status, &response.headers[..]),
            (status, &headers[..])
        );
        assert_eq!(
            (response.body, response.age_seconds),
            (bodies[body].clone(), None)
        );
    }
}

#[test]
fn a_failure_says_whether_the_server_can_have_acted() {
    type Case = (fn() -> Error, FailureKind, bool);
    let cases: [Case; 12] = [
        (|| Error::HttpRequestDenied, FailureKind::Denied, false),
        (
            || Error::DestinationIpProhibited,
            FailureKind::Denied,
            false,
        ),
        (
            || Error::DnsError {
                rcode: None,
                info_code: None,
            },
            FailureKind::Unreachable,
            false,
        ),
        (
            || Error::Connect(std::io::ErrorKind::ConnectionRefused.into()),
            FailureKind::Unreachable,
            false,
        ),
        (
            || Error::Tls(std::io::ErrorKind::InvalidData.into()),
            FailureKind::Unreachable,
            false,
        ),
        (|| Error::ConnectionTimeout, FailureKind::TimedOut, false),
        (|| Error::ConnectionReadTimeout, FailureKind::TimedOut, true),
        (|| Error::HttpResponseTimeout, FailureKind::TimedOut, true),
        (
            || Error::HttpResponseBodySize(None),
            FailureKind::TooLarge,
            true,
        ),
        (
            || Error::ConnectionTerminated,
            FailureKind::Interrupted,
            true,
        ),
        (|| Error::HttpProtocolError, FailureKind::Interrupted, true),
        (
            || Error::InternalError(Some("Bearer abc".to_owned())),
            FailureKind::Interrupted,
            true,
        ),
    ];
    for (error, kind, may_have_acted) in cases {
        let answers = ask(vec![get("/")], move |_| {
            Box::pin(async move { Err(error()) })
        });
        let failure = answers[0].as_ref().expect_err("a failure");
        assert_eq!(
            (failure.kind, failure.may_have_acted),
            (kind, may_have_acted),
            "{failure:?}"
        );
        assert!(!failure.message.contains("abc"), "{failure:?}");
    }
}

#[test]
fn a_response_that_breaks_off_or_is_encoded_is_interrupted() {
    let answers = ask(
        vec![get("/broken"), get("/gzip"), get("/identity")],
        |request| {
            Box::pin(async move {
                let mut answer = response(200, "whole");
                let path = request.uri().path();
                if path == "/broken" {
                    let parts = [
                        Ok(Frame::data(Bytes::from("{"))),
                        Err(Error::ConnectionTerminated),
                    ];
                    let parts = StreamBody::new(futures_util::stream::iter(parts));
                    *answer.body_mut() = parts.boxed_unsync();
                } else {
                    let coding = path[1..].parse().expect("a value");
                    answer.headers_mut().insert("content-encoding", coding);
                }
                Ok(answer)
            })
        },
    );
    for answer in &answers[..2] {
        let failure = answer.as_ref().expect_err("a failure");
        assert_eq!(
            (failure.kind, failure.may_have_acted),
            (FailureKind::Interrupted, true)
        );
    }
    assert!(answers[2].is_ok());
}

#[test]
fn a_response_and_all_of_them_together_are_limited() {
    const MEBIBYTE: usize = 1 << 20;
    let kinds = |sizes: &[usize]| -> Vec<Option<FailureKind>> {
        let requests = sizes.iter().map(|size| get(&format!("/{size}"))).collect();
        let answers = ask(requests, |request| {
            let size = request.uri().path()[1..].parse().expect("a size");
            Box::pin(async move { Ok(response(200, vec![b' '; size])) })
        });
        answers
            .into_iter()
            .map(|answer| answer.err().map(|it| it.kind))
            .collect()
    };
    let too_large = Some(FailureKind::TooLarge);
    assert_eq!(
        kinds(&[16 * MEBIBYTE, 16 * MEBIBYTE + 1]),
        [None, too_large]
    );
    let many = kinds(&[16 * MEBIBYTE; 5]);
    assert_eq!(
        many.iter().filter(|kind| **kind == too_large).count(),
        1,
        "{many:?}"
    );
}

#[test]
fn a_server_that_does_not_answer_costs_its_own_request_and_no_other() {
    let requests = vec![get("/slow"), get("/quick"), get("/stops")];
    let answers = ask(requests, |request| {
        Box::pin(async move {
            match request.uri().path() {
                "/slow" => std::future::pending().await,
                "/stops" => {
                    let mut answer = response(200, "");
                    let parts = StreamBody::new(futures_util::stream::pending::<
                        Result<Frame<Bytes>, Error>,
                    >());
                    *answer.body_mut() = parts.boxed_unsync();
                    Ok(answer)
                }
                _ => Ok(response(200, "")),
            }
        })
    });
    assert!(answers[1].is_ok());
    for place in [0, 2] {
        let failure = answers[place].as_ref().expect_err("a failure");
        assert_eq!(
            (failure.kind, failure.may_have_acted),
            (FailureKind::TimedOut, true)
        );
        assert!(failure.message.contains("60 seconds"), "{failure:?}");
    }
}

#[test]
fn what_has_no_time_left_is_not_sent() {
    let sent = Arc::new(AtomicUsize::new(0));
    let requests = (0..20).map(|_| get("/")).collect();
    let counted = Arc::clone(&sent);
    let answers = ask(requests, move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
        Box::pin(std::future::pending())
    });
    assert_eq!(sent.load(Ordering::SeqCst), 16);
    let acted = answers
        .iter()
        .map(|answer| answer.as_ref().expect_err("a failure").may_have_acted);
    assert_eq!(acted.filter(|may_have_acted| !may_have_acted).count(), 4);
}
