//! `list-assets`: the assets of a company, which the API calls configuration items.

mod attach;

use psa_contract::{Asset, AssetPage, AssetQuery};
use psa_toolkit::query::{self, keeps_asset};
use psa_toolkit::text::Ids;
use psa_toolkit::{Error, HttpSend};

pub(crate) use self::attach::attach_asset;
use crate::api::condition;
use crate::lists::of_company;
use crate::picklist::{Picklist, REUSE_SECONDS};
use crate::settings::Settings;
use crate::wire::{self, given, is_active};

/// One page of the assets that match, inactive ones too.
pub(crate) fn list_assets(
    settings: &Settings,
    query: &AssetQuery,
    send: &mut HttpSend,
) -> Result<AssetPage, Error> {
    let asked = query::assets(Ids::Any, &settings.tenant(), query)?;
    let equals = |field, value: &Option<String>| {
        let value = value.as_deref();
        value.map(|value| condition("eq", field, value.trim()))
    };
    let mut filter = Vec::new();
    filter.extend(equals("referenceTitle", &query.name));
    filter.extend(equals("serialNumber", &query.serial_number));
    let fields = settings.fields("ConfigurationItems", REUSE_SECONDS);
    let listed = of_company(settings, "list assets", &asked, filter, Some(fields), send)?;
    let types = Picklist::of(listed.beside, "configurationItemType")?;
    let assets = listed.rows.into_iter().map(|row| asset(row, &types));
    Ok(AssetPage {
        assets: assets.filter(|it| keeps_asset(query, it)).collect(),
        next_cursor: asked.next_cursor(listed.continue_after),
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
