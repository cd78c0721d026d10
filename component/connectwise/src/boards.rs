//! `list-board-metadata`: everything a chooser needs. Boards and priorities in one round, every board's lists in the next,
//! whatever the number of boards; further rounds only for lists that may be longer.

mod lists;

use std::collections::BTreeMap;

use psa_contract::{
    Board, BoardMetadata, BoardSelection, Choice, ErrorCode, Item, ItemPath, Omission, Property,
    Subtype, TicketStatus,
};
use psa_toolkit::error::field_error;
use psa_toolkit::pages::{Gather, List, read_round};
use psa_toolkit::text::record_id;
use psa_toolkit::{Error, HttpSend};

pub(crate) use self::lists::{
    ASSOCIATIONS, ITEMS, Part, STATUSES, SUBTYPES, TYPES, boards_listing, priorities_listing,
    sources_listing,
};
use crate::api::rows;
use crate::settings::Settings;
use crate::wire::{self, is};

/// Boards, their lists, and the priorities, active ones only.
pub(crate) fn list_board_metadata(
    settings: &Settings,
    selection: &BoardSelection,
    send: &mut HttpSend,
) -> Result<BoardMetadata, Error> {
    let mut boards = List::<wire::Board>::new(boards_listing(settings), rows);
    let mut priorities = List::<wire::Priority>::new(priorities_listing(settings), rows);
    let mut sources = List::<wire::Source>::new(sources_listing(settings), rows);
    let mut lists: Vec<BoardLists> = Vec::new();
    let mut known = 0_usize;
    let mut longest = 0;
    // Whether there are more boards is asked together with the lists of those that came.
    loop {
        let mut gathered: Vec<&mut dyn Gather> = vec![&mut boards, &mut priorities, &mut sources];
        for board in &mut lists {
            gathered.extend(board.gathered());
        }
        let is_reading = read_round(settings, send, &mut gathered, &mut longest);
        let is_refused = |error: &Error| error.code == ErrorCode::Forbidden;
        let is_lost = boards.error().is_some()
            || priorities.error().is_some()
            || sources.error().is_some_and(|error| !is_refused(error));
        if !is_reading || is_lost {
            break;
        }
        if !has_selected(selection, boards.rows_so_far()) {
            continue;
        }
        for board in boards.rows_so_far().iter().skip(known) {
            if board.is_open() && is_selected(selection, board.id) {
                lists.push(BoardLists::new(settings, board.id));
            }
        }
        known = boards.rows_so_far().len();
    }
    let boards = boards.into_rows()?.into_iter().filter(|it| it.is_open());
    let boards = boards.map(|board| choice(board.id, board.name)).collect();
    let boards = sorted(boards, |board| board);
    let priorities = priorities.into_rows()?.into_iter().map(priority).collect();
    let mut metadata = BoardMetadata {
        boards: boards.iter().map(board).collect(),
        statuses: Vec::new(),
        types: Vec::new(),
        subtypes: Vec::new(),
        items: Vec::new(),
        sources: Vec::new(),
        priorities: sorted(priorities, |it| it),
        omissions: Vec::new(),
    };
    add_sources(sources, &mut metadata)?;
    if let BoardSelection::Only(ids) = selection {
        all_there(settings, &metadata.boards, ids)?;
    }
    let served = Served::of(&lists);
    let mut lists: BTreeMap<i64, BoardLists> =
        lists.into_iter().map(|it| (it.board_id, it)).collect();
    let ids: Vec<i64> = metadata.boards.iter().filter_map(id_of).collect();
    for board in ids.iter().filter_map(|id| lists.remove(id)) {
        board.add_to(&mut metadata, &served)?;
    }
    Ok(metadata)
}

/// A ticket can be opened without a source, so that a refusal is noted.
fn add_sources(sources: List<wire::Source>, metadata: &mut BoardMetadata) -> Result<(), Error> {
    match sources.into_rows() {
        Ok(rows) => {
            let sources = rows.into_iter().map(|it| Choice {
                is_default: is(it.default_flag),
                ..choice(it.id, it.name)
            });
            metadata.sources = sorted(sources.collect(), |it| it);
        }
        Err(error) if error.code == ErrorCode::Forbidden => metadata.omissions.push(Omission {
            part: "sources".to_owned(),
            board_id: None,
            message: error.message.clone(),
        }),
        Err(error) => return Err(error),
    }
    Ok(())
}

