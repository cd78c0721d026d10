//! `list-board-metadata`: everything a chooser needs. Boards and priorities in one round, every board's lists in the next,
//! whatever the number of boards; further rounds only for lists that may be longer.

mod board_lists;
mod entries;
mod lists;
mod selection;

use psa_contract::{BoardMetadata, BoardSelection, Choice, ErrorCode};
use psa_toolkit::choices::{self, or_omit, sorted, sorted_by};
use psa_toolkit::pages::{Gather, List, read_round};
use psa_toolkit::{Error, HttpSend};

use self::board_lists::{BoardLists, Served};
use self::entries::{choice, priority};
pub(crate) use self::lists::{
    ASSOCIATIONS, ITEMS, Part, STATUSES, SUBTYPES, TYPES, boards_listing, priorities_listing,
    sources_listing,
};
use self::selection::{all_there, has_selected, is_selected};
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
                lists.push(BoardLists::new(settings, board));
            }
        }
        known = boards.rows_so_far().len();
    }
    let boards = boards.into_rows()?.into_iter().filter(|it| it.is_open());
    let boards = boards.map(|board| choice(board.id, board.name)).collect();
    let boards = choices::boards(sorted(boards));
    let priorities = priorities.into_rows()?.into_iter().map(priority).collect();
    let mut metadata = BoardMetadata {
        boards,
        statuses: Vec::new(),
        types: Vec::new(),
        subtypes: Vec::new(),
        items: Vec::new(),
        sources: Vec::new(),
        priorities: sorted(priorities),
        omissions: Vec::new(),
    };
    // A ticket can be opened without a source.
    let sources = or_omit(
        sources.into_rows(),
        "sources",
        None,
        &mut metadata.omissions,
    )?;
    let sources = sources.into_iter().flatten().map(|it| Choice {
        is_default: is(it.default_flag),
        ..choice(it.id, it.name)
    });
    metadata.sources = sorted(sources.collect());
    if let BoardSelection::Only(ids) = selection {
        all_there(settings, &metadata.boards, ids)?;
    }
    let served = Served::of(&lists);
    for lists in sorted_by(lists, |it| &it.board) {
        lists.add_to(&mut metadata, &served)?;
    }
    Ok(metadata)
}
