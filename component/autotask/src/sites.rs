//! `list-sites`: the locations of a company.

use psa_contract::{Site, SitePage, SiteQuery};
use psa_toolkit::query;
use psa_toolkit::text::Ids;
use psa_toolkit::{Error, HttpSend};

use crate::lists::of_company;
use crate::settings::Settings;
use crate::wire::{Location, is, is_active};

/// One page of the company's locations, inactive ones too.
pub(crate) fn list_sites(
    settings: &Settings,
    query: &SiteQuery,
    send: &mut HttpSend,
) -> Result<SitePage, Error> {
    let asked = query::sites(Ids::Any, &settings.tenant(), query)?;
    let listed = of_company::<Location>(settings, "list sites", &asked, Vec::new(), None, send)?;
    Ok(SitePage {
        next_cursor: asked.next_cursor(listed.continue_after),
        sites: listed.rows.into_iter().map(site).collect(),
    })
}

fn site(row: Location) -> Site {
    Site {
        name: row.name.unwrap_or_else(|| row.id.to_string()),
        id: row.id.to_string(),
        is_default: is(&row.is_primary),
        is_active: is_active(&row.is_active),
        properties: Vec::new(),
    }
}
