//! By windows of ids, several at once, for a PSA that can filter by id and sort by it.
//!
//! Page numbers slip when rows vanish between two requests, so the next page is asked for as "id above the last one", in
//! the order of ids. Some servers serve fewer rows than asked for and do not say so. So a page is the last one only if it is
//! empty, or shorter than another one that the server has served in the same call: it could have been longer.

mod lists;
mod range;

pub use self::lists::{Gather, List, read_all, read_round};
pub use self::range::read_range;
use super::{Page, Row, Window};
use crate::error::Error;
use crate::exchange::{Answer, Call};

/// How a list is asked for.
pub trait IdListing {
    /// The most rows that one answer holds.
    fn page_size(&self) -> usize;

    /// The request for the first `page_size` rows of a window, by ascending id.
    fn call(&self, window: Window, page_size: usize) -> Call;

    /// The request for the row with the highest id.
    fn newest(&self) -> Call;
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

#[cfg(test)]
mod tests;
