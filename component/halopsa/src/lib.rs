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
mod assets;
mod boards;
mod companies;
mod contacts;
mod describe;
mod draft;
mod notes;
mod permissions;
mod settings;
mod sites;
mod ticket;
mod verify;
mod wire;

use psa_contract::{
    AssetPage, AssetQuery, AttachedAsset, BoardMetadata, BoardSelection, ChangedTicket,
    CompanyPage, CompanyQuery, ConnectorDescription, ContactPage, ContactQuery, CreatedNote,
    CreatedTicket, NoteDraft, Operation, OriginList, Setting, SitePage, SiteQuery, StatusChange,
    TicketCheck, TicketDraft, TicketLookup, TicketPage, TicketQuery, Verification,
};
use psa_toolkit::{Error, ServiceDesk};

pub use settings::Settings;

/// The connector.
pub struct HaloPsa;

impl ServiceDesk for HaloPsa {
    type Settings = Settings;

    const OPERATIONS: &'static [Operation] = describe::OPERATIONS;

    fn describe() -> ConnectorDescription {
        describe::describe()
    }

    fn parse(settings: &[Setting]) -> Result<Settings, Error> {
        Settings::parse(settings)
    }

    fn origins(settings: &Settings) -> OriginList {
        OriginList {
            origins: settings.origins(),
        }
    }

    psa_toolkit::functions! {
        verify(needed: [Operation]) -> Verification = verify::verify;
        list_companies(query: CompanyQuery) -> CompanyPage = companies::list_companies;
        list_board_metadata(selection: BoardSelection) -> BoardMetadata = boards::list_board_metadata;
        check_ticket(draft: TicketDraft) -> TicketCheck = ticket::check_ticket;
        create_ticket(draft: TicketDraft) -> CreatedTicket = ticket::create_ticket;
        get_ticket(id: str) -> TicketLookup = ticket::get_ticket;
        find_tickets(query: TicketQuery) -> TicketPage = ticket::find_tickets;
        add_note(note: NoteDraft) -> CreatedNote = notes::add_note;
        set_status(change: StatusChange) -> ChangedTicket = ticket::set_status;
        list_contacts(query: ContactQuery) -> ContactPage = contacts::list_contacts;
        list_assets(query: AssetQuery) -> AssetPage = assets::list_assets;
        list_sites(query: SiteQuery) -> SitePage = sites::list_sites;
        attach_asset(ticket_id: str, asset_id: str) -> AttachedAsset = assets::attach_asset;
    }
}

// A connector that stands on this one has exports of its own.
#[cfg(feature = "component")]
psa_toolkit::export!(HaloPsa);
