//! `list-board-metadata`: one request, since everything is in the fields of a ticket. A queue is a board.

use psa_contract::{BoardMetadata, BoardSelection, Choice, Subtype};
use psa_toolkit::choices::{self, all_there, level, level_of, sorted, sorted_by};
use psa_toolkit::exchange::exchange_one;
use psa_toolkit::{Error, HttpSend};

use crate::api::enter;
use crate::picklist::Picklist;
use crate::settings::Settings;
use crate::wire::{Fields, PicklistValue};

/// The status that Autotask ships as Complete. Only for this one it is known that tickets in it are done: tenants add others
/// without a mark.
pub(crate) const COMPLETE: i64 = 5;

/// Every list that is of no queue comes whatever is selected.
pub(crate) fn list_board_metadata(
    settings: &Settings,
    selection: &BoardSelection,
    send: &mut HttpSend,
) -> Result<BoardMetadata, Error> {
    let send = &mut enter(settings, send)?;
    let answer = exchange_one(settings, send, settings.fields("Tickets", 0));
    let fields = Fields::of_ticket(&answer)?;
    let choices_of = |field| sorted(fields.of(field).active().map(choice).collect());
    let boards = choices::boards(choices_of("board-id"));
    all_there(&boards, selection, "queue")?;
    let priorities = fields.of("priority-id").active().map(|value| Choice {
        properties: level_of_value(value).map(level).into_iter().collect(),
        ..choice(value)
    });
    let types = choices_of("type-id");
    Ok(BoardMetadata {
        boards,
        statuses: choices::statuses(choices_of("status-id"), COMPLETE),
        subtypes: subtypes(fields.of("subtype-id"), &types),
        types,
        priorities: sorted(priorities.collect()),
        sources: choices_of("source-id"),
        ..BoardMetadata::default()
    })
}

fn choice(value: &PicklistValue) -> Choice {
    Choice {
        id: value.value.to_string(),
        name: value.name(),
        is_default: value.is_default_value == Some(true),
        sort_order: value.sort_order,
        ..Choice::default()
    }
}

/// Those of a type that is no longer chosen cannot be either.
fn subtypes(picklist: Picklist, types: &[Choice]) -> Vec<Subtype> {
    let subtypes = picklist.active().map(|value| Subtype {
        choice: choice(value),
        type_ids: value.parent_value.0.iter().map(i64::to_string).collect(),
    });
    let is_chosen = |id: &String| types.iter().any(|it| it.id == *id);
    let subtypes = subtypes.filter(|it| it.type_ids.iter().all(is_chosen));
    sorted_by(subtypes.collect(), |subtype| &subtype.choice)
}

/// Only the four that Autotask ships say how urgent they are: by their English words, or by their ids while they are
/// Autotask's own. The id is no rank.
fn level_of_value(value: &PicklistValue) -> Option<&'static str> {
    let of_stock = match value.value {
        4 => Some("critical"),
        1 => Some("high"),
        2 => Some("medium"),
        3 => Some("low"),
        _ => None,
    };
    level_of(&value.name()).or(of_stock.filter(|_| value.is_system == Some(true)))
}
