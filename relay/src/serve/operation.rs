//! For operators: `/healthz` and `/metrics`.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use super::metrics::Metrics;
use crate::office::Office;
use crate::service;

/// The router of the operators' listener.
pub fn operation(office: Office, metrics: Metrics) -> Router {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/metrics", get(numbers))
        .with_state((office, metrics))
}

type Shared = State<(Office, Metrics)>;

/// For so long an alert that could not be kept makes the relay unhealthy, if none comes to show that it is over.
const FAILURE_COUNTS: Duration = Duration::from_secs(60);

/// Well if the store can write, as alerts need it. On a disk that is nearly full a little can still be written, so what became
/// of the latest alerts counts, too. A PSA that is down does not make the relay unhealthy: see `/metrics`.
async fn healthz(State((office, metrics)): Shared) -> Response {
    let now = office.clock.now();
    let written = office.store.put_note("health", &now.to_string()).await;
    let failure = written.err().map(|error| error.to_string());
    match failure.or_else(|| metrics.failure_after(now.minus(FAILURE_COUNTS))) {
        None => (StatusCode::OK, "ok\n").into_response(),
        Some(why) => {
            tracing::error!(why, "alerts cannot be kept");
            let text = format!("alerts cannot be kept: {why}\n");
            (StatusCode::SERVICE_UNAVAILABLE, text).into_response()
        }
    }
}

async fn numbers(State((office, metrics)): Shared) -> Response {
    match service::health(&office).await {
        Ok(health) => {
            let headers = [("content-type", "text/plain; version=0.0.4")];
            (headers, metrics.text(&health)).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "the store does not answer");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
