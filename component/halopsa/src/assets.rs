//! `list-assets` and `attach-asset`: the assets of a client, and one of them on a ticket.

use psa_contract::{Asset, AssetPage, AssetQuery, AttachedAsset};
use psa_toolkit::attachment::{Attachment, UNCHANGED};
use psa_toolkit::change_once::Steps;
use psa_toolkit::exchange::{Answer, exchange_array};
use psa_toolkit::loose::Text;
use psa_toolkit::pages::Row as _;
use psa_toolkit::query;
use psa_toolkit::text::{Ids, equals_ignoring_case};
use psa_toolkit::{Error, HttpSend};

use crate::api::{self, if_there, of_client, one, the_one, written};
use crate::permissions::TICKETS_EDIT;
use crate::settings::Settings;
use crate::wire::{OfClient, Ticket};

/// One page of the assets that match, inactive ones too.
pub(crate) fn list_assets(
    settings: &Settings,
    query: &AssetQuery,
    send: &mut HttpSend,
) -> Result<AssetPage, Error> {
    let asked = query::assets(Ids::AboveZero, &settings.identity(), query)?;
    let (name, serial) = (query.name.as_deref(), query.serial_number.as_deref());
    let (rows, next_cursor) = of_client(settings, "list assets", "Asset", &asked, send)?;
    let assets = rows.into_iter().filter_map(|row| asset(row, name, serial));
    Ok(AssetPage {
        assets: assets.collect(),
        next_cursor,
    })
}

/// None: it has another name or serial number. An asset is called by its tag or its first key field; its serial number is
/// whichever key field its type keeps it in, so that it is known only where it is asked for.
fn asset(row: OfClient, name: Option<&str>, serial: Option<&str>) -> Option<Asset> {
    let id = row.id().to_string();
    let names = [row.inventory_number, row.key_field];
    let keys = [&names[..], &[row.key_field2, row.key_field3]].concat();
    let equal = |texts: &[Text], wanted: Option<&str>| {
        let mut texts = texts.iter().filter_map(|text| text.0.clone());
        texts.find(|text| wanted.is_none_or(|wanted| equals_ignoring_case(text, wanted)))
    };
    let found_name = equal(&names, name);
    let serial_number = serial.and_then(|serial| equal(&keys, Some(serial)));
    let is_it =
        (name.is_none() || found_name.is_some()) && serial_number.is_some() == serial.is_some();
    is_it.then(|| Asset {
        id,
        name: found_name.unwrap_or_default(),
        serial_number,
        kind: row.assettype_name.0,
        site_id: row.site_id.id_text(),
        is_active: !row.inactive.is_set(),
        ..Asset::default()
    })
}

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
        write: &|| api::write(settings, doing, &TICKETS_EDIT, "Tickets", &record),
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
    match ids.contains(&0) {
        true => Err(answer.unexpected("expected assets with their ids")),
        false => Ok(ids),
    }
}
