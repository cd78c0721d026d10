//! `list-sites`: the locations of a company.

use psa_contract::{Site, SitePage, SiteQuery};
use psa_toolkit::query;
use psa_toolkit::text::Ids;
use psa_toolkit::{Error, HttpSend};

use crate::api::enter;
use crate::lists::list_of_company;
use crate::settings::Settings;
use crate::wire::{self, is, is_active};

const DOING: &str = "list sites";

/// One page of the company's locations, inactive ones too.
pub(crate) fn list_sites(
    settings: &Settings,
    query: &SiteQuery,
    send: &mut HttpSend,
) -> Result<SitePage, Error> {
    let asked = query::sites(Ids::Any, &settings.tenant(), query)?;
    let send = &mut enter(settings, send)?;
    let company_of = |row: &wire::Location| row.company_id;
    let (listed, next_cursor) =
        list_of_company(settings, send, DOING, &asked, None, None, company_of)?;
    Ok(SitePage {
        sites: listed.rows.into_iter().map(site).collect(),
        next_cursor,
    })
}

fn site(row: wire::Location) -> Site {
    Site {
        name: row.name.unwrap_or_else(|| row.id.to_string()),
        id: row.id.to_string(),
        is_default: is(&row.is_primary),
        is_active: is_active(&row.is_active),
        properties: Vec::new(),
    }
}
