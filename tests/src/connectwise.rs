//! The core of the connector for ConnectWise PSA, called as ordinary Rust.

use connectwise_psa as psa;
use psa_host::contract::guest::Guest as _;
use psa_host::contract::{ConnectorError, Setting};
use psa_recording::Input;
use serde::Serialize;
use serde_json::Value;

use crate::vendor::Send;

pub(crate) fn call(
    settings: &[Setting],
    input: &Input,
    send: &mut Send,
) -> Result<Value, ConnectorError> {
    let parsed = || psa::Settings::parse(settings);
    match input {
        Input::Describe => Ok(json(psa::describe())),
        Input::Origins => psa::origins(settings).map(json),
        Input::Verify(needed) => {
            parsed().and_then(|settings| psa::verify(&settings, needed, send).map(json))
        }
        Input::ListCompanies(query) => {
            parsed().and_then(|settings| psa::list_companies(&settings, query, send).map(json))
        }
        Input::ListBoardMetadata(selection) => parsed()
            .and_then(|settings| psa::list_board_metadata(&settings, selection, send).map(json)),
        Input::CheckTicket(draft) => {
            parsed().and_then(|settings| psa::check_ticket(&settings, draft, send).map(json))
        }
        Input::CreateTicket(draft) => {
            parsed().and_then(|settings| psa::create_ticket(&settings, draft, send).map(json))
        }
        Input::GetTicket(id) => {
            parsed().and_then(|settings| psa::get_ticket(&settings, id, send).map(json))
        }
        other => return call_unsupported(other),
    }
    .map_err(psa::Error::into_inner)
}

/// The functions that this connector does not have: they send nothing.
fn call_unsupported(input: &Input) -> Result<Value, ConnectorError> {
    use psa::Connector;
    let none = Vec::new;
    match input.clone() {
        Input::FindTickets(query) => Connector::find_tickets(none(), query).map(json),
        Input::AddNote(note) => Connector::add_note(none(), note).map(json),
        Input::SetStatus(change) => Connector::set_status(none(), change).map(json),
        Input::ListContacts(query) => Connector::list_contacts(none(), query).map(json),
        Input::ListAssets(query) => Connector::list_assets(none(), query).map(json),
        Input::ListSites(query) => Connector::list_sites(none(), query).map(json),
        Input::AttachAsset(it) => {
            Connector::attach_asset(none(), it.ticket_id, it.asset_id).map(json)
        }
        other => Ok(Value::from(other.function())),
    }
}

fn json(value: impl Serialize) -> Value {
    serde_json::to_value(value).expect("the types of the contract have a JSON form")
}
