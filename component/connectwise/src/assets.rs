//! `list-assets`: the configurations of a company.

mod attach;

use psa_contract::{Asset, AssetPage, AssetQuery};
use psa_toolkit::pages::read_range;
use psa_toolkit::query::{self, keeps_asset};
use psa_toolkit::text::Ids;
use psa_toolkit::{Error, HttpSend};

pub(crate) use self::attach::attach_asset;
use crate::api::{Listing, rows};
use crate::condition::{TextFilter, any_of};
use crate::permissions::CONFIGURATIONS;
use crate::settings::Settings;
use crate::wire::{self, Reference};

const DOING: &str = "list assets";

/// One page of the configurations that match, inactive ones too. Whole rows would be large, so a few members are asked for.
pub(crate) fn list_assets(
    settings: &Settings,
    query: &AssetQuery,
    send: &mut HttpSend,
) -> Result<AssetPage, Error> {
    let asked = query::assets::<1>(Ids::AboveZero, &settings.tenant(), query)?;
    let mut listing = listing(settings).with(format!("company/id={}", asked.what));
    for (field, value) in [
        ("name", &query.name),
        ("serialNumber", &query.serial_number),
    ] {
        listing.conditions.extend(equals(field, value.as_deref()));
    }
    let found = read_range(
        settings,
        send,
        &listing,
        rows::<wire::Configuration>,
        asked.start(),
        asked.limit,
    )?;
    let next_cursor = asked.next_cursor(found.continue_after);
    let company_of = |row: &wire::Configuration| row.company.as_ref().and_then(|it| it.id);
    let rows = query::rows_of_company(DOING, found.rows, asked.what, company_of)?;
    let assets = rows.into_iter().map(asset);
    Ok(AssetPage {
        assets: assets.filter(|it| keeps_asset(query, it)).collect(),
        next_cursor,
    })
}

fn listing(settings: &Settings) -> Listing<'_> {
    Listing {
        settings,
        doing: DOING.to_owned(),
        permission: Some(&CONFIGURATIONS),
        path: "/company/configurations".to_owned(),
        fields: "id,name,type/name,serialNumber,company/id,site/id,contact/id,activeFlag",
        conditions: Vec::new(),
        child_conditions: None,
    }
}

/// None: nothing to compare, or a text that cannot be quoted, which is compared here alone.
fn equals(field: &str, value: Option<&str>) -> Option<String> {
    match any_of(field, &[value?.to_owned()]) {
        TextFilter::Condition(condition) => Some(condition),
        TextFilter::Local | TextFilter::None => None,
    }
}

fn asset(row: wire::Configuration) -> Asset {
    let id = |reference: Option<Reference>| reference.as_ref().and_then(Reference::id_text);
    Asset {
        id: row.id.to_string(),
        name: row.name,
        kind: row.r#type.and_then(|it| it.name),
        serial_number: row.serial_number.filter(|text| !text.trim().is_empty()),
        site_id: id(row.site),
        contact_id: id(row.contact),
        is_active: row.active_flag != Some(false),
        properties: Vec::new(),
    }
}
