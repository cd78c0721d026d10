//! Cutting a range of ids into windows that can be asked for at the same time. Pure arithmetic.
//!
//! A window of 1,000 ids holds at most 1,000 rows, so it is one page for certain. Where ids are sparse a wider one is a
//! guess from what was seen so far; one that turns out to hold more than a page is read on from its last row.

use crate::listing::Window;
use crate::request::LARGEST_PAGE;

/// A wider window is filled to this share of a page on average, so that few overflow.
const FILL_PERCENT: i64 = 80;
/// More in one round than any host keeps in flight only holds memory.
const MOST_WINDOWS: usize = 16;

/// What is known of a range after its first rows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    pub(crate) rows: usize,
    /// How many ids they stretch over.
    pub(crate) ids: i64,
}

/// The next windows of the ids above `after` and up to `newest` that hold about `wanted` more rows.
pub(crate) fn next_windows(after: i64, newest: i64, wanted: usize, seen: Seen) -> Vec<Window> {
    let width = width(seen);
    let per_window = rows_per_window(width, seen);
    let count = wanted.div_ceil(per_window).clamp(1, MOST_WINDOWS);
    let mut windows = Vec::new();
    let mut start = after;
    while windows.len() < count && start < newest {
        let end = start.saturating_add(width).min(newest);
        windows.push(Window {
            after: Some(start),
            through: Some(end),
        });
        start = end;
    }
    windows
}

fn width(seen: Seen) -> i64 {
    let page = i64::try_from(LARGEST_PAGE).unwrap_or(i64::MAX);
    let rows = i64::try_from(seen.rows).unwrap_or(i64::MAX).max(1);
    let fill = page.saturating_mul(FILL_PERCENT).saturating_div(100);
    seen.ids
        .max(1)
        .saturating_mul(fill)
        .checked_div(rows)
        .unwrap_or(page)
        .max(page)
}

fn rows_per_window(width: i64, seen: Seen) -> usize {
    let rows = i64::try_from(seen.rows).unwrap_or(i64::MAX);
    let expected = width
        .saturating_mul(rows)
        .checked_div(seen.ids.max(1))
        .unwrap_or(1);
    usize::try_from(expected)
        .unwrap_or(1)
        .clamp(1, LARGEST_PAGE)
}
