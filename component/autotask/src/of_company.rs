//! `list-contacts`, `list-sites` and `list-assets`: the people of a company, its locations, and its assets, which the API calls
//! configuration items. Inactive ones are listed, too.

use psa_contract::{
    Asset, AssetPage, AssetQuery, Contact, ContactPage, ContactQuery, Site, SitePage, SiteQuery,
};
use psa_toolkit::loose::Text;
use psa_toolkit::pages::Found;
use psa_toolkit::query::{self, Asked, keeps_asset, keeps_contact};
use psa_toolkit::text::Ids;
use psa_toolkit::{Error, HttpSend};
use serde_json::Value;

use crate::api::{any_of, condition, enter};
use crate::lists::list;
use crate::settings::Settings;
use crate::wire::{self, Entity, Fields, Location};

/// One page of the contacts that match, inactive ones too.
pub(crate) fn list_contacts(
    settings: &Settings,
    query: &ContactQuery,
    send: &mut HttpSend,
) -> Result<ContactPage, Error> {
    let asked = query::contacts(Ids::Any, &settings.tenant(), query)?;
    let fields = ["emailAddress", "emailAddress2", "emailAddress3"];
    let email = query.email.as_deref();
    let filter = email.map(|email| any_of("eq", &fields, email.trim()));
    let filter = filter.into_iter().collect();
    let (doing, owner) = ("list contacts", |row: &wire::Contact| row.company_id);
    let (found, _) = of_company(settings, doing, &asked, filter, owner, None, send)?;
    let contacts = found.rows.into_iter().map(contact);
    Ok(ContactPage {
        contacts: contacts.filter(|it| keeps_contact(query, it)).collect(),
        next_cursor: asked.next_cursor(found.continue_after),
    })
}

pub(crate) fn name(contact: &wire::Contact) -> String {
    let names = [&contact.first_name, &contact.last_name].into_iter();
    let names: Vec<&str> = names.filter_map(|it| it.0.as_deref()).collect();
    names.join(" ").trim().to_owned()
}

fn contact(row: wire::Contact) -> Contact {
    let name = name(&row);
    let mut emails: Vec<String> = Vec::new();
    for Text(email) in [row.email, row.email2, row.email3] {
        emails.extend(email.filter(|it| !emails.contains(it)));
    }
    Contact {
        id: row.id.to_string(),
        name,
        emails,
        phone: row.phone.0,
        company_id: row.company_id.unwrap_or_default().to_string(),
        site_id: row.location_id.map(|id| id.to_string()),
        is_default: row.is_primary.0,
        is_active: row.is_active.is_set_or_absent(),
        properties: Vec::new(),
    }
}

/// One page of the company's locations, inactive ones too.
pub(crate) fn list_sites(
    settings: &Settings,
    query: &SiteQuery,
    send: &mut HttpSend,
) -> Result<SitePage, Error> {
    let asked = query::sites(Ids::Any, &settings.tenant(), query)?;
    let (doing, owner) = ("list sites", |row: &Location| row.company_id);
    let (found, _) = of_company(settings, doing, &asked, Vec::new(), owner, None, send)?;
    let sites = found.rows.into_iter().map(|row| Site {
        is_active: row.is_active.is_set_or_absent(),
        is_default: row.is_primary.0,
        name: row.name.unwrap_or_else(|| row.id.to_string()),
        id: row.id.to_string(),
        properties: Vec::new(),
    });
    Ok(SitePage {
        next_cursor: asked.next_cursor(found.continue_after),
        sites: sites.collect(),
    })
}

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
    let (doing, owner) = ("list assets", |row: &wire::Asset| row.company_id);
    let of_type = "configurationItemType";
    let (found, fields) = of_company(settings, doing, &asked, filter, owner, Some(of_type), send)?;
    let types = fields.values(of_type);
    let assets = found.rows.into_iter().map(|row| Asset {
        is_active: row.is_active.is_set_or_absent(),
        // One may have no title of its own, but that of its product.
        name: row.title.0.unwrap_or_else(|| format!("Asset {}", row.id)),
        id: row.id.to_string(),
        kind: row.asset_type.0.and_then(|id| types.name(id)),
        serial_number: row.serial_number.0,
        site_id: row.location_id.map(|id| id.to_string()),
        contact_id: row.contact_id.map(|id| id.to_string()),
        properties: Vec::new(),
    });
    Ok(AssetPage {
        assets: assets.filter(|it| keeps_asset(query, it)).collect(),
        next_cursor: asked.next_cursor(found.continue_after),
    })
}

/// One page of what a company has; `filter` is asked for besides.
fn of_company<T: Entity>(
    settings: &Settings,
    doing: &str,
    asked: &Asked<i64, 1>,
    mut filter: Vec<Value>,
    company_of: fn(&T) -> Option<i64>,
    type_member: Option<&str>,
    send: &mut HttpSend,
) -> Result<(Found<T>, Fields), Error> {
    filter.insert(0, condition("eq", "companyID", asked.what));
    let place = (asked.start(), asked.limit);
    let send = &mut enter(settings, send)?;
    let (mut found, fields) = list::<T>(settings, send, doing, &filter, place, type_member)?;
    found.rows = query::rows_of_company(doing, found.rows, asked.what, company_of)?;
    Ok((found, fields))
}
