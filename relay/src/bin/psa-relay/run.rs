//! `serve`: listens, works, and ends in good order.

use psa_relay::configuration::Configuration;
use psa_relay::secrets::KeySource;
use psa_relay::serve::{Certificates, Listeners, serve};
use psa_relay::start::{hold, open};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::commands::Failure;

pub(crate) async fn run(configuration: &Configuration) -> Result<(), Failure> {
    let intake = &configuration.intake;
    let certificates = match (&intake.certificate, &intake.certificate_key) {
        (Some(certificate), Some(key)) => Some(Certificates::from_files(certificate, key)?),
        _ => None,
    };
    let opened = open(configuration).await?;
    let _held = hold(&opened.folder)?;
    match &opened.key {
        KeySource::Made(path) => tracing::warn!(
            "the key in {} was made just now: back it up, since without it no secret of this relay can be read",
            path.display()
        ),
        source => tracing::info!(?source, "the key was found"),
    }
    if configuration.trial {
        tracing::warn!("`trial` is on: times may be shorter than a real PSA needs");
    }
    let listener = TcpListener::bind(intake.listen).await?;
    let operation = TcpListener::bind(configuration.operation.listen).await?;
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
    let listeners = Listeners {
        intake: listener,
        certificates,
        operation: Some(operation),
    };
    serve(opened.office, listeners, stopped).await;
    Ok(())
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
