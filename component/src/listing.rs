//! Reading lists to their end, several at once.
//!
//! Page numbers slip when rows vanish between two requests, so the next page is asked for as "id above the last one", in
//! the order of ids. A page is the last one if it is short and the server names no next one: some servers serve fewer rows
//! than asked for.

use crate::condition::all_of;
use crate::error::Error;
use crate::permission::Right;
use crate::prelude::*;
use crate::request::{Answer, Call, HttpSend, LARGEST_PAGE, exchange, read};
use crate::settings::Settings;
use crate::wire::Row;

/// A list of the API, or a part of one.
#[derive(Clone)]
pub(crate) struct Listing {
    /// Completes "cannot …": `list the types of board 5`.
    pub(crate) doing: String,
    pub(crate) right: Option<&'static Right>,
    pub(crate) path: String,
    pub(crate) fields: &'static str,
    pub(crate) conditions: Vec<String>,
    pub(crate) child_conditions: Option<String>,
}

/// Ids above `after` and up to `through`; None is unbounded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Window {
    pub(crate) after: Option<i64>,
    pub(crate) through: Option<i64>,
}

impl Window {
    pub(crate) const ALL: Self = Self {
        after: None,
        through: None,
    };
}

impl Listing {
    /// The request for the rows of a window, or for the first `page_size` of them.
    pub(crate) fn call(&self, settings: &Settings, window: Window, page_size: usize) -> Call {
        let mut conditions = self.conditions.clone();
        conditions.extend(window.after.map(|id| ["id>", &id.to_string()].concat()));
        conditions.extend(window.through.map(|id| ["id<=", &id.to_string()].concat()));
        self.request(settings, &conditions, "id asc", page_size)
    }

    /// The request for the row with the highest id.
    pub(crate) fn newest(&self, settings: &Settings) -> Call {
        self.request(settings, &self.conditions, "id desc", 1)
    }

    fn request(
        &self,
        settings: &Settings,
        conditions: &[String],
        order: &str,
        page_size: usize,
    ) -> Call {
        let conditions = all_of(conditions);
        let page_size = page_size.to_string();
        let mut query = vec![("fields", self.fields)];
        if !conditions.is_empty() {
            query.push(("conditions", conditions.as_str()));
        }
        if let Some(child_conditions) = &self.child_conditions {
            query.push(("childConditions", child_conditions));
        }
        query.push(("orderBy", order));
        query.push(("pageSize", &page_size));
        read(settings, self.doing.clone(), self.right, &self.path, &query)
    }
}

/// Every row of every list. One request for each list in the first round, further rounds only for those longer than a
/// page. A list's own error is its result.
pub(crate) fn read_all<T: Row>(
    settings: &Settings,
    send: &mut HttpSend,
    listings: &[Listing],
) -> Vec<Result<Vec<T>, Error>> {
    read_all_that(settings, send, listings, |_| true)
}

/// The same where only some ids are due: a row with another is an error.
pub(crate) fn read_all_that<T: Row>(
    settings: &Settings,
    send: &mut HttpSend,
    listings: &[Listing],
    is_due: impl Fn(i64) -> bool,
) -> Vec<Result<Vec<T>, Error>> {
    let mut results: Vec<Result<Vec<T>, Error>> = listings.iter().map(|_| Ok(Vec::new())).collect();
    let mut pending: Vec<(usize, Window)> = (0..listings.len())
        .map(|index| (index, Window::ALL))
        .collect();
    while !pending.is_empty() {
        let calls = pending
            .iter()
            .filter_map(|(index, window)| {
                Some(listings.get(*index)?.call(settings, *window, LARGEST_PAGE))
            })
            .collect();
        let answers = exchange(send, calls);
        let mut unfinished = Vec::new();
        for ((index, window), answer) in pending.into_iter().zip(answers) {
            let Some(result) = results.get_mut(index) else {
                continue;
            };
            match page::<T>(settings, &answer, window, LARGEST_PAGE) {
                Ok((page, _)) if page.iter().any(|row| !is_due(row.id())) => {
                    let fault = "expected only the ids that were asked for";
                    *result = Err(answer.unreadable(settings, fault));
                }
                Ok((page, rest)) => {
                    if let Ok(rows) = result {
                        rows.extend(page);
                    }
                    unfinished.extend(rest.map(|rest| (index, rest)));
                }
                Err(error) => *result = Err(error),
            }
        }
        pending = unfinished;
    }
    results
}

/// The rows of a window, and what is left of it.
///
/// Ids have to ascend within the window: a server, or something before it, that ignores the condition or the order would
/// otherwise make this read for ever, or leave rows out. A row that comes twice in a row, as joins make it, counts once.
pub(crate) fn page<T: Row>(
    settings: &Settings,
    answer: &Answer,
    window: Window,
    page_size: usize,
) -> Result<(Vec<T>, Option<Window>), Error> {
    let page = answer.rows::<T>(settings)?;
    let may_have_more = page.rows.len() >= page_size || page.server_has_more;
    let mut rows: Vec<T> = Vec::with_capacity(page.rows.len());
    let mut last = window.after;
    for row in page.rows {
        let id = row.id();
        if last == Some(id) && !rows.is_empty() {
            continue;
        }
        let is_in_order = last.is_none_or(|last| id > last);
        let is_within = window.through.is_none_or(|through| id <= through);
        if !is_in_order || !is_within {
            let fault = [
                "expected ids in ascending order within what was asked for, found ",
                &id.to_string(),
            ]
            .concat();
            return Err(answer.unreadable(settings, &fault));
        }
        last = Some(id);
        rows.push(row);
    }
    let is_at_end = rows.is_empty() || last == window.through;
    let rest = (may_have_more && !is_at_end).then_some(Window {
        after: last,
        ..window
    });
    Ok((rows, rest))
}
