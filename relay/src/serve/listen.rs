//! Connections: with and without TLS, a number of them at once, and an end that waits for the answers that are under way.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::{Extension, Router};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::tls::Certificates;
use crate::page::Peer;

/// How many connections there are at once.
const MOST: usize = 4_096;
/// How long a client may take for a TLS handshake, or for the head of a request.
const HEAD_WITHIN: Duration = Duration::from_secs(15);
/// How long answers under way are waited for at the end.
const END_WITHIN: Duration = Duration::from_secs(20);

/// Serves a router until it is told to stop.
pub async fn listen(
    listener: TcpListener,
    router: Router,
    certificates: Option<Certificates>,
    stop: watch::Receiver<bool>,
) {
    serve_each(listener, |_| router.clone(), certificates, stop).await;
}

/// The same, with the other end of its connection in each request.
pub async fn listen_knowing_peers(
    listener: TcpListener,
    router: Router,
    certificates: Option<Certificates>,
    stop: watch::Receiver<bool>,
) {
    let router = |peer| router.clone().layer(Extension(Peer(peer)));
    serve_each(listener, router, certificates, stop).await;
}

async fn serve_each(
    listener: TcpListener,
    router: impl Fn(SocketAddr) -> Router,
    certificates: Option<Certificates>,
    mut stop: watch::Receiver<bool>,
) {
    let turns = Arc::new(Semaphore::new(MOST));
    let mut connections = JoinSet::new();
    while !*stop.borrow() {
        let accepted = tokio::select! {
            _ = stop.changed() => break,
            // Ended connections are taken out as they end.
            Some(_) = connections.join_next(), if !connections.is_empty() => continue,
            accepted = async {
                let turn = Arc::clone(&turns).acquire_owned().await;
                (turn, listener.accept().await)
            } => accepted,
        };
        let (Ok(turn), accepted) = accepted else {
            break;
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Too many open files: others close theirs.
                tracing::warn!(%error, "a connection cannot be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let _ = stream.set_nodelay(true);
        let (router, stop) = (router(peer), stop.clone());
        let acceptor = certificates.as_ref().map(Certificates::acceptor);
        connections.spawn(async move {
            match acceptor {
                None => connection(stream, router, stop).await,
                Some(acceptor) => with_tls(stream, acceptor, router, stop).await,
            }
            drop(turn);
        });
    }
    drop(listener);
    let ended = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(END_WITHIN, ended).await.is_err() {
        tracing::warn!("connections were cut that did not end");
    }
}

async fn with_tls(
    stream: tokio::net::TcpStream,
    acceptor: TlsAcceptor,
    router: Router,
    stop: watch::Receiver<bool>,
) {
    match tokio::time::timeout(HEAD_WITHIN, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => connection(stream, router, stop).await,
        Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
        Err(_) => tracing::debug!("a TLS handshake took too long"),
    }
}

async fn connection<S>(stream: S, router: Router, mut stop: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_buf_size(64 << 10);
    let service = TowerToHyperService::new(router);
    let connection = http.serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = async { let _ = stop.wait_for(|stop| *stop).await; } => {
            // The answer that is under way is still given.
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke");
    }
}
