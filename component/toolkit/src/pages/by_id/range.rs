//! Everything above an id, up to a limit.

use super::{IdListing, Rest, page};
use crate::error::Error;
use crate::exchange::{Answer, HttpSend, Tenant, exchange, exchange_one};
use crate::pages::window::{Seen, next_windows};
use crate::pages::{Found, Page, Row, Window};

/// A table of ids this sparse is read on by the caller, with the cursor.
const MOST_ROUNDS: usize = 50;

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
