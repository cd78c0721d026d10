//! A program that has rustls of its own and embeds psa-host. What adding the library must not change is in `tests/`.

use std::sync::Arc;

use psa_host::contract::{ConnectorDescription, Setting};
use psa_host::{Live, LiveOptions, Policy, PolicyOptions, Pools};

/// How a program configures TLS that leaves the choice of cryptography to rustls.
#[must_use]
pub fn own_tls() -> rustls::ClientConfig {
    rustls::ClientConfig::builder()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth()
}

/// HTTP for a call of a connector, with the program's own cryptography.
///
/// # Errors
/// The policy or the backend cannot be set up.
pub fn http_for_a_call(
    component_digest: &[u8; 32],
    description: &ConnectorDescription,
    settings: &[Setting],
) -> Result<Live, Box<dyn std::error::Error>> {
    let pools = Pools::with_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()));
    let policy = Policy::new(
        component_digest,
        description,
        settings,
        &PolicyOptions::default(),
    )?;
    Ok(Live::new(&policy, &LiveOptions::default(), &pools)?)
}
