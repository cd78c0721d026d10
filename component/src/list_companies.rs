//! `list-companies`: the customers these credentials can see, each exactly once, by ascending id.
//!
//! The first round asks for the first page and, where more than a page is wanted, for the highest id. Further rounds ask for
//! windows of ids, all of them in flight at once. The cursor is the last id that was covered, so a page that loses rows to
//! a local filter does not lose the place.

use psa_contract::{Company, CompanyPage, CompanyQuery};

use crate::company_query::{self, Request};
use crate::error::Error;
use crate::listing::{Listing, Window, page, read_all};
use crate::request::{HttpSend, LARGEST_PAGE, exchange};
use crate::settings::Settings;
use crate::sort::{by_number, sort_by};
use crate::text::joined;
use crate::windows::{Seen, next_windows};
use crate::wire;

/// Keeps a URL under 2,000 characters (Developer Guide, "Conditions").
const IDS_PER_REQUEST: usize = 100;
/// A table of ids this sparse is read on by the caller, with the cursor.
const MOST_ROUNDS: usize = 50;

/// One page of the companies that match.
///
/// # Errors
/// `invalid-input` for a limit of zero, an id that is not a number and a cursor of another query; otherwise what
/// [`crate::verify`] may return, and `forbidden`.
pub fn list_companies(
    settings: &Settings,
    query: &CompanyQuery,
    send: &mut HttpSend,
) -> Result<CompanyPage, Error> {
    let request = company_query::parse(settings, query)?;
    let found = match &request.ids {
        Some(ids) => read_ids(settings, &request, ids, send)?,
        None => read_range(settings, &request, send)?,
    };
    let mut companies = Vec::with_capacity(found.rows.len());
    for row in found.rows {
        if request.keeps(&row) {
            companies.push(company(row));
        }
    }
    let next_cursor = found.continue_after.map(|id| {
        [
            &company_query::fingerprint(settings, query),
            "-",
            &id.to_string(),
        ]
        .concat()
    });
    Ok(CompanyPage {
        companies,
        next_cursor,
    })
}

/// Rows by ascending id, and the last id covered where there are more.
struct Found {
    rows: Vec<wire::Company>,
    continue_after: Option<i64>,
}

/// The ids named, in chunks that fit into a URL, in one round.
fn read_ids(
    settings: &Settings,
    request: &Request,
    ids: &[i64],
    send: &mut HttpSend,
) -> Result<Found, Error> {
    let mut remaining: Vec<i64> = ids
        .iter()
        .copied()
        .filter(|id| request.after.is_none_or(|after| *id > after))
        .collect();
    let has_more = remaining.len() > request.limit;
    remaining.truncate(request.limit);
    let chunks: Vec<&[i64]> = remaining.chunks(IDS_PER_REQUEST).collect();
    let listings: Vec<Listing> = chunks
        .iter()
        .map(|chunk| {
            let numbers: Vec<String> = chunk.iter().map(i64::to_string).collect();
            let mut listing = request.listing.clone();
            listing
                .conditions
                .push(["id in (", &joined(numbers.iter(), ","), ")"].concat());
            listing
        })
        .collect();
    let mut rows = Vec::new();
    for list in read_all(settings, send, &listings, &chunks) {
        rows.extend(list?);
    }
    Ok(Found {
        rows,
        continue_after: remaining.last().copied().filter(|_| has_more),
    })
}

/// Everything above the cursor, up to the limit.
fn read_range(settings: &Settings, request: &Request, send: &mut HttpSend) -> Result<Found, Error> {
    let start = Window {
        after: request.after,
        through: None,
    };
    let first_size = request.limit.min(LARGEST_PAGE);
    let mut calls = vec![request.listing.call(settings, start, first_size)];
    if request.limit > LARGEST_PAGE {
        calls.push(request.listing.newest(settings));
    }
    let mut answers = exchange(send, calls).into_iter();
    let Some(first) = answers.next() else {
        return Ok(Found {
            rows: Vec::new(),
            continue_after: None,
        });
    };
    let (rows, rest) = page::<wire::Company>(settings, &first, start, first_size)?;
    let (Some(rest), Some(answer)) = (rest, answers.next()) else {
        let covered = rest.and_then(|rest| rest.after);
        return Ok(limited(rows, covered, request.limit));
    };
    let newest = answer.rows::<wire::Company>(settings)?.rows;
    match newest.first().map(|row| row.id) {
        Some(newest) if rest.after.is_none_or(|after| newest >= after) => {
            read_windows(settings, request, send, rows, rest, newest)
        }
        // Taken at its word it would end the list early.
        _ => Err(answer.unreadable(settings, "expected the row with the highest id")),
    }
}

/// At most so many rows, and where to go on.
fn limited(mut rows: Vec<wire::Company>, covered: Option<i64>, limit: usize) -> Found {
    let mut continue_after = covered;
    if rows.len() > limit {
        rows.truncate(limit);
        continue_after = rows.last().map(|row| row.id);
    }
    Found {
        rows,
        continue_after,
    }
}

/// The rest of a range after its first page, window by window.
fn read_windows(
    settings: &Settings,
    request: &Request,
    send: &mut HttpSend,
    mut rows: Vec<wire::Company>,
    rest: Window,
    newest: i64,
) -> Result<Found, Error> {
    let first_id = rows.first().map_or(0, |row| row.id);
    let mut planned_through = rest.after.unwrap_or(0);
    let mut pending: Vec<Window> = Vec::new();
    for _ in 0..MOST_ROUNDS {
        // Rows above an unfinished window do not count: those between would be missing.
        let covered = covered_through(&pending, planned_through);
        let have = rows.iter().filter(|row| row.id <= covered).count();
        if have >= request.limit || (pending.is_empty() && planned_through >= newest) {
            break;
        }
        if pending.is_empty() {
            let seen = Seen {
                rows: rows.len(),
                ids: planned_through.saturating_sub(first_id).saturating_add(1),
            };
            let wanted = request.limit.saturating_sub(have);
            pending = next_windows(planned_through, newest, wanted, seen);
            planned_through = pending
                .last()
                .and_then(|window| window.through)
                .unwrap_or(newest);
        }
        let calls = pending
            .iter()
            .map(|window| request.listing.call(settings, *window, LARGEST_PAGE))
            .collect();
        let answers = exchange(send, calls);
        let mut unfinished = Vec::new();
        for (window, answer) in pending.iter().zip(answers) {
            let (page, rest) = page(settings, &answer, *window, LARGEST_PAGE)?;
            rows.extend(page);
            unfinished.extend(rest);
        }
        pending = unfinished;
    }
    sort_by(&mut rows, |row| by_number(row.id));
    let covered = covered_through(&pending, planned_through);
    rows.truncate(rows.partition_point(|row| row.id <= covered));
    let more = (covered < newest).then_some(covered);
    Ok(limited(rows, more, request.limit))
}

/// The id up to which nothing is missing.
fn covered_through(pending: &[Window], planned_through: i64) -> i64 {
    pending
        .iter()
        .filter_map(|window| window.after)
        .min()
        .unwrap_or(planned_through)
}

fn company(company: wire::Company) -> Company {
    Company {
        id: company.id.to_string(),
        identifier: company.identifier,
        name: company.name,
        status: company.status,
        is_active: !company.is_deleted,
        types: company.types,
        properties: Vec::new(),
    }
}
