//! HTTP Archives (HAR 1.2): what browsers, proxies and this program record requests in.
//!
//! A live run is taped ([`Tape`]), written as HAR and cleaned of secrets on the way ([`Scrubber`]), read back as
//! exchanges ([`har_exchanges`]), as are archives made by others, which [`scrub_har`] cleans. The crate `har` is not
//! used: it refuses an archive without `timings`, `cache`, `cookies` or `time`, which other programs leave out, and
//! drops fields that begin with an underscore, in which a failure is kept here and in which others keep headers.

mod base64_run;
mod body;
mod credential;
mod decoded;
mod document;
mod find;
mod learnt;
mod numbers;
mod read;
mod replace;
mod scrub;
mod secrets;
mod tape;
mod unexpanded;
mod walk;
mod write;

pub use find::{FoundSecret, find_secrets};

pub use read::{har_exchanges, recorded_exchanges};
pub use scrub::{ScrubError, scrub_har};
pub use secrets::Scrubber;
pub use tape::{Tape, Taping};
pub(crate) use unexpanded::unexpanded;
