//! Queries of `find-tickets` and of a company's lists, read and checked for every PSA.

use psa_contract::{ErrorCode, FieldError, TicketQuery, TicketSelection};

use crate::cursor::{Fingerprint, limit};
use crate::draft::{self, reference};
use crate::error::{Error, field_error, invalid_input};
use crate::status::hint_of;
use crate::text::{Ids, record_id};

/// The most ids or references of one query.
pub const MOST_SELECTED: usize = 50;
const DEFAULT_LIMIT: usize = 100;
const LARGEST_LIMIT: usize = 1_000;

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

/// Reads a query of `find-tickets`. `tenant` is what tells one tenant from another.
///
/// # Errors
/// `invalid-input`, with every fault.
pub fn tickets<const COUNT: usize>(
    tenant: &[&str],
    query: &TicketQuery,
) -> Result<Asked<Selected, COUNT>, Error> {
    tickets_by(Ids::AboveZero, tenant, query)
}

/// The same for a PSA whose ids of companies are written in this way.
///
/// # Errors
/// `invalid-input`, with every fault.
pub fn tickets_by<const COUNT: usize>(
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
        query.limit,
        query.cursor.as_deref(),
        faults,
    )
}

/// Reads a query for a list of a company. `function` tells its cursors from those of other lists, `filters` are the other
/// fields of the query by their names.
///
/// # Errors
/// `invalid-input`, with every fault. `doing` completes "cannot …".
pub fn of_company<const COUNT: usize>(
    doing: &str,
    function: &str,
    tenant: &[&str],
    company_id: &str,
    filters: &[(&str, Option<&str>)],
    limit: Option<u32>,
    cursor: Option<&str>,
) -> Result<Asked<i64, COUNT>, Error> {
    let ids = Ids::AboveZero;
    of_company_by(
        ids, doing, function, tenant, company_id, filters, limit, cursor,
    )
}

/// The same for a PSA whose ids of companies are written in this way.
///
/// # Errors
/// `invalid-input`, with every fault.
#[expect(
    clippy::too_many_arguments,
    reason = "those of `of_company` and one more"
)]
pub fn of_company_by<const COUNT: usize>(
    company_ids: Ids,
    doing: &str,
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
    asked(doing, company, fingerprint, limit, cursor, faults)
}

/// Those rows of a company that are its own: servers do not always honour a filter. `company_of` is the company that a row
/// shows.
///
/// # Errors
/// `unexpected-response`: a row does not show its company. If it were left out, it might be missing. `doing` completes
/// "cannot …".
pub fn rows_of_company<T>(
    doing: &str,
    mut rows: Vec<T>,
    company: i64,
    company_of: fn(&T) -> Option<i64>,
) -> Result<Vec<T>, Error> {
    if rows.iter().any(|row| company_of(row).is_none()) {
        let message = format!("cannot {doing}: expected rows that show their company");
        let hint = hint_of(ErrorCode::UnexpectedResponse);
        return Err(Error::new(ErrorCode::UnexpectedResponse, message).hint(hint));
    }
    rows.retain(|row| company_of(row) == Some(company));
    Ok(rows)
}

fn asked<T, const COUNT: usize>(
    doing: &str,
    what: T,
    fingerprint: Fingerprint,
    most: Option<u32>,
    cursor: Option<&str>,
    mut faults: Vec<FieldError>,
) -> Result<Asked<T, COUNT>, Error> {
    let limit = limit(most, DEFAULT_LIMIT, LARGEST_LIMIT, &mut faults);
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
        faults.push(field_error(field, "the company is missing"));
    }
    draft::id_of(ids, field, text, faults).unwrap_or_default()
}

fn selected_ids(texts: &[String], faults: &mut Vec<FieldError>) -> Vec<i64> {
    check_count(texts, faults);
    let mut ids: Vec<i64> = texts.iter().filter_map(|text| record_id(text)).collect();
    if ids.len() < texts.len() {
        let fault = "one of them is not the id of a ticket, which is a number above zero";
        faults.push(field_error("selection", fault));
    }
    ids.sort_unstable();
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
        let fault = format!("one of the references is not a good one: {}", fault.message);
        faults.push(field_error("selection", fault));
    }
    references
}

fn check_count(texts: &[String], faults: &mut Vec<FieldError>) {
    if texts.len() > MOST_SELECTED {
        let fault = format!(
            "it holds {}, and at most {MOST_SELECTED} are allowed",
            texts.len()
        );
        faults.push(field_error("selection", fault));
    }
}

#[cfg(test)]
mod tests;
