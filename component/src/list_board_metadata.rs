//! `list-board-metadata`: everything a chooser needs. Boards and priorities in one round, every board's lists in the next,
//! whatever the number of boards; further rounds only for lists longer than a page.

use psa_contract::{
    Board, BoardMetadata, BoardSelection, Choice, ErrorCode, Item, ItemPath, Omission, Property,
    Subtype, TicketStatus,
};

use crate::board_lists::{
    ASSOCIATIONS, ITEMS, Part, STATUSES, SUBTYPES, TYPES, boards_listing, is_active,
    is_service_board, priorities_listing,
};
use crate::error::{Error, error, field_error, quote};
use crate::listing::{Listing, read_all};
use crate::request::HttpSend;
use crate::settings::Settings;
use crate::sort::sort_by;
use crate::text::record_id;
use crate::wire::{Association, Entry};

/// Boards, their lists, and the priorities, active ones only.
///
/// # Errors
/// `not-found` for a selected board that is not an active one; otherwise those of [`crate::list_companies`] but
/// `invalid-input`.
pub fn list_board_metadata(
    settings: &Settings,
    selection: &BoardSelection,
    send: &mut HttpSend,
) -> Result<BoardMetadata, Error> {
    let mut first = read_all(
        settings,
        send,
        &[boards_listing(), priorities_listing()],
        &[],
    )
    .into_iter();
    let (Some(boards), Some(priorities)) = (first.next(), first.next()) else {
        return Err(error(
            ErrorCode::UnexpectedResponse,
            "no lists were read".to_owned(),
        ));
    };
    let mut boards: Vec<Entry> = boards?.into_iter().filter(is_service_board).collect();
    sort(&mut boards);
    let mut priorities = priorities?;
    sort(&mut priorities);
    let mut metadata = BoardMetadata {
        boards: boards.iter().map(board).collect(),
        statuses: Vec::new(),
        types: Vec::new(),
        subtypes: Vec::new(),
        items: Vec::new(),
        sources: Vec::new(),
        priorities: priorities
            .iter()
            .filter(|entry| is_active(entry))
            .map(|entry| choice(entry, None))
            .collect(),
        omissions: Vec::new(),
    };
    let selected = select(settings, &boards, selection)?;
    let mut listings: Vec<Listing> = Vec::new();
    for board_id in &selected {
        for part in PARTS {
            listings.push(part.listing(*board_id));
        }
    }
    let mut lists = read_all(settings, send, &listings, &[]);
    for (board_id, lists) in selected.iter().zip(lists.chunks_mut(PARTS.len())) {
        add_board(&mut metadata, *board_id, lists)?;
    }
    Ok(metadata)
}

/// In the order in which [`add_board`] takes them.
const PARTS: [Part; 5] = [STATUSES, TYPES, SUBTYPES, ITEMS, ASSOCIATIONS];

/// The ids of the selected boards, in the order of the boards.
fn select(
    settings: &Settings,
    boards: &[Entry],
    selection: &BoardSelection,
) -> Result<Vec<i64>, Error> {
    let wanted = match selection {
        BoardSelection::BoardsOnly => return Ok(Vec::new()),
        BoardSelection::All => return Ok(boards.iter().map(|board| board.id).collect()),
        BoardSelection::Only(wanted) => wanted,
    };
    let mut ids = Vec::new();
    let mut faults = Vec::new();
    for text in wanted {
        let id = record_id(text);
        if boards.iter().any(|board| Some(board.id) == id) {
            ids.extend(id);
        } else {
            let text = quote(settings, text);
            let message = ["`", &text, "` is not an active service board"].concat();
            faults.push(field_error("selection", message));
        }
    }
    if faults.is_empty() {
        let selected = boards.iter().map(|board| board.id);
        return Ok(selected.filter(|id| ids.contains(id)).collect());
    }
    let message = "cannot list board metadata: a board was not found".to_owned();
    Err(error(ErrorCode::NotFound, message)
        .hint("ensure that the service board exists, is active, and is visible to the API member's location and role")
        .field_errors(faults))
}

