//! Entries of choosers, whatever the PSA: their order, the boards that a caller selects, and lists that may be left out.

use std::collections::BTreeSet;

use psa_contract::{
    Board, BoardSelection, Choice, ErrorCode, Omission, Property, Subtype, TicketStatus,
};

use crate::error::{Error, field_error};

/// Each once, the first with its id; by `sort-order`, those without one last, then by name.
#[must_use]
pub fn sorted(choices: Vec<Choice>) -> Vec<Choice> {
    sorted_by(choices, |it| it)
}

/// The same for entries that hold a choice.
#[must_use]
pub fn sorted_by<T>(mut entries: Vec<T>, choice: fn(&T) -> &Choice) -> Vec<T> {
    let mut seen = BTreeSet::new();
    entries.retain(|entry| seen.insert(choice(entry).id.clone()));
    // Of keys and places, so that there is one copy of the sort for entries of every type.
    entries.sort_by_cached_key(|entry| {
        let it = choice(entry);
        let (id, order) = (it.id.parse::<i64>().ok(), it.sort_order);
        (order.is_none(), order, it.name.to_lowercase(), id)
    });
    entries
}

/// Choices that are boards, by name.
#[must_use]
pub fn boards(choices: Vec<Choice>) -> Vec<Board> {
    let by_name = choices.into_iter().map(|choice| Choice {
        sort_order: None,
        ..choice
    });
    let boards = sorted(by_name.collect()).into_iter().map(|it| Board {
        id: it.id,
        name: it.name,
        is_default: it.is_default,
    });
    boards.collect()
}

/// Choices that are statuses, of a PSA that tells of one alone that it closes tickets.
#[must_use]
pub fn statuses(choices: Vec<Choice>, closed: i64) -> Vec<TicketStatus> {
    let closed = closed.to_string();
    let statuses = choices.into_iter().map(|choice| TicketStatus {
        is_closed: (choice.id == closed).then_some(true),
        choice,
    });
    statuses.collect()
}

/// Choices that are subtypes of every type.
#[must_use]
pub fn subtypes_of_all(choices: Vec<Choice>) -> Vec<Subtype> {
    let subtypes = choices.into_iter().map(|choice| Subtype {
        choice,
        type_ids: Vec::new(),
    });
    subtypes.collect()
}

/// How urgent a priority is, if its name is one of the four words for that.
#[must_use]
pub fn level_of(name: &str) -> Option<&'static str> {
    let mut levels = ["critical", "high", "medium", "low"].into_iter();
    levels.find(|level| level.eq_ignore_ascii_case(name))
}

/// The property that says how urgent a priority is.
#[must_use]
pub fn level(level: &str) -> Property {
    Property {
        name: "level".to_owned(),
        value: level.to_owned(),
    }
}

/// The entries of a list that a chooser can do without. None: they may not be read, which is noted once.
///
/// # Errors
/// Any but `forbidden`.
pub fn or_omit<T>(
    read: Result<Vec<T>, Error>,
    part: &str,
    board_id: Option<&str>,
    omissions: &mut Vec<Omission>,
) -> Result<Option<Vec<T>>, Error> {
    let error = match read {
        Ok(entries) => return Ok(Some(entries)),
        Err(error) if error.code == ErrorCode::Forbidden => error,
        Err(error) => return Err(error),
    };
    let is_noted = |it: &Omission| it.part == part && it.board_id.as_deref() == board_id;
    if !omissions.iter().any(is_noted) {
        omissions.push(Omission {
            part: part.to_owned(),
            board_id: board_id.map(str::to_owned),
            message: error.message.clone(),
        });
    }
    Ok(None)
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
            choice("10", "y", Some(2)),
            choice("6", "x", Some(-1)),
        ]);
        let ids: Vec<&str> = choices.iter().map(|it| it.id.as_str()).collect();
        assert_eq!(ids, ["6", "4", "5", "10", "3", "2", "1"]);
        let boards = boards(choices.clone()).into_iter();
        let by_name: Vec<String> = boards.map(|it| it.id).collect();
        assert_eq!(by_name, ["2", "1", "6", "4", "5", "10", "3"]);
        for status in statuses(choices, 4) {
            let expected = (status.choice.id == "4").then_some(true);
            assert_eq!(status.is_closed, expected);
        }
    }

    #[test]
    fn a_level_is_known_by_its_word() {
        for (name, expected) in [
            ("High", Some("high")),
            ("critical", Some("critical")),
            ("High!", None),
            ("", None),
        ] {
            assert_eq!(level_of(name), expected, "{name}");
        }
        assert_eq!(
            (level("low").name.as_str(), level("low").value.as_str()),
            ("level", "low")
        );
    }

    #[test]
    fn a_list_that_may_not_be_read_is_noted_once() {
        let mut omissions = Vec::new();
        for (code, board, is_left_out) in [
            (ErrorCode::Forbidden, None, true),
            (ErrorCode::Forbidden, None, true),
            (ErrorCode::Forbidden, Some("5"), true),
            (ErrorCode::NotFound, None, false),
        ] {
            let read = Err::<Vec<i64>, _>(Error::new(code, "no"));
            let entries = or_omit(read, "items", board, &mut omissions);
            assert_eq!(
                entries.is_ok_and(|it| it.is_none()),
                is_left_out,
                "{code:?}"
            );
        }
        let noted: Vec<_> = omissions.iter().map(|it| it.board_id.as_deref()).collect();
        assert_eq!(noted, [None, Some("5")]);
        let entries = or_omit(Ok(vec![7]), "items", None, &mut omissions);
        assert_eq!(entries.expect("entries"), Some(vec![7]));
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
