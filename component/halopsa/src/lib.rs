//! A connector for HaloPSA, HaloITSM and the other products of Halo, which have one API.
//!
//! `settings` parses what was entered; `api` builds requests and says what refusals mean, which `refusal` reads; `wire` has the
//! records as they come; `describe` has the tables that a form, the checks and the hints read. The others are one operation
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
mod refusal;
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
use psa_toolkit::{Error, HttpSend, ServiceDesk};

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

    fn verify(
        settings: &Settings,
        needed: &[Operation],
        send: &mut HttpSend,
    ) -> Result<Verification, Error> {
        verify::verify(settings, needed, send)
    }

    fn list_companies(
        settings: &Settings,
        query: &CompanyQuery,
        send: &mut HttpSend,
    ) -> Result<CompanyPage, Error> {
        companies::list_companies(settings, query, send)
    }

    fn list_board_metadata(
        settings: &Settings,
        selection: &BoardSelection,
        send: &mut HttpSend,
    ) -> Result<BoardMetadata, Error> {
        boards::list_board_metadata(settings, selection, send)
    }

    fn check_ticket(
        settings: &Settings,
        draft: &TicketDraft,
        send: &mut HttpSend,
    ) -> Result<TicketCheck, Error> {
        ticket::check_ticket(settings, draft, send)
    }

    fn create_ticket(
        settings: &Settings,
        draft: &TicketDraft,
        send: &mut HttpSend,
    ) -> Result<CreatedTicket, Error> {
        ticket::create_ticket(settings, draft, send)
    }

    fn get_ticket(
        settings: &Settings,
        id: &str,
        send: &mut HttpSend,
    ) -> Result<TicketLookup, Error> {
        ticket::get_ticket(settings, id, send)
    }

    fn find_tickets(
        settings: &Settings,
        query: &TicketQuery,
        send: &mut HttpSend,
    ) -> Result<TicketPage, Error> {
        ticket::find_tickets(settings, query, send)
    }

    fn add_note(
        settings: &Settings,
        note: &NoteDraft,
        send: &mut HttpSend,
    ) -> Result<CreatedNote, Error> {
        notes::add_note(settings, note, send)
    }

    fn set_status(
        settings: &Settings,
        change: &StatusChange,
        send: &mut HttpSend,
    ) -> Result<ChangedTicket, Error> {
        ticket::set_status(settings, change, send)
    }

    fn list_contacts(
        settings: &Settings,
        query: &ContactQuery,
        send: &mut HttpSend,
    ) -> Result<ContactPage, Error> {
        contacts::list_contacts(settings, query, send)
    }

    fn list_assets(
        settings: &Settings,
        query: &AssetQuery,
        send: &mut HttpSend,
    ) -> Result<AssetPage, Error> {
        assets::list_assets(settings, query, send)
    }

    fn list_sites(
        settings: &Settings,
        query: &SiteQuery,
        send: &mut HttpSend,
    ) -> Result<SitePage, Error> {
        sites::list_sites(settings, query, send)
    }

    fn attach_asset(
        settings: &Settings,
        ticket_id: &str,
        asset_id: &str,
        send: &mut HttpSend,
    ) -> Result<AttachedAsset, Error> {
        assets::attach_asset(settings, ticket_id, asset_id, send)
    }
}

// A connector that stands on this one has exports of its own.
#[cfg(feature = "component")]
psa_toolkit::export!(HaloPsa);
