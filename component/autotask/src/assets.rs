//! `list-assets`: the assets of a company, which the API calls configuration items.

mod attach;

use psa_contract::{Asset, AssetPage, AssetQuery};
use psa_toolkit::query;
use psa_toolkit::text::{Ids, equals_ignoring_case};
use psa_toolkit::{Error, HttpSend};

pub(crate) use self::attach::attach_asset;
use crate::api::{condition, enter};
use crate::lists::list_of_company;
use crate::picklist::{Picklist, REUSE_SECONDS};
use crate::settings::Settings;
use crate::wire::{self, given, is_active};

const DOING: &str = "list assets";

/// One page of the assets that match, inactive ones too.
pub(crate) fn list_assets(
    settings: &Settings,
    query: &AssetQuery,
    send: &mut HttpSend,
) -> Result<AssetPage, Error> {
    let asked = query::assets(Ids::Any, &settings.tenant(), query)?;
    let (name, serial_number) = (query.name.as_deref(), query.serial_number.as_deref());
    let of_name = name.map(|name| condition("eq", "referenceTitle", name.trim()));
    let of_number = serial_number.map(|number| condition("eq", "serialNumber", number.trim()));
    let filter = of_name.into_iter().chain(of_number);
    let send = &mut enter(settings, send)?;
    let fields = settings.fields("ConfigurationItems", REUSE_SECONDS);
    let company_of = |row: &wire::Asset| row.company_id;
    let (listed, next_cursor) = list_of_company(
        settings,
        send,
        DOING,
        &asked,
        filter,
        Some(fields),
        company_of,
    )?;
    let types = Picklist::of(listed.beside, "configurationItemType")?;
    let assets = listed.rows.into_iter().map(|row| asset(row, &types));
    let assets = assets.filter(|asset| {
        let serial = asset.serial_number.as_deref().unwrap_or_default();
        name.is_none_or(|name| equals_ignoring_case(&asset.name, name))
            && serial_number.is_none_or(|number| equals_ignoring_case(serial, number))
    });
    Ok(AssetPage {
        assets: assets.collect(),
        next_cursor,
    })
}

fn asset(row: wire::Asset, types: &Picklist) -> Asset {
    Asset {
        // One may have no title of its own, but that of its product.
        name: given(row.title).unwrap_or_else(|| format!("Asset {}", row.id)),
        id: row.id.to_string(),
        kind: row.asset_type.and_then(|it| types.name(&it.0)),
        serial_number: given(row.serial_number.map(|it| it.0)),
        site_id: row.location_id.map(|id| id.to_string()),
        contact_id: row.contact_id.map(|id| id.to_string()),
        is_active: is_active(&row.is_active),
        properties: Vec::new(),
    }
}
