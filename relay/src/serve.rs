//! The listeners: alerts come in at one, operators look in at another, the page is at a third.

mod answer; // Answers as HTTP.
mod body; // Bodies of requests.
mod directory; // Sources and tokens, as they are known here.
mod intake; // What is done with a request of a sender.
mod listen; // Connections, with and without TLS.
mod metrics; // Numbers for Prometheus.
mod operation; // Health and numbers.
mod signature; // Signed bodies.
mod tls; // Certificates that are read again.
mod token; // Where a request has its token.

use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::office::Office;
use crate::page::Page;

pub use intake::{Intake, intake};
pub use listen::{listen, listen_knowing_peers};
pub use metrics::Metrics;
pub use operation::operation;
pub use tls::{Certificates, TlsError};

/// How often what ended long ago is forgotten.
const FORGET_EVERY: Duration = Duration::from_secs(600);

/// Where to listen, and how.
pub struct Listeners {
    /// For alerts.
    pub intake: TcpListener,
    /// The certificate of the intake. None: plain HTTP, for a proxy in front.
    pub certificates: Option<Certificates>,
    /// For operators. None: not at all.
    pub operation: Option<TcpListener>,
    /// For people who set the relay up. None: not at all.
    pub page: Option<PageListener>,
}

/// Where the page listens.
pub struct PageListener {
    /// Its address.
    pub listener: TcpListener,
    /// What is shown.
    pub page: Page,
    /// Its certificate. None: plain HTTP.
    pub certificates: Option<Certificates>,
}

/// Takes alerts, carries out work and forgets what is old, until it is told to stop. When this returns, nothing is under way
/// and the store is closed.
pub async fn serve(office: Office, listeners: Listeners, stop: watch::Receiver<bool>) {
    let metrics = Metrics::default();
    let router = intake(Intake::new(office.clone(), metrics.clone()));
    let certificates = listeners.certificates;
    let mut tasks = tokio::task::JoinSet::new();
    let of_page = listeners
        .page
        .as_ref()
        .and_then(|it| it.certificates.clone());
    for certificates in [certificates.clone(), of_page].into_iter().flatten() {
        tasks.spawn(tls::read_again(certificates, stop.clone()));
    }
    tasks.spawn(listen(listeners.intake, router, certificates, stop.clone()));
    if let Some(listener) = listeners.operation {
        let router = operation(office.clone(), metrics);
        tasks.spawn(listen(listener, router, None, stop.clone()));
    }
    if let Some(page) = listeners.page {
        let router = page.page.router();
        let (listener, certificates) = (page.listener, page.certificates);
        tasks.spawn(listen_knowing_peers(
            listener,
            router,
            certificates,
            stop.clone(),
        ));
    }
    tasks.spawn(crate::worker::run(office.clone(), stop.clone()));
    tasks.spawn(forget(office.clone(), stop));
    while let Some(ended) = tasks.join_next().await {
        if let Err(error) = ended {
            tracing::error!(%error, "a part of the relay ended");
        }
    }
    office.store.close().await;
}

async fn forget(office: Office, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let before = office.clock.now().minus(office.timing.keep);
        match office.store.forget(before).await {
            Ok(0) => {}
            Ok(cases) => tracing::info!(cases, "cases that ended long ago were deleted"),
            Err(error) => tracing::error!(%error, "old cases cannot be deleted"),
        }
        tokio::select! {
            _ = stop.changed() => {}
            () = tokio::time::sleep(FORGET_EVERY) => {}
        }
    }
}
