//! A connector for HaloPSA, HaloITSM and the other products of Halo, which have one API.
//!
//! `settings` parses what was entered; `api` builds requests and says what refusals mean; `wire` has the records as they
//! come; `describe` has the tables that a form, the checks and the hints read. The others are one operation
//! each, or two that belong together. Values in, values out: the only way out is `send`.
//!
//! Halo has no public reference. What is said here of it comes from its guides, from published clients, and from what their
//! authors saw; `docs/halopsa.md` lists what nobody has seen, and what the connector does in either case.
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
mod notes;
mod of_client;
mod permissions;
mod settings;
mod ticket;
mod verify;
mod wire;

pub use settings::Settings;

/// The connector.
pub struct HaloPsa;

psa_toolkit::service_desk! {
    HaloPsa, Settings, describe::describe, Settings::origins;
    verify: verify::verify,
    list_companies: companies::list_companies,
    list_board_metadata: boards::list_board_metadata,
    check_ticket: ticket::check_ticket,
    create_ticket: ticket::create_ticket,
    get_ticket: ticket::get_ticket,
    find_tickets: ticket::find_tickets,
    add_note: notes::add_note,
    set_status: ticket::set_status,
    list_contacts: of_client::list_contacts,
    list_assets: of_client::list_assets,
    list_sites: of_client::list_sites,
    attach_asset: attach::attach_asset,
}

// A connector that stands on this one has exports of its own.
#[cfg(feature = "component")]
psa_toolkit::export!(HaloPsa);

#[cfg(test)]
mod tests;
