//! Boards for people: what belongs to a board stands under it.

use psa_host::contract::{Board, BoardMetadata, Choice};

use crate::tables::{indented, table};
use crate::text::visible;

pub(crate) fn metadata(metadata: &BoardMetadata, label: &str) -> String {
    let mut parts: Vec<String> = metadata
        .boards
        .iter()
        .map(|board| one_board(metadata, board, label))
        .collect();
    if metadata.boards.is_empty() {
        parts.push("No boards.".to_owned());
    }
    let everywhere = lists(metadata, None);
    if !everywhere.is_empty() {
        parts.push(format!("Everywhere\n{everywhere}"));
    }
    for omission in &metadata.omissions {
        let place = omission
            .board_id
            .as_ref()
            .map(|id| format!(" of board {id}"))
            .unwrap_or_default();
        parts.push(visible(&format!(
            "Left out: {}{place}: {}",
            omission.part, omission.message
        )));
    }
    parts.join("\n\n")
}

fn one_board(metadata: &BoardMetadata, board: &Board, label: &str) -> String {
    let default = if board.is_default { ", default" } else { "" };
    let heading = visible(&format!(
        "{label}: {} (id {}{default})",
        board.name, board.id
    ));
    match lists(metadata, Some(&board.id)) {
        lists if lists.is_empty() => heading,
        lists => format!("{heading}\n{lists}"),
    }
}

/// The lists of a board, or those of no board.
fn lists(metadata: &BoardMetadata, board_id: Option<&String>) -> String {
    let is_here = |choice: &Choice| choice.board_id.as_ref() == board_id;
    let mut rows: Vec<[String; 4]> = Vec::new();
    let mut row = |kind: &str, choice: &Choice, remarks: Vec<String>| {
        if is_here(choice) {
            let default = choice.is_default.then(|| "default".to_owned());
            let remarks: Vec<_> = default.into_iter().chain(remarks).collect();
            rows.push([
                kind.to_owned(),
                choice.id.clone(),
                choice.name.clone(),
                remarks.join(", "),
            ]);
        }
    };
    for status in &metadata.statuses {
        let closed = (status.is_closed == Some(true)).then(|| "closed".to_owned());
        row("status", &status.choice, closed.into_iter().collect());
    }
    for choice in &metadata.types {
        row("type", choice, Vec::new());
    }
    for subtype in &metadata.subtypes {
        let types: Vec<_> = subtype
            .type_ids
            .iter()
            .map(|id| name_of(metadata.types.iter(), id))
            .collect();
        row("subtype", &subtype.choice, under(&types));
    }
    for item in &metadata.items {
        let subtypes = || metadata.subtypes.iter().map(|subtype| &subtype.choice);
        let places: Vec<_> = item
            .allowed_under
            .iter()
            .map(|path| {
                let type_name = name_of(metadata.types.iter(), &path.type_id);
                match &path.subtype_id {
                    Some(id) => format!("{type_name} / {}", name_of(subtypes(), id)),
                    None => type_name,
                }
            })
            .collect();
        row("item", &item.choice, under(&places));
    }
    for priority in &metadata.priorities {
        let level = priority
            .properties
            .iter()
            .find(|property| property.name == "level");
        row(
            "priority",
            priority,
            level.map(|level| level.value.clone()).into_iter().collect(),
        );
    }
    for source in &metadata.sources {
        row("source", source, Vec::new());
    }
    if rows.is_empty() {
        return String::new();
    }
    indented(&table(&["", "ID", "NAME", ""], rows))
}

fn under(places: &[String]) -> Vec<String> {
    if places.is_empty() {
        Vec::new()
    } else {
        vec![format!("under {}", places.join(", "))]
    }
}

fn name_of<'a>(mut choices: impl Iterator<Item = &'a Choice>, id: &str) -> String {
    choices
        .find(|choice| choice.id == id)
        .map_or_else(|| id.to_owned(), |choice| choice.name.clone())
}
