//! `attach-asset`: an asset of a client on a ticket.

use psa_contract::{AttachedAsset, Operation};
use psa_toolkit::attachment::{Attachment, UNCHANGED};
use psa_toolkit::change_once::Steps;
use psa_toolkit::exchange::{Answer, exchange_array};
use psa_toolkit::pages::Row as _;
use psa_toolkit::{Error, HttpSend};

use crate::api::{self, if_there, one, the_one, written};
use crate::settings::Settings;
use crate::wire::{OfClient, Ticket};

/// Attaches one asset to one ticket.
pub(crate) fn attach_asset(
    settings: &Settings,
    ticket_id: &str,
    asset_id: &str,
    send: &mut HttpSend,
) -> Result<AttachedAsset, Error> {
    let new = Attachment::parse(ticket_id, asset_id)?;
    let (id, asset_id, doing) = (new.ticket_id, new.asset_id, &new.doing);
    let send = &mut api::sign_in(settings, send)?;
    let calls = [
        one(settings, doing, "Tickets", id),
        one(settings, doing, "Asset", asset_id),
    ];
    let [ticket, asset] = exchange_array(settings, send, calls);
    let mut ids = attached(&ticket, &the_one(&ticket, id)?)?;
    if ids.contains(&asset_id) {
        return Ok(UNCHANGED);
    }
    new.refuse_missing(if_there::<OfClient>(&asset, asset_id)?)?;
    // All of them: whether Halo adds to the list or replaces it is not known.
    ids.push(asset_id);
    let ids: Vec<String> = ids.iter().map(|id| format!(r#"{{"id":{id}}}"#)).collect();
    let record = format!(r#"{{"id":{id},"assets":[{}]}}"#, ids.join(","));
    let shows_it = |answer: &Answer, ticket| Ok(attached(answer, &ticket)?.contains(&asset_id));
    let mut steps = Steps {
        tenant: settings,
        write: &|| api::write(settings, doing, Operation::AttachAsset, &record),
        shown: &|answer: &Answer| match shows_it(answer, written(answer)?)? {
            true => Ok(Some(true)),
            false => Err(answer.unexpected("expected a ticket that shows the asset")),
        },
        read: &|| one(settings, doing, "Tickets", id),
        state: &|answer: &Answer| shows_it(answer, the_one(answer, id)?),
        is_made: &|is_attached| *is_attached,
        wrote_nothing: |_| false,
    };
    new.once(&mut steps, send)
}

/// What is attached. All of it is written back, so that an asset without an id would be lost.
fn attached(answer: &Answer, ticket: &Ticket) -> Result<Vec<i64>, Error> {
    let assets = ticket.assets.0.iter().flatten();
    let ids: Vec<i64> = assets.map(|asset| asset.id()).collect();
    let fault = || answer.unexpected("expected assets with their ids");
    Some(ids).filter(|it| !it.contains(&0)).ok_or_else(fault)
}
