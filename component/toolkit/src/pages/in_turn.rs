//! By ids, one page after another, for a PSA that can filter by id but cannot tell its highest one.
//!
//! The next page is asked for as "id above the last one", so that rows that vanish or come shift nothing. A page is the last
//! one if it is shorter than asked for, unless the server says that there is more.

use super::{Found, Page, Row, misplaced, out_of_order};
use crate::error::Error;
use crate::exchange::{Answer, Call, HttpSend, Tenant, exchange_one};

/// More pages are read on by the caller, with the cursor.
const MOST_PAGES: usize = 50;

/// How a list is asked for.
pub struct InTurn<'a, T> {
    /// The most rows that one answer holds.
    pub page_size: usize,
    /// The request for so many rows above an id, by ascending id.
    pub call: &'a dyn Fn(Option<i64>, usize) -> Call,
    /// Reads the rows of an answer.
    pub read: fn(&Answer) -> Result<Page<T>, Error>,
}

impl<T> InTurn<'_, T> {
    /// The request for the first page of so many rows above an id. The caller sends it, beside others if it likes.
    #[must_use]
    pub fn first(&self, after: Option<i64>, limit: usize) -> Call {
        (self.call)(after, limit.min(self.page_size))
    }
}

/// Reads on from the answer to [`InTurn::first`], which had the same `after` and `limit`.
///
/// # Errors
/// What an answer meant, or `unexpected-response` for ids that do not ascend.
pub fn read_in_turn<T: Row>(
    tenant: &dyn Tenant,
    send: &mut HttpSend,
    list: &InTurn<T>,
    first: Answer,
    after: Option<i64>,
    limit: usize,
) -> Result<Found<T>, Error> {
    let mut rows: Vec<T> = Vec::new();
    let mut answer = first;
    let mut asked = limit.min(list.page_size);
    for _ in 0..MOST_PAGES {
        let page = (list.read)(&answer)?;
        let ids: Vec<i64> = page.rows.iter().map(Row::id).collect();
        let last = rows.last().map(Row::id).or(after);
        if let Some(id) = out_of_order(last, &ids) {
            return Err(answer.unexpected(&misplaced(id)));
        }
        let is_last = ids.is_empty() || (ids.len() < asked && !page.server_has_more);
        rows.extend(page.rows);
        let goes_on_above = rows.last().map(Row::id).filter(|_| !is_last);
        if rows.len() > limit {
            rows.truncate(limit);
            return Ok(found(rows, true));
        }
        let Some(above) = goes_on_above.filter(|_| rows.len() < limit) else {
            return Ok(found(rows, !is_last));
        };
        asked = limit.saturating_sub(rows.len()).min(list.page_size);
        answer = exchange_one(tenant, send, (list.call)(Some(above), asked));
    }
    Ok(found(rows, true))
}

fn found<T: Row>(rows: Vec<T>, has_more: bool) -> Found<T> {
    Found {
        continue_after: rows.last().map(Row::id).filter(|_| has_more),
        rows,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stand_in::{plain, response};
    use psa_contract::{ErrorCode, Request};

    impl Row for i64 {
        fn id(&self) -> i64 {
            *self
        }
    }

    fn call(after: Option<i64>, size: usize) -> Call {
        Call::get("list", format!("{after:?} {size}"))
    }

    /// A page whose first element says whether there are more.
    fn page(answer: &Answer) -> Result<Page<i64>, Error> {
        let (server_has_more, rows) = answer.read()?;
        Ok(Page {
            rows,
            server_has_more,
        })
    }

    /// What is found on these pages, and what was asked for.
    fn read(
        pages: &[&str],
        after: Option<i64>,
        limit: usize,
    ) -> (Result<Found<i64>, Error>, String) {
        let tenant = plain();
        let mut asked = Vec::new();
        let mut pages = pages.iter();
        let mut send = |requests: &mut [Request]| {
            asked.extend(requests.iter().map(|it| it.url.clone()));
            vec![Ok(response(200, pages.next().expect("another page")))]
        };
        let list = InTurn {
            page_size: 3,
            call: &call,
            read: page,
        };
        let first = exchange_one(&tenant, &mut send, list.first(after, limit));
        let found = read_in_turn(&tenant, &mut send, &list, first, after, limit);
        (found, asked.join(", "))
    }

    #[test]
    fn pages_are_asked_for_above_the_last_id() {
        for (pages, after, limit, rows, continue_after, asked) in [
            (&["[false, []]"][..], None, 9, vec![], None, "None 3"),
            (&["[false, [0, 1]]"], None, 9, vec![0, 1], None, "None 3"),
            (
                &["[false, [-1, 0, 4]]", "[false, [5]]"],
                None,
                9,
                vec![-1, 0, 4, 5],
                None,
                "None 3, Some(4) 3",
            ),
            // Short, and the server says that there is more.
            (
                &["[true, [1]]", "[false, []]"],
                None,
                9,
                vec![1],
                None,
                "None 3, Some(1) 3",
            ),
            (
                &["[false, [8, 9]]"],
                Some(7),
                2,
                vec![8, 9],
                Some(9),
                "Some(7) 2",
            ),
            (
                &["[false, [1, 2, 3]]", "[false, [4]]"],
                None,
                4,
                vec![1, 2, 3, 4],
                Some(4),
                "None 3, Some(3) 1",
            ),
            (&["[false, [1]]"], None, 2, vec![1], None, "None 2"),
            // More than were asked for.
            (
                &["[false, [1, 2, 3]]"],
                None,
                2,
                vec![1, 2],
                Some(2),
                "None 2",
            ),
        ] {
            let (found, was_asked) = read(pages, after, limit);
            let found = found.expect("rows");
            assert_eq!(
                (found.rows, found.continue_after),
                (rows, continue_after),
                "{pages:?}"
            );
            assert_eq!(was_asked, asked);
        }
    }

    #[test]
    fn ids_that_do_not_ascend_are_a_fault() {
        for (pages, after) in [
            (&["[false, [2, 1]]"][..], None),
            (&["[false, [1, 1]]"], None),
            (&["[false, [7]]"], Some(7)),
            (&["[false, [1, 2, 3]]", "[false, [3]]"], None),
        ] {
            let error = read(pages, after, 9).0.expect_err("out of order");
            assert_eq!(error.code, ErrorCode::UnexpectedResponse, "{pages:?}");
        }
    }

    #[test]
    fn a_list_without_end_is_read_on_by_the_caller() {
        let pages: Vec<String> = (1..=60).map(|id| format!("[true, [{id}]]")).collect();
        let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
        let found = read(&pages, None, 1_000).0.expect("rows");
        assert_eq!((found.rows.len(), found.continue_after), (50, Some(50)));
    }
}
