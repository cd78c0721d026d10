//! `serve`: listens, works, and ends in good order.

use std::io;
use std::net::SocketAddr;

use psa_relay::configuration::Configuration;
use psa_relay::office::Office;
use psa_relay::page::{Page, PageOptions};
use psa_relay::secrets::KeySource;
use psa_relay::serve::{Certificates, Listeners, PageListener, serve};
use psa_relay::start::{hold, open};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::output::Failure;

pub(crate) async fn run(configuration: &Configuration) -> Result<(), Failure> {
    let intake = &configuration.intake;
    let certificates = match (&intake.certificate, &intake.certificate_key) {
        (Some(certificate), Some(key)) => Some(Certificates::from_files(certificate, key)?),
        _ => None,
    };
    let opened = open(configuration).await?;
    let _held = match &configuration.database {
        // Those who share a database may share a folder, too: only the key is in it.
        Some(_) => None,
        None => Some(hold(&opened.folder)?),
    };
    match &opened.key {
        KeySource::Made(path) => tracing::warn!(
            "the key in {} was made just now: back it up, since without it no secret of this relay can be read",
            path.display()
        ),
        source => tracing::info!(?source, "the key was found"),
    }
    if let Some(path) = opened.key.file_of_everybody() {
        tracing::warn!(
            "the mode of the key in {} lets every user of this machine read it: run `chmod 600` on it, or set the mode where it is mounted",
            path.display()
        );
    }
    if configuration.trial {
        tracing::warn!("`trial` is on: times may be shorter than a real PSA needs");
    }
    if configuration.connectors.is_empty() {
        tracing::warn!(
            "no ticket can be opened: name the file of a connector under [connectors] in the configuration"
        );
    }
    let listener = bind("intake", intake.listen).await?;
    let operation = bind("operation", configuration.operation.listen).await?;
    let scheme = if certificates.is_some() {
        "https"
    } else {
        "http"
    };
    tracing::info!("alerts are taken at {scheme}://{}", listener.local_addr()?);
    tracing::info!(
        "health and numbers are at http://{}",
        operation.local_addr()?
    );
    let page = page(configuration, &opened.office).await?;
    let listeners = Listeners {
        intake: listener,
        certificates,
        operation: Some(operation),
        page,
    };
    serve(opened.office, listeners, until_stopped()).await;
    Ok(())
}

async fn bind(section: &str, address: SocketAddr) -> Result<TcpListener, Failure> {
    let listener = TcpListener::bind(address).await;
    listener.map_err(|error| not_bound(section, address, &error))
}

fn not_bound(section: &str, address: SocketAddr, error: &io::Error) -> Failure {
    let to_do =
        format!("Set `listen` under [{section}] to an address of this machine that is free");
    format!("cannot listen on {address}: {error}. {to_do}").into()
}

/// The page, if its address can be had. A relay that takes alerts does not stay down because somebody else has the usual one.
async fn page(
    configuration: &Configuration,
    office: &Office,
) -> Result<Option<PageListener>, Failure> {
    let page = &configuration.page;
    let address = page.address();
    let listener = match TcpListener::bind(address).await {
        Ok(listener) => listener,
        Err(error) if page.listen.is_none() => {
            tracing::warn!("there is no page: {}", not_bound("page", address, &error));
            return Ok(None);
        }
        Err(error) => return Err(not_bound("page", address, &error)),
    };
    let certificates = match (&page.certificate, &page.certificate_key) {
        (Some(certificate), Some(key)) => Some(Certificates::from_files(certificate, key)?),
        _ => None,
    };
    let address = listener.local_addr()?;
    let options = PageOptions::of(configuration, address)?;
    tracing::info!(
        "the page is at {}; `psa-relay link` prints a link that opens it",
        page.url_at(address)
    );
    Ok(Some(PageListener {
        listener,
        page: Page::new(office.clone(), options),
        certificates,
    }))
}

/// True when somebody has asked to stop. Whoever asks a second time ends the process at once.
pub(crate) fn until_stopped() -> watch::Receiver<bool> {
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        asked_to_stop().await;
        tracing::info!("stopping: calls that are under way are finished");
        let _ = stop.send(true);
        asked_to_stop().await;
        tracing::warn!(
            "stopped at once; calls that were under way are in doubt, and are looked up at the next start"
        );
        std::process::exit(1);
    });
    stopped
}

/// Ctrl-C, or what the service manager sends.
async fn asked_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
