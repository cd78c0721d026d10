//! A connector that tries a host. It sends requests in every way that the contract allows and forbids, to a stand-in server
//! that `psa-host conform-host` starts, and says of each duty of a host what it saw.
//!
//! | Function | What it does |
//! | --- | --- |
//! | `list-companies` | tries everything that one call can try, and returns a company for each trial: its id is the duty and the trial, its name is `kept`, `broken: …` or `not tested: …` |
//! | `create-ticket` | sends a write, then traps |
//! | `get-ticket` | asks for a token that another tenant may have, sends a read, then traps |
//!
//! How the server is to answer is in the URL of each request: see [`ask`]. What a duty is, is not known here but by its name:
//! the kit has the table.
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

mod answers; // What the server answered, and what of it arrives.
mod ask; // Requests to the stand-in server.
mod batches; // Many requests at once.
mod calls; // The functions.
mod failures; // No answer, or half of one.
mod refused; // What a host must not send.
mod requests; // What of a request arrives at the server.
mod reuse; // Kept responses.
mod settings;
mod stand; // Sending, and noting what was seen.

use psa_contract::{
    BoardMetadata, BoardSelection, CompanyPage, CompanyQuery, ConnectorDescription, CreatedTicket,
    Operation, OriginList, Pacing, Setting, TicketCheck, TicketDraft, TicketLookup, Verification,
};
use psa_toolkit::desk::unsupported;
use psa_toolkit::settings::descriptions;
use psa_toolkit::{Error, HttpSend, ServiceDesk};

pub use calls::duties;
pub use settings::Settings;

/// The connector.
pub struct Probe;

impl ServiceDesk for Probe {
    type Settings = Settings;

    const OPERATIONS: &'static [Operation] = &[
        Operation::ListCompanies,
        Operation::CreateTicket,
        Operation::GetTicket,
    ];

    fn describe() -> ConnectorDescription {
        ConnectorDescription {
            vendor: "Probe".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            operations: Self::OPERATIONS.to_vec(),
            settings: descriptions(&settings::SETTINGS),
            pacing: Pacing {
                concurrent_requests: Some(batches::MOST_AT_ONCE),
                requests: None,
                seconds: None,
            },
            ..ConnectorDescription::default()
        }
    }

    fn parse(settings: &[Setting]) -> Result<Settings, Error> {
        Settings::parse(settings)
    }

    fn origins(settings: &Settings) -> OriginList {
        OriginList {
            origins: settings.origins(),
        }
    }

    fn list_companies(
        settings: &Settings,
        _: &CompanyQuery,
        send: &mut HttpSend,
    ) -> Result<CompanyPage, Error> {
        Ok(calls::try_everything(settings, send))
    }

    fn create_ticket(
        settings: &Settings,
        _: &TicketDraft,
        send: &mut HttpSend,
    ) -> Result<CreatedTicket, Error> {
        calls::trap_after_a_write(settings, send)
    }

    fn get_ticket(
        settings: &Settings,
        _: &str,
        send: &mut HttpSend,
    ) -> Result<TicketLookup, Error> {
        calls::trap_after_a_read(settings, send)
    }

    fn verify(_: &Settings, _: &[Operation], _: &mut HttpSend) -> Result<Verification, Error> {
        Err(unsupported(Operation::Verify))
    }

    fn list_board_metadata(
        _: &Settings,
        _: &BoardSelection,
        _: &mut HttpSend,
    ) -> Result<BoardMetadata, Error> {
        Err(unsupported(Operation::ListBoardMetadata))
    }

    fn check_ticket(_: &Settings, _: &TicketDraft, _: &mut HttpSend) -> Result<TicketCheck, Error> {
        Err(unsupported(Operation::CheckTicket))
    }
}

psa_toolkit::export!(Probe);
