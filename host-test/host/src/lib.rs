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

mod call;
mod code_cache;
mod connector;
mod engine;
mod functions;
mod lent_http;
mod limits;
mod live;
mod meter;
mod run;
mod visible;

use psa_contract::http;

/// The interface as Rust types.
pub use psa_contract as contract;

pub use call::{Call, CallError};
pub use code_cache::CodeCache;
pub use connector::{Connector, HTTP_INTERFACE, LoadError, SERVICE_DESK_INTERFACE};
pub use http::{Answer, Answers, Http, NoHttp, refusal};
pub use limits::{LimitReached, Limits};
pub use live::{
    Event, HttpLimits, Live, LiveError, LiveOptions, Observer, PacingSource, Policy, Pools,
    Resolution, Retries, Timeouts,
};
#[doc(hidden)]
pub use run::KeptGuest;
pub use run::Usage;
pub use visible::{is_obeyed, visible};

mod placeholder {
    pub(crate) use psa_recording::Placeholders;
}
