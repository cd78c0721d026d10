//! Lists: rows of an entity above an id, page after page.

use psa_toolkit::exchange::{Answer, Call, exchange_beside};
use psa_toolkit::pages::{InTurn, read_in_turn};
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
    let first = list.first(after, limit);
    let (first, beside) = exchange_beside(settings, send, first, beside);
    let zone = zone_of(&first).to_owned();
    let found = read_in_turn(settings, send, &list, first, after, limit)?;
    Ok(Listed {
        rows: found.rows,
        continue_after: found.continue_after,
        beside,
        zone,
    })
}

/// What goes on above an id. Autotask's own company has the id 0, and ids may be negative. A filter is required.
fn above(after: Option<i64>) -> Value {
    match after {
        Some(id) => condition("gt", "id", id),
        None => json!({"op": "exist", "field": "id"}),
    }
}
