//! Entries of choosers, whatever the PSA: their order, and the boards that a caller selects.

use psa_contract::{Board, BoardSelection, Choice, ErrorCode};

use crate::error::{Error, field_error};

/// By `sort-order`, those without one last, then by name.
#[must_use]
pub fn sorted(mut choices: Vec<Choice>) -> Vec<Choice> {
    choices.sort_by_cached_key(|it| {
        let name = it.name.to_lowercase();
        (it.sort_order.is_none(), it.sort_order, name, it.id.clone())
    });
    choices
}

/// Refuses a selection of boards that are not all there. `label` is what the PSA calls one.
///
/// # Errors
/// `not-found`
pub fn all_there(boards: &[Board], selection: &BoardSelection, label: &str) -> Result<(), Error> {
    let BoardSelection::Only(wanted) = selection else {
        return Ok(());
    };
    let is_there = |id: &String| boards.iter().any(|board| board.id == id.trim());
    if wanted.iter().all(is_there) {
        return Ok(());
    }
    let fault = format!("one is not an active {label}, or these credentials may not see it");
    let message = format!("cannot list what belongs to the boards: {fault}");
    Err(Error::new(ErrorCode::NotFound, message)
        .hint("list the boards again")
        .field_errors(vec![field_error("selection", fault)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_come_by_their_order_and_then_by_name() {
        let choice = |id: &str, name: &str, sort_order| Choice {
            id: id.to_owned(),
            name: name.to_owned(),
            sort_order,
            ..Choice::default()
        };
        let choices = sorted(vec![
            choice("1", "b", None),
            choice("2", "A", None),
            choice("3", "z", Some(2)),
            choice("5", "Y", Some(2)),
            choice("4", "y", Some(2)),
            choice("6", "x", Some(-1)),
        ]);
        let ids: Vec<&str> = choices.iter().map(|it| it.id.as_str()).collect();
        assert_eq!(ids, ["6", "4", "5", "3", "2", "1"]);
    }

    #[test]
    fn a_board_that_is_not_there_is_not_found() {
        let boards = [Board {
            id: "5".to_owned(),
            ..Board::default()
        }];
        let only = |ids: &[&str]| {
            let ids = ids.iter().map(|id| (*id).to_owned());
            BoardSelection::Only(ids.collect())
        };
        for (selection, is_right) in [
            (BoardSelection::All, true),
            (BoardSelection::BoardsOnly, true),
            (only(&[]), true),
            (only(&["5", " 5 "]), true),
            (only(&["5", "6"]), false),
        ] {
            let found = all_there(&boards, &selection, "team");
            let code = found.err().map(|error| error.code);
            let expected = (!is_right).then_some(ErrorCode::NotFound);
            assert_eq!(code, expected, "{selection:?}");
        }
    }
}
