//! `list-board-metadata`: boards and priorities in one round, the lists of every selected board in the next.

use psa_contract::{Board, BoardMetadata, BoardSelection, Choice, ErrorCode, TicketStatus};
use psa_toolkit::error::field_error;
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
    let mut boards: Vec<wire::Board> = rows(&boards)?;
    let priorities = rows(&priorities)?;
    boards.retain(|board| board.active);
    boards.sort_by_cached_key(|board| (board.name.to_lowercase(), board.id));
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
        metadata.statuses.extend(statuses(rows(of_statuses)?, id));
        metadata.types.extend(choices(rows(of_types)?, Some(id)));
    }
    metadata.boards = boards.into_iter().map(board).collect();
    metadata.priorities = choices(priorities, None);
    Ok(metadata)
}

fn call(settings: &Settings, list: &str) -> Call {
    let doing = "list board metadata";
    api::get(settings, doing, Some(&BOARDS_READ), list)
}

fn rows<T: DeserializeOwned>(answer: &Answer) -> Result<Vec<T>, Error> {
    answer.read::<wire::Rows<T>>().map(|it| it.rows)
}

/// In the order of the boards.
fn select(boards: &[wire::Board], selection: &BoardSelection) -> Result<Vec<i64>, Error> {
    let ids = boards.iter().map(|board| board.id);
    let wanted = match selection {
        BoardSelection::BoardsOnly => return Ok(Vec::new()),
        BoardSelection::All => return Ok(ids.collect()),
        BoardSelection::Only(wanted) => wanted,
    };
    let known: Vec<String> = ids.clone().map(|id| id.to_string()).collect();
    if wanted.iter().any(|id| !known.contains(id)) {
        let message = "cannot list board metadata: one of the boards is not active";
        return Err(Error::new(ErrorCode::NotFound, message)
            .hint("list the boards again")
            .field_errors(vec![field_error(
                "selection",
                "one of the boards is not active",
            )]));
    }
    Ok(ids.filter(|id| wanted.contains(&id.to_string())).collect())
}

fn choices(rows: Vec<wire::Entry>, board_id: Option<i64>) -> Vec<Choice> {
    let choices = rows.into_iter().map(|row| choice(row, board_id));
    let mut choices: Vec<Choice> = choices.collect();
    choices.sort_by_cached_key(order);
    choices
}

fn statuses(rows: Vec<wire::Status>, board_id: i64) -> Vec<TicketStatus> {
    let mut statuses: Vec<TicketStatus> = rows
        .into_iter()
        .map(|row| TicketStatus {
            is_closed: Some(row.closed),
            choice: choice(row.entry, Some(board_id)),
        })
        .collect();
    statuses.sort_by_cached_key(|status| order(&status.choice));
    statuses
}

/// Those without a rank after those with one.
fn order(choice: &Choice) -> (bool, Option<i32>, String) {
    let rank = choice.sort_order;
    (rank.is_none(), rank, choice.name.to_lowercase())
}

fn choice(row: wire::Entry, board_id: Option<i64>) -> Choice {
    Choice {
        id: row.id.to_string(),
        name: row.name,
        board_id: board_id.map(|id| id.to_string()),
        is_default: row.default.unwrap_or(false),
        sort_order: row.rank,
        ..Choice::default()
    }
}

fn board(row: wire::Board) -> Board {
    Board {
        id: row.id.to_string(),
        name: row.name,
        is_default: false,
    }
}
