//! What is done with a request of a sender: whose it is, what it says, keep it, and only then answer. No call to a PSA is made
//! here.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::Request as HttpRequest;
use axum::http::request::Parts;
use axum::response::Response;

use super::answer::response;
use super::body::whole;
use super::directory::{Directory, Entry, Known};
use super::metrics::Metrics;
use super::{signature, token};
use crate::alert::Alert;
use crate::intake::{Answer, Dialect, Reading, Request, Trouble, read, redacted, trouble};
use crate::office::Office;
use crate::store::{NewCapture, StoreError};
use crate::time::Time;

/// When a sender should try again.
const RETRY_AFTER_SECONDS: u32 = 5;
/// A sample of what is understood is kept so often.
const SAMPLE_EVERY: Duration = Duration::from_secs(10);

/// What the intake needs. Cheap to clone.
#[derive(Clone)]
pub struct Intake {
    office: Office,
    directory: Arc<Directory>,
    metrics: Metrics,
    sampled: Arc<Mutex<HashMap<String, Time>>>,
}

impl Intake {
    /// Of this office.
    #[must_use]
    pub fn new(office: Office, metrics: Metrics) -> Self {
        Self {
            directory: Arc::new(Directory::new(office.clone())),
            office,
            metrics,
            sampled: Arc::default(),
        }
    }
}

/// The router of the intake.
pub fn intake(intake: Intake) -> Router {
    Router::new().fallback(handle).with_state(intake)
}

/// Where a request goes.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Address {
    /// The token says whose it is.
    Of(Dialect),
    /// The address says whose it is.
    Source {
        id: String,
        /// A secret path.
        token: Option<String>,
    },
}

fn address(path: &str) -> Option<Address> {
    match path {
        "/v2/enqueue" => return Some(Address::Of(Dialect::PagerDuty)),
        "/alertmanager" => return Some(Address::Of(Dialect::Alertmanager)),
        "/events" => return Some(Address::Of(Dialect::CloudEvents)),
        _ => {}
    }
    let mut parts = path.strip_prefix("/in/")?.split('/');
    let id = parts.next().filter(|it| !it.is_empty())?.to_owned();
    let token = parts.next().filter(|it| !it.is_empty()).map(str::to_owned);
    match parts.next() {
        None | Some("") => Some(Address::Source { id, token }),
        Some(_) => None,
    }
}

async fn handle(State(intake): State<Intake>, request: HttpRequest<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let (source, answer) = answer(&intake, &parts, body).await;
    let source = source.unwrap_or_default();
    tracing::debug!(source, status = answer.status, "answered");
    intake.metrics.answered(&source, answer.status);
    response(answer)
}

/// The answer, and the source if it is known.
async fn answer(intake: &Intake, parts: &Parts, body: Body) -> (Option<String>, Answer) {
    let Some(address) = address(parts.uri.path()) else {
        return (None, not_found());
    };
    let known = match intake.directory.known().await {
        Ok(known) => known,
        Err(error) => {
            tracing::error!(%error, "the sources cannot be read");
            return (None, unavailable(Dialect::Generic));
        }
    };
    let dialect = match &address {
        Address::Of(dialect) => *dialect,
        Address::Source { id, .. } => known
            .source(id)
            .map_or(Dialect::Generic, |it| it.source.rules.dialect),
    };
    let body = match whole(parts, body).await {
        Ok(body) => body,
        Err(what) => return (None, trouble(dialect, what)),
    };
    let now = intake.office.clock.now();
    let Some(entry) = whose(&known, &address, parts, &body, now) else {
        return (None, trouble(dialect, Trouble::Unauthorized));
    };
    let id = Some(entry.source.id.clone());
    if !is_method(dialect, parts.method.as_str()) {
        return (id, trouble(dialect, Trouble::MethodNotAllowed));
    }
    (id, understood(intake, entry, parts, &body).await)
}

/// The source whose token, or whose signature, the request has.
fn whose<'a>(
    known: &'a Known,
    address: &Address,
    parts: &Parts,
    body: &[u8],
    now: Time,
) -> Option<&'a Entry> {
    let headers = &parts.headers;
    let query = parts.uri.query().unwrap_or_default();
    let sent = || token::of_headers(headers).or_else(|| token::of_query(query));
    match address {
        Address::Of(dialect) => {
            let token = match dialect {
                Dialect::PagerDuty => token::of_event(body),
                Dialect::CloudEvents => sent(),
                _ => token::of_headers(headers),
            };
            let entry = known.of_token(&token?)?;
            (entry.source.rules.dialect == *dialect).then_some(entry)
        }
        Address::Source { id, token } => {
            let entry = known.source(id)?;
            let token = match (token, entry.source.rules.dialect) {
                (Some(token), _) => Some(token.clone()),
                (None, Dialect::PagerDuty) => sent().or_else(|| token::of_event(body)),
                (None, _) => sent(),
            };
            let has_token = token.is_some_and(|token| entry.has_token(&token));
            let is_signed = || {
                let secret = entry.signing_secret.as_deref();
                secret.is_some_and(|it| signature::is_signed(it, headers, body, now))
            };
            (has_token || is_signed()).then_some(entry)
        }
    }
}

