//! By windows of ids, several at once, for a PSA that can filter by id and sort by it.
//!
//! Page numbers slip when rows vanish between two requests, so the next page is asked for as "id above the last one", in
//! the order of ids. A page is the last one if it is short and the server names no next one: some servers serve fewer rows
//! than asked for.

use super::window::{Seen, next_windows};
use super::{Found, Page, Row, Window};
use crate::error::Error;
use crate::exchange::{Answer, Call, HttpSend, Tenant, exchange};

/// A table of ids this sparse is read on by the caller, with the cursor.
const MOST_ROUNDS: usize = 50;

/// How a list is asked for.
pub trait IdListing {
    /// The most rows that one answer holds.
    fn page_size(&self) -> usize;

    /// The request for the first `page_size` rows of a window, by ascending id.
    fn call(&self, window: Window, page_size: usize) -> Call;

    /// The request for the row with the highest id.
    fn newest(&self) -> Call;
}

/// A list that is being read, whatever its rows are, so that lists of different rows are read in the same rounds.
pub trait Gather {
    /// How it is asked for.
    fn listing(&self) -> &dyn IdListing;

    /// Takes the rows of a window. What is left of it.
    fn add(&mut self, answer: &Answer, window: Window) -> Option<Window>;
}

/// A list and its rows so far.
pub struct List<'a, T> {
    listing: Box<dyn IdListing + 'a>,
    read: fn(&Answer) -> Result<Page<T>, Error>,
    only: Option<Vec<i64>>,
    rows: Result<Vec<T>, Error>,
}

impl<'a, T> List<'a, T> {
    /// A list of which nothing was read yet. `read` reads the rows of an answer.
    pub fn new(listing: impl IdListing + 'a, read: fn(&Answer) -> Result<Page<T>, Error>) -> Self {
        Self {
            listing: Box::new(listing),
            read,
            only: None,
            rows: Ok(Vec::new()),
        }
    }

    /// Asked for these ids alone, in ascending order: a row with another is an error.
    #[must_use]
    pub fn only(mut self, ids: Vec<i64>) -> Self {
        self.only = Some(ids);
        self
    }

    /// Its own error, if there is one.
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        self.rows.as_ref().err()
    }

    /// Its rows, or its own error.
    ///
    /// # Errors
    /// What an answer meant, or `unexpected-response` for rows that were not asked for.
    pub fn into_rows(self) -> Result<Vec<T>, Error> {
        self.rows
    }
}

impl<T: Row> Gather for List<'_, T> {
    fn listing(&self) -> &dyn IdListing {
        self.listing.as_ref()
    }

    fn add(&mut self, answer: &Answer, window: Window) -> Option<Window> {
        let page = page(answer, self.read, window, self.listing.page_size());
        let only = self.only.as_deref();
        let is_asked = |row: &T| only.is_none_or(|ids| ids.binary_search(&row.id()).is_ok());
        match page {
            Ok((page, rest)) if page.iter().all(is_asked) => {
                if let Ok(rows) = &mut self.rows {
                    rows.extend(page);
                }
                rest
            }
            Ok(_) => {
                let fault = "expected only the ids that were asked for";
                self.rows = Err(answer.unexpected(fault));
                None
            }
            Err(error) => {
                self.rows = Err(error);
                None
            }
        }
    }
}

/// Reads every list to its end. One request for each list in the first round, further rounds only for those longer than a
/// page. A list's own error is its result.
pub fn read_all(tenant: &dyn Tenant, send: &mut HttpSend, lists: &mut [&mut dyn Gather]) {
    let mut windows: Vec<Option<Window>> = lists.iter().map(|_| Some(Window::ALL)).collect();
    loop {
        let mut calls = Vec::new();
        for (list, window) in lists.iter().zip(&windows) {
            let listing = list.listing();
            calls.extend(window.map(|window| listing.call(window, listing.page_size())));
        }
        if calls.is_empty() {
            return;
        }
        let mut answers = exchange(tenant, send, calls).into_iter();
        for (list, window) in lists.iter_mut().zip(&mut windows) {
            if let Some(asked) = *window {
                *window = answers.next().and_then(|answer| list.add(&answer, asked));
            }
        }
    }
}

/// The rows of a window, and what is left of it. A row that comes twice in a row, as joins make it, counts once.
///
/// # Errors
/// What the answer meant, or `unexpected-response` for rows outside the window or out of order.
pub fn page<T: Row>(
    answer: &Answer,
    read: fn(&Answer) -> Result<Page<T>, Error>,
    window: Window,
    page_size: usize,
) -> Result<(Vec<T>, Option<Window>), Error> {
    let page = read(answer)?;
    let may_have_more = page.may_have_more(page_size);
    let mut rows = page.rows;
    rows.dedup_by_key(|row| row.id());
    let ids: Vec<i64> = rows.iter().map(Row::id).collect();
    let rest = window
        .rest(&ids, may_have_more)
        .map_err(|fault| answer.unexpected(&fault))?;
    Ok((rows, rest))
}