type List = Result<Vec<Entry>, Error>;

/// The lists of a board, in the order of [`PARTS`].
fn add_board(metadata: &mut BoardMetadata, board_id: i64, lists: &mut [List]) -> Result<(), Error> {
    // The board ceased to exist between the two rounds.
    if lists
        .iter()
        .any(|list| matches!(list, Err(error) if error.code == ErrorCode::NotFound))
    {
        metadata
            .boards
            .retain(|board| board.id != board_id.to_string());
        return Ok(());
    }
    let first_item = metadata.items.len();
    for (part, list) in PARTS.iter().zip(lists) {
        match std::mem::replace(list, Ok(Vec::new())) {
            Ok(mut entries) => {
                sort(&mut entries);
                for entry in entries.iter().filter(|entry| is_active(entry)) {
                    add_entry(metadata, board_id, part, entry, first_item);
                }
            }
            // Subtypes, items and their combinations need more rights than opening a ticket does.
            Err(error) if error.code == ErrorCode::Forbidden && part.right.is_none() => {
                let omission = Omission {
                    part: part.member().to_owned(),
                    board_id: Some(board_id.to_string()),
                    message: error.message.clone(),
                };
                // Items and their combinations are one part.
                let is_named = metadata.omissions.iter().any(|named| {
                    named.part == omission.part && named.board_id == omission.board_id
                });
                if !is_named {
                    metadata.omissions.push(omission);
                }
                if part.path == ASSOCIATIONS.path {
                    // Without its combinations an item would seem to go under every type.
                    metadata.items.truncate(first_item);
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn add_entry(
    metadata: &mut BoardMetadata,
    board_id: i64,
    part: &Part,
    entry: &Entry,
    first_item: usize,
) {
    if part.path == ASSOCIATIONS.path {
        add_path(
            metadata.items.iter_mut().skip(first_item),
            &entry.association,
        );
        return;
    }
    let choice = choice(entry, Some(board_id));
    if part.path == STATUSES.path {
        let is_closed = Some(entry.is_closed);
        metadata.statuses.push(TicketStatus { choice, is_closed });
    } else if part.path == TYPES.path {
        metadata.types.push(choice);
    } else if part.path == SUBTYPES.path {
        let type_ids = entry.type_ids.iter().map(i64::to_string).collect();
        metadata.subtypes.push(Subtype { choice, type_ids });
    } else {
        let allowed_under = Vec::new();
        metadata.items.push(Item {
            choice,
            allowed_under,
        });
    }
}

fn add_path<'a>(mut items: impl Iterator<Item = &'a mut Item>, association: &Association) {
    let (Some(item_id), Some(type_id)) = (association.item_id, association.type_id) else {
        return;
    };
    let item_id = item_id.to_string();
    if let Some(item) = items.find(|item| item.choice.id == item_id) {
        item.allowed_under.push(ItemPath {
            type_id: type_id.to_string(),
            subtype_id: association.subtype_id.map(|id| id.to_string()),
        });
    }
}

fn board(entry: &Entry) -> Board {
    Board {
        id: entry.id.to_string(),
        name: entry.name.clone(),
        is_default: false,
    }
}

fn choice(entry: &Entry, board_id: Option<i64>) -> Choice {
    let level = entry.level.as_deref().map(|level| Property {
        name: "level".to_owned(),
        value: level.to_ascii_lowercase(),
    });
    Choice {
        id: entry.id.to_string(),
        name: entry.name.clone(),
        board_id: board_id.map(|id| id.to_string()),
        is_default: entry.is_default,
        sort_order: entry.sort_order,
        color: entry.color.as_deref().and_then(color),
        properties: level.into_iter().collect(),
    }
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

/// By `sortOrder`, then by name without case; boards have a name only. The lists of several boards follow each other in
/// the order of the boards.
fn sort(entries: &mut Vec<Entry>) {
    sort_by(entries, |entry| {
        let order = entry.sort_order.unwrap_or(i32::MAX);
        (i64::from(order), entry.name.to_ascii_lowercase())
    });
}
