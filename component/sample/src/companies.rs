//! `list-companies`: by ascending id, page after page. Sample Desk has no filters, so they are applied here.

use psa_contract::{Company, CompanyPage, CompanyQuery};
use psa_toolkit::cursor::{Fingerprint, limit};
use psa_toolkit::error::invalid_input;
use psa_toolkit::exchange::{Call, exchange_one};
use psa_toolkit::{Error, HttpSend};

use crate::permissions::COMPANIES_READ;
use crate::settings::Settings;
use crate::{api, wire};

const DOING: &str = "list companies";
const DEFAULT_LIMIT: usize = 1_000;
const LARGEST_LIMIT: usize = 10_000;

pub(crate) fn list_companies(
    settings: &Settings,
    query: &CompanyQuery,
    send: &mut HttpSend,
) -> Result<CompanyPage, Error> {
    let mut faults = Vec::new();
    let limit = limit(query.limit, DEFAULT_LIMIT, LARGEST_LIMIT, &mut faults);
    let fingerprint = Fingerprint::of_companies(&settings.tenant(), query);
    let [after] = fingerprint
        .read(query.cursor.as_deref(), &mut faults)
        .unwrap_or([0]);
    if !faults.is_empty() {
        return Err(invalid_input(DOING, faults));
    }
    let send = &mut api::sign_in(settings, send)?;
    let found = api::read_pages(
        settings,
        send,
        DOING,
        &COMPANIES_READ,
        "companies?",
        after,
        limit,
    )?;
    let companies = found.rows.into_iter().filter(|row| keeps(query, row));
    Ok(CompanyPage {
        companies: companies.map(company).collect(),
        next_cursor: found.continue_after.map(|id| fingerprint.cursor(&[id])),
    })
}

/// No company here has a status or a type.
fn keeps(query: &CompanyQuery, row: &wire::Company) -> bool {
    let search = query.search.as_deref().unwrap_or_default().trim();
    (row.active || query.include_inactive)
        && row.name.to_lowercase().contains(&search.to_lowercase())
        && (query.ids.is_empty() || query.ids.contains(&row.id.to_string()))
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
