//! By page numbers, for a PSA that knows no other way, sorted by id.
//!
//! Rows that vanish shift those behind them to earlier pages. So each round, and each continuation, reads the page before
//! the one that is next once more and drops the rows that it has; and a round whose pages disagree on the number of rows is
//! repeated. Ask for inactive rows too and filter them here: then only deletions shift rows. Each row is returned exactly
//! once if fewer rows than a page are deleted between two rounds.

use psa_contract::ErrorCode;

use super::{Found, Row, misplaced, out_of_order};
use crate::error::Error;
use crate::exchange::{Answer, Call, HttpSend, Tenant, exchange};

/// More in one round than any host keeps in flight only holds memory.
const MOST_PAGES_AT_ONCE: usize = 16;
/// More rounds are read on by the caller, with the cursor.
const MOST_ROUNDS: usize = 50;
/// How often in a row a round may be repeated.
const MOST_REPETITIONS: usize = 3;

/// Rows of one answer, and how many there are on all pages.
#[derive(Debug)]
pub struct NumberedPage<T> {
    /// By ascending id.
    pub rows: Vec<T>,
    /// Rows of the whole list.
    pub total: usize,
}

/// Where to go on: after this id, and not before this page, for a cursor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// The page that the next row was on, from 1.
    pub page: usize,
    /// Rows up to this id were returned.
    pub after: i64,
}

impl Place {
    /// After an id, in rows that are asked for by their ids.
    #[must_use]
    pub fn after(id: i64) -> Self {
        Self { page: 1, after: id }
    }
}

/// Reads pages until there are as many rows as wanted.
///
/// `call` makes the request for a page, from 1, of `page_size` rows.
///
/// # Errors
/// What an answer meant, `unexpected-response` for ids that do not ascend and for pages that are shorter than asked for,
/// `unavailable` for a list that changes all the time.
pub fn read_numbered<T: Row>(
    tenant: &dyn Tenant,
    send: &mut HttpSend,
    page_size: usize,
    call: &dyn Fn(usize) -> Call,
    read: fn(&Answer) -> Result<NumberedPage<T>, Error>,
    start: Option<Place>,
    limit: usize,
) -> Result<Found<T, Place>, Error> {
    let mut rows: Vec<T> = Vec::new();
    let mut page_of_row: Vec<usize> = Vec::new();
    let mut after = start.map(|place| place.after);
    let mut next_page = start.map_or(1, |place| place.page.max(1));
    let mut last_page = next_page;
    let mut repetitions = 0_usize;
    // One more tells on which page the next call begins.
    let enough = limit.saturating_add(1);
    for _ in 0..MOST_ROUNDS {
        let first = match after {
            Some(_) => next_page.saturating_sub(1).max(1),
            None => next_page,
        };
        let wanted = limit.saturating_sub(rows.len()).div_ceil(page_size.max(1));
        let through = next_page
            .saturating_add(wanted)
            .min(last_page)
            .min(first.saturating_add(MOST_PAGES_AT_ONCE).saturating_sub(1))
            .max(next_page);
        let calls: Vec<Call> = (first..=through).map(call).collect();
        let answers = exchange(tenant, send, calls);
        let mut pages = Vec::new();
        for answer in &answers {
            pages.push(read(answer)?);
        }
        match judge(&pages, first, page_size) {
            Ok(total) => {
                last_page = total.div_ceil(page_size.max(1));
                // Once, as far as a call reads: rows that are moved as they become more stay in a guest's memory twice.
                let most = page_size.saturating_mul(MOST_PAGES_AT_ONCE * MOST_ROUNDS);
                let expected = total.min(enough).min(most);
                rows.reserve_exact(expected.saturating_sub(rows.len()));
            }
            Err(changed) if repetitions < MOST_REPETITIONS => {
                repetitions = repetitions.saturating_add(1);
                // It is not known what is on which page: this round's first one may have moved, too.
                drop(changed);
                continue;
            }
            Err(Changed::Total) => return Err(changing(&answers)),
            Err(Changed::Misplaced(fault)) => {
                let last = answers.last();
                return Err(last.map_or_else(|| changing(&answers), |it| it.unexpected(&fault)));
            }
        }
        repetitions = 0;
        for (page, number) in pages.into_iter().zip(first..) {
            for row in page.rows {
                if rows.len() < enough && after.is_none_or(|after| row.id() > after) {
                    after = Some(row.id());
                    rows.push(row);
                    page_of_row.push(number);
                }
            }
        }
        next_page = through.saturating_add(1);
        if rows.len() >= limit || next_page > last_page {
            break;
        }
    }
    let page = match page_of_row.get(limit) {
        Some(page) => Some(*page),
        None => (next_page <= last_page).then_some(next_page),
    };
    rows.truncate(limit);
    let after = rows.last().map(Row::id).or(start.map(|place| place.after));
    let continue_after = page.zip(after).map(|(page, after)| Place { page, after });
    Ok(Found {
        rows,
        continue_after,
    })
}

/// Why a round does not fit together.
enum Changed {
    /// Its pages disagree on the number of rows.
    Total,
    /// Ids do not ascend, or a page has too few rows.
    Misplaced(String),
}

/// How many rows there are, if the pages of a round agree on it and fit together.
fn judge<T: Row>(
    pages: &[NumberedPage<T>],
    first: usize,
    page_size: usize,
) -> Result<usize, Changed> {
    let total = pages.first().map_or(0, |page| page.total);
    if pages.iter().any(|page| page.total != total) {
        return Err(Changed::Total);
    }
    let ids: Vec<i64> = pages.iter().flat_map(|it| &it.rows).map(Row::id).collect();
    if let Some(id) = out_of_order(None, &ids) {
        return Err(Changed::Misplaced(misplaced(id)));
    }
    for (page, number) in pages.iter().zip(first..) {
        let before = number.saturating_sub(1).saturating_mul(page_size);
        let expected = total.saturating_sub(before).min(page_size);
        if page.rows.len() != expected {
            let found = page.rows.len();
            let fault = format!("expected {expected} rows on page {number}, found {found}");
            return Err(Changed::Misplaced(fault));
        }
    }
    Ok(total)
}

fn changing(answers: &[Answer]) -> Error {
    let doing = answers
        .first()
        .map_or("read a list", |it| &it.subject.doing);
    let message = format!("cannot {doing}: the list changed each time it was read");
    Error::new(ErrorCode::Unavailable, message).hint("repeat later")
}

#[cfg(test)]
mod tests;
