//! The conformance kit for hosts: does a host provide `psa:connector/http`, and make calls, as the contract says?
//!
//! In scope: [`DUTIES`], the table of what a host owes a connector; [`Server`], the server that the probe
//! (`component/probe`) sends to; [`judge`], which puts together what the probe reported, what the server saw and what the
//! host's program printed; [`Report`]; [`Authority`], for other servers that tests start.
//!
//! Out of scope: loading components, running the host's program (`psa-host conform-host` does that), and testing connectors
//! (`psa-conformance`).
#![deny(missing_docs)]

mod duty; // The table of duties.
mod judge; // From what was seen to verdicts.
mod printed; // What the host's program printed.
mod report; // Verdicts, for people and for programs.
mod server;

pub use duty::{DUTIES, Duty, Observer};
pub use judge::judge;
pub use printed::Printed;
pub use report::{Outcome, Report, State};
pub use server::{Authority, Seen, Server, StartError};
