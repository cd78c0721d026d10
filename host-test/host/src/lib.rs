//! Loads connectors of `psa:connector@0.2.0`, lends them HTTP and nothing else, and calls them.
//!
//! A [`Connector`] is loaded and checked once; each [`Call`] runs in a fresh sandbox with [`Limits`] and with the HTTP
//! that its caller lends it: `Replay` of `psa-recording` answers from a recording, an implementation of [`Http`] from wherever it
//! likes.
//! Nothing in here knows any vendor: what a connector needs, it says itself in `describe`.
//!
//! ```no_run
//! use psa_host::contract::{CompanyQuery, Setting};
//! use psa_host::{CallError, Connector, Limits, NoHttp};
//! use psa_recording::{Recording, Replay};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let connector = Connector::from_file("target/connectwise-psa.wasm")?;
//! let description = connector.call(NoHttp, Limits::default()).describe().await?;
//! for setting in &description.settings {
//!     println!("{} ({})", setting.label, setting.help);
//! }
//!
//! let settings = vec![Setting { name: "site".into(), value: "na.myconnectwise.net".into() }];
//! let http = Replay::new(&Recording::from_file("tenant.json")?, &settings)?;
//! let query = CompanyQuery { search: Some("acme".into()), ..CompanyQuery::default() };
//! match connector.call(http, Limits::default()).list_companies(settings, query).await {
//!     Ok(page) => println!("{} companies", page.companies.len()),
//!     Err(CallError::Connector(error)) => println!("{}: {}", error.code.name(), error.message),
//!     Err(other) => return Err(other.into()),
//! }
//! # Ok(())
//! # }
//! ```

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
pub use http::{Answer, Answers, Http, NoHttp, refusal};
pub use limits::{LimitReached, Limits};
#[cfg(feature = "live")]
pub use live::{
    Event, HttpLimits, Live, LiveError, LiveOptions, Observer, Pools, Resolution, Retries, Timeouts,
};
#[cfg(feature = "policy")]
pub use policy::{PacingSource, Policy, PolicyError, PolicyOptions};
#[doc(hidden)]
pub use run::KeptGuest;
pub use run::Usage;
pub use visible::{is_obeyed, visible};
