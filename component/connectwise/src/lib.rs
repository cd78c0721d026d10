//! The connector for ConnectWise PSA (formerly ConnectWise Manage).
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
mod assets;
mod boards;
mod companies;
mod condition;
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
pub struct ConnectWise;

impl ServiceDesk for ConnectWise {
    type Settings = Settings;

    const OPERATIONS: &'static [Operation] = &[
        Operation::Verify,
        Operation::ListCompanies,
        Operation::ListBoardMetadata,
        Operation::CheckTicket,
        Operation::CreateTicket,
        Operation::GetTicket,
        Operation::FindTickets,
        Operation::AddNote,
        Operation::SetStatus,
        Operation::ListContacts,
        Operation::ListAssets,
        Operation::ListSites,
        Operation::AttachAsset,
    ];

    fn describe() -> ConnectorDescription {
        describe::describe()
    }

    fn parse(settings: &[Setting]) -> Result<Settings, Error> {
        Settings::parse(settings)
    }

    fn origins(settings: &Settings) -> OriginList {
        let origins = vec![settings.origin()];
        OriginList { origins }
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

psa_toolkit::export!(ConnectWise);
