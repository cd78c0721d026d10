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
mod boards;
mod companies;
mod describe;
mod draft;
mod refusal;
mod settings;
mod ticket;
mod verify;
mod wire;

use psa_contract::{
    BoardMetadata, BoardSelection, CompanyPage, CompanyQuery, ConnectorDescription, CreatedTicket,
    Operation, OriginList, Setting, TicketCheck, TicketDraft, TicketLookup, Verification,
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
}

psa_toolkit::export!(ConnectWise);
