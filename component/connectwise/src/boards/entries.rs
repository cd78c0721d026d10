//! Entries of a chooser, made of the PSA's records.

use psa_contract::{Choice, Item, ItemPath};
use psa_toolkit::choices;

use crate::wire::{self, is};

/// The active items, each with what it goes under. They come by ascending id.
pub(super) fn items_of(
    board_id: &str,
    items: Vec<wire::Item>,
    associations: Vec<wire::Association>,
) -> Vec<Item> {
    let ids: Vec<i64> = items.iter().map(|it| it.id).collect();
    let mut paths: Vec<Vec<ItemPath>> = ids.iter().map(|_| Vec::new()).collect();
    for association in associations {
        let item = association.item.and_then(|it| it.id);
        let item = item.and_then(|id| ids.binary_search(&id).ok());
        if let Some(paths) = item.and_then(|index| paths.get_mut(index)) {
            paths.push(ItemPath {
                type_id: association.r#type.id.to_string(),
                subtype_id: association
                    .sub_type
                    .and_then(|it| it.id)
                    .map(|id| id.to_string()),
            });
        }
    }
    let items = items.into_iter().zip(paths);
    items
        .filter(|(item, _)| !is(item.inactive_flag))
        .map(|(item, allowed_under)| Item {
            allowed_under,
            choice: choice_of(board_id, item.id, item.name),
        })
        .collect()
}

pub(super) fn choice(id: i64, name: String) -> Choice {
    Choice {
        id: id.to_string(),
        name,
        ..Choice::default()
    }
}

pub(super) fn choice_of(board_id: &str, id: i64, name: String) -> Choice {
    Choice {
        board_id: Some(board_id.to_owned()),
        ..choice(id, name)
    }
}

pub(super) fn priority(priority: wire::Priority) -> Choice {
    let level = priority.level.map(|level| level.to_ascii_lowercase());
    Choice {
        is_default: is(priority.default_flag),
        sort_order: order(priority.sort_order),
        color: priority.color.as_deref().and_then(color),
        properties: level.iter().map(|it| choices::level(it)).collect(),
        ..choice(priority.id, priority.name)
    }
}

pub(super) fn order(sort_order: Option<i64>) -> Option<i32> {
    sort_order.and_then(|order| i32::try_from(order).ok())
}

/// The names of `Priority.color`. `Custom` and names to come have no colour that is known.
fn color(name: &str) -> Option<String> {
    let color = COLORS
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name));
    color.map(|(_, code)| (*code).to_owned())
}

const COLORS: [(&str, &str); 12] = [
    ("Black", "#000000"),
    ("Blue", "#0000ff"),
    ("Cyan", "#00ffff"),
    ("Gray", "#808080"),
    ("Green", "#008000"),
    ("Lime", "#00ff00"),
    ("Orange", "#ffa500"),
    ("Pink", "#ffc0cb"),
    ("Purple", "#800080"),
    ("Red", "#ff0000"),
    ("White", "#ffffff"),
    ("Yellow", "#ffff00"),
];