/// Nothing more is asked if a selected board is not there: that is an error once all boards are known.
fn has_selected(selection: &BoardSelection, boards: &[wire::Board]) -> bool {
    let BoardSelection::Only(texts) = selection else {
        return true;
    };
    let is_there = |id| boards.iter().any(|it| it.id == id && it.is_open());
    texts
        .iter()
        .all(|text| record_id(text).is_some_and(is_there))
}

fn is_selected(selection: &BoardSelection, id: i64) -> bool {
    match selection {
        BoardSelection::BoardsOnly => false,
        BoardSelection::All => true,
        BoardSelection::Only(texts) => texts.iter().any(|text| record_id(text) == Some(id)),
    }
}

/// The error of selected boards that are not among the active ones.
fn all_there(settings: &Settings, boards: &[Board], selected: &[String]) -> Result<(), Error> {
    let is_there = |text: &String| {
        let id = record_id(text);
        id.is_some() && boards.iter().any(|it| id_of(it) == id)
    };
    let faults: Vec<_> = selected
        .iter()
        .filter(|text| !is_there(text))
        .map(|text| {
            let text = settings.secrets.quote(text);
            field_error(
                "selection",
                format!("`{text}` is not an active service board"),
            )
        })
        .collect();
    if faults.is_empty() {
        return Ok(());
    }
    let message = "cannot list board metadata: a board was not found";
    Err(Error::new(ErrorCode::NotFound, message)
        .hint("ensure that the service board exists, is active, and is visible to the API member's location and role")
        .field_errors(faults))
}

fn id_of(board: &Board) -> Option<i64> {
    board.id.parse().ok()
}

/// The lists of a board.
struct BoardLists<'a> {
    board_id: i64,
    statuses: List<'a, wire::Status>,
    types: List<'a, wire::Type>,
    subtypes: List<'a, wire::Subtype>,
    items: List<'a, wire::Item>,
    associations: List<'a, wire::Association>,
}

impl<'a> BoardLists<'a> {
    fn new(settings: &'a Settings, board_id: i64) -> Self {
        Self {
            board_id,
            statuses: List::new(STATUSES.listing(settings, board_id), rows),
            types: List::new(TYPES.listing(settings, board_id), rows),
            subtypes: List::new(SUBTYPES.listing(settings, board_id), rows),
            items: List::new(ITEMS.listing(settings, board_id), rows),
            associations: List::new(ASSOCIATIONS.listing(settings, board_id), rows),
        }
    }

    fn gathered(&mut self) -> [&mut dyn Gather; 5] {
        [
            &mut self.statuses,
            &mut self.types,
            &mut self.subtypes,
            &mut self.items,
            &mut self.associations,
        ]
    }

    fn add_to(self, metadata: &mut BoardMetadata, served: &Served) -> Result<(), Error> {
        let id = self.board_id.to_string();
        // The board ceased to exist between the two rounds.
        let is_gone = |error: &Error| error.code == ErrorCode::NotFound;
        let errors = [
            self.statuses.error(),
            self.types.error(),
            self.subtypes.error(),
            self.items.error(),
            self.associations.error(),
        ];
        if errors.into_iter().flatten().any(is_gone) {
            metadata.boards.retain(|board| board.id != id);
            return Ok(());
        }
        let statuses = if served.statuses {
            readable(self.statuses, "statuses", &id, metadata)?.unwrap_or_default()
        } else {
            self.statuses.into_rows()?
        };
        let statuses = statuses
            .into_iter()
            .filter(|it| !is(it.inactive))
            .map(|it| TicketStatus {
                is_closed: Some(is(it.closed_status)),
                choice: Choice {
                    is_default: is(it.default_flag),
                    sort_order: order(it.sort_order),
                    ..choice_of(&id, it.id, it.name)
                },
            });
        let statuses = sorted(statuses.collect(), |it| &it.choice);
        metadata.statuses.extend(statuses);
        let types = if served.types {
            readable(self.types, "types", &id, metadata)?.unwrap_or_default()
        } else {
            self.types.into_rows()?
        };
        let types = types.into_iter().filter(|it| !is(it.inactive_flag));
        let types = types.map(|it| Choice {
            is_default: is(it.default_flag),
            ..choice_of(&id, it.id, it.name)
        });
        metadata.types.extend(sorted(types.collect(), |it| it));
        if let Some(subtypes) = readable(self.subtypes, "subtypes", &id, metadata)? {
            let subtypes = subtypes.into_iter().filter(|it| !is(it.inactive_flag));
            let subtypes = subtypes.map(|it| Subtype {
                type_ids: it.type_association_ids.iter().map(i64::to_string).collect(),
                choice: choice_of(&id, it.id, it.name),
            });
            let subtypes = sorted(subtypes.collect(), |it| &it.choice);
            metadata.subtypes.extend(subtypes);
        }
        let items = readable(self.items, "items", &id, metadata)?;
        // Without its combinations an item would seem to go under every type.
        let associations = readable(self.associations, "items", &id, metadata)?;
        if let (Some(items), Some(associations)) = (items, associations) {
            let items = items_of(&id, items, associations);
            metadata.items.extend(sorted(items, |it| &it.choice));
        }
        Ok(())
    }
}

