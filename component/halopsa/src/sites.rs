//! `list-sites`: the sites of a client.

use psa_contract::{Site, SitePage, SiteQuery};
use psa_toolkit::pages::Row as _;
use psa_toolkit::query;
use psa_toolkit::text::Ids;
use psa_toolkit::{Error, HttpSend};

use crate::api::List;
use crate::settings::Settings;
use crate::{companies, wire};

/// One page of the sites, inactive ones too.
pub(crate) fn list_sites(
    settings: &Settings,
    query: &SiteQuery,
    send: &mut HttpSend,
) -> Result<SitePage, Error> {
    let asked = query::sites(Ids::AboveZero, &settings.identity(), query)?;
    let list = List {
        doing: "list sites",
        path: "Site",
        ..companies::list(settings, &[])
    };
    let (rows, next_cursor) =
        list.of_company::<wire::Site>(&asked, |row| row.client_id.id(), send)?;
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
