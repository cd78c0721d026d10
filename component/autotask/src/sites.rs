//! `list-sites`: the locations of a company.

use psa_contract::{Site, SitePage, SiteQuery};
use psa_toolkit::{Error, HttpSend};

use crate::api::enter;
use crate::lists::OfCompany;
use crate::settings::Settings;
use crate::wire::{self, is, is_active};

/// One page of the company's locations, inactive ones too.
pub(crate) fn list_sites(
    settings: &Settings,
    query: &SiteQuery,
    send: &mut HttpSend,
) -> Result<SitePage, Error> {
    let list = OfCompany {
        doing: "list sites",
        function: "list-sites",
        company_id: &query.company_id,
        filters: &[],
        limit: query.limit,
        cursor: query.cursor.as_deref(),
    };
    let asked = list.parse(settings)?;
    let send = &mut enter(settings, send)?;
    let (listed, next_cursor) =
        list.list(settings, send, &asked, None, |row: &wire::Location| {
            row.company_id
        })?;
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