/// Which lists at least one board serves: the role may read them, and a board that refuses is restricted by itself. If all of
/// them refuse, a right is missing.
struct Served {
    statuses: bool,
    types: bool,
}

impl Served {
    fn of(lists: &[BoardLists]) -> Self {
        Self {
            statuses: lists.iter().any(|it| it.statuses.error().is_none()),
            types: lists.iter().any(|it| it.types.error().is_none()),
        }
    }
}

/// The rows of a list that a listing can do without. None: they may not be read, which is noted once.
fn readable<T>(
    list: List<T>,
    part: &str,
    board_id: &str,
    metadata: &mut BoardMetadata,
) -> Result<Option<Vec<T>>, Error> {
    let error = match list.into_rows() {
        Ok(rows) => return Ok(Some(rows)),
        Err(error) if error.code == ErrorCode::Forbidden => error,
        Err(error) => return Err(error),
    };
    let omission = Omission {
        part: part.to_owned(),
        board_id: Some(board_id.to_owned()),
        message: error.message.clone(),
    };
    let is_same =
        |named: &Omission| named.part == omission.part && named.board_id == omission.board_id;
    if !metadata.omissions.iter().any(is_same) {
        metadata.omissions.push(omission);
    }
    Ok(None)
}

/// The active items, each with what it goes under. They come by ascending id.
fn items_of(
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

fn board(choice: &Choice) -> Board {
    Board {
        id: choice.id.clone(),
        name: choice.name.clone(),
        is_default: false,
    }
}

fn choice(id: i64, name: String) -> Choice {
    Choice {
        id: id.to_string(),
        name,
        ..Choice::default()
    }
}

fn choice_of(board_id: &str, id: i64, name: String) -> Choice {
    Choice {
        board_id: Some(board_id.to_owned()),
        ..choice(id, name)
    }
}

fn priority(priority: wire::Priority) -> Choice {
    let level = priority.level.map(|level| Property {
        name: "level".to_owned(),
        value: level.to_ascii_lowercase(),
    });
    Choice {
        is_default: is(priority.default_flag),
        sort_order: order(priority.sort_order),
        color: priority.color.as_deref().and_then(color),
        properties: level.into_iter().collect(),
        ..choice(priority.id, priority.name)
    }
}

fn order(sort_order: Option<i64>) -> Option<i32> {
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

/// By `sortOrder`, then by name without case; boards have a name only. The lists of several boards follow each other in
/// the order of the boards.
fn sorted<T>(entries: Vec<T>, choice: fn(&T) -> &Choice) -> Vec<T> {
    let order = order_of(&entries.iter().map(choice).collect::<Vec<_>>());
    let mut entries: Vec<Option<T>> = entries.into_iter().map(Some).collect();
    let mut take = |index: usize| entries.get_mut(index)?.take();
    order.into_iter().filter_map(&mut take).collect()
}

/// The places of entries in their order. One copy of the sort for entries of every type.
fn order_of(choices: &[&Choice]) -> Vec<usize> {
    let mut keys: Vec<(i32, String, usize)> = choices
        .iter()
        .enumerate()
        .map(|(index, choice)| {
            let order = choice.sort_order.unwrap_or(i32::MAX);
            (order, choice.name.to_ascii_lowercase(), index)
        })
        .collect();
    keys.sort_unstable();
    keys.into_iter().map(|(_, _, index)| index).collect()
}
