//! What a host sends, and how it is wrong: a fault for each duty, named after it, that changes requests before they leave or
//! results before they arrive.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use psa_host::contract::{
    Body, ConnectorDescription, Failure, FailureKind, Request, Response, Setting,
};
use psa_host::{
    Answer, Connector, Http as _, HttpLimits, Live, LiveOptions, PacingSource, Policy,
    PolicyOptions, Pools, Retries, Timeouts,
};
use psa_host_conformance::Server;

/// The HTTP of the calls of one tenant.
#[derive(Clone)]
pub(super) struct Sending {
    policy: Policy,
    options: LiveOptions,
    pools: Pools,
    fault: Option<&'static str>,
    /// What a host keeps that keeps the wrong things.
    kept: BTreeMap<String, Response>,
    pub(super) has_written: bool,
}

impl Sending {
    pub(super) fn of(
        server: &Server,
        connector: &Connector,
        description: &ConnectorDescription,
        settings: &[Setting],
        pools: &Pools,
        fault: Option<&'static str>,
    ) -> Self {
        let is = |name| fault == Some(name);
        let foreign = server.settings()["foreign"].clone();
        let options = PolicyOptions {
            allow_private_networks: true,
            allow_hosts: if is("origin-refused") {
                vec![foreign]
            } else {
                Vec::new()
            },
            pacing: if is("pacing-kept") {
                PacingSource::Off
            } else {
                PacingSource::Connector
            },
        };
        let mut authorities = vec![server.certificate_pem.clone()];
        if is("certificate-checked") {
            authorities.push(server.untrusted_pem.clone());
        }
        Self {
            policy: Policy::new(connector.digest(), description, settings, &options)
                .expect("a policy"),
            options: LiveOptions {
                certificate_authorities: authorities,
                // Apart, so that a server that never speaks TLS is found out by the first.
                timeouts: Timeouts {
                    connect: Duration::from_secs(1),
                    request: Duration::from_secs(2),
                },
                limits: HttpLimits::default(),
                retries: Retries {
                    per_request: 0,
                    ..Retries::default()
                },
                ..LiveOptions::default()
            },
            pools: pools.clone(),
            fault,
            kept: BTreeMap::new(),
            has_written: false,
        }
    }

    /// An error ends the call, which no host must do.
    pub(super) async fn send(&mut self, requests: Vec<Request>) -> wasmtime::Result<Vec<Answer>> {
        let fault = self.fault.unwrap_or_default();
        if requests.is_empty() && fault == "empty-batch" {
            return Ok(vec![Ok(Response {
                status: 200,
                ..Response::default()
            })]);
        }
        let sent: Vec<Request> = requests
            .iter()
            .map(|request| before(fault, request))
            .collect();
        let mut answers = if keeps(fault) {
            self.answered_from_kept(&sent).await
        } else {
            self.live(sent).await
        };
        for (request, answer) in requests.iter().zip(&mut answers) {
            self.has_written |=
                request.is_write && answer.as_ref().err().is_none_or(|it| it.may_have_acted);
            after(fault, request, answer);
            if let Some(again) = sent_again(fault, request, answer) {
                *answer = self.live(vec![again]).await.remove(0);
            }
        }
        let failure = answers
            .iter()
            .find_map(|answer| answer.as_ref().err().cloned());
        match (fault, failure) {
            ("one-result-each", _) => answers.truncate(15),
            ("in-order", _) => answers.reverse(),
            ("failures-stay-apart", Some(failure)) => answers.fill(Err(failure)),
            ("never-raises", Some(failure)) => return Err(wasmtime::Error::msg(failure.message)),
            _ => {}
        }
        Ok(answers)
    }

    async fn live(&self, requests: Vec<Request>) -> Vec<Answer> {
        let mut live = Live::new(&self.policy, &self.options, &self.pools).expect("HTTPS");
        live.send(requests, Instant::now() + Duration::from_secs(60))
            .await
    }

    /// Answers as a host that keeps responses by the wrong rules.
    async fn answered_from_kept(&mut self, requests: &[Request]) -> Vec<Answer> {
        let mut answers = Vec::new();
        for request in requests {
            let key = match self.fault {
                Some("only-the-same-request") => {
                    request.url.split('?').next().unwrap_or_default().to_owned()
                }
                _ => format!("{} {}", request.method, request.url),
            };
            let reuses = request.reuse_seconds.is_some_and(|seconds| seconds > 0);
            let kept = self.kept.get(&key).filter(|_| reuses);
            if let Some(response) = kept {
                answers.push(Ok(Response {
                    age_seconds: Some(0),
                    ..response.clone()
                }));
                continue;
            }
            let plain = Request {
                reuse_seconds: None,
                ..request.clone()
            };
            let answer = self.live(vec![plain]).await.remove(0);
            if let (true, Ok(response)) = (reuses, &answer) {
                self.kept.insert(key, response.clone());
            }
            answers.push(answer);
        }
        answers
    }
}

