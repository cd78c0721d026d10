//! `list-board-metadata`: boards and priorities in one round, the lists of every selected board in the next.

use std::num::NonZeroU64;

use psa_contract::{
    Board, BoardMetadata, BoardSelection, Choice, ConnectorError, ErrorCode, TicketStatus,
};

use crate::api::Call;
use crate::description::BOARDS_READ;
use crate::desk::Desk;
use crate::error::{error, field_error};
use crate::records::{self, Entry, Rows, Status};

pub(crate) fn list_board_metadata(
    desk: &mut Desk,
    selection: &BoardSelection,
) -> Result<BoardMetadata, ConnectorError> {
    let answers = desk.send_all(vec![call("boards"), call("priorities")]);
    let boards: Rows<records::Board> = answers[0].read()?;
    let priorities: Rows<Entry> = answers[1].read()?;
    let mut boards = boards.rows;
    boards.retain(|board| board.active);
    boards.sort_by_cached_key(|board| (board.name.to_lowercase(), board.id));
    let selected = select(&boards, selection)?;
    let calls = selected
        .iter()
        .flat_map(|id| ["statuses", "types"].map(|list| call(&format!("boards/{id}/{list}"))));
    let lists = desk.send_all(calls.collect());
    let (mut statuses, mut types) = (Vec::new(), Vec::new());
    for (id, answers) in selected.iter().zip(lists.chunks(2)) {
        if answers
            .iter()
            .any(|answer| answer.says(404, "no-such-board"))
        {
            boards.retain(|board| board.id != *id);
            continue;
        }
        let of_board: Rows<Status> = answers[0].read()?;
        let mut of_board: Vec<TicketStatus> = of_board
            .rows
            .into_iter()
            .map(|row| status(row, *id))
            .collect();
        of_board.sort_by_cached_key(|status| order(&status.choice));
        statuses.extend(of_board);
        types.extend(choices(answers[1].read()?, Some(*id)));
    }
    Ok(BoardMetadata {
        sources: Vec::new(),
        boards: boards.into_iter().map(board).collect(),
        statuses,
        types,
        subtypes: Vec::new(),
        items: Vec::new(),
        priorities: choices(priorities, None),
        omissions: Vec::new(),
    })
}

fn call(list: &str) -> Call {
    Call {
        doing: "list boards and what belongs to them",
        permission: Some(BOARDS_READ),
        path: format!("/api/{list}"),
        body: None,
        is_sign_in: false,
    }
}

/// In the order of the boards.
fn select(
    boards: &[records::Board],
    selection: &BoardSelection,
) -> Result<Vec<NonZeroU64>, ConnectorError> {
    let ids = boards.iter().map(|board| board.id);
    let wanted = match selection {
        BoardSelection::BoardsOnly => return Ok(Vec::new()),
        BoardSelection::All => return Ok(ids.collect()),
        BoardSelection::Only(wanted) => wanted,
    };
    let known: Vec<String> = ids.clone().map(|id| id.to_string()).collect();
    if wanted.iter().any(|id| !known.contains(id)) {
        let message = "cannot list what belongs to the boards: one is not an active board";
        return Err(ConnectorError {
            hint: Some("list the boards again".to_owned()),
            field_errors: vec![field_error("selection", "one is not an active board")],
            ..error(ErrorCode::NotFound, message.to_owned())
        });
    }
    Ok(ids.filter(|id| wanted.contains(&id.to_string())).collect())
}

fn choices(list: Rows<Entry>, board: Option<NonZeroU64>) -> Vec<Choice> {
    let entries = list.rows.into_iter();
    let mut choices: Vec<Choice> = entries.map(|entry| choice(entry, board)).collect();
    choices.sort_by_cached_key(order);
    choices
}

/// Those without a rank after those with one.
fn order(choice: &Choice) -> (bool, Option<i32>, String) {
    let rank = choice.sort_order;
    (rank.is_none(), rank, choice.name.to_lowercase())
}

fn choice(entry: Entry, board: Option<NonZeroU64>) -> Choice {
    Choice {
        id: entry.id.to_string(),
        name: entry.name,
        board_id: board.map(|id| id.to_string()),
        is_default: entry.default.unwrap_or(false),
        sort_order: entry.rank,
        color: None,
        properties: Vec::new(),
    }
}

fn status(row: Status, board: NonZeroU64) -> TicketStatus {
    let entry = Entry {
        id: row.id,
        name: row.name,
        rank: row.rank,
        default: row.default,
    };
    TicketStatus {
        choice: choice(entry, Some(board)),
        is_closed: Some(row.closed),
    }
}

fn board(board: records::Board) -> Board {
    Board {
        id: board.id.to_string(),
        name: board.name,
        is_default: false,
    }
}
