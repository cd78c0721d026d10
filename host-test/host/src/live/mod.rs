//! The live backend: HTTPS as a host provides it to a connector that it did not write.
//!
//! A [`Policy`](crate::Policy) says which origins one tenant's connector may reach, [`Pools`] keep what calls share, and a
//! [`Live`] is the HTTP of one call. Where to look: `admission.rs` judges requests, `headers.rs` headers; `resolver.rs` sees
//! that no other address is connected to; `client.rs` builds the HTTP clients, `tls.rs` their TLS, `proxy.rs` reads the
//! environment; `backend.rs` and the files below it send; `retry.rs` decides what is sent again. `failure.rs`,
//! `connect_failure.rs` and `tls_failure.rs` say what an error means. `tenants.rs` finds what the calls of a tenant share, by
//! its fingerprint: `kept_responses.rs` and `pacing.rs`. `tenant.rs` puts a tenant's connector, settings, policy and HTTP
//! together; no other file here knows of WebAssembly, and none of any vendor.

mod admission;
mod backend;
mod cause;
mod client;
mod connect_failure;
mod event;
mod failure;
mod fault;
mod headers;
mod kept_responses;
mod options;
mod pacing;
mod proxy;
mod resolver;
mod response_body;
mod retry;
mod tenant;
mod tenants;
mod tls;
mod tls_failure;
mod user_agent;

pub use backend::Live;
pub use client::Pools;
pub use event::Event;
pub use options::{HttpLimits, LiveOptions, Observer, Resolution, Retries, Timeouts};
pub use tenant::{Tenant, TenantError, TenantOptions};

/// Why a live backend cannot be set up. The text says what to correct.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LiveError {
    /// An entry of [`LiveOptions::certificate_authorities`], or the machine's own authorities.
    #[error("{0}")]
    CertificateAuthorities(String),
    /// No cryptography for TLS.
    #[error(
        "there is no cryptography for TLS: give a provider (`Pools::with_crypto_provider`), install a default provider of \
         rustls, or turn on the feature `ring` or `aws-lc-rs` of psa-host"
    )]
    NoCryptoProvider,
    /// [`LiveOptions::contact`].
    #[error(
        "`contact` is not an address: `{0}`. Enter an email address or a URL: printable ASCII without brackets and \
         backslashes, at most 200 bytes"
    )]
    Contact(String),
    /// The proxy of the environment, with [`LiveOptions::use_environment_proxy`].
    #[error(
        "the proxy in the variable `{variable}` cannot be used: {reason}. Enter http://HOST:PORT, or unset the variable"
    )]
    Proxy {
        /// The variable, in upper case.
        variable: &'static str,
        /// Why. Does not hold its value, which may have a password.
        reason: String,
    },
    /// The HTTP client.
    #[error("cannot set up HTTP: {0}")]
    Client(String),
}
