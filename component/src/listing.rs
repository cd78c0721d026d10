//! Reading lists to their end, several at once.
//!
//! Page numbers slip when rows vanish between two requests, so the next page is asked for as "id above the last one", in
//! the order of ids. A page is the last one if it is short and the server names no next one: some servers serve fewer rows
//! than asked for.

use crate::condition::all_of;
use crate::error::Error;
use crate::permission::Right;
use crate::request::{Answer, Call, HttpSend, LARGEST_PAGE, exchange, read};
use crate::response::Page;
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
        read(settings, &self.doing, self.right, &self.path, &query)
    }
}

/// Every row of every list. One request for each list in the first round, further rounds only for those longer than a
/// page. A list's own error is its result. Where only some ids of a list are due (ascending), a row with another is an
/// error.
pub(crate) fn read_all<T: Row>(
    settings: &Settings,
    send: &mut HttpSend,
    listings: &[Listing],
    due: &[&[i64]],
) -> Vec<Result<Vec<T>, Error>> {
    let mut results: Vec<Result<Vec<T>, Error>> = listings.iter().map(|_| Ok(Vec::new())).collect();
    read_rounds(settings, send, listings, &mut |index, answer, window| {
        let result = results.get_mut(index)?;
        match page::<T>(settings, answer, window, LARGEST_PAGE) {
            Ok((page, _)) if !page.iter().all(|row| is_due(due.get(index), row.id())) => {
                let fault = "expected only the ids that were asked for";
                *result = Err(answer.unreadable(settings, fault));
                None
            }
            Ok((page, rest)) => {
                if let Ok(rows) = result {
                    rows.extend(page);
                }
                rest
            }
            Err(error) => {
                *result = Err(error);
                None
            }
        }
    });
    results
}

fn is_due(due: Option<&&[i64]>, id: i64) -> bool {
    due.is_none_or(|due| due.binary_search(&id).is_ok())
}

/// Sends round after round, and hands each answer over with the place of its list. What is left of a window comes back.
fn read_rounds(
    settings: &Settings,
    send: &mut HttpSend,
    listings: &[Listing],
    read: &mut dyn FnMut(usize, &Answer, Window) -> Option<Window>,
) {
    let mut pending: Vec<(usize, Window)> = Vec::new();
    for index in 0..listings.len() {
        pending.push((index, Window::ALL));
    }
    while !pending.is_empty() {
        let mut calls = Vec::new();
        for (index, window) in &pending {
            if let Some(listing) = listings.get(*index) {
                calls.push(listing.call(settings, *window, LARGEST_PAGE));
            }
        }
        let answers = exchange(send, calls);
        let mut unfinished = Vec::new();
        for ((index, window), answer) in pending.iter().zip(&answers) {
            if let Some(rest) = read(*index, answer, *window) {
                unfinished.push((*index, rest));
            }
        }
        pending = unfinished;
    }
}

/// The rows of a window, and what is left of it. A row that comes twice in a row, as joins make it, counts once.
pub(crate) fn page<T: Row>(
    settings: &Settings,
    answer: &Answer,
    window: Window,
    page_size: usize,
) -> Result<(Vec<T>, Option<Window>), Error> {
    let Page {
        mut rows,
        server_has_more,
    } = answer.rows::<T>(settings)?;
    let may_have_more = rows.len() >= page_size || server_has_more;
    rows.dedup_by_key(|row| row.id());
    let ids: Vec<i64> = rows.iter().map(Row::id).collect();
    match rest_of(window, &ids, may_have_more) {
        Ok(rest) => Ok((rows, rest)),
        Err(fault) => Err(answer.unreadable(settings, &fault)),
    }
}

/// What is left of a window after the rows with these ids.
///
/// Ids have to ascend within the window: a server, or something before it, that ignores the condition or the order would
/// otherwise make this read for ever, or leave rows out.
fn rest_of(window: Window, ids: &[i64], may_have_more: bool) -> Result<Option<Window>, String> {
    let mut after = window.after;
    for id in ids {
        let is_in_order = after.is_none_or(|after| *id > after);
        let is_within = window.through.is_none_or(|through| *id <= through);
        if !is_in_order || !is_within {
            let expected = "expected ids in ascending order within what was asked for, found ";
            return Err([expected, &id.to_string()].concat());
        }
        after = Some(*id);
    }
    let is_at_end = ids.is_empty() || after == window.through;
    Ok((may_have_more && !is_at_end).then_some(Window { after, ..window }))
}
