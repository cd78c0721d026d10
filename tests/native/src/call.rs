//! A connector's core, called as ordinary Rust: what the component's exports do, on whatever HTTP.

use psa_contract::{ConnectorError, Operation, Request, Setting};
use psa_recording::Input;
use psa_toolkit::desk::{ServiceDesk, run};
use serde::Serialize;
use serde_json::Value;

use crate::Send;

/// A function of a connector, its result as JSON.
///
/// # Errors
/// The connector's.
pub fn call<D: ServiceDesk>(
    settings: &[Setting],
    input: &Input,
    send: &mut Send,
) -> Result<Value, ConnectorError> {
    let send = &mut |requests: &mut [Request]| send(requests);
    match input {
        Input::Describe => Ok(json(D::describe())),
        Input::Origins => D::parse(settings)
            .map(|settings| json(D::origins(&settings)))
            .map_err(psa_toolkit::Error::into_inner),
        Input::Verify(needed) => run::<D, _>(Operation::Verify, settings, |settings| {
            D::verify(settings, needed, send).map(json)
        }),
        Input::ListCompanies(query) => run::<D, _>(Operation::ListCompanies, settings, |it| {
            D::list_companies(it, query, send).map(json)
        }),
        Input::ListBoardMetadata(selection) => {
            run::<D, _>(Operation::ListBoardMetadata, settings, |settings| {
                D::list_board_metadata(settings, selection, send).map(json)
            })
        }
        Input::CheckTicket(draft) => run::<D, _>(Operation::CheckTicket, settings, |settings| {
            D::check_ticket(settings, draft, send).map(json)
        }),
        Input::CreateTicket(draft) => run::<D, _>(Operation::CreateTicket, settings, |settings| {
            D::create_ticket(settings, draft, send).map(json)
        }),
        Input::GetTicket(id) => run::<D, _>(Operation::GetTicket, settings, |settings| {
            D::get_ticket(settings, id, send).map(json)
        }),
        Input::FindTickets(query) => run::<D, _>(Operation::FindTickets, settings, |settings| {
            D::find_tickets(settings, query, send).map(json)
        }),
        Input::AddNote(note) => run::<D, _>(Operation::AddNote, settings, |settings| {
            D::add_note(settings, note, send).map(json)
        }),
        Input::SetStatus(change) => run::<D, _>(Operation::SetStatus, settings, |settings| {
            D::set_status(settings, change, send).map(json)
        }),
        Input::ListContacts(query) => run::<D, _>(Operation::ListContacts, settings, |settings| {
            D::list_contacts(settings, query, send).map(json)
        }),
        Input::ListAssets(query) => run::<D, _>(Operation::ListAssets, settings, |settings| {
            D::list_assets(settings, query, send).map(json)
        }),
        Input::ListSites(query) => run::<D, _>(Operation::ListSites, settings, |settings| {
            D::list_sites(settings, query, send).map(json)
        }),
        Input::AttachAsset(it) => run::<D, _>(Operation::AttachAsset, settings, |settings| {
            D::attach_asset(settings, &it.ticket_id, &it.asset_id, send).map(json)
        }),
    }
}

fn json(value: impl Serialize) -> Value {
    serde_json::to_value(value).expect("the types of the contract have a JSON form")
}
