//! A certificate authority and certificates made at start, and what TLS is spoken with. Nothing of it outlives the process.

use std::sync::Arc;

use anyhow::{Context, Result};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// What the other certificate is for.
const ANOTHER_NAME: &str = "another.example.com";

/// An authority of its own for each server: a client that trusts one server does not trust the next.
pub(super) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pub(super) certificate_pem: String,
}

/// The two ways in which a server can introduce itself.
pub(super) struct Identities {
    pub(super) own: Arc<ServerConfig>,
    /// Of the same authority, for a name that the server does not have.
    pub(super) of_another: Arc<ServerConfig>,
}

impl Authority {
    pub(super) fn new() -> Result<Self> {
        let mut params = CertificateParams::new(Vec::new())?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let name = "Authority of a stand-in for tests";
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate()?;
        let certificate_pem = params.self_signed(&key)?.pem();
        Ok(Self {
            issuer: Issuer::new(params, key),
            certificate_pem,
        })
    }

    /// Certificates for these names, host names and addresses alike.
    pub(super) fn identities(&self, names: &[String], http2: bool) -> Result<Identities> {
        Ok(Identities {
            own: self.identity(names, http2)?,
            of_another: self.identity(&[ANOTHER_NAME.to_owned()], http2)?,
        })
    }

    fn identity(&self, names: &[String], http2: bool) -> Result<Arc<ServerConfig>> {
        let mut params = CertificateParams::new(names)
            .with_context(|| format!("names of the certificate: {names:?}"))?;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate()?;
        let certificate = CertificateDer::from(params.signed_by(&key, &self.issuer)?);
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        if http2 {
            config.alpn_protocols.insert(0, b"h2".to_vec());
        }
        Ok(Arc::new(config))
    }
}
