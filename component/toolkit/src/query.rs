//! The queries of all lists, read and checked for every PSA.

mod filter;

use psa_contract::{
    AssetQuery, CompanyQuery, ContactQuery, FieldError, SiteQuery, TicketQuery, TicketSelection,
};

pub use self::filter::{bearing, keeps_asset, keeps_company, keeps_contact, rows_of_company};
use crate::cursor::{Fingerprint, limit};
use crate::draft::{self, reference};
use crate::error::{Error, field_error, invalid_input};
use crate::pages::Place;
use crate::text::{Ids, record_id};

/// The most ids or references of one query.
pub const MOST_SELECTED: usize = 50;

/// How many rows a page holds if the query does not say, and at most.
type Limits = (usize, usize);
const OF_COMPANIES: Limits = (1_000, 10_000);
const OF_OTHERS: Limits = (100, 1_000);

/// Which tickets to find.
#[derive(Debug, PartialEq)]
pub enum Selected {
    /// Ascending, each once.
    Ids(Vec<i64>),
    /// In order, each once.
    References(Vec<String>),
    /// The open ones of this company.
    OpenOfCompany(i64),
}

impl Selected {
    /// Whether nothing is selected: a filter of nothing would find everything.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        match self {
            Self::Ids(ids) => ids.is_empty(),
            Self::References(references) => references.is_empty(),
            Self::OpenOfCompany(_) => false,
        }
    }
}

/// A query that was read. `COUNT` is how many numbers its cursor holds.
pub struct Asked<T, const COUNT: usize> {
    /// What is asked for.
    pub what: T,
    /// At most so many rows.
    pub limit: usize,
    /// The numbers of the cursor of the page before.
    pub after: Option<[i64; COUNT]>,
    /// What makes the next cursor.
    pub fingerprint: Fingerprint,
}

impl<T, const COUNT: usize> Asked<T, COUNT> {
    /// The first of the ids, which ascend, that belong on this page, at most so many, and the last of them if more follow.
    #[must_use]
    pub fn ahead(&self, ids: &[i64], most: usize) -> (Vec<i64>, Option<i64>) {
        let after = self.after.and_then(|numbers| numbers.last().copied());
        let is_ahead = |id: &i64| after.is_none_or(|after| *id > after);
        let mut ahead: Vec<i64> = ids.iter().copied().filter(is_ahead).collect();
        let has_more = ahead.len() > most;
        ahead.truncate(most);
        let continue_after = ahead.last().copied().filter(|_| has_more);
        (ahead, continue_after)
    }
}

/// Of a list that is read by id, as [`crate::pages::read_range`] does.
impl<T> Asked<T, 1> {
    /// The id after which the page starts. None: at the first row.
    #[must_use]
    pub fn start(&self) -> Option<i64> {
        self.after.map(|[id]| id)
    }

    /// The cursor of the page after this one, which starts after an id. None: there is none.
    #[must_use]
    pub fn next_cursor(&self, continue_after: Option<i64>) -> Option<String> {
        continue_after.map(|id| self.fingerprint.cursor(&[id]))
    }
}

/// Of a list that is read by page numbers, as [`crate::pages::read_numbered`] does.
impl<T> Asked<T, 2> {
    /// Where the page starts. None: at the first row.
    #[must_use]
    pub fn start(&self) -> Option<Place> {
        let [page, after] = self.after?;
        // A page that is none is read as the first one, and its rows up to `after` are dropped.
        let page = usize::try_from(page).unwrap_or_default();
        Some(Place { page, after })
    }

    /// The cursor of the page after this one, which starts at a place. None: there is none.
    #[must_use]
    pub fn next_cursor(&self, continue_after: Option<Place>) -> Option<String> {
        let Place { page, after } = continue_after?;
        let page = i64::try_from(page).ok()?;
        Some(self.fingerprint.cursor(&[page, after]))
    }
}

