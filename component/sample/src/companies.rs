//! `list-companies`: by ascending id, page after page. Sample Desk has no filters, so they are applied here.

use psa_contract::{Company, CompanyPage, CompanyQuery};
use psa_toolkit::exchange::{Call, exchange_one};
use psa_toolkit::{Error, HttpSend, query};

use crate::permissions::COMPANIES_READ;
use crate::settings::Settings;
use crate::{api, wire};

const DOING: &str = "list companies";

pub(crate) fn list_companies(
    settings: &Settings,
    query: &CompanyQuery,
    send: &mut HttpSend,
) -> Result<CompanyPage, Error> {
    let asked = query::companies::<1>(&settings.tenant(), query)?;
    let send = &mut api::sign_in(settings, send)?;
    let found = api::read_pages(
        settings,
        send,
        DOING,
        &COMPANIES_READ,
        "companies?",
        asked.start(),
        asked.limit,
    )?;
    let rows = found.rows.into_iter();
    let companies = rows.filter(|row| keeps(query, &asked.what, row));
    Ok(CompanyPage {
        companies: companies.map(company).collect(),
        next_cursor: asked.next_cursor(found.continue_after),
    })
}

/// No company here has a status or a type.
fn keeps(query: &CompanyQuery, ids: &[i64], row: &wire::Company) -> bool {
    let search = query.search.as_deref().unwrap_or_default().trim();
    (row.active || query.include_inactive)
        && row.name.to_lowercase().contains(&search.to_lowercase())
        && (ids.is_empty() || ids.contains(&row.id))
        && query.statuses.is_empty()
        && query.types.is_empty()
}

fn company(row: wire::Company) -> Company {
    Company {
        id: row.id.to_string(),
        name: row.name,
        is_active: row.active,
        ..Company::default()
    }
}

/// Whether there is an active company with this id. There is no request for one; it is the first above the id before it.
pub(crate) fn is_active(settings: &Settings, id: i64, send: &mut HttpSend) -> Result<bool, Error> {
    let call = call(settings, id.saturating_sub(1), 1);
    let page: wire::Page<wire::Company> = exchange_one(settings, send, call).read()?;
    Ok(page.rows.iter().any(|row| row.id == id && row.active))
}

/// The first companies above an id.
pub(crate) fn call(settings: &Settings, after: i64, limit: usize) -> Call {
    api::page_call(settings, DOING, &COMPANIES_READ, "companies?", after, limit)
}
