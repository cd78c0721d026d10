//! Reading lists to their end, however the PSA serves them: by windows of ids, by ids one page after another, by page numbers,
//! by links.

mod by_id;
mod by_link;
mod by_number;
mod in_turn;
mod link_header;
mod window;

pub use by_id::{Gather, IdListing, List, Rest, read_all, read_range, read_round};
pub use by_link::{LinkedPage, read_linked};
pub use by_number::{NumberedPage, Place, read_numbered};
pub use in_turn::{InTurn, read_in_turn};
pub use link_header::names_next_page;
pub use window::Window;

/// A row that is read in the order of its id.
pub trait Row {
    /// Unique in its list.
    fn id(&self) -> i64;
}

/// Rows of one answer, and whether the server says that there are more.
#[derive(Debug)]
pub struct Page<T> {
    /// As they came.
    pub rows: Vec<T>,
    /// False if the server does not say.
    pub server_has_more: bool,
}

impl<T> Page<T> {
    /// Whether another page may follow: this one is full, or the server says so.
    #[must_use]
    pub fn may_have_more(&self, page_size: usize) -> bool {
        !self.rows.is_empty() && (self.rows.len() >= page_size || self.server_has_more)
    }
}

/// Rows by ascending id, and where to go on.
#[derive(Debug, PartialEq)]
pub struct Found<T, P = i64> {
    /// At most as many as were asked for.
    pub rows: Vec<T>,
    /// The place after which there are more rows, for a cursor. None: this is the end.
    pub continue_after: Option<P>,
}

impl<T> Found<T, Place> {
    /// Rows that were asked for by their ids, and the id after which there are more, of a list with page numbers.
    #[must_use]
    pub fn by_ids(rows: Vec<T>, continue_after: Option<i64>) -> Self {
        Self {
            rows,
            continue_after: continue_after.map(Place::after),
        }
    }
}

/// The page of rows above an id, each once and by ascending id, of rows that all came at once.
#[must_use]
pub fn cut<T: Row>(mut rows: Vec<T>, after: Option<i64>, limit: usize) -> Found<T> {
    rows.retain(|row| after.is_none_or(|after| row.id() > after));
    rows.sort_by_cached_key(Row::id);
    rows.dedup_by_key(|row| row.id());
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    Found {
        continue_after: rows.last().map(Row::id).filter(|_| has_more),
        rows,
    }
}

/// Whether ids ascend after the one before them. The first that does not.
fn out_of_order(mut after: Option<i64>, ids: &[i64]) -> Option<i64> {
    ids.iter().copied().find(|id| {
        let is_in_order = after.is_none_or(|after| *id > after);
        after = Some(*id);
        !is_in_order
    })
}

/// The fault of an id that is not where it belongs.
fn misplaced(id: i64) -> String {
    format!("expected ids in ascending order and within the requested range, found {id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_came_at_once_are_cut_into_pages() {
        for (after, limit, expected, continue_after) in [
            (None, 9, vec![-1, 3, 5, 8], None),
            (None, 4, vec![-1, 3, 5, 8], None),
            (None, 3, vec![-1, 3, 5], Some(5)),
            (Some(5), 3, vec![8], None),
            (Some(8), 3, vec![], None),
        ] {
            let found = cut(vec![5, 3, 8, -1, 5], after, limit);
            assert_eq!(
                (found.rows, found.continue_after),
                (expected, continue_after)
            );
        }
    }
}
