//! The component's edge: the functions that the contract exports, on the core's. Nothing is decided here.

use std::sync::atomic::{AtomicBool, Ordering};

use psa_contract::guest::{Guest, send};
use psa_contract::{
    AssetPage, AssetQuery, AttachedAsset, BoardMetadata, BoardSelection, ChangedTicket,
    CompanyPage, CompanyQuery, ConnectorDescription, ConnectorError, ContactPage, ContactQuery,
    CreatedNote, CreatedTicket, NoteDraft, Operation, OriginList, Setting, SitePage, SiteQuery,
    StatusChange, TicketCheck, TicketDraft, TicketLookup, TicketPage, TicketQuery, Verification,
};

use crate::error::unsupported;
use crate::{Error, Settings};

/// The memory of a call is not given back while it runs: it lives for milliseconds, in an instance of its own.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: mini_alloc::MiniAlloc = mini_alloc::MiniAlloc::INIT;

/// The component.
pub struct Connector;

impl Guest for Connector {
    fn describe() -> ConnectorDescription {
        alone(crate::describe)
    }

    fn origins(settings: Vec<Setting>) -> Result<OriginList, ConnectorError> {
        alone(|| crate::origins(&settings)).map_err(Error::into_inner)
    }

    fn verify(
        settings: Vec<Setting>,
        needed: Vec<Operation>,
    ) -> Result<Verification, ConnectorError> {
        run(&settings, |settings| {
            crate::verify(settings, &needed, &mut send)
        })
    }

    fn list_companies(
        settings: Vec<Setting>,
        query: CompanyQuery,
    ) -> Result<CompanyPage, ConnectorError> {
        run(&settings, |settings| {
            crate::list_companies(settings, &query, &mut send)
        })
    }

    fn list_board_metadata(
        settings: Vec<Setting>,
        selection: BoardSelection,
    ) -> Result<BoardMetadata, ConnectorError> {
        run(&settings, |settings| {
            crate::list_board_metadata(settings, &selection, &mut send)
        })
    }

    fn check_ticket(
        settings: Vec<Setting>,
        draft: TicketDraft,
    ) -> Result<TicketCheck, ConnectorError> {
        run(&settings, |settings| {
            crate::check_ticket(settings, &draft, &mut send)
        })
    }

    fn create_ticket(
        settings: Vec<Setting>,
        draft: TicketDraft,
    ) -> Result<CreatedTicket, ConnectorError> {
        run(&settings, |settings| {
            crate::create_ticket(settings, &draft, &mut send)
        })
    }

    fn get_ticket(settings: Vec<Setting>, id: String) -> Result<TicketLookup, ConnectorError> {
        run(&settings, |settings| {
            crate::get_ticket(settings, &id, &mut send)
        })
    }

    fn find_tickets(_: Vec<Setting>, _: TicketQuery) -> Result<TicketPage, ConnectorError> {
        Err(unsupported(Operation::FindTickets).into_inner())
    }

    fn add_note(_: Vec<Setting>, _: NoteDraft) -> Result<CreatedNote, ConnectorError> {
        Err(unsupported(Operation::AddNote).into_inner())
    }

    fn set_status(_: Vec<Setting>, _: StatusChange) -> Result<ChangedTicket, ConnectorError> {
        Err(unsupported(Operation::SetStatus).into_inner())
    }

    fn list_contacts(_: Vec<Setting>, _: ContactQuery) -> Result<ContactPage, ConnectorError> {
        Err(unsupported(Operation::ListContacts).into_inner())
    }

    fn list_assets(_: Vec<Setting>, _: AssetQuery) -> Result<AssetPage, ConnectorError> {
        Err(unsupported(Operation::ListAssets).into_inner())
    }

    fn list_sites(_: Vec<Setting>, _: SiteQuery) -> Result<SitePage, ConnectorError> {
        Err(unsupported(Operation::ListSites).into_inner())
    }

    fn attach_asset(
        _: Vec<Setting>,
        _: String,
        _: String,
    ) -> Result<AttachedAsset, ConnectorError> {
        Err(unsupported(Operation::AttachAsset).into_inner())
    }
}

// The names of the exports link in WebAssembly only.
#[cfg(target_arch = "wasm32")]
psa_contract::guest::export!(Connector);

fn run<T>(
    settings: &[Setting],
    operation: impl FnOnce(&Settings) -> Result<T, Error>,
) -> Result<T, ConnectorError> {
    alone(|| Settings::parse(settings).and_then(|settings| operation(&settings)))
        .map_err(Error::into_inner)
}

/// Runs a call, and traps if the host enters the instance again before it has ended: the contract forbids that.
fn alone<T>(call: impl FnOnce() -> T) -> T {
    static IS_BUSY: AtomicBool = AtomicBool::new(false);
    assert!(
        !IS_BUSY.swap(true, Ordering::Relaxed),
        "an instance runs one call at a time"
    );
    let result = call();
    IS_BUSY.store(false, Ordering::Relaxed);
    result
}
