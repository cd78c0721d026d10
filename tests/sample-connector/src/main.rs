//! A connector for Sample Desk, a ticketing system that does not exist: what the author of another connector would write.
//! It is held against the conformance kit, and passes, so that nothing in the kit knows ConnectWise.
//!
//! With one of the features it is wrong in one way, for the kit to catch. Each such place is marked with `Wrong:` and tells
//! what is wrong there. Nothing else may depend on a feature.
//!
//! The API, all of it JSON, with the header `Authorization: Bearer` and an access token:
//!
//! | Request | Answer |
//! | --- | --- |
//! | `POST /oauth/token`, a form of `grant_type`, `client_id` and `client_secret` | `{"access_token", "expires_in"}`; 400 `{"error": "invalid_client"}` |
//! | `GET /api/session` | `{"user", "rights": ["companies.read", …]}` |
//! | `GET /api/companies?after=0&limit=100` | `{"rows": [{"id", "name", "active"}], "more"}`, by ascending id |
//! | `GET /api/boards` | `{"rows": [{"id", "name", "active"}]}` |
//! | `GET /api/boards/7/statuses` | `{"rows": [{"id", "name", "closed", "default"}]}` |
//! | `GET /api/boards/7/types` | `{"rows": [{"id", "name", "default"}]}` |
//! | `GET /api/priorities` | `{"rows": [{"id", "name", "rank", "default"}]}` |
//! | `GET /api/tickets?reference=…` | `{"rows": [ticket]}` |
//! | `POST /api/tickets` | 201 and the ticket |
//! | `GET /api/tickets/9` | the ticket; 404 `no-such-ticket` |
//!
//! An error is `{"error": {"code", "message", "fields": [{"name", "message"}]}}`.

#![cfg_attr(
    not(target_arch = "wasm32"),
    allow(
        dead_code,
        reason = "the exports, which use all of it, link in WebAssembly alone"
    )
)]

mod api;
mod boards;
mod companies;
mod description;
mod desk;
mod draft;
mod error;
mod records;
mod settings;
mod tickets;
mod verify;
#[cfg(feature = "asks-for-wasi")]
mod wasi;

use desk::Desk;
use error::unsupported;
use psa_contract::guest::Guest;
use psa_contract::{
    AssetPage, AssetQuery, AttachedAsset, BoardMetadata, BoardSelection, ChangedTicket,
    CompanyPage, CompanyQuery, ConnectorDescription, ConnectorError, ContactPage, ContactQuery,
    CreatedNote, CreatedTicket, NoteDraft, Operation, OriginList, Setting, SitePage, SiteQuery,
    StatusChange, TicketCheck, TicketDraft, TicketLookup, TicketPage, TicketQuery, Verification,
};
use settings::Settings;

/// The component.
struct Connector;

impl Guest for Connector {
    fn describe() -> ConnectorDescription {
        // Wrong: it imports more than HTTP.
        #[cfg(feature = "asks-for-wasi")]
        wasi::wasi::cli::environment::get_environment();
        description::describe()
    }

    fn origins(settings: Vec<Setting>) -> Result<OriginList, ConnectorError> {
        let origins = vec![Settings::parse(&settings)?.origin()];
        Ok(OriginList { origins })
    }

    fn verify(
        settings: Vec<Setting>,
        needed: Vec<Operation>,
    ) -> Result<Verification, ConnectorError> {
        verify::verify(&Settings::parse(&settings)?, &needed)
    }

    fn list_companies(
        settings: Vec<Setting>,
        query: CompanyQuery,
    ) -> Result<CompanyPage, ConnectorError> {
        companies::list_companies(&Settings::parse(&settings)?, &query)
    }

    fn list_board_metadata(
        settings: Vec<Setting>,
        selection: BoardSelection,
    ) -> Result<BoardMetadata, ConnectorError> {
        let settings = Settings::parse(&settings)?;
        boards::list_board_metadata(&mut Desk::sign_in(&settings)?, &selection)
    }

    fn check_ticket(
        settings: Vec<Setting>,
        draft: TicketDraft,
    ) -> Result<TicketCheck, ConnectorError> {
        tickets::check_ticket(&Settings::parse(&settings)?, &draft)
    }

    fn create_ticket(
        settings: Vec<Setting>,
        draft: TicketDraft,
    ) -> Result<CreatedTicket, ConnectorError> {
        tickets::create_ticket(&Settings::parse(&settings)?, &draft)
    }

    fn get_ticket(settings: Vec<Setting>, id: String) -> Result<TicketLookup, ConnectorError> {
        tickets::get_ticket(&Settings::parse(&settings)?, &id)
    }

    fn find_tickets(_: Vec<Setting>, _: TicketQuery) -> Result<TicketPage, ConnectorError> {
        Err(unsupported(Operation::FindTickets))
    }

    fn add_note(_: Vec<Setting>, _: NoteDraft) -> Result<CreatedNote, ConnectorError> {
        Err(unsupported(Operation::AddNote))
    }

    fn set_status(_: Vec<Setting>, _: StatusChange) -> Result<ChangedTicket, ConnectorError> {
        Err(unsupported(Operation::SetStatus))
    }

    fn list_contacts(_: Vec<Setting>, _: ContactQuery) -> Result<ContactPage, ConnectorError> {
        Err(unsupported(Operation::ListContacts))
    }

    fn list_assets(_: Vec<Setting>, _: AssetQuery) -> Result<AssetPage, ConnectorError> {
        Err(unsupported(Operation::ListAssets))
    }

    fn list_sites(_: Vec<Setting>, _: SiteQuery) -> Result<SitePage, ConnectorError> {
        Err(unsupported(Operation::ListSites))
    }

    fn attach_asset(
        _: Vec<Setting>,
        _: String,
        _: String,
    ) -> Result<AttachedAsset, ConnectorError> {
        Err(unsupported(Operation::AttachAsset))
    }
}

// The names of the exports link in WebAssembly alone.
#[cfg(target_arch = "wasm32")]
psa_contract::guest::export!(Connector);

/// Never called: hosts call the exports.
fn main() {}
