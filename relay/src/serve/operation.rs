//! For operators: `/healthz` and `/metrics`.

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

/// Well if the store can write, as alerts need it. A PSA that is down does not make the relay unhealthy: see `/metrics`.
async fn healthz(State((office, _)): Shared) -> Response {
    let now = office.clock.now().to_string();
    match office.store.put_note("health", &now).await {
        Ok(()) => (StatusCode::OK, "ok\n").into_response(),
        Err(error) => {
            tracing::error!(%error, "the store cannot write");
            let text = format!("alerts cannot be kept: {error}\n");
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