/// Reads the id of `get-ticket`.
///
/// # Errors
/// `invalid-input`
pub fn ticket_id(text: &str) -> Result<i64, Error> {
    record_id(text).ok_or_else(|| {
        let fault = "it is not a ticket id; ticket ids are numbers above zero, and need not be the numbers that the PSA shows";
        invalid_input("read the ticket", vec![field_error("id", fault)])
    })
}

/// Reads a query of `list-companies`: the ids that it names, ascending and each once. None named: all companies.
/// `company_ids` is how the PSA writes the ids of companies, `tenant` is what tells one tenant from another.
///
/// # Errors
/// `invalid-input`, with every fault.
pub fn companies<const COUNT: usize>(
    company_ids: Ids,
    tenant: &[&str],
    query: &CompanyQuery,
) -> Result<Asked<Vec<i64>, COUNT>, Error> {
    let mut faults = Vec::new();
    let ids = ascending(company_ids, &query.ids);
    if ids.len() < query.ids.len() {
        let kind = match company_ids {
            Ids::AboveZero => "numbers above zero",
            Ids::Any => "whole numbers",
        };
        let fault = format!("one of them is not a company id; company ids are {kind}");
        faults.push(field_error("ids", fault));
    }
    asked(
        "list companies",
        each_once(ids),
        Fingerprint::of_companies(tenant, query),
        OF_COMPANIES,
        query.limit,
        query.cursor.as_deref(),
        faults,
    )
}

/// Reads a query of `find-tickets`; `company_ids` and `tenant` as for [`companies`].
///
/// # Errors
/// `invalid-input`, with every fault.
pub fn tickets<const COUNT: usize>(
    company_ids: Ids,
    tenant: &[&str],
    query: &TicketQuery,
) -> Result<Asked<Selected, COUNT>, Error> {
    let mut faults = Vec::new();
    let start = Fingerprint::new(tenant).text("find-tickets");
    let (what, fingerprint) = match &query.selection {
        TicketSelection::Ids(ids) => (
            Selected::Ids(selected_ids(ids, &mut faults)),
            start.text("ids").list(ids),
        ),
        TicketSelection::References(references) => (
            Selected::References(selected_references(references, &mut faults)),
            start.text("references").list(references),
        ),
        TicketSelection::OpenOfCompany(company) => (
            Selected::OpenOfCompany(company_of(company_ids, "selection", company, &mut faults)),
            start.text("open-of-company").text(company.trim()),
        ),
    };
    asked(
        "find tickets",
        what,
        fingerprint,
        OF_OTHERS,
        query.limit,
        query.cursor.as_deref(),
        faults,
    )
}

/// Reads a query of `list-contacts`; `company_ids` and `tenant` as for [`companies`].
///
/// # Errors
/// `invalid-input`, with every fault.
pub fn contacts<const COUNT: usize>(
    company_ids: Ids,
    tenant: &[&str],
    query: &ContactQuery,
) -> Result<Asked<i64, COUNT>, Error> {
    of_company(
        company_ids,
        "list-contacts",
        tenant,
        &query.company_id,
        &[("email", query.email.as_deref())],
        query.limit,
        query.cursor.as_deref(),
    )
}

/// Reads a query of `list-assets`; `company_ids` and `tenant` as for [`companies`].
///
/// # Errors
/// `invalid-input`, with every fault.
pub fn assets<const COUNT: usize>(
    company_ids: Ids,
    tenant: &[&str],
    query: &AssetQuery,
) -> Result<Asked<i64, COUNT>, Error> {
    of_company(
        company_ids,
        "list-assets",
        tenant,
        &query.company_id,
        &[
            ("name", query.name.as_deref()),
            ("serial-number", query.serial_number.as_deref()),
        ],
        query.limit,
        query.cursor.as_deref(),
    )
}

