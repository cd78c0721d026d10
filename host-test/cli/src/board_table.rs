//! Boards for people: what belongs to a board stands under it.

use psa_host::contract::{Board, BoardMetadata, Choice};

use crate::layout::{Width, indented_table, paragraph, table};
use crate::terminal::{HEADING, styled};
use crate::text::visible;

pub(crate) fn metadata(metadata: &BoardMetadata, label: &str, width: Width) -> String {
    let has_no_lists = metadata.statuses.is_empty() && metadata.types.is_empty();
    let mut parts: Vec<String> = if metadata.boards.is_empty() {
        vec!["No boards.".to_owned()]
    } else if has_no_lists {
        vec![boards(metadata, width)]
    } else {
        let boards = metadata.boards.iter();
        boards
            .map(|board| one_board(metadata, board, label, width))
            .collect()
    };
    let everywhere = lists(metadata, None, width);
    if !everywhere.is_empty() {
        parts.push(format!("{}\n{everywhere}", styled(HEADING, "Every board")));
    }
    for omission in &metadata.omissions {
        let place = omission
            .board_id
            .as_ref()
            .map(|id| format!(" of board {id}"))
            .unwrap_or_default();
        let omitted = format!("Left out: {}{place}: {}", omission.part, omission.message);
        parts.push(paragraph(0, &omitted, width));
    }
    parts.join("\n\n")
}

/// Boards alone, without what a ticket on them can have.
fn boards(metadata: &BoardMetadata, width: Width) -> String {
    let rows = metadata.boards.iter().map(|board| {
        let is_default = if board.is_default { "yes" } else { "no" };
        [board.id.clone(), board.name.clone(), is_default.to_owned()]
    });
    table(&["ID", "NAME", "DEFAULT"], rows, width)
}

fn one_board(metadata: &BoardMetadata, board: &Board, label: &str, width: Width) -> String {
    let default = if board.is_default { ", default" } else { "" };
    let heading = visible(&format!(
        "{label}: {} (id {}{default})",
        board.name, board.id
    ));
    let heading = styled(HEADING, &heading);
    match lists(metadata, Some(&board.id), width) {
        lists if lists.is_empty() => heading,
        lists => format!("{heading}\n{lists}"),
    }
}

/// The lists of a board, or those of no board.
fn lists(metadata: &BoardMetadata, board_id: Option<&String>, width: Width) -> String {
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
    indented_table(2, &["", "ID", "NAME", ""], rows, width)
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
