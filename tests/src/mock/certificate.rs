//! What TLS is spoken with: certificates of an authority that is made at start.

use std::sync::Arc;

use anyhow::{Context, Result};
use psa_host_conformance::Authority;
use tokio_rustls::rustls::ServerConfig;

/// What the other certificate is for.
const ANOTHER_NAME: &str = "another.example.com";

/// The two ways in which a server can introduce itself.
pub(super) struct Identities {
    pub(super) own: Arc<ServerConfig>,
    /// Of the same authority, for a name that the server does not have.
    pub(super) of_another: Arc<ServerConfig>,
}

/// With a certificate for these names, host names and addresses alike.
pub(super) fn identities(
    authority: &Authority,
    names: &[String],
    http2: bool,
) -> Result<Identities> {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let protocols: &[&str] = if http2 {
        &["h2", "http/1.1"]
    } else {
        &["http/1.1"]
    };
    let own = authority.identity(&names, protocols);
    Ok(Identities {
        own: own.with_context(|| format!("names of the certificate: {names:?}"))?,
        of_another: authority.identity(&[ANOTHER_NAME], protocols)?,
    })
}
