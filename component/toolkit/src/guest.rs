//! The component's edge: the exports of the contract, made of a [`ServiceDesk`]. Nothing is decided here.

use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, Ordering};

use psa_contract::guest::{Guest, send};
use psa_contract::{
    AssetPage, AssetQuery, AttachedAsset, BoardMetadata, BoardSelection, ChangedTicket,
    CompanyPage, CompanyQuery, ConnectorDescription, ConnectorError, ContactPage, ContactQuery,
    CreatedNote, CreatedTicket, NoteDraft, Operation, OriginList, Request, Setting, SitePage,
    SiteQuery, StatusChange, TicketCheck, TicketDraft, TicketLookup, TicketPage, TicketQuery,
    Verification,
};

use crate::desk::{ServiceDesk, run};
use crate::error::Error;
use crate::exchange::HttpResult;

/// The component of a connector. See [`crate::export!`].
pub struct Component<D>(PhantomData<D>);

impl<D: ServiceDesk> Guest for Component<D> {
    fn describe() -> ConnectorDescription {
        alone(D::describe)
    }

    fn origins(settings: Vec<Setting>) -> Result<OriginList, ConnectorError> {
        alone(|| D::parse(&settings).map(|settings| D::origins(&settings)))
            .map_err(Error::into_inner)
    }

    fn verify(
        settings: Vec<Setting>,
        needed: Vec<Operation>,
    ) -> Result<Verification, ConnectorError> {
        exported::<D, _>(Operation::Verify, &settings, |settings| {
            D::verify(settings, &needed, &mut import)
        })
    }

    fn list_companies(
        settings: Vec<Setting>,
        query: CompanyQuery,
    ) -> Result<CompanyPage, ConnectorError> {
        exported::<D, _>(Operation::ListCompanies, &settings, |settings| {
            D::list_companies(settings, &query, &mut import)
        })
    }

    fn list_board_metadata(
        settings: Vec<Setting>,
        selection: BoardSelection,
    ) -> Result<BoardMetadata, ConnectorError> {
        exported::<D, _>(Operation::ListBoardMetadata, &settings, |settings| {
            D::list_board_metadata(settings, &selection, &mut import)
        })
    }

    fn check_ticket(
        settings: Vec<Setting>,
        draft: TicketDraft,
    ) -> Result<TicketCheck, ConnectorError> {
        exported::<D, _>(Operation::CheckTicket, &settings, |settings| {
            D::check_ticket(settings, &draft, &mut import)
        })
    }

    fn create_ticket(
        settings: Vec<Setting>,
        draft: TicketDraft,
    ) -> Result<CreatedTicket, ConnectorError> {
        exported::<D, _>(Operation::CreateTicket, &settings, |settings| {
            D::create_ticket(settings, &draft, &mut import)
        })
    }

    fn get_ticket(settings: Vec<Setting>, id: String) -> Result<TicketLookup, ConnectorError> {
        exported::<D, _>(Operation::GetTicket, &settings, |settings| {
            D::get_ticket(settings, &id, &mut import)
        })
    }

    fn find_tickets(
        settings: Vec<Setting>,
        query: TicketQuery,
    ) -> Result<TicketPage, ConnectorError> {
        exported::<D, _>(Operation::FindTickets, &settings, |settings| {
            D::find_tickets(settings, &query, &mut import)
        })
    }

    fn add_note(settings: Vec<Setting>, note: NoteDraft) -> Result<CreatedNote, ConnectorError> {
        exported::<D, _>(Operation::AddNote, &settings, |settings| {
            D::add_note(settings, &note, &mut import)
        })
    }

    fn set_status(
        settings: Vec<Setting>,
        change: StatusChange,
    ) -> Result<ChangedTicket, ConnectorError> {
        exported::<D, _>(Operation::SetStatus, &settings, |settings| {
            D::set_status(settings, &change, &mut import)
        })
    }

    fn list_contacts(
        settings: Vec<Setting>,
        query: ContactQuery,
    ) -> Result<ContactPage, ConnectorError> {
        exported::<D, _>(Operation::ListContacts, &settings, |settings| {
            D::list_contacts(settings, &query, &mut import)
        })
    }

    fn list_assets(settings: Vec<Setting>, query: AssetQuery) -> Result<AssetPage, ConnectorError> {
        exported::<D, _>(Operation::ListAssets, &settings, |settings| {
            D::list_assets(settings, &query, &mut import)
        })
    }

    fn list_sites(settings: Vec<Setting>, query: SiteQuery) -> Result<SitePage, ConnectorError> {
        exported::<D, _>(Operation::ListSites, &settings, |settings| {
            D::list_sites(settings, &query, &mut import)
        })
    }

    fn attach_asset(
        settings: Vec<Setting>,
        ticket_id: String,
        asset_id: String,
    ) -> Result<AttachedAsset, ConnectorError> {
        exported::<D, _>(Operation::AttachAsset, &settings, |settings| {
            D::attach_asset(settings, &ticket_id, &asset_id, &mut import)
        })
    }
}

fn import(requests: &mut [Request]) -> Vec<HttpResult> {
    send(requests)
}

fn exported<D: ServiceDesk, T>(
    operation: Operation,
    settings: &[Setting],
    call: impl FnOnce(&D::Settings) -> Result<T, Error>,
) -> Result<T, ConnectorError> {
    alone(|| run::<D, T>(operation, settings, call))
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

/// Makes a component of a [`ServiceDesk`]: the exports, and an allocator that gives nothing back, since a call lives for
/// milliseconds in an instance of its own. On other targets it makes nothing.
#[macro_export]
macro_rules! export {
    ($desk:ty) => {
        #[cfg(target_arch = "wasm32")]
        #[global_allocator]
        static ALLOCATOR: $crate::mini_alloc::MiniAlloc = $crate::mini_alloc::MiniAlloc::INIT;

        #[cfg(target_arch = "wasm32")]
        type ExportedComponent = $crate::guest::Component<$desk>;

        // The names of the exports link in WebAssembly only.
        #[cfg(target_arch = "wasm32")]
        $crate::psa_contract::guest::export!(ExportedComponent with_types_in $crate::psa_contract::guest);
    };
}

#[cfg(test)]
mod tests;
