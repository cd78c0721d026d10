//! The component's edge: exports that parse the settings and call the core, and the import that the core sends through.
//! Nothing is decided here.

#[cfg(all(feature = "component", target_arch = "wasm32"))]
mod allocator;
mod bindings;

use bindings::exports::psa::connector::service_desk::Guest;
use psa_contract::{
    BoardMetadata, BoardSelection, CompanyPage, CompanyQuery, ConnectorDescription, ConnectorError,
    CreatedTicket, FieldError, Setting, Ticket, TicketDraft, Verification,
};

use crate::prelude::*;
use crate::{Error, Settings};

/// The component.
struct Connector;

impl Guest for Connector {
    fn describe() -> ConnectorDescription {
        whole_call(crate::describe)
    }

    fn origins(settings: Vec<Setting>) -> Result<Vec<String>, ConnectorError> {
        whole_call(|| crate::origins(&settings)).map_err(Error::into_inner)
    }

    fn verify(settings: Vec<Setting>) -> Result<Verification, ConnectorError> {
        run(&settings, |settings| crate::verify(settings, &mut send))
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
    ) -> Result<Vec<FieldError>, ConnectorError> {
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

    fn get_ticket(settings: Vec<Setting>, id: String) -> Result<Option<Ticket>, ConnectorError> {
        run(&settings, |settings| {
            crate::get_ticket(settings, &id, &mut send)
        })
    }
}

use bindings::psa::connector::http::send;

/// Parses the settings and runs an operation with them.
fn run<T>(
    settings: &[Setting],
    operation: impl FnOnce(&Settings) -> Result<T, Error>,
) -> Result<T, ConnectorError> {
    whole_call(|| Settings::parse(settings).and_then(|settings| operation(&settings)))
        .map_err(Error::into_inner)
}

/// Tells the allocator where a call begins and ends.
fn whole_call<T>(call: impl FnOnce() -> T) -> T {
    #[cfg(all(feature = "component", target_arch = "wasm32"))]
    allocator::begin_call();
    let result = call();
    #[cfg(all(feature = "component", target_arch = "wasm32"))]
    allocator::end_call();
    result
}

// What follows is for WebAssembly alone, where its symbol names link. All else is checked by every build.
#[cfg(feature = "component")]
bindings::export!(Connector with_types_in bindings);

/// A panic is a bug of ours. It stops the component, and the host reports that; there is nowhere to write a message to.
#[cfg(all(feature = "component", target_arch = "wasm32"))]
#[panic_handler]
fn stop(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
