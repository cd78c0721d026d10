//! `list-companies`: by ascending id, page after page. Sample Desk has no filters, so they are applied here.

use psa_contract::{Company, CompanyPage, CompanyQuery};
use psa_toolkit::exchange::{Call, exchange_one};
use psa_toolkit::query::{self, keeps_company};
use psa_toolkit::text::Ids;
use psa_toolkit::{Error, HttpSend};

use crate::permissions::COMPANIES_READ;
use crate::settings::Settings;
use crate::{api, wire};

const DOING: &str = "list companies";

pub(crate) fn list_companies(
    settings: &Settings,
    query: &CompanyQuery,
    send: &mut HttpSend,
) -> Result<CompanyPage, Error> {
    let asked = query::companies::<1>(Ids::AboveZero, &settings.tenant(), query)?;
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
    let companies = found.rows.into_iter().map(company);
    let companies = companies.filter(|it| keeps_company(query, &asked.what, it));
    Ok(CompanyPage {
        companies: companies.collect(),
        next_cursor: asked.next_cursor(found.continue_after),
    })
}

/// No company here has a status or a type.
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
    let page: wire::Page<wire::Company> = exchange_one(settings, send, call).record()?;
    Ok(page.rows.iter().any(|row| row.id == id && row.active))
}

/// The first companies above an id.
pub(crate) fn call(settings: &Settings, after: i64, limit: usize) -> Call {
    api::page_call(settings, DOING, &COMPANIES_READ, "companies?", after, limit)
}
