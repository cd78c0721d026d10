//! The network as `wasmtime serve` reaches it, a connection for each request, but with the authority of a stand-in: the command
//! trusts none but the public ones.

use std::sync::Arc;

use http_body_util::BodyExt as _;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring};
use wasmtime_wasi_http::{Error, WasiBody};

use crate::host::{Network, Sent};

/// Everything goes to the loopback.
pub(crate) struct Tls(TlsConnector);

impl Tls {
    pub(crate) fn trusting(authority_pem: &str) -> Self {
        let mut roots = RootCertStore::empty();
        let authority = CertificateDer::from_pem_slice(authority_pem.as_bytes());
        roots.add(authority.expect("PEM")).expect("an authority");
        let provider = Arc::new(ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions of TLS")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self(TlsConnector::from(Arc::new(config)))
    }
}

impl Network for Tls {
    fn send(&self, mut request: http::Request<WasiBody>) -> Sent {
        let connector = self.0.clone();
        Box::pin(async move {
            let uri = std::mem::take(request.uri_mut());
            let port = uri.port_u16().unwrap_or(443);
            let path = uri.path_and_query().map_or("/", |path| path.as_str());
            *request.uri_mut() = path.parse().map_err(|_| Error::HttpRequestUriInvalid)?;
            let stream = TcpStream::connect(("127.0.0.1", port))
                .await
                .map_err(Error::Connect)?;
            let name = ServerName::try_from(uri.host().unwrap_or_default().to_owned())
                .map_err(|_| Error::HttpRequestUriInvalid)?;
            let stream = connector.connect(name, stream).await.map_err(Error::Tls)?;
            let handshake = hyper::client::conn::http1::handshake(TokioIo::new(stream));
            let (mut sender, connection) = handshake.await?;
            tokio::spawn(connection);
            let response = sender.send_request(request).await?;
            Ok(response.map(|body| body.map_err(Error::from).boxed_unsync()))
        })
    }
}
