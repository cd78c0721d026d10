//! `list-assets` and `attach-asset`: the assets of a client, and one of them on a ticket.

use psa_contract::{Asset, AssetPage, AssetQuery, AttachedAsset, ErrorCode};
use psa_toolkit::change_once::{Steps, change_once};
use psa_toolkit::draft;
use psa_toolkit::error::{field_error, invalid_input};
use psa_toolkit::exchange::{Answer, exchange_array};
use psa_toolkit::loose::Text;
use psa_toolkit::pages::Row as _;
use psa_toolkit::query;
use psa_toolkit::text::{Ids, equals_ignoring_case};
use psa_toolkit::{Error, HttpSend};

use crate::api::{self, List, if_there, written};
use crate::permissions::{ASSETS_READ, TICKETS_EDIT};
use crate::settings::Settings;
use crate::{companies, ticket, wire};

/// One page of the assets that match, inactive ones too.
pub(crate) fn list_assets(
    settings: &Settings,
    query: &AssetQuery,
    send: &mut HttpSend,
) -> Result<AssetPage, Error> {
    let asked = query::assets(Ids::AboveZero, &settings.identity(), query)?;
    let (name, serial) = (query.name.as_deref(), query.serial_number.as_deref());
    let list = List {
        doing: "list assets",
        permission: &ASSETS_READ,
        path: "Asset",
        ..companies::list(settings, &[])
    };
    let (rows, next_cursor) =
        list.of_company::<wire::Asset>(&asked, |row| row.client_id.id(), send)?;
    let assets = rows.into_iter().filter_map(|row| asset(row, name, serial));
    Ok(AssetPage {
        assets: assets.collect(),
        next_cursor,
    })
}

/// None: it has another name or serial number. An asset is called by its tag or its first key field; its serial number is
/// whichever key field its type keeps it in, so that it is known only where it is asked for.
fn asset(row: wire::Asset, name: Option<&str>, serial: Option<&str>) -> Option<Asset> {
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
    let mut faults = Vec::new();
    let mut id = |field: &str, text: &str| {
        if text.trim().is_empty() {
            faults.push(field_error(field, "it is missing or empty"));
        }
        draft::id(field, text, &mut faults).unwrap_or_default()
    };
    let (ticket_id, asset_id) = (id("ticket-id", ticket_id), id("asset-id", asset_id));
    if !faults.is_empty() {
        return Err(invalid_input("attach the asset", faults));
    }
    let doing = format!("attach asset {asset_id} to ticket {ticket_id}");
    let send = &mut api::sign_in(settings, send)?;
    let calls = [
        ticket::call(settings, &doing, ticket_id),
        api::get(
            settings,
            &doing,
            &ASSETS_READ,
            &format!("Asset/{asset_id}"),
            &[],
        ),
    ];
    let [ticket, asset] = exchange_array(settings, send, calls);
    let mut attached = attached(&ticket, &ticket::read(ticket_id, &ticket)?)?;
    if attached.contains(&asset_id) {
        return Ok(AttachedAsset { is_changed: false });
    }
    if if_there::<wire::Asset>(&asset, asset_id)?.is_none() {
        let message = format!("cannot {doing}: there is no such asset");
        return Err(Error::new(ErrorCode::NotFound, message)
            .hint("the asset is gone, or the API agent may not see it; nothing was written"));
    }
    // All of them: whether Halo adds to the list or replaces it is not known.
    attached.push(asset_id);
    let changed = change(settings, &doing, ticket_id, asset_id, &attached, send);
    changed.map_err(|error| error.of_ticket(ticket_id))?;
    Ok(AttachedAsset { is_changed: true })
}

/// What is attached. All of it is written back, so that an asset without an id would be lost.
fn attached(answer: &Answer, ticket: &wire::Ticket) -> Result<Vec<i64>, Error> {
    let ids: Vec<i64> = ticket
        .assets
        .0
        .iter()
        .flatten()
        .map(|asset| asset.id())
        .collect();
    if ids.contains(&0) {
        return Err(answer.unexpected("expected assets with their ids"));
    }
    Ok(ids)
}

/// Writes, and sees that the ticket shows it.
fn change(
    settings: &Settings,
    doing: &str,
    ticket_id: i64,
    asset_id: i64,
    attached_ids: &[i64],
    send: &mut HttpSend,
) -> Result<bool, Error> {
    let ids: Vec<String> = attached_ids
        .iter()
        .map(|id| format!(r#"{{"id":{id}}}"#))
        .collect();
    let record = format!(r#"{{"id":{ticket_id},"assets":[{}]}}"#, ids.join(","));
    let shows_it =
        |answer: &Answer, ticket: wire::Ticket| Ok(attached(answer, &ticket)?.contains(&asset_id));
    let mut steps = Steps {
        tenant: settings,
        write: &|| api::write(settings, doing, &TICKETS_EDIT, "Tickets", &record),
        shown: &|answer: &Answer| match shows_it(answer, written(answer)?)? {
            true => Ok(Some(true)),
            false => Err(answer.unexpected("expected a ticket that shows the asset")),
        },
        read: &|| ticket::call(settings, doing, ticket_id),
        state: &|answer: &Answer| shows_it(answer, ticket::read(ticket_id, answer)?),
        is_made: &|is_attached| *is_attached,
    };
    change_once(&mut steps, send)
}
