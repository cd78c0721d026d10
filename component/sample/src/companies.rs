//! `list-companies`: by ascending id, page after page. Sample Desk has no filters, so they are applied here.

use psa_contract::{Company, CompanyPage, CompanyQuery};
use psa_toolkit::cursor::{Fingerprint, limit};
use psa_toolkit::error::invalid_input;
use psa_toolkit::exchange::{Answer, Call, exchange_one};
use psa_toolkit::pages::{LinkedPage, read_linked};
use psa_toolkit::{Error, HttpSend};

use crate::describe::COMPANIES_READ;
use crate::settings::Settings;
use crate::{api, wire};

const DOING: &str = "list companies";
const DEFAULT_LIMIT: usize = 1_000;
const LARGEST_LIMIT: usize = 10_000;
const LARGEST_PAGE: usize = 100;

pub(crate) fn list_companies(
    settings: &Settings,
    query: &CompanyQuery,
    send: &mut HttpSend,
) -> Result<CompanyPage, Error> {
    let mut faults = Vec::new();
    let limit = limit(query.limit, DEFAULT_LIMIT, LARGEST_LIMIT, &mut faults);
    let tenant = [settings.origin(), settings.client_id.clone()];
    let fingerprint = Fingerprint::of_companies(&tenant.each_ref().map(String::as_str), query);
    let [after] = fingerprint
        .read(query.cursor.as_deref(), &mut faults)
        .unwrap_or([0]);
    if !faults.is_empty() {
        return Err(invalid_input(DOING, faults));
    }
    let send = &mut api::sign_in(settings, send)?;
    let found = read_linked(
        settings,
        send,
        call(settings, after, LARGEST_PAGE),
        &|url| api::get_url(DOING, Some(&COMPANIES_READ), url),
        read,
        Some(after),
        limit,
    )?;
    let companies = found.rows.into_iter().filter(|row| keeps(query, row));
    Ok(CompanyPage {
        companies: companies.map(company).collect(),
        next_cursor: found.continue_after.map(|id| fingerprint.cursor(&[id])),
    })
}

/// A page, and the URL of the next one, which starts after its last row.
fn read(answer: &Answer) -> Result<LinkedPage<wire::Company>, Error> {
    let page: wire::Companies = answer.read()?;
    let next_url = match page.rows.last() {
        _ if !page.more => None,
        Some(last) => {
            let list = answer.request.url.split('?').next().unwrap_or_default();
            Some(format!("{list}?after={}&limit={LARGEST_PAGE}", last.id))
        }
        None => return Err(answer.unexpected("expected rows on a page that is not the last")),
    };
    Ok(LinkedPage {
        rows: page.rows,
        next_url,
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
    let page: wire::Companies = exchange_one(settings, send, call).read()?;
    Ok(page.rows.iter().any(|row| row.id == id && row.active))
}

/// The first companies above an id.
pub(crate) fn call(settings: &Settings, after: i64, limit: usize) -> Call {
    let path = format!("companies?after={after}&limit={limit}");
    api::get(settings, DOING, Some(&COMPANIES_READ), &path)
}
