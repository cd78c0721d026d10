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

/// Each function that takes settings: parses them, then calls the connector's own.
macro_rules! functions {
    ($($name:ident($($input:ident: $type:ty),+) -> $result:ty, $operation:ident;)+) => {$(
        fn $name(settings: Vec<Setting>, $($input: $type),+) -> Result<$result, ConnectorError> {
            alone(|| run::<D, _>(Operation::$operation, &settings, |settings| {
                D::$name(settings, $(&$input,)+ &mut import)
            }))
        }
    )+};
}

impl<D: ServiceDesk> Guest for Component<D> {
    fn describe() -> ConnectorDescription {
        alone(D::describe)
    }

    fn origins(settings: Vec<Setting>) -> Result<OriginList, ConnectorError> {
        alone(|| D::parse(&settings).map(|settings| D::origins(&settings)))
            .map_err(Error::into_inner)
    }

    functions! {
        verify(needed: Vec<Operation>) -> Verification, Verify;
        list_companies(query: CompanyQuery) -> CompanyPage, ListCompanies;
        list_board_metadata(selection: BoardSelection) -> BoardMetadata, ListBoardMetadata;
        check_ticket(draft: TicketDraft) -> TicketCheck, CheckTicket;
        create_ticket(draft: TicketDraft) -> CreatedTicket, CreateTicket;
        get_ticket(id: String) -> TicketLookup, GetTicket;
        find_tickets(query: TicketQuery) -> TicketPage, FindTickets;
        add_note(note: NoteDraft) -> CreatedNote, AddNote;
        set_status(change: StatusChange) -> ChangedTicket, SetStatus;
        list_contacts(query: ContactQuery) -> ContactPage, ListContacts;
        list_assets(query: AssetQuery) -> AssetPage, ListAssets;
        list_sites(query: SiteQuery) -> SitePage, ListSites;
        attach_asset(ticket_id: String, asset_id: String) -> AttachedAsset, AttachAsset;
    }
}

fn import(requests: &mut [Request]) -> Vec<HttpResult> {
    send(requests)
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
