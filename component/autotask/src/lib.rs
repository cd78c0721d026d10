//! The connector for Autotask PSA (Datto, Kaseya).
//!
//! A pure core: values in, values out, no IO, no clock, no randomness, no state between calls. An operation is one function
//! that takes the parsed [`Settings`], its input and [`psa_toolkit::HttpSend`], the only way out. What connectors of all
//! vendors share is in [`psa_toolkit`].
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

mod api;
mod attach;
mod boards;
mod companies;
mod describe;
mod draft;
mod lists;
mod notes;
mod of_company;
mod permissions;
mod picklist;
mod settings;
mod ticket;
mod verify;
mod wire;

pub use settings::Settings;

/// The connector.
pub struct Autotask;

psa_toolkit::service_desk! {
    Autotask, Settings, describe::describe, Settings::origins;
    verify: verify::verify,
    list_companies: companies::list_companies,
    list_board_metadata: boards::list_board_metadata,
    check_ticket: ticket::check_ticket,
    create_ticket: ticket::create_ticket,
    get_ticket: ticket::get_ticket,
    find_tickets: ticket::find_tickets,
    add_note: notes::add_note,
    set_status: ticket::set_status,
    list_contacts: of_company::list_contacts,
    list_assets: of_company::list_assets,
    list_sites: of_company::list_sites,
    attach_asset: attach::attach_asset,
}

psa_toolkit::export!(Autotask);

#[cfg(test)]
mod tests;
