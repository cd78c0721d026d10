//! Loads connectors of `psa:connector@0.2.0`, provides HTTP and nothing else to them, and calls them.
//!
//! In scope: a [`Connector`] is loaded and checked once; each [`Call`] runs in a fresh sandbox with [`Limits`] and with the
//! HTTP that its caller gives it. The contract's rules for requests hold in front of any [`Http`], and with the feature
//! `policy` so does what a tenant's connector may reach. With the feature `live` this crate has HTTPS of its own, and
//! `Tenant` puts all of it together. A program that has a `wasmtime::Engine` loads connectors on it ([`ConnectorEngine`]);
//! one that has a linker and stores adds HTTP to them ([`add_to_linker`]).
//!
//! Out of scope: recordings (`psa-recording`, whose `Replay` is an [`Http`]), testing connectors (`psa-conformance`), the
//! command line (`psa-cli`), where settings come from, and anything about a vendor: what a connector needs, it says itself in
//! `describe`.
//!
//! Calls need a Tokio runtime with time enabled; live calls also need IO. `Cargo.toml` explains the features.
//!
#![deny(missing_docs)]
#![cfg_attr(
    feature = "live",
    doc = r#"
```no_run
use psa_host::contract::{Setting, TicketDraft};
use psa_host::{CallError, Connector, Pools, Tenant, TenantOptions};

# async fn example() -> Result<(), Box<dyn std::error::Error>> {
// Once in a process.
let connector = Connector::from_file("target/connectwise-psa.wasm")?;
let pools = Pools::default();

// Once for each tenant.
let settings = vec![Setting { name: "site".into(), value: "na.myconnectwise.net".into() }];
let tenant = Tenant::new(&connector, settings, TenantOptions::default(), &pools).await?;

let draft = TicketDraft {
    company_id: "250".into(),
    summary: "Blocked domain".into(),
    reference: Some("alert-4711".into()),
    ..TicketDraft::default()
};
match tenant.create_ticket(draft).await {
    Ok(created) => println!("{}", created.ticket.number),
    Err(CallError::Connector(error)) => println!("{}: {}", error.code.name(), error.message),
    Err(other) => return Err(other.into()),
}
# Ok(())
# }
```"#
)]

#[cfg(feature = "policy")]
mod address;
mod call;
mod call_error;
#[cfg(feature = "cache")]
mod code_cache;
mod connector;
mod engine;
#[cfg(feature = "policy")]
mod fingerprint;
mod functions;
mod limited_http;
mod limits;
mod linker;
#[cfg(feature = "live")]
mod live;
mod meter;
#[cfg(feature = "policy")]
mod policy;
mod run;
mod state;
mod trace;
mod visible;

use psa_contract::http;

/// The interface as Rust types.
pub use psa_contract as contract;
pub use psa_contract::{HTTP_INTERFACE, SERVICE_DESK_INTERFACE};

pub use call::Call;
pub use call_error::CallError;
#[cfg(feature = "cache")]
pub use code_cache::CodeCache;
pub use connector::{Connector, LoadError};
pub use engine::{ConnectorEngine, EngineError};
pub use http::{Answer, Answers, Http, NoHttp, refusal};
pub use limited_http::LimitedHttp;
pub use limits::{LimitReached, Limits};
pub use linker::add_to_linker;
#[cfg(feature = "live")]
pub use live::{
    Event, HttpLimits, Live, LiveError, LiveOptions, Observer, Pools, Resolution, Retries, Tenant,
    TenantError, TenantOptions, Timeouts,
};
#[cfg(feature = "policy")]
pub use policy::{PacingSource, Policy, PolicyError, PolicyOptions};
#[doc(hidden)]
pub use run::KeptGuest;
pub use run::Usage;
/// The version of wasmtime that [`ConnectorEngine::of`] and [`add_to_linker`] take.
pub use wasmtime;

pub use visible::{is_obeyed, visible};
