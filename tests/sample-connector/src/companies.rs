//! `list-companies`: by ascending id, page after page. Sample Desk has no filters, so they are applied here.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};

use psa_contract::{CompanyPage, CompanyQuery, ConnectorError, ErrorCode};

use crate::api::Call;
use crate::description::COMPANIES_READ;
use crate::desk::Desk;
use crate::error::{field_error, invalid};
use crate::records::{Company, Page};
use crate::settings::Settings;

const DEFAULT_LIMIT: u32 = 1_000;
const LARGEST_LIMIT: u32 = 10_000;
const LARGEST_PAGE: usize = 100;
/// A filter that hardly any company passes is read on by the caller, with the cursor.
const MOST_PAGES: usize = 200;

/// Where the last call stopped. Only a connector that is wrong uses it.
static STOPPED_AT: AtomicU64 = AtomicU64::new(0);

pub(crate) fn list_companies(
    settings: &Settings,
    query: &CompanyQuery,
) -> Result<CompanyPage, ConnectorError> {
    let mut faults = Vec::new();
    if query.limit == Some(0) {
        faults.push(field_error("limit", "it is zero; ask for one at least"));
    }
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT).min(LARGEST_LIMIT) as usize;
    let prefix = cursor_prefix(settings, query);
    let mut after = match query.cursor.as_deref().unwrap_or_default() {
        "" => 0,
        cursor => cursor
            .strip_prefix(&prefix)
            .and_then(|id| id.parse().ok())
            .unwrap_or_else(|| {
                faults.push(field_error("cursor", "it is of another query or site"));
                0
            }),
    };
    if !faults.is_empty() {
        return Err(invalid(ErrorCode::InvalidInput, "list companies", faults));
    }
    // Wrong: a call goes on where the one before it stopped.
    if cfg!(feature = "keeps-state") {
        after = after.max(STOPPED_AT.load(Ordering::Relaxed));
    }
    let mut desk = Desk::sign_in(settings)?;
    let mut companies: Vec<Company> = Vec::new();
    let mut has_more = true;
    for _ in 0..MOST_PAGES {
        let page = match page(&mut desk, after, LARGEST_PAGE.min(limit - companies.len())) {
            // Wrong: a page that fails is left out, as if the list ended before it.
            Err(_) if cfg!(feature = "swallows-a-page") && after > 0 => Page {
                rows: Vec::new(),
                more: false,
            },
            page => page?,
        };
        after = page.rows.last().map_or(after, |row| row.id);
        has_more = page.more;
        companies.extend(page.rows.into_iter().filter(|row| keeps(query, row)));
        if !has_more || companies.len() >= limit {
            break;
        }
    }
    if companies.len() > limit {
        companies.truncate(limit);
        after = companies.last().map_or(after, |row| row.id);
        has_more = true;
    }
    if cfg!(feature = "keeps-state") {
        STOPPED_AT.store(after, Ordering::Relaxed);
    }
    Ok(CompanyPage {
        companies: companies.into_iter().map(company).collect(),
        next_cursor: has_more.then(|| format!("{prefix}{after}")),
    })
}

pub(crate) fn call(after: u64, limit: usize) -> Call {
    Call {
        doing: "list companies",
        permission: Some(COMPANIES_READ),
        path: format!("/api/companies?after={after}&limit={limit}"),
        body: None,
        is_sign_in: false,
    }
}

/// One page of the companies above an id. One that is not in order, or does not go on, would lose rows or never end.
pub(crate) fn page(
    desk: &mut Desk,
    after: u64,
    limit: usize,
) -> Result<Page<Company>, ConnectorError> {
    let answer = desk.send_one(call(after, limit));
    let page: Page<Company> = answer.read()?;
    let mut last = after;
    for row in &page.rows {
        if row.id <= last {
            return Err(answer.not_understood("companies that are not by ascending id"));
        }
        last = row.id;
    }
    if page.more && page.rows.is_empty() {
        return Err(answer.not_understood("an empty page that is not the last"));
    }
    Ok(page)
}

/// No company here has a status or a type.
fn keeps(query: &CompanyQuery, row: &Company) -> bool {
    let search = query.search.as_deref().unwrap_or_default().trim();
    (row.active || query.include_inactive)
        && row.name.to_lowercase().contains(&search.to_lowercase())
        && (query.ids.is_empty() || query.ids.contains(&row.id.to_string()))
        && query.statuses.is_empty()
        && query.types.is_empty()
}

/// Tells one query of one site from another.
fn cursor_prefix(settings: &Settings, query: &CompanyQuery) -> String {
    let mut hasher = DefaultHasher::new();
    let (filters, lists) = (
        (&query.search, query.include_inactive),
        (&query.ids, &query.statuses, &query.types),
    );
    (&settings.site, filters, lists).hash(&mut hasher);
    format!("{:016x}-", hasher.finish())
}

fn company(row: Company) -> psa_contract::Company {
    psa_contract::Company {
        properties: Vec::new(),
        id: row.id.to_string(),
        identifier: None,
        name: row.name,
        status: None,
        is_active: row.active,
        types: Vec::new(),
    }
}
