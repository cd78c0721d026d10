//! Which boards are tried, and how many there are.

use psa_toolkit::exchange::{Answer, Call};
use psa_toolkit::pages::{IdListing as _, Page, Window};

use crate::api::rows;
use crate::boards::{STATUSES, TYPES, boards_listing};
use crate::settings::Settings;
use crate::wire::{AnyRecord, Board};

/// One board may be restricted, so several are tried. Not all: a tenant may have hundreds.
pub(super) const MOST_TRIED: usize = 5;

/// The boards that take tickets now.
pub(super) fn open_boards(boards: Option<&Page<Board>>) -> impl Iterator<Item = &Board> {
    let rows = boards.map_or(&[][..], |page| &page.rows);
    rows.iter().filter(|board| board.is_open())
}

/// The lists of the first boards, each with its board.
pub(super) fn probes_of_boards<'a>(
    settings: &Settings,
    boards: Option<&'a Page<Board>>,
) -> Vec<(&'a Board, Call)> {
    let mut probes = Vec::new();
    for board in open_boards(boards).take(MOST_TRIED) {
        for part in [TYPES, STATUSES] {
            probes.push((board, part.listing(settings, board.id).first(1)));
        }
    }
    probes
}

/// Asks for one more board, to know whether the first page has all of them. None: it has, since it is empty, or shorter than
/// another page that the server has served, of `longest` rows.
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

/// How many boards take tickets now. None: that is not known, or there are more than a page, and nobody needs the number of
/// those. `next` is the answer to `next_board`, if that was asked.
pub(super) fn count_of_boards(boards: Option<&Page<Board>>, next: Option<&Answer>) -> Option<u32> {
    boards?;
    if let Some(next) = next {
        let above = rows::<AnyRecord>(next).ok()?;
        if !above.rows.is_empty() {
            return None;
        }
    }
    u32::try_from(open_boards(boards).count()).ok()
}
