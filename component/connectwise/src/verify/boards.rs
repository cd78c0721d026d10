//! Which boards are tried, and whether there are more of them than came.

use psa_toolkit::exchange::{Answer, Call};
use psa_toolkit::pages::{IdListing as _, Page, Window};

use crate::boards::{Part, STATUSES, TYPES, boards_listing};
use crate::settings::Settings;
use crate::wire::{AnyRecord, Board};

/// One board may be restricted, so several are tried. Not all: a tenant may have hundreds.
pub(super) const MOST_TRIED: usize = 5;
/// The lists of a board that need a right.
const LISTS: [Part; 2] = [TYPES, STATUSES];

/// The boards that take tickets now.
pub(super) fn open_boards(boards: Option<&Page<Board>>) -> impl Iterator<Item = &Board> {
    let rows = boards.map_or(&[][..], |page| &page.rows);
    rows.iter().filter(|board| board.is_open())
}

/// For each of the calls, which board it asks about.
pub(super) fn tried_boards(boards: Option<&Page<Board>>) -> impl Iterator<Item = &Board> {
    let tried = open_boards(boards).take(MOST_TRIED);
    tried.flat_map(|board| [board; LISTS.len()])
}

/// Asks for the lists of the first boards.
pub(super) fn probes_of_boards(settings: &Settings, boards: Option<&Page<Board>>) -> Vec<Call> {
    let mut calls = Vec::new();
    for board in open_boards(boards).take(MOST_TRIED) {
        calls.extend(LISTS.map(|part| part.listing(settings, board.id).first(1)));
    }
    calls
}

/// Asks for one more board. None: the first page has all of them, since it is empty, or shorter than another page that the
/// server has served, of `longest` rows.
pub(super) fn next_board(
    settings: &Settings,
    boards: Option<&Page<Board>>,
    longest: usize,
) -> Option<Call> {
    let boards = boards?;
    let last = boards.rows.last()?;
    let above = Window {
        after: Some(last.id),
        through: None,
    };
    let may_be_cut = boards.server_has_more || boards.rows.len() >= longest;
    may_be_cut.then(|| boards_listing(settings).call(above, 1))
}

/// Whether the answer to `next_board` says that there are no more.
pub(super) fn is_end(next_board: &Answer) -> bool {
    let rows = next_board.records::<AnyRecord>();
    rows.is_ok_and(|rows| rows.is_empty())
}
