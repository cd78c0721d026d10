//! Lists that are read to their end, whatever their rows are, in the same rounds.

use super::{IdListing, Rest, page};
use crate::error::Error;
use crate::exchange::{Answer, HttpSend, Tenant, exchange};
use crate::pages::{Page, Row, Window};

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
