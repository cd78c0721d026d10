//! TLS for the HTTP clients: which certificates are accepted, with whose cryptography.

use std::sync::Arc;

use rustls::client::Resumption;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls_platform_verifier::Verifier;

use crate::live::LiveError;

/// TLS sessions to resume with one origin.
const MOST_TLS_SESSIONS: usize = 8;

/// The check of certificates with these authorities beside the machine's, which are read from files.
pub(crate) fn verifier(
    authorities: &[String],
    provider: Arc<CryptoProvider>,
) -> Result<Verifier, LiveError> {
    Verifier::new_with_extra_roots(certificates(authorities)?, provider).map_err(|error| {
        LiveError::CertificateAuthorities(format!(
            "cannot set up the check of certificates: {error}. Install the machine's certificate authorities (the package \
             ca-certificates), or add one to `certificate_authorities`"
        ))
    })
}

/// TLS for the connections to one origin.
pub(crate) fn config(
    verifier: Arc<Verifier>,
    provider: Arc<CryptoProvider>,
) -> Result<rustls::ClientConfig, LiveError> {
    let verifier: Arc<dyn ServerCertVerifier> = verifier;
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| LiveError::Client(error.to_string()))?
        // The name of the method is for verifiers that check less; this one checks what the machine's own would.
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    // Its own: a session resumed is a connection shared.
    config.resumption = Resumption::in_memory_sessions(MOST_TLS_SESSIONS);
    Ok(config)
}

#[cfg(feature = "ring")]
pub(crate) fn provider_of_the_feature() -> Option<Arc<CryptoProvider>> {
    Some(Arc::new(rustls::crypto::ring::default_provider()))
}

#[cfg(all(feature = "aws-lc-rs", not(feature = "ring")))]
pub(crate) fn provider_of_the_feature() -> Option<Arc<CryptoProvider>> {
    Some(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
}

#[cfg(not(any(feature = "ring", feature = "aws-lc-rs")))]
pub(crate) fn provider_of_the_feature() -> Option<Arc<CryptoProvider>> {
    None
}

fn certificates(pem_texts: &[String]) -> Result<Vec<CertificateDer<'static>>, LiveError> {
    let mut certificates = Vec::new();
    for text in pem_texts {
        let before = certificates.len();
        for certificate in CertificateDer::pem_slice_iter(text.as_bytes()) {
            certificates.push(certificate.map_err(|error| {
                LiveError::CertificateAuthorities(format!(
                    "a certificate authority cannot be read: {error:?}. Give a PEM file"
                ))
            })?);
        }
        if certificates.len() == before {
            return Err(LiveError::CertificateAuthorities(
                "a file of certificate authorities holds no certificate. Give a PEM file, which has lines \
                 `-----BEGIN CERTIFICATE-----`"
                    .to_owned(),
            ));
        }
    }
    Ok(certificates)
}