/// Everything above an id, up to a limit.
///
/// The first round asks for the first page and, if more than a page is wanted, for the highest id. Further rounds ask for
/// windows of ids, all of them in flight at once.
///
/// # Errors
/// As for [`page`].
pub fn read_range<T: Row>(
    tenant: &dyn Tenant,
    send: &mut HttpSend,
    listing: &dyn IdListing,
    read: fn(&Answer) -> Result<Page<T>, Error>,
    after: Option<i64>,
    limit: usize,
) -> Result<Found<T>, Error> {
    let mut rows = Vec::new();
    let mut add = |answer: &Answer, window, page_size| {
        let (page, rest) = page(answer, read, window, page_size)?;
        let ids = page.iter().map(Row::id).collect();
        rows.extend(page);
        Ok((ids, rest))
    };
    let newest = |answer: &Answer| Ok(read(answer)?.rows.first().map(Row::id));
    let covered = read_windows(tenant, send, listing, &mut add, &newest, after, limit)?;
    rows.sort_by_key(Row::id);
    if let Some(covered) = covered {
        rows.truncate(rows.partition_point(|row| row.id() <= covered));
    }
    let mut continue_after = covered;
    if rows.len() > limit {
        rows.truncate(limit);
        continue_after = rows.last().map(Row::id);
    }
    Ok(Found {
        rows,
        continue_after,
    })
}

/// The ids of the rows of a window, which are kept elsewhere, and what is left of it.
type Add<'a> = dyn FnMut(&Answer, Window, usize) -> Result<(Vec<i64>, Option<Window>), Error> + 'a;

/// Reads windows until there are as many rows as wanted. The id up to which nothing is missing, if there is more above it.
/// One copy for the rows of every type.
fn read_windows(
    tenant: &dyn Tenant,
    send: &mut HttpSend,
    listing: &dyn IdListing,
    add: &mut Add,
    newest: &dyn Fn(&Answer) -> Result<Option<i64>, Error>,
    after: Option<i64>,
    limit: usize,
) -> Result<Option<i64>, Error> {
    let page_size = listing.page_size();
    let start = Window {
        after,
        through: None,
    };
    let first_size = limit.min(page_size);
    let mut calls = vec![listing.call(start, first_size)];
    if limit > page_size {
        calls.push(listing.newest());
    }
    let mut answers = exchange(tenant, send, calls).into_iter();
    let Some(first) = answers.next() else {
        return Ok(None);
    };
    let (mut ids, rest) = add(&first, start, first_size)?;
    let Some(rest) = rest else {
        return Ok(None);
    };
    let Some(answer) = answers.next() else {
        return Ok(rest.after);
    };
    let newest = match newest(&answer)? {
        Some(newest) if rest.after.is_none_or(|after| newest >= after) => newest,
        // Taken at its word it would end the list early.
        _ => return Err(answer.unexpected("expected the row with the highest id")),
    };
    let first_id = ids.first().copied().unwrap_or(0);
    let mut planned_through = rest.after.unwrap_or(0);
    let mut pending: Vec<Window> = Vec::new();
    for _ in 0..MOST_ROUNDS {
        // Rows above an unfinished window do not count: those between would be missing.
        let covered = covered_through(&pending, planned_through);
        let have = ids.iter().filter(|id| **id <= covered).count();
        if have >= limit || (pending.is_empty() && planned_through >= newest) {
            break;
        }
        if pending.is_empty() {
            let seen = Seen {
                rows: ids.len(),
                ids: planned_through.saturating_sub(first_id).saturating_add(1),
            };
            let wanted = limit.saturating_sub(have);
            pending = next_windows(planned_through, newest, wanted, seen, page_size);
            planned_through = pending
                .last()
                .and_then(|window| window.through)
                .unwrap_or(newest);
        }
        let calls = pending
            .iter()
            .map(|window| listing.call(*window, page_size))
            .collect();
        let answers = exchange(tenant, send, calls);
        let mut unfinished = Vec::new();
        for (window, answer) in pending.iter().zip(&answers) {
            let (page, rest) = add(answer, *window, page_size)?;
            ids.extend(page);
            unfinished.extend(rest);
        }
        pending = unfinished;
    }
    let covered = covered_through(&pending, planned_through);
    Ok((covered < newest).then_some(covered))
}

/// The id up to which nothing is missing.
fn covered_through(pending: &[Window], planned_through: i64) -> i64 {
    pending
        .iter()
        .filter_map(|window| window.after)
        .min()
        .unwrap_or(planned_through)
}

#[cfg(test)]
mod tests;