fn keeps(fault: &str) -> bool {
    matches!(
        fault,
        "renewal-replaces" | "only-success-is-kept" | "only-the-same-request"
    )
}

/// What leaves in place of a request.
fn before(fault: &str, request: &Request) -> Request {
    let mut request = request.clone();
    let mut add =
        |name: &str, value: &str| request.headers.push((name.to_owned(), value.to_owned()));
    match fault {
        "user-agent" => add("user-agent", ""),
        "nothing-added" => add("content-type", "text/plain"),
        "method-kept" if request.method == "PATCH" => request.method = "POST".to_owned(),
        "url-kept" => request.url = request.url.replace("%2F", "/"),
        "request-headers-kept" => request.headers.reverse(),
        "request-body-kept" => {
            request.body = request
                .body
                .map(|body| Body::from(body.to_text().into_owned()));
        }
        "content-length" => request.body = request.body.or(Some(Body::default())),
        "host-headers-refused" => request.headers.retain(|(name, _)| name == "Authorization"),
        "forbidden-refused" => request.method = request.method.to_ascii_uppercase(),
        "renewal-is-sent" => {
            request.reuse_seconds = request.reuse_seconds.map(|seconds| seconds.max(600));
        }
        "not-older-than-asked" => request.reuse_seconds = request.reuse_seconds.map(|_| 3_600),
        _ => {}
    }
    request
}

/// What arrives in place of an answer.
fn after(fault: &str, request: &Request, answer: &mut Answer) {
    match answer {
        Ok(response) => after_response(fault, request, response),
        Err(failure) => after_failure(fault, request, failure),
    }
    let replaced = match (fault, &*answer) {
        ("every-status-is-a-response", Ok(response)) if response.status >= 500 => {
            Some(Err(Failure {
                kind: FailureKind::Interrupted,
                message: response.status.to_string(),
                may_have_acted: true,
            }))
        }
        ("cut-is-interrupted", Err(failure)) if failure.kind == FailureKind::Interrupted => {
            Some(Ok(Response {
                status: 200,
                ..Response::default()
            }))
        }
        _ => None,
    };
    if let Some(replaced) = replaced {
        *answer = replaced;
    }
}

fn after_response(fault: &str, request: &Request, response: &mut Response) {
    match fault {
        "interim-not-passed-on" if request.url.contains("interim=") => response.status = 103,
        "header-names-lower-case" => {
            for (name, _) in &mut response.headers {
                *name = name.to_ascii_uppercase();
            }
        }
        "header-repeats-kept" => {
            let mut joined: BTreeMap<String, String> = BTreeMap::new();
            for (name, value) in std::mem::take(&mut response.headers) {
                let values = joined.entry(name).or_default();
                *values = [values.as_str(), &value]
                    .join(", ")
                    .trim_start_matches(", ")
                    .to_owned();
            }
            response.headers = joined.into_iter().collect();
        }
        "header-values-latin-1" => {
            for (_, value) in &mut response.headers {
                let bytes: Vec<u8> = value
                    .chars()
                    .filter_map(|letter| u8::try_from(letter).ok())
                    .collect();
                *value = String::from_utf8_lossy(&bytes).into_owned();
            }
        }
        "encoding-removed" if request.url.contains("encode=") => {
            response
                .headers
                .push(("content-encoding".to_owned(), "gzip".to_owned()));
        }
        "text-or-bytes" => {
            response.body = Body::Bytes(std::mem::take(&mut response.body).into_bytes());
        }
        "whole-body" => {
            let mut bytes = std::mem::take(&mut response.body).into_bytes();
            bytes.truncate(65_536);
            response.body = bytes.into();
        }
        "age-of-fresh-responses" => response.age_seconds = Some(0),
        "age-told" => response.age_seconds = None,
        _ => {}
    }
}

fn after_failure(fault: &str, request: &Request, failure: &mut Failure) {
    match (fault, failure.kind) {
        ("unreachable-cannot-have-acted", FailureKind::Unreachable) => {
            failure.kind = FailureKind::Interrupted;
            failure.may_have_acted = true;
        }
        ("time-out-is-told", FailureKind::TimedOut)
        | ("may-have-acted", FailureKind::Interrupted) => {
            failure.may_have_acted = false;
        }
        ("message-says-why", _) => failure.message.clear(),
        ("no-secret-in-messages", _) => {
            let sent: Vec<&str> = request
                .headers
                .iter()
                .map(|(_, value)| value.as_str())
                .collect();
            failure.message = format!("cannot send {}", sent.join(", "));
        }
        _ => {}
    }
}

/// What is sent after an answer: where it leads to, or the same once more.
fn sent_again(fault: &str, request: &Request, answer: &Answer) -> Option<Request> {
    match (fault, answer) {
        ("redirects-not-followed", Ok(response)) => Some(Request {
            url: response.header("location")?.to_owned(),
            ..request.clone()
        }),
        ("write-sent-once", Err(failure)) if request.is_write && failure.may_have_acted => {
            Some(request.clone())
        }
        _ => None,
    }
}
