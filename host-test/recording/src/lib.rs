//! Recorded HTTP of connectors: HTTP archives, replay, scrubbing of secrets, and cases.
//!
//! In scope: recording what a connector asked ([`Tape`]) and writing it as HAR without secrets ([`Scrubber`]), reading it
//! back ([`recorded_exchanges`]), answering from it ([`Replay`]), and cases: a recording with the call that it belongs to and
//! the expected result ([`Case`]).
//!
//! Out of scope: running a connector (`psa-host`), live HTTP, and anything about a vendor. A [`Replay`] is an
//! [`Http`](psa_contract::http::Http), so it serves any host.
//!
//! ```
//! use psa_contract::{Request, Setting};
//! use psa_recording::{Recording, Replay};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let recording = Recording::parse("board.json", r#"{
//!     "docs": "One board.", "provenance": "invented", "base-url": "https://{{site}}",
//!     "exchanges": [{
//!         "role": "list",
//!         "request": { "method": "GET", "path": "/boards" },
//!         "response": { "status": 200, "json": [{ "id": 1 }] }
//!     }]
//! }"#)?;
//! let settings = [Setting { name: "site".into(), value: "psa.example.com".into() }];
//! let replay = Replay::new(&recording, &settings)?;
//! let request = Request {
//!     method: "GET".into(),
//!     url: "https://psa.example.com/boards".into(),
//!     ..Request::default()
//! };
//! let answers = replay.answer(vec![request]);
//! assert_eq!(answers[0].as_ref().map(|response| response.status), Ok(200));
//! assert!(replay.finish().is_empty());
//! # Ok(())
//! # }
//! ```
#![deny(missing_docs)]

mod case;
mod document;
mod exchange;
mod expectation;
mod function;
mod har;
pub mod matching;
mod placeholder;
mod recording;
mod replay;

use psa_contract::http;

pub use case::{Attachment, Case, CaseSkeleton, Expectation, Input, case_files, case_skeleton};
pub use exchange::{Exchange, LookUpAnswers, RecordedBody, RecordedRequest, Role};
pub use expectation::{differences, mismatches};
pub use function::{Function, may_write};
pub use har::{
    FoundSecret, ScrubError, Scrubber, Tape, Taping, find_secrets, har_exchanges,
    recorded_exchanges, scrub_har,
};
pub use placeholder::Placeholders;
pub use recording::{Recording, RecordingError};
pub use replay::Replay;
