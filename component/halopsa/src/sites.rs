//! `list-sites`: the sites of a client.

use psa_contract::{Site, SitePage, SiteQuery};
use psa_toolkit::pages::Row as _;
use psa_toolkit::query;
use psa_toolkit::text::Ids;
use psa_toolkit::{Error, HttpSend};

use crate::api::of_client;
use crate::settings::Settings;

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
