//! The live backend: HTTPS as a host lends it to a connector that it did not write.
//!
//! A [`Policy`](crate::Policy) says which origins one tenant's connector may reach, [`Pools`] keep what calls share, and a
//! [`Live`] is the HTTP of one call. What leads where: `admission.rs` judges requests, `headers.rs` headers, `resolver.rs` sees that no other address is connected to, `client.rs` builds the HTTP clients,
//! `backend.rs` sends, `retry.rs` decides what is sent again, `failure.rs` says what an error means. `tenants.rs` finds what
//! the calls of a tenant share, by its fingerprint: `kept_responses.rs` and `pacing.rs`. `tenant.rs` puts a tenant's connector, settings, policy and HTTP
//! together; no other file here knows of WebAssembly, and none of any vendor.

mod admission;
mod backend;
mod client;
mod event;
mod failure;
mod headers;
mod kept_responses;
mod options;
mod pacing;
mod resolver;
mod response_body;
mod retry;
mod tenant;
mod tenants;

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
    /// The HTTP client.
    #[error("cannot set up HTTP: {0}")]
    Client(String),
}
