//! The connector for ConnectWise PSA (formerly ConnectWise Manage).
//!
//! A pure core and a thin edge. Every module here but `guest` is the core: values in, values out, no `unsafe`, no IO, no
//! clock, no randomness, no state between calls. An operation is one function in one file that takes the parsed
//! [`Settings`], its input and [`HttpSend`], the only way out. `guest` hands the component's imports and exports to it.
//!
//! In scope: which requests to send, and what the responses mean. Out of scope: sockets, TLS, retries of reads, time
//! limits, and storage, all of which are the host's.
// Nothing from outside may trap the component, so whatever can panic is refused by the compiler.
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::string_slice,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]

mod board_lists;
mod check_ticket;
mod company_query;
mod condition;
mod create_ticket;
mod describe;
mod discovery;
mod draft;
mod error;
mod get_ticket;
mod guest;
mod http_date;
mod list_board_metadata;
mod list_companies;
mod listing;
mod permission;
mod refusal;
mod request;
mod response;
mod security_role;
mod settings;
mod site;
mod sort;
mod text;
mod ticket;
mod verify;
mod windows;
mod wire;

pub use check_ticket::check_ticket;
pub use create_ticket::create_ticket;
pub use describe::describe;
pub use error::Error;
pub use get_ticket::get_ticket;
pub use guest::Connector;
pub use list_board_metadata::list_board_metadata;
pub use list_companies::list_companies;
pub use request::HttpSend;
pub use settings::{Settings, origins};
pub use verify::verify;
