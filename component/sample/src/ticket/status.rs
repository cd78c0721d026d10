//! `set-status`: reads the ticket and the statuses of its board, writes once, and compares.

use psa_contract::{ChangedTicket, ErrorCode, StatusChange, Ticket};
use psa_toolkit::change_once::{Change, change_once};
use psa_toolkit::error::invalid_input;
use psa_toolkit::exchange::{Answer, exchange_one};
use psa_toolkit::status_change::{self, choose, compare, refuse_merged, status_id};
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
    let mut faults = Vec::new();
    let wanted = status_change::parse(&FIELDS, change, &mut faults);
    if !faults.is_empty() {
        return Err(invalid_input(DOING, faults));
    }
    let send = &mut api::sign_in(settings, send)?;
    let id = wanted.ticket_id;
    let before = read(settings, id, send)?;
    let Some(board) = before.board.as_ref().map(|board| &board.id) else {
        let message = format!("cannot {DOING}: the answer does not show its board");
        return Err(Error::new(ErrorCode::UnexpectedResponse, message));
    };
    let path = format!("boards/{board}/statuses");
    let call = api::get(settings, DOING, Some(&BOARDS_READ), &path).names_a_record(true);
    let of_board: wire::Rows<wire::Status> = exchange_one(settings, send, call).read()?;
    let of_board: Vec<i64> = of_board.rows.iter().map(|row| row.entry.id).collect();
    let status = choose(DOING, &wanted.status_ids, &of_board, board)?;
    if status_id(&before) == Some(status.to_string().as_str()) {
        return Ok(ChangedTicket {
            ticket: before,
            is_changed: false,
        });
    }
    let after = change_once(
        &mut Setting {
            settings,
            id,
            status,
        },
        send,
    )?;
    compare(DOING, &before, after)
}

/// The ticket as it is, with its status. One that was merged into another keeps the status that it has.
fn read(settings: &Settings, id: i64, send: &mut HttpSend) -> Result<Ticket, Error> {
    let call = ticket::call(settings, DOING, id).names_a_record(true);
    let answer = exchange_one(settings, send, call);
    let ticket = ticket::read(settings, id, &answer)?;
    refuse_merged(DOING, &ticket)?;
    match ticket.status {
        Some(_) => Ok(ticket),
        None => Err(answer.unexpected("expected a ticket with its status")),
    }
}

struct Setting<'a> {
    settings: &'a Settings,
    id: i64,
    status: i64,
}

impl<'a> Change<'a> for Setting<'a> {
    type State = Ticket;

    fn write(&mut self, send: &mut HttpSend) -> Answer<'a> {
        let path = format!("tickets/{}", self.id);
        let body = format!(r#"{{"status":{}}}"#, self.status);
        let call = api::write(self.settings, "PATCH", DOING, &TICKETS_WRITE, &path, body);
        exchange_one(self.settings, send, call)
    }

    fn shown(&self, answer: &Answer) -> Result<Option<Ticket>, Error> {
        let ticket = ticket::read(self.settings, self.id, answer)?;
        Ok(Some(ticket).filter(|it| it.status.is_some()))
    }

    fn read(&mut self, send: &mut HttpSend) -> Result<Ticket, Error> {
        read(self.settings, self.id, send)
    }

    fn is_made(&self, ticket: &Ticket) -> bool {
        status_id(ticket) == Some(self.status.to_string().as_str())
    }
}