fn is_method(dialect: Dialect, method: &str) -> bool {
    match dialect {
        // Grafana's webhook may be a PUT.
        Dialect::Alertmanager | Dialect::Generic => ["POST", "PUT"].contains(&method),
        Dialect::CloudEvents => ["POST", "OPTIONS"].contains(&method),
        Dialect::PagerDuty => method == "POST",
    }
}

async fn understood(intake: &Intake, entry: &Entry, parts: &Parts, body: &[u8]) -> Answer {
    let source = &entry.source;
    let headers: Vec<(String, String)> = parts
        .headers
        .iter()
        .filter(|(name, _)| *name != "authorization")
        .filter_map(|(name, value)| {
            let value = value.to_str().ok()?;
            Some((name.as_str().to_owned(), value.to_owned()))
        })
        .collect();
    let request = Request {
        method: parts.method.as_str(),
        query: "",
        headers: &headers,
        body,
    };
    match read(&source.id, &source.rules, &request) {
        Reading::Alerts { alerts, answer } => keep(intake, entry, &request, alerts, answer).await,
        Reading::Nothing { answer, .. } => answer,
        Reading::NotUnderstood { answer, why } => {
            tracing::warn!(source = source.id, why, "a body was not understood");
            let capture = sample(&request, false, why);
            let now = intake.office.clock.now();
            match intake.office.store.capture(&source.id, capture, now).await {
                Ok(()) => answer,
                Err(error) => {
                    tracing::error!(%error, "a body that was not understood cannot be kept");
                    unavailable(source.rules.dialect)
                }
            }
        }
    }
}

async fn keep(
    intake: &Intake,
    entry: &Entry,
    request: &Request<'_>,
    alerts: Vec<Alert>,
    answer: Answer,
) -> Answer {
    let source = &entry.source;
    let now = intake.office.clock.now();
    let count = alerts.len();
    let sample = is_sampled(intake, &source.id, now).then(|| sample(request, true, String::new()));
    let kept = intake.office.store.receive(&source.id, alerts, sample, now);
    match kept.await {
        Ok(receipts) => {
            if receipts.iter().any(|receipt| receipt.has_work) {
                intake.office.bell.ring(&source.tenant);
            }
            intake.metrics.kept(&source.id, count);
            answer
        }
        Err(error) => {
            if !matches!(error, StoreError::Busy) {
                tracing::error!(%error, "an alert cannot be kept");
                intake.metrics.failed(now, &error);
            }
            unavailable(source.rules.dialect)
        }
    }
}

fn is_sampled(intake: &Intake, source: &str, now: Time) -> bool {
    let mut sampled = intake
        .sampled
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    match sampled.get(source) {
        Some(at) if now.since(*at) < SAMPLE_EVERY => false,
        _ => {
            sampled.insert(source.to_owned(), now);
            true
        }
    }
}

fn sample(request: &Request<'_>, is_understood: bool, why: String) -> NewCapture {
    NewCapture {
        is_understood,
        why,
        media_type: request
            .header("content-type")
            .unwrap_or_default()
            .to_owned(),
        body: redacted(request.body),
    }
}

fn unavailable(dialect: Dialect) -> Answer {
    trouble(
        dialect,
        Trouble::Unavailable {
            retry_after_seconds: RETRY_AFTER_SECONDS,
        },
    )
}

fn not_found() -> Answer {
    Answer {
        status: 404,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: r#"{"error":"there is no such address"}"#.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_exactly_these() {
        let source = |id: &str, token: Option<&str>| {
            Some(Address::Source {
                id: id.to_owned(),
                token: token.map(str::to_owned),
            })
        };
        assert_eq!(
            address("/v2/enqueue"),
            Some(Address::Of(Dialect::PagerDuty))
        );
        assert_eq!(
            address("/alertmanager"),
            Some(Address::Of(Dialect::Alertmanager))
        );
        assert_eq!(address("/events"), Some(Address::Of(Dialect::CloudEvents)));
        assert_eq!(address("/in/s1"), source("s1", None));
        assert_eq!(address("/in/s1/"), source("s1", None));
        assert_eq!(address("/in/s1/t"), source("s1", Some("t")));
        for path in [
            "/",
            "/in/",
            "/in",
            "/in/s1/t/x",
            "/v2/enqueue/",
            "/api/v2/alerts",
        ] {
            assert_eq!(address(path), None, "{path}");
        }
    }
}
