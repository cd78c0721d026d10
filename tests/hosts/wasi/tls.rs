//! The network as `wasmtime serve` reaches it, a connection for each request, but with the authority of a stand-in: the command
//! trusts none but the public ones.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt as _;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring};
use wasmtime_wasi_http::{Error, WasiBody};

use crate::host::{Network, Sent};

/// With limits of time, which a host of `wasi:http` takes from the adapter or makes shorter.
pub(crate) struct Tls {
    connector: TlsConnector,
    connect: Duration,
    response: Duration,
}

impl Tls {
    pub(crate) fn new(authority_pem: &str, connect: Duration, response: Duration) -> Self {
        let mut roots = RootCertStore::empty();
        let authority = CertificateDer::from_pem_slice(authority_pem.as_bytes());
        roots.add(authority.expect("PEM")).expect("an authority");
        let provider = Arc::new(ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions of TLS")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self {
            connector: TlsConnector::from(Arc::new(config)),
            connect,
            response,
        }
    }
}

impl Network for Tls {
    fn send(&self, mut request: http::Request<WasiBody>) -> Sent {
        let uri = std::mem::take(request.uri_mut());
        let connected = timeout(self.connect, connect(self.connector.clone(), uri.clone()));
        let limit = self.response;
        Box::pin(async move {
            let path = uri.path_and_query().map_or("/", |path| path.as_str());
            *request.uri_mut() = path.parse().map_err(|_| Error::HttpRequestUriInvalid)?;
            let stream = connected.await.map_err(|_| Error::ConnectionTimeout)??;
            let handshake = hyper::client::conn::http1::handshake(TokioIo::new(stream));
            let (mut sender, connection) = handshake.await?;
            tokio::spawn(connection);
            let response = timeout(limit, sender.send_request(request)).await;
            let response = response.map_err(|_| Error::HttpResponseTimeout)??;
            Ok(response.map(|body| body.map_err(Error::from).boxed_unsync()))
        })
    }
}

async fn connect(connector: TlsConnector, uri: http::Uri) -> Result<TlsStream<TcpStream>, Error> {
    let host = uri.host().ok_or(Error::HttpRequestUriInvalid)?;
    let stream = TcpStream::connect((host, uri.port_u16().unwrap_or(443)));
    let stream = stream.await.map_err(Error::Connect)?;
    let name = ServerName::try_from(host.to_owned()).map_err(|_| Error::HttpRequestUriInvalid)?;
    connector.connect(name, stream).await.map_err(Error::Tls)
}
