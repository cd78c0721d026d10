//! Which boards the caller has selected.

use psa_contract::{Board, BoardSelection, ErrorCode};
use psa_toolkit::Error;
use psa_toolkit::error::field_error;
use psa_toolkit::text::record_id;

use crate::settings::Settings;
use crate::wire;

/// Nothing more is asked if a selected board is not there: that is an error once all boards are known.
pub(super) fn has_selected(selection: &BoardSelection, boards: &[wire::Board]) -> bool {
    let BoardSelection::Only(texts) = selection else {
        return true;
    };
    let is_there = |id| boards.iter().any(|it| it.id == id && it.is_open());
    texts
        .iter()
        .all(|text| record_id(text).is_some_and(is_there))
}

pub(super) fn is_selected(selection: &BoardSelection, id: i64) -> bool {
    match selection {
        BoardSelection::BoardsOnly => false,
        BoardSelection::All => true,
        BoardSelection::Only(texts) => texts.iter().any(|text| record_id(text) == Some(id)),
    }
}

/// The error of selected boards that are not among the active ones.
pub(super) fn all_there(
    settings: &Settings,
    boards: &[Board],
    selected: &[String],
) -> Result<(), Error> {
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
