//! `attach-asset`: one more asset on a ticket, beside the one that the ticket may have as its own. What is attached is read
//! first: Autotask refuses the same one twice.

use psa_contract::{AttachedAsset, Operation};
use psa_toolkit::attachment::{Attachment, UNCHANGED};
use psa_toolkit::change_once::Steps;
use psa_toolkit::exchange::{Answer, exchange_array, exchange_one};
use psa_toolkit::{Error, HttpSend};

use crate::api::{condition, enter, one_row, rows, was_declined, written_id};
use crate::lists::LARGEST_PAGE;
use crate::settings::Settings;
use crate::ticket::existing;
use crate::wire::{self, Asset};

/// Attaches one asset to one ticket.
pub(crate) fn attach_asset(
    settings: &Settings,
    ticket_id: &str,
    asset_id: &str,
    send: &mut HttpSend,
) -> Result<AttachedAsset, Error> {
    let new = Attachment::parse(ticket_id, asset_id)?;
    let (ticket, asset, doing) = (new.ticket_id, new.asset_id, &new.doing);
    // A ticket takes no more than 100.
    let list = || {
        let doing = format!("list the assets of ticket {ticket}");
        let filter = vec![condition("eq", "ticketID", ticket)];
        settings.query::<wire::AttachedAsset>(&doing, filter, LARGEST_PAGE)
    };
    let is_among = |answer: &Answer| {
        let rows = rows::<wire::AttachedAsset>(answer)?.rows;
        if rows.iter().any(|row| row.ticket_id != ticket) {
            return Err(answer.unexpected("expected the assets of the ticket that was asked for"));
        }
        Ok(rows.iter().any(|row| row.asset_id == asset))
    };
    let send = &mut enter(settings, send)?;
    let answer = exchange_one(settings, send, settings.one::<wire::Ticket>(doing, ticket));
    if existing(doing, ticket, &answer)?.asset_id == Some(asset) {
        return Ok(UNCHANGED);
    }
    let calls = [list(), settings.one::<Asset>("look up the asset", asset)];
    let [attached, found] = exchange_array(settings, send, calls);
    if is_among(&attached)? {
        return Ok(UNCHANGED);
    }
    new.refuse_missing(one_row::<Asset>(&found, asset)?)?;
    let path = format!("Tickets/{ticket}/AdditionalConfigurationItems");
    let body = format!(r#"{{"configurationItemID":{asset}}}"#);
    let mut steps = Steps {
        tenant: settings,
        write: &|| settings.write(doing, Operation::AttachAsset, &path, body.clone()),
        // The answer is an id, of the link between both.
        shown: &|answer: &Answer| written_id(answer).map(|_| Some(true)),
        read: &list,
        state: &is_among,
        is_made: &|is_attached| *is_attached,
        wrote_nothing: was_declined,
    };
    new.once(&mut steps, send)
}
