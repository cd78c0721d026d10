//! Lists: rows of an entity above an id, page after page.

use psa_toolkit::pages::{Found, InTurn, read_in_turn};
use psa_toolkit::{Error, HttpSend};
use serde_json::{Value, json};

use crate::api::{condition, rows};
use crate::picklist::REUSE_SECONDS;
use crate::settings::Settings;
use crate::wire::{Entity, Fields};

/// The most rows that a query returns (Developer Help, "Thresholds and limits").
pub(crate) const LARGEST_PAGE: usize = 500;

/// So many rows above an id that fit a filter, which Autotask may not have understood. If the rows have a member for their type,
/// the entity's fields, which name the types, are read in passing.
pub(crate) fn list<T: Entity>(
    settings: &Settings,
    send: &mut HttpSend,
    doing: &str,
    filter: &[Value],
    place: (Option<i64>, usize),
    type_member: Option<&str>,
) -> Result<(Found<T>, Fields), Error> {
    let call = |after, size| {
        let filter = std::iter::once(above(after)).chain(filter.iter().cloned());
        settings.query::<T>(doing, filter.collect(), size)
    };
    let list = InTurn {
        page_size: LARGEST_PAGE,
        call: &call,
        read: rows::<T>,
    };
    let fields = type_member.map(|_| settings.fields(T::NAME, REUSE_SECONDS));
    let (found, fields) = read_in_turn(settings, send, &list, place, fields)?;
    let fields = fields.map(|it| Fields::read(&it, type_member.as_slice()));
    Ok((found, fields.transpose()?.unwrap_or_default()))
}

/// What goes on above an id. Autotask's own company has the id 0, and ids may be negative. A filter is required.
fn above(after: Option<i64>) -> Value {
    match after {
        Some(id) => condition("gt", "id", id),
        None => json!({"op": "exist", "field": "id"}),
    }
}