/// Reads a query of `list-sites`; `company_ids` and `tenant` as for [`companies`].
///
/// # Errors
/// `invalid-input`, with every fault.
pub fn sites<const COUNT: usize>(
    company_ids: Ids,
    tenant: &[&str],
    query: &SiteQuery,
) -> Result<Asked<i64, COUNT>, Error> {
    of_company(
        company_ids,
        "list-sites",
        tenant,
        &query.company_id,
        &[],
        query.limit,
        query.cursor.as_deref(),
    )
}

/// Reads a query for a list of a company. `function` also tells its cursors from those of other lists, `filters` are the
/// other fields of the query by their names.
fn of_company<const COUNT: usize>(
    company_ids: Ids,
    function: &str,
    tenant: &[&str],
    company_id: &str,
    filters: &[(&str, Option<&str>)],
    limit: Option<u32>,
    cursor: Option<&str>,
) -> Result<Asked<i64, COUNT>, Error> {
    let mut faults = Vec::new();
    let company = company_of(company_ids, "company-id", company_id, &mut faults);
    let mut fingerprint = Fingerprint::new(tenant)
        .text(function)
        .text(company_id.trim());
    for (name, value) in filters {
        fingerprint = fingerprint.list(value.as_slice());
        if value.is_some_and(|value| value.trim().is_empty()) {
            faults.push(field_error(name, "it is empty; leave it out to get all"));
        }
    }
    asked(
        &function.replace('-', " "),
        company,
        fingerprint,
        OF_OTHERS,
        limit,
        cursor,
        faults,
    )
}

fn asked<T, const COUNT: usize>(
    doing: &str,
    what: T,
    fingerprint: Fingerprint,
    (default, largest): Limits,
    most: Option<u32>,
    cursor: Option<&str>,
    mut faults: Vec<FieldError>,
) -> Result<Asked<T, COUNT>, Error> {
    let limit = limit(most, default, largest, &mut faults);
    let after = fingerprint.read(cursor, &mut faults);
    if !faults.is_empty() {
        return Err(invalid_input(doing, faults));
    }
    Ok(Asked {
        what,
        limit,
        after,
        fingerprint,
    })
}

fn company_of(ids: Ids, field: &str, text: &str, faults: &mut Vec<FieldError>) -> i64 {
    if text.trim().is_empty() {
        faults.push(field_error(field, "the company is required"));
    }
    draft::id_of(ids, field, text, faults).unwrap_or_default()
}

fn selected_ids(texts: &[String], faults: &mut Vec<FieldError>) -> Vec<i64> {
    check_count(texts, faults);
    let ids = ascending(Ids::AboveZero, texts);
    if ids.len() < texts.len() {
        let fault = "one of them is not a ticket id; ticket ids are numbers above zero";
        faults.push(field_error("selection", fault));
    }
    each_once(ids)
}

/// The texts that are ids.
fn ascending(ids: Ids, texts: &[String]) -> Vec<i64> {
    let mut ids: Vec<i64> = texts.iter().filter_map(|text| ids.read(text)).collect();
    ids.sort_unstable();
    ids
}

fn each_once(mut ids: Vec<i64>) -> Vec<i64> {
    ids.dedup();
    ids
}

fn selected_references(texts: &[String], faults: &mut Vec<FieldError>) -> Vec<String> {
    check_count(texts, faults);
    let mut references: Vec<String> = Vec::new();
    let mut own_faults = Vec::new();
    for text in texts {
        let read = reference(Some(text), &mut own_faults);
        references.extend(read.filter(|it| !references.contains(it)));
    }
    if let Some(fault) = own_faults.first() {
        let fault = format!("one of the references is not valid: {}", fault.message);
        faults.push(field_error("selection", fault));
    }
    references
}

fn check_count(texts: &[String], faults: &mut Vec<FieldError>) {
    if texts.len() > MOST_SELECTED {
        let fault = format!(
            "it has {} entries; at most {MOST_SELECTED} are allowed",
            texts.len()
        );
        faults.push(field_error("selection", fault));
    }
}

#[cfg(test)]
mod tests;
