//! Lists: rows of an entity above an id, page after page.

use psa_toolkit::exchange::{Answer, Call, exchange};
use psa_toolkit::pages::{InTurn, read_in_turn};
use psa_toolkit::query::{self, Asked};
use psa_toolkit::text::Ids;
use psa_toolkit::{Error, HttpSend};
use serde_json::{Value, json};

use crate::api::{condition, rows, zone_of};
use crate::settings::Settings;
use crate::wire::Entity;

/// The most rows that a query returns (Developer Help, "Thresholds and limits").
pub(crate) const LARGEST_PAGE: usize = 500;

/// What was read of a list.
pub(crate) struct Listed<'a, T> {
    pub(crate) rows: Vec<T>,
    /// The last id up to which nothing is missing, if there is more.
    pub(crate) continue_after: Option<i64>,
    /// The answer to what was asked for beside the first page.
    pub(crate) beside: Option<Answer<'a>>,
    pub(crate) zone: String,
}

/// Rows above an id that fit a filter, which Autotask may not have understood.
pub(crate) fn list<'a, T: Entity>(
    settings: &'a Settings,
    send: &mut HttpSend,
    doing: &str,
    filter: &[Value],
    (after, limit): (Option<i64>, usize),
    beside: Option<Call>,
) -> Result<Listed<'a, T>, Error> {
    let call = |after, size| {
        let filter = std::iter::once(above(after)).chain(filter.iter().cloned());
        settings.query::<T>(doing, filter.collect(), size)
    };
    let list = InTurn {
        page_size: LARGEST_PAGE,
        call: &call,
        read: rows::<T>,
    };
    let calls = std::iter::once(list.first(after, limit)).chain(beside);
    let mut answers = exchange(settings, send, calls.collect()).into_iter();
    let mut listed = Listed {
        rows: Vec::new(),
        continue_after: None,
        beside: None,
        zone: String::new(),
    };
    if let Some(first) = answers.next() {
        zone_of(&first).clone_into(&mut listed.zone);
        let found = read_in_turn(settings, send, &list, first, after, limit)?;
        (listed.rows, listed.continue_after) = (found.rows, found.continue_after);
    }
    listed.beside = answers.next();
    Ok(listed)
}

/// What goes on above an id. Autotask's own company has the id 0, and ids may be negative. A filter is required.
fn above(after: Option<i64>) -> Value {
    match after {
        Some(id) => condition("gt", "id", id),
        None => json!({"op": "exist", "field": "id"}),
    }
}

/// A field of a query, its value, and the condition that asks for it.
pub(crate) type Filter<'q> = (&'static str, Option<&'q str>, fn(&str) -> Value);

/// One page of a list of a company.
pub(crate) struct OfCompany<'q> {
    pub(crate) doing: &'static str,
    pub(crate) function: &'static str,
    pub(crate) company_id: &'q str,
    /// The other fields of the query, and the condition of each.
    pub(crate) filters: &'q [Filter<'q>],
    pub(crate) limit: Option<u32>,
    pub(crate) cursor: Option<&'q str>,
}

impl OfCompany<'_> {
    /// The query, read.
    pub(crate) fn parse(&self, settings: &Settings) -> Result<Asked<i64, 1>, Error> {
        let given: Vec<_> = self.filters.iter().map(|it| (it.0, it.1)).collect();
        query::of_company_by::<1>(
            Ids::Any,
            self.doing,
            self.function,
            &settings.tenant(),
            self.company_id,
            &given,
            self.limit,
            self.cursor,
        )
    }

    /// The rows of the company, and the next cursor. `company_of` is the company that a row shows.
    pub(crate) fn list<'a, T: Entity>(
        &self,
        settings: &'a Settings,
        send: &mut HttpSend,
        asked: &Asked<i64, 1>,
        beside: Option<Call>,
        company_of: fn(&T) -> Option<i64>,
    ) -> Result<(Listed<'a, T>, Option<String>), Error> {
        let mut filter = vec![condition("eq", "companyID", asked.what)];
        for (_, value, condition) in self.filters {
            filter.extend(value.map(|value| condition(value.trim())));
        }
        let place = (asked.after.map(|[id]| id), asked.limit);
        let mut listed = list::<T>(settings, send, self.doing, &filter, place, beside)?;
        let next = listed.continue_after;
        let next = next.map(|id| asked.fingerprint.cursor(&[id]));
        listed.rows = query::rows_of_company(self.doing, listed.rows, asked.what, company_of)?;
        Ok((listed, next))
    }
}
