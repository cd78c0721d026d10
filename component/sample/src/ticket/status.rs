//! `set-status`: reads the ticket and the statuses of its board, writes once, and compares.

use psa_contract::{ChangedTicket, StatusChange};
use psa_toolkit::change_once::Steps;
use psa_toolkit::exchange::{Answer, exchange_one};
use psa_toolkit::status::unexpected;
use psa_toolkit::status_change::{self, changeable, choose, set_once, status_id};
use psa_toolkit::{Error, HttpSend};

use crate::draft::FIELDS;
use crate::permissions::{BOARDS_READ, TICKETS_WRITE};
use crate::settings::Settings;
use crate::{api, ticket, wire};

const DOING: &str = "set the status of the ticket";

pub(crate) fn set_status(
    settings: &Settings,
    change: &StatusChange,
    send: &mut HttpSend,
) -> Result<ChangedTicket, Error> {
    let wanted = status_change::read(&FIELDS, change)?;
    let send = &mut api::sign_in(settings, send)?;
    let id = wanted.ticket_id;
    let read = || ticket::call(settings, DOING, id).names_a_record(true);
    let state = |answer: &Answer| changeable(DOING, ticket::read(settings, id, answer)?, answer);
    let before = state(&exchange_one(settings, send, read()))?;
    let Some(board) = before.board.as_ref().map(|board| &board.id) else {
        return Err(unexpected(DOING, "the answer does not show its board"));
    };
    let path = format!("boards/{board}/statuses");
    let call = api::get(settings, DOING, Some(&BOARDS_READ), &path).names_a_record(true);
    let of_board: wire::Rows<wire::Status> = exchange_one(settings, send, call).record()?;
    let of_board: Vec<i64> = of_board.rows.iter().map(|row| row.entry.id).collect();
    let status = choose(DOING, &wanted.status_ids, &of_board, board)?;
    let (path, body) = (format!("tickets/{id}"), format!(r#"{{"status":{status}}}"#));
    let steps = Steps {
        tenant: settings,
        write: &|| {
            let body = body.clone();
            api::write(settings, "PATCH", DOING, &TICKETS_WRITE, &path, body)
        },
        shown: &|answer: &Answer| {
            let ticket = ticket::ticket(settings, answer.record()?);
            status_change::shown(id, ticket, answer)
        },
        read: &read,
        state: &state,
        is_made: &|ticket| status_id(ticket) != status_id(&before),
        wrote_nothing: |_| false,
    };
    set_once(DOING, &before, status, steps, send)
}
