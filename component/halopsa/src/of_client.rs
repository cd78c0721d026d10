//! `list-contacts`, `list-sites` and `list-assets`: what belongs to a client, which are its users, sites and assets. Inactive
//! ones are listed, too.

use psa_contract::{
    Asset, AssetPage, AssetQuery, Contact, ContactPage, ContactQuery, Site, SitePage, SiteQuery,
};
use psa_toolkit::loose::Text;
use psa_toolkit::pages::Row as _;
use psa_toolkit::query::{self, Asked, keeps_contact, rows_of_company};
use psa_toolkit::text::{Ids, equals_ignoring_case};
use psa_toolkit::{Error, HttpSend};

use crate::api::{ACTIVE_OR_NOT, List, sign_in};
use crate::settings::Settings;
use crate::wire::OfClient;

/// One page of the users that match, inactive ones too. Which members Halo's own search looks at is not known, so that
/// addresses are compared here alone.
pub(crate) fn list_contacts(
    settings: &Settings,
    query: &ContactQuery,
    send: &mut HttpSend,
) -> Result<ContactPage, Error> {
    let asked = query::contacts(Ids::AboveZero, &settings.identity(), query)?;
    let (rows, next_cursor) = of_client(settings, "list contacts", "Users", &asked, send)?;
    let contacts = rows.into_iter().map(|row| Contact {
        id: row.id().to_string(),
        name: row.name.or_empty(),
        emails: row.emailaddress.0.into_iter().collect(),
        phone: row.phonenumber.0,
        company_id: row.client_id.id_text().unwrap_or_default(),
        site_id: row.site_id.id_text(),
        is_active: !row.inactive.is_set(),
        ..Contact::default()
    });
    Ok(ContactPage {
        contacts: contacts.filter(|it| keeps_contact(query, it)).collect(),
        next_cursor,
    })
}

/// One page of the sites, inactive ones too.
pub(crate) fn list_sites(
    settings: &Settings,
    query: &SiteQuery,
    send: &mut HttpSend,
) -> Result<SitePage, Error> {
    let asked = query::sites(Ids::AboveZero, &settings.identity(), query)?;
    let (rows, next_cursor) = of_client(settings, "list sites", "Site", &asked, send)?;
    let sites = rows.into_iter().map(|row| Site {
        id: row.id().to_string(),
        name: row.name.or_empty(),
        is_active: !row.inactive.is_set(),
        ..Site::default()
    });
    Ok(SitePage {
        sites: sites.collect(),
        next_cursor,
    })
}

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

/// A page of what a client has, inactive ones too, and the next cursor.
fn of_client(
    settings: &Settings,
    doing: &str,
    path: &str,
    asked: &Asked<i64, 2>,
    send: &mut HttpSend,
) -> Result<(Vec<OfClient>, Option<String>), Error> {
    let client = asked.what.to_string();
    let [active, inactive] = ACTIVE_OR_NOT;
    let filters = [("client_id", client.as_str()), active, inactive];
    let list = List::new(settings, doing, path, &filters);
    let send = &mut sign_in(settings, send)?;
    let found = list.read(send, asked.start(), asked.limit)?;
    let client_of = |row: &OfClient| row.client_id.id();
    let rows = rows_of_company(doing, found.rows, asked.what, client_of)?;
    Ok((rows, asked.next_cursor(found.continue_after)))
}
