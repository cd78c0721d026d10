//! What every connector needs, whatever PSA it is for: settings, requests, lists, access tokens, errors without secrets,
//! and a write that is never doubled. A vendor's connector is what is left: which requests to send, and what the answers
//! mean.
//!
//! Everything here is pure: values in, values out. No IO but [`exchange::HttpSend`], no clock, no randomness, no state
//! between calls. Only [`guest`] touches the component's edge.
//!
//! # Where to start
//! 1. Parse the settings with [`settings::Reader`], and keep the credentials in [`secrets::Secrets`].
//! 2. Implement [`exchange::Tenant`] for them: what a refusal of this PSA means.
//! 3. Implement [`desk::ServiceDesk`], and end `lib.rs` with `psa_toolkit::export!(MyDesk);`.
// Nothing from outside may trap a component, so whatever can panic is refused by the compiler.
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

pub mod attachment;
pub mod body;
pub mod change_once;
pub mod choices;
pub mod cursor;
pub mod desk;
pub mod draft;
pub mod error;
pub mod exchange;
pub mod guest;
pub mod host;
pub mod html;
pub mod input;
pub mod json;
pub mod loose;
pub mod note;
pub mod pages;
pub mod permission;
pub mod query;
pub mod said;
pub mod secrets;
pub mod settings;
#[cfg(test)]
mod stand_in;
pub mod status;
pub mod status_change;
pub mod text;
pub mod token;
pub mod url;
pub mod web_page;
pub mod write_once;
pub mod zone;

pub use desk::ServiceDesk;
pub use error::Error;
pub use exchange::HttpSend;

/// For [`export!`], which expands in the connector's crate.
#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub use mini_alloc;
#[doc(hidden)]
pub use psa_contract;
