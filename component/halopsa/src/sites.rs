//! `list-sites`: the sites of a client.

use psa_contract::{Site, SitePage, SiteQuery};
use psa_toolkit::query::{self, rows_of_company};
use psa_toolkit::{Error, HttpSend};

use crate::api::{self, List, numbers};
use crate::companies::ACTIVE_OR_NOT;
use crate::permissions::CUSTOMERS_READ;
use crate::settings::Settings;
use crate::wire;

const DOING: &str = "list sites";

/// One page of the sites, inactive ones too.
pub(crate) fn list_sites(
    settings: &Settings,
    query: &SiteQuery,
    send: &mut HttpSend,
) -> Result<SitePage, Error> {
    let asked = query::of_company::<2>(
        DOING,
        "list-sites",
        &settings.identity(),
        &query.company_id,
        &[],
        query.limit,
        query.cursor.as_deref(),
    )?;
    let send = &mut api::sign_in(settings, send)?;
    let company = asked.what.to_string();
    let [active, inactive] = ACTIVE_OR_NOT;
    let list = List {
        settings,
        doing: DOING,
        permission: &CUSTOMERS_READ,
        path: "Site",
        filters: &[("client_id", &company), active, inactive],
    };
    let found = list.read::<wire::Site>(send, asked.after, asked.limit)?;
    let rows = rows_of_company(DOING, found.rows, asked.what, |row| row.client_id.id())?;
    Ok(SitePage {
        sites: rows.into_iter().map(site).collect(),
        next_cursor: found
            .continue_after
            .map(|place| asked.fingerprint.cursor(&numbers(place))),
    })
}

fn site(row: wire::Site) -> Site {
    Site {
        id: row.id.to_string(),
        name: row.name.unwrap_or_default(),
        is_active: row.inactive != Some(true),
        ..Site::default()
    }
}
