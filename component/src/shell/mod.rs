//! The component's edge: the functions that the contract exports. Arguments are lifted and results lowered as `psa-contract`
//! does it; the import, which the core sends through, is wit-bindgen's. Nothing is decided here.
//!
//! The numbers that a function takes are its arguments as they would lie in memory. Where they would be too many (Canonical
//! ABI: more than 16), it takes their address. It returns the address of its result.

mod allocator;
mod bindings;

use core::mem::ManuallyDrop;

use psa_contract::{BoardSelection, CanonicalAbi, CompanyQuery, Setting, TicketDraft, room};

use crate::prelude::*;
use crate::{Error, Settings};
use bindings::psa::connector::http;

#[unsafe(export_name = "psa:connector/service-desk@0.1.0#describe")]
extern "C" fn describe() -> *const u8 {
    whole_call(crate::describe)
}

#[unsafe(export_name = "psa:connector/service-desk@0.1.0#origins")]
unsafe extern "C" fn origins(settings: usize, length: usize) -> *const u8 {
    let arguments = [settings, length];
    whole_call(|| {
        // SAFETY: the host hands over what the contract says.
        let settings: Vec<Setting> = unsafe { Vec::lift(arguments.as_ptr().cast()) };
        crate::origins(&settings).map_err(Error::into_boxed)
    })
}

#[unsafe(export_name = "psa:connector/service-desk@0.1.0#verify")]
unsafe extern "C" fn verify(settings: usize, length: usize) -> *const u8 {
    let arguments = [settings, length];
    run(arguments.as_ptr().cast(), |settings, (): ()| {
        crate::verify(settings, &mut http::send)
    })
}

#[unsafe(export_name = "psa:connector/service-desk@0.1.0#list-companies")]
unsafe extern "C" fn list_companies(arguments: *const u8) -> *const u8 {
    run(arguments, |settings, query: CompanyQuery| {
        crate::list_companies(settings, &query, &mut http::send)
    })
}

#[unsafe(export_name = "psa:connector/service-desk@0.1.0#list-board-metadata")]
unsafe extern "C" fn list_board_metadata(
    settings: usize,
    length: usize,
    selection: usize,
    ids: usize,
    ids_length: usize,
) -> *const u8 {
    let arguments = [settings, length, selection, ids, ids_length];
    run(
        arguments.as_ptr().cast(),
        |settings, selection: BoardSelection| {
            crate::list_board_metadata(settings, &selection, &mut http::send)
        },
    )
}

#[unsafe(export_name = "psa:connector/service-desk@0.1.0#check-ticket")]
unsafe extern "C" fn check_ticket(arguments: *const u8) -> *const u8 {
    run(arguments, |settings, draft: TicketDraft| {
        crate::check_ticket(settings, &draft, &mut http::send)
    })
}

#[unsafe(export_name = "psa:connector/service-desk@0.1.0#create-ticket")]
unsafe extern "C" fn create_ticket(arguments: *const u8) -> *const u8 {
    run(arguments, |settings, draft: TicketDraft| {
        crate::create_ticket(settings, &draft, &mut http::send)
    })
}

#[unsafe(export_name = "psa:connector/service-desk@0.1.0#get-ticket")]
unsafe extern "C" fn get_ticket(
    settings: usize,
    length: usize,
    id: usize,
    id_length: usize,
) -> *const u8 {
    let arguments = [settings, length, id, id_length];
    run(arguments.as_ptr().cast(), |settings, id: String| {
        crate::get_ticket(settings, &id, &mut http::send)
    })
}

/// Lifts the arguments, which are the settings and the operation's input, and runs the operation with them.
fn run<I: CanonicalAbi, T: CanonicalAbi>(
    arguments: *const u8,
    operation: impl FnOnce(&Settings, I) -> Result<T, Error>,
) -> *const u8 {
    whole_call(|| {
        // SAFETY: the host hands over what the contract says.
        let (settings, input) = unsafe { <(Vec<Setting>, I)>::lift(arguments) };
        Settings::parse(&settings)
            .and_then(|settings| operation(&settings, input))
            .map_err(Error::into_boxed)
    })
}

/// Runs a call and lowers its result. The allocator is told where it begins and ends.
fn whole_call<T: CanonicalAbi>(call: impl FnOnce() -> T) -> *const u8 {
    allocator::begin_call();
    // The host reads it after the return.
    let result = ManuallyDrop::new(call());
    let address = room(T::BYTES, T::ALIGNMENT);
    // SAFETY: there is room for it.
    unsafe { result.lower(address) };
    allocator::end_call();
    address
}

/// A panic is a bug of ours. It stops the component, and the host reports that; there is nowhere to write a message to.
#[panic_handler]
fn stop(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
