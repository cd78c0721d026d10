//! `list-sites`: the places of a company.

use psa_contract::{ErrorCode, Site, SitePage, SiteQuery};
use psa_toolkit::error::{field_error, invalid_input};
use psa_toolkit::pages::read_range;
use psa_toolkit::query;
use psa_toolkit::text::Ids;
use psa_toolkit::{Error, HttpSend};

use crate::api::{Listing, rows};
use crate::permissions::COMPANIES;
use crate::settings::Settings;
use crate::wire::{self, is};

const DOING: &str = "list sites";

/// One page of the company's sites, inactive ones too.
pub(crate) fn list_sites(
    settings: &Settings,
    query: &SiteQuery,
    send: &mut HttpSend,
) -> Result<SitePage, Error> {
    let asked = query::sites::<1>(Ids::AboveZero, &settings.tenant(), query)?;
    let listing = Listing {
        settings,
        doing: DOING.to_owned(),
        permission: Some(&COMPANIES),
        path: format!("/company/companies/{}/sites", asked.what),
        fields: "id,name,primaryAddressFlag,inactiveFlag",
        conditions: Vec::new(),
        child_conditions: None,
    };
    let (after, limit) = (asked.start(), asked.limit);
    let found = read_range(settings, send, &listing, rows, after, limit);
    let found = found.map_err(of_the_company)?;
    Ok(SitePage {
        next_cursor: asked.next_cursor(found.continue_after),
        sites: found.rows.into_iter().map(site).collect(),
    })
}

/// The company is in the URL, so that one that does not exist is a 404: it is the argument that is wrong.
fn of_the_company(error: Error) -> Error {
    if error.code != ErrorCode::NotFound {
        return error;
    }
    let fault = "there is no such company, or these credentials do not allow access to it";
    invalid_input(DOING, vec![field_error("company-id", fault)])
        .hint("`list-companies` lists the companies")
        .decided_as(&error)
}

fn site(site: wire::Site) -> Site {
    Site {
        id: site.id.to_string(),
        name: site.name,
        is_default: Some(is(site.primary_address_flag)),
        is_active: !is(site.inactive_flag),
        properties: Vec::new(),
    }
}
