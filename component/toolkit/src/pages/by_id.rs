//! By windows of ids, several at once, for a PSA that can filter by id and sort by it.
//!
//! Page numbers slip when rows vanish between two requests, so the next page is asked for as "id above the last one", in
//! the order of ids. Some servers serve fewer rows than asked for and do not say so. So a page is the last one only if it is
//! empty, or shorter than another one that the server has served in the same call: it could have been longer.

use super::window::{Seen, next_windows};
use super::{Found, Page, Row, Window};
use crate::error::Error;
use crate::exchange::{Answer, Call, HttpSend, Tenant, exchange, exchange_one};

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

    /// What may be left of it.
    fn rest(&self) -> Rest;

    /// Takes the rows of a window.
    fn add(&mut self, answer: &Answer, window: Window);
}

/// A list and its rows so far.
pub struct List<'a, T> {
    listing: Box<dyn IdListing + 'a>,
    read: fn(&Answer) -> Result<Page<T>, Error>,
    only: Option<Vec<i64>>,
    rows: Result<Vec<T>, Error>,
    rest: Rest,
}

impl<'a, T> List<'a, T> {
    /// A list of which nothing was read yet. `read` reads the rows of an answer.
    pub fn new(listing: impl IdListing + 'a, read: fn(&Answer) -> Result<Page<T>, Error>) -> Self {
        Self {
            listing: Box::new(listing),
            read,
            only: None,
            rows: Ok(Vec::new()),
            rest: Rest::EVERYTHING,
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

    /// Its rows so far; none after its own error.
    #[must_use]
    pub fn rows_so_far(&self) -> &[T] {
        self.rows.as_deref().unwrap_or_default()
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

    fn rest(&self) -> Rest {
        self.rest
    }

    fn add(&mut self, answer: &Answer, window: Window) {
        self.rest = Rest::NOTHING;
        match page(answer, self.read, window, self.only.as_deref()) {
            Ok((page, _, rest)) => {
                self.rest = rest;
                if let Ok(rows) = &mut self.rows {
                    rows.extend(page);
                }
            }
            Err(error) => self.rows = Err(error),
        }
    }
}

/// Reads every list to its end. One request for each list in the first round; further rounds only for those that may be
/// longer: the longest ones of the round, and those of which the server says so. A list's own error is its result.
pub fn read_all(tenant: &dyn Tenant, send: &mut HttpSend, lists: &mut [&mut dyn Gather]) {
    let mut longest = 0;
    while read_round(tenant, send, lists, &mut longest) {}
}

/// Asks once for what may be left of each list. False: nothing is. `longest` is the length of the longest page so far, for
/// all rounds of a call.
pub fn read_round(
    tenant: &dyn Tenant,
    send: &mut HttpSend,
    lists: &mut [&mut dyn Gather],
    longest: &mut usize,
) -> bool {
    let asked: Vec<Option<Window>> = lists.iter().map(|it| it.rest().next(*longest)).collect();
    let mut calls = Vec::new();
    for (list, window) in lists.iter().zip(&asked) {
        let listing = list.listing();
        calls.extend(window.map(|window| listing.call(window, listing.page_size())));
    }
    let is_anything = !calls.is_empty();
    let mut answers = exchange(tenant, send, calls).into_iter();
    for (list, window) in lists.iter_mut().zip(asked) {
        if let Some((window, answer)) = window.and_then(|it| Some((it, answers.next()?))) {
            list.add(&answer, window);
            *longest = list.rest().rows.max(*longest);
        }
    }
    is_anything
}

/// What may be left of a window after a page of it.
#[derive(Clone, Copy, Debug)]
pub struct Rest {
    /// What is above the last row of the page. None: nothing can be.
    above: Option<Window>,
    /// Of the page.
    rows: usize,
    server_has_more: bool,
}

impl Rest {
    const EVERYTHING: Self = Self {
        above: Some(Window::ALL),
        rows: 0,
        server_has_more: true,
    };
    const NOTHING: Self = Self {
        above: None,
        rows: 0,
        server_has_more: false,
    };

    /// What to ask for next, if the longest page of the call had so many rows.
    fn next(self, longest: usize) -> Option<Window> {
        let may_be_cut = self.server_has_more || self.rows >= longest;
        self.above.filter(|_| may_be_cut)
    }
}

/// The rows of a window, their ids, and what may be left of it. A row that comes twice in a row, as joins make it, counts
/// once.
///
/// # Errors
/// What the answer meant, or `unexpected-response` for rows outside the window, out of order, or not among `only`.
fn page<T: Row>(
    answer: &Answer,
    read: fn(&Answer) -> Result<Page<T>, Error>,
    window: Window,
    only: Option<&[i64]>,
) -> Result<(Vec<T>, Vec<i64>, Rest), Error> {
    let Page {
        mut rows,
        server_has_more,
    } = read(answer)?;
    let length = rows.len();
    rows.dedup_by_key(|row| row.id());
    let ids: Vec<i64> = rows.iter().map(Row::id).collect();
    let above = above(answer, window, only, &ids)?;
    let rest = Rest {
        above,
        rows: length,
        server_has_more,
    };
    Ok((rows, ids, rest))
}

/// What is left of a window above the rows with these ids. One copy for the rows of every type.
fn above(
    answer: &Answer,
    window: Window,
    only: Option<&[i64]>,
    ids: &[i64],
) -> Result<Option<Window>, Error> {
    let above = window
        .above(ids)
        .map_err(|fault| answer.unexpected(&fault))?;
    let Some(only) = only else {
        return Ok(above);
    };
    if !ids.iter().all(|id| only.binary_search(id).is_ok()) {
        return Err(answer.unexpected("expected only the requested ids"));
    }
    Ok(above.filter(|_| ids.last() != only.last()))
}

/// Everything above an id, up to a limit.
///
/// The first round asks for the first page and, if more than a page is wanted, for the highest id. Further rounds ask for
/// windows of ids, all of them in flight at once. If no more than a page is wanted and it comes short, one more request tells
/// whether it was the end.
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
    let mut add = |answer: &Answer, window| {
        let (page, ids, rest) = page(answer, read, window, None)?;
        rows.extend(page);
        Ok((ids, rest))
    };
    let newest = |answer: &Answer| Ok(read(answer)?.rows.first().map(Row::id));
    let covered = read_windows(tenant, send, listing, &mut add, &newest, after, limit)?;
    if !rows.is_sorted_by_key(Row::id) {
        // Of ids and places, so that there is one copy of the sort for the rows of every type.
        rows.sort_by_cached_key(Row::id);
    }
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

/// The ids of the rows of a window, which are kept elsewhere, and what may be left of it.
type Add<'a> = dyn FnMut(&Answer, Window) -> Result<(Vec<i64>, Rest), Error> + 'a;

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
    let (mut ids, rest) = add(&first, start)?;
    let Some(above) = rest.above else {
        return Ok(None);
    };
    let Some(answer) = answers.next() else {
        if rest.server_has_more || rest.rows >= first_size {
            return Ok(above.after);
        }
        let next = exchange_one(tenant, send, listing.call(above, first_size));
        let (page, second) = add(&next, above)?;
        ids.extend(page);
        return Ok(second.next(rest.rows).and_then(|above| above.after));
    };
    let newest = match newest(&answer)? {
        Some(newest) if above.after.is_none_or(|after| newest >= after) => newest,
        // Taken at its word it would end the list early.
        _ => return Err(answer.unexpected("expected the row with the highest id")),
    };
    let first_id = ids.first().copied().unwrap_or(0);
    let mut longest = rest.rows;
    let mut planned_through = above.after.unwrap_or(0);
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
        let mut rests = Vec::new();
        for (window, answer) in pending.iter().zip(&answers) {
            let (page, rest) = add(answer, *window)?;
            ids.extend(page);
            longest = longest.max(rest.rows);
            rests.push(rest);
        }
        pending = rests.iter().filter_map(|it| it.next(longest)).collect();
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
