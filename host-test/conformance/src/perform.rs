//! The call that a case describes.

use psa_contract::Setting;
use psa_host::{Call, CallError};
use psa_recording::Input;
use serde::Serialize;
use serde_json::Value;

/// Makes the call that an input describes, and returns its result as JSON.
///
/// # Errors
/// [`CallError`], as the function itself.
pub async fn perform(call: Call, settings: Vec<Setting>, input: Input) -> Result<Value, CallError> {
    match input {
        Input::Describe => json(&call.describe().await?),
        Input::Origins => json(&call.origins(settings).await?),
        Input::Verify(needed) => json(&call.verify(settings, needed).await?),
        Input::ListCompanies(query) => json(&call.list_companies(settings, query).await?),
        Input::ListBoardMetadata(selection) => {
            json(&call.list_board_metadata(settings, selection).await?)
        }
        Input::CheckTicket(draft) => json(&call.check_ticket(settings, draft).await?),
        Input::CreateTicket(draft) => json(&call.create_ticket(settings, draft).await?),
        Input::GetTicket(id) => json(&call.get_ticket(settings, id).await?),
        Input::FindTickets(query) => json(&call.find_tickets(settings, query).await?),
        Input::AddNote(note) => json(&call.add_note(settings, note).await?),
        Input::SetStatus(change) => json(&call.set_status(settings, change).await?),
        Input::ListContacts(query) => json(&call.list_contacts(settings, query).await?),
        Input::ListAssets(query) => json(&call.list_assets(settings, query).await?),
        Input::ListSites(query) => json(&call.list_sites(settings, query).await?),
        Input::AttachAsset(it) => json(
            &call
                .attach_asset(settings, it.ticket_id, it.asset_id)
                .await?,
        ),
    }
}

fn json(value: &impl Serialize) -> Result<Value, CallError> {
    serde_json::to_value(value)
        .map_err(|error| CallError::Host(format!("the result cannot be written as JSON: {error}")))
}
