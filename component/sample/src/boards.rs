//! `list-board-metadata`: boards and priorities in one round, the lists of every selected board in the next.

use psa_contract::{Board, BoardMetadata, BoardSelection, Choice, TicketStatus};
use psa_toolkit::choices::{self, all_there, sorted, sorted_by};
use psa_toolkit::exchange::{Answer, Call, exchange, exchange_array};
use psa_toolkit::{Error, HttpSend};
use serde::de::DeserializeOwned;

use crate::permissions::BOARDS_READ;
use crate::settings::Settings;
use crate::{api, wire};

pub(crate) fn list_board_metadata(
    settings: &Settings,
    selection: &BoardSelection,
    send: &mut HttpSend,
) -> Result<BoardMetadata, Error> {
    read(settings, selection, &mut api::sign_in(settings, send)?)
}

/// The same over a `send` that is signed in.
pub(crate) fn read(
    settings: &Settings,
    selection: &BoardSelection,
    send: &mut HttpSend,
) -> Result<BoardMetadata, Error> {
    let calls = [call(settings, "boards"), call(settings, "priorities")];
    let [boards, priorities] = exchange_array(settings, send, calls);
    let boards = rows::<wire::Board>(&boards)?.into_iter();
    let priorities = rows(&priorities)?;
    let boards = boards.filter(|board| board.active).map(board).collect();
    let mut boards = choices::boards(sorted(boards));
    let selected = select(&boards, selection)?;
    let calls = selected.iter().flat_map(|id| {
        ["statuses", "types"].map(|list| call(settings, &format!("boards/{id}/{list}")))
    });
    let answers = exchange(settings, send, calls.collect());
    let (pairs, _) = answers.as_chunks();
    let mut metadata = BoardMetadata::default();
    for (id, pair) in selected.into_iter().zip(pairs) {
        if pair.iter().any(|it| api::says(it, 404, "no-such-board")) {
            boards.retain(|board| board.id != id);
            continue;
        }
        let [of_statuses, of_types] = pair;
        metadata.statuses.extend(statuses(rows(of_statuses)?, &id));
        metadata.types.extend(entries(rows(of_types)?, Some(&id)));
    }
    metadata.boards = boards;
    metadata.priorities = entries(priorities, None);
    Ok(metadata)
}

fn call(settings: &Settings, list: &str) -> Call {
    let doing = "list board metadata";
    api::get(settings, doing, Some(&BOARDS_READ), list)
}

fn rows<T: DeserializeOwned>(answer: &Answer) -> Result<Vec<T>, Error> {
    answer.record::<wire::Rows<T>>().map(|it| it.rows)
}

/// In the order of the boards.
fn select(boards: &[Board], selection: &BoardSelection) -> Result<Vec<String>, Error> {
    all_there(boards, selection, "board")?;
    let ids = boards.iter().map(|board| board.id.clone());
    let is_selected = |id: &String| match selection {
        BoardSelection::BoardsOnly => false,
        BoardSelection::All => true,
        BoardSelection::Only(wanted) => wanted.iter().any(|it| it.trim() == id),
    };
    Ok(ids.filter(is_selected).collect())
}

fn entries(rows: Vec<wire::Entry>, board_id: Option<&str>) -> Vec<Choice> {
    sorted(rows.into_iter().map(|row| choice(row, board_id)).collect())
}

fn statuses(rows: Vec<wire::Status>, board_id: &str) -> Vec<TicketStatus> {
    let statuses = rows.into_iter().map(|row| TicketStatus {
        is_closed: Some(row.closed),
        choice: choice(row.entry, Some(board_id)),
    });
    sorted_by(statuses.collect(), |status| &status.choice)
}

fn choice(row: wire::Entry, board_id: Option<&str>) -> Choice {
    Choice {
        id: row.id.to_string(),
        name: row.name,
        board_id: board_id.map(str::to_owned),
        is_default: row.default.unwrap_or(false),
        sort_order: row.rank,
        ..Choice::default()
    }
}

fn board(row: wire::Board) -> Choice {
    Choice {
        id: row.id.to_string(),
        name: row.name,
        ..Choice::default()
    }
}
