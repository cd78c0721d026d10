//! Loads connectors of `psa:connector@0.2.0`, lends them HTTP and nothing else, and calls them.
//!
//! A [`Connector`] is loaded and checked once; each [`Call`] runs in a fresh sandbox with [`Limits`] and with the HTTP
//! that its caller lends it: [`Replay`] answers from a recording, an implementation of [`Http`] from wherever it likes.
//! Nothing in here knows any vendor: what a connector needs, it says itself in `describe`.
//!
//! ```no_run
//! use psa_host::contract::{CompanyQuery, Setting};
//! use psa_host::{CallError, Connector, Limits, NoHttp, Recording, Replay};
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
mod case;
mod code_cache;
pub mod conform;
mod connector;
mod document;
mod engine;
mod exchange;
mod expectation;
mod functions;
mod har;
mod http;
mod lent_http;
mod limits;
mod live;
mod matching;
mod meter;
mod placeholder;
mod recording;
mod replay;
mod run;
mod visible;

/// The interface as Rust types.
pub use psa_contract as contract;

pub use call::{Call, CallError};
pub use case::{
    Case, CaseSkeleton, Expectation, Function, Input, case_files, case_skeleton, perform,
};
pub use code_cache::CodeCache;
pub use connector::{Connector, HTTP_INTERFACE, LoadError, SERVICE_DESK_INTERFACE};
pub use exchange::{Exchange, LookUpAnswers, RecordedBody, RecordedRequest, Role};
pub use expectation::{differences, mismatches};
pub use har::{
    FoundSecret, ScrubError, Scrubber, Tape, Taping, find_secrets, har_exchanges,
    recorded_exchanges, scrub_har,
};
pub use http::{Answer, Answers, Http, NoHttp, refusal};
pub use limits::{LimitReached, Limits};
pub use live::{
    Event, HttpLimits, Live, LiveError, LiveOptions, Observer, PacingSource, Policy, Pools,
    Resolution, Retries, Timeouts,
};
pub use placeholder::Placeholders;
pub use recording::{Recording, RecordingError};
pub use replay::Replay;
#[doc(hidden)]
pub use run::KeptGuest;
pub use run::Usage;
pub use visible::{is_obeyed, visible};
