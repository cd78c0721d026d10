//! By ids, one page after another, for a PSA that can filter by id but cannot tell its highest one.
//!
//! The next page is asked for as "id above the last one", so that rows that vanish or come shift nothing. A page is the last
//! one if it is shorter than asked for, unless the server says that there is more.

use super::{Found, Page, Row, misplaced, out_of_order};
use crate::error::Error;
use crate::exchange::{Answer, Call, HttpSend, Tenant, exchange_beside, exchange_one};

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

/// Reads so many rows above an id, and the answer to another call in passing: it goes with the second page, or after the first
/// if that is the only one. The first page goes alone: until it was answered, the credentials may be wrong, and a PSA may lock a
/// user after a few failed logins.
///
/// # Errors
/// What an answer meant, or `unexpected-response` for ids that do not ascend.
pub fn read_in_turn<'a, T: Row>(
    tenant: &'a dyn Tenant,
    send: &mut HttpSend,
    list: &InTurn<T>,
    (after, limit): (Option<i64>, usize),
    mut beside: Option<Call>,
) -> Result<(Found<T>, Option<Answer<'a>>), Error> {
    let mut rows: Vec<T> = Vec::new();
    let mut has_more = true;
    let mut answer_beside = None;
    for page in 0..MOST_PAGES {
        let asked = limit.saturating_sub(rows.len()).min(list.page_size);
        let above = rows.last().map(Row::id).or(after);
        let with_it = if page == 0 { None } else { beside.take() };
        let call = (list.call)(above, asked);
        let (answer, [other]) = exchange_beside(tenant, send, call, [with_it]);
        answer_beside = answer_beside.or(other);
        let page = (list.read)(&answer)?;
        let ids: Vec<i64> = page.rows.iter().map(Row::id).collect();
        if let Some(id) = out_of_order(above, &ids) {
            return Err(answer.unexpected(&misplaced(id)));
        }
        let is_last = ids.is_empty() || (ids.len() < asked && !page.server_has_more);
        rows.extend(page.rows);
        has_more = !is_last;
        rows.truncate(limit);
        if is_last || rows.len() == limit {
            break;
        }
    }
    let found = Found {
        continue_after: rows.last().map(Row::id).filter(|_| has_more),
        rows,
    };
    let late = beside.map(|call| exchange_one(tenant, send, call));
    Ok((found, answer_beside.or(late)))
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
        let found = read_in_turn(&tenant, &mut send, &list, (after, limit), None);
        (found.map(|(found, _)| found), asked.join(", "))
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
    fn another_call_goes_with_the_second_page_or_after_the_first() {
        let tenant = plain();
        for (pages, rounds) in [
            (1, &[&["None 2"][..], &["types"]][..]),
            (2, &[&["None 2"], &["Some(2) 2", "types"]]),
            (3, &[&["None 2"], &["Some(2) 2", "types"], &["Some(4) 2"]]),
        ] {
            let mut sent: Vec<Vec<String>> = Vec::new();
            let mut send = |requests: &mut [Request]| {
                let number = 2 * sent.len();
                let has_more = sent.len() + 1 < pages;
                let page = format!("[{has_more}, [{}, {}]]", number + 1, number + 2);
                let rest = if has_more { &page } else { "[false, []]" };
                sent.push(requests.iter().map(|it| it.url.clone()).collect());
                let answers = requests.iter().map(|it| match it.url.as_str() {
                    "types" => Ok(response(200, "[true, [7]]")),
                    _ => Ok(response(200, rest)),
                });
                answers.collect()
            };
            let list = InTurn {
                page_size: 2,
                call: &call,
                read: page,
            };
            let types = Some(Call::get("list types", "types"));
            let read = read_in_turn(&tenant, &mut send, &list, (None, 9), types);
            let (found, answer) = read.expect("rows");
            assert_eq!(found.rows.len(), 2 * (pages - 1));
            let types = answer.map(|it| page(&it).expect("types").rows);
            assert_eq!(types, Some(vec![7]));
            assert_eq!(sent, rounds);
        }
    }

    #[test]
    fn a_list_without_end_is_read_on_by_the_caller() {
        let pages: Vec<String> = (1..=60).map(|id| format!("[true, [{id}]]")).collect();
        let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
        let (found, asked) = read(&pages, None, 1_000);
        let found = found.expect("rows");
        assert_eq!((found.rows.len(), found.continue_after), (50, Some(50)));
        assert_eq!(asked.split(", ").count(), 50, "nothing is read in vain");
    }
}
