//! `set-status`: reads the ticket and the statuses, which are those of every team, writes once, and compares.

use psa_contract::{ChangedTicket, StatusChange, Ticket};
use psa_toolkit::change_once::{Change, change_once};
use psa_toolkit::error::invalid_input;
use psa_toolkit::exchange::{Answer, exchange_array, exchange_one};
use psa_toolkit::status_change::{self, choose, compare, refuse_merged, status_id};
use psa_toolkit::{Error, HttpSend};

use super::{call, of_ticket, read, ticket, with_status_name};
use crate::api::{self, rows, written};
use crate::boards::{STATUSES, active};
use crate::draft::FIELDS;
use crate::permissions::TICKETS_EDIT;
use crate::settings::Settings;
use crate::wire::{self, Entry};

/// Sets the status of one ticket.
pub(crate) fn set_status(
    settings: &Settings,
    change: &StatusChange,
    send: &mut HttpSend,
) -> Result<ChangedTicket, Error> {
    let mut faults = Vec::new();
    let wanted = status_change::parse(&FIELDS, change, &mut faults);
    if !faults.is_empty() {
        return Err(invalid_input("set the status", faults));
    }
    let id = wanted.ticket_id;
    let doing = format!("set the status of ticket {id}");
    let send = &mut api::sign_in(settings, send)?;
    let calls = [call(settings, &doing, id), STATUSES.call(settings)];
    let [answer, statuses] = exchange_array(settings, send, calls);
    let before = with_status(settings, &doing, id, &answer)?;
    let of_all: Vec<i64> = active(rows::<Entry>(&statuses)?).map(|it| it.id).collect();
    let board = before.board.as_ref().map_or("unknown", |board| &board.id);
    let status = choose(&doing, &wanted.status_ids, &of_all, board)?;
    let named = |ticket| with_status_name(ticket, &statuses);
    if status_id(&before) == Some(status.to_string().as_str()) {
        return Ok(ChangedTicket {
            ticket: named(before),
            is_changed: false,
        });
    }
    let mut setting = Setting {
        settings,
        doing: &doing,
        id,
        status,
        before: &before,
    };
    let after = change_once(&mut setting, send).map_err(|error| of_ticket(id, error))?;
    compare(&doing, &before, named(after))
}

/// The ticket in an answer, which is not merged into another and shows its status.
fn with_status(
    settings: &Settings,
    doing: &str,
    id: i64,
    answer: &Answer,
) -> Result<Ticket, Error> {
    let ticket = ticket(settings, read(id, answer)?);
    refuse_merged(doing, &ticket)?;
    match ticket.status {
        Some(_) => Ok(ticket),
        None => Err(answer.unexpected("expected a ticket with its status")),
    }
}

struct Setting<'a, 'b> {
    settings: &'a Settings,
    doing: &'b str,
    id: i64,
    status: i64,
    before: &'b Ticket,
}

impl<'a> Change<'a> for Setting<'a, '_> {
    type State = Ticket;

    fn write(&mut self, send: &mut HttpSend) -> Answer<'a> {
        let record = format!(r#"{{"id":{},"status_id":{}}}"#, self.id, self.status);
        let permission = &TICKETS_EDIT;
        let call = api::write(self.settings, self.doing, permission, "Tickets", &record);
        exchange_one(self.settings, send, call)
    }

    fn shown(&self, answer: &Answer) -> Result<Option<Ticket>, Error> {
        let record: wire::Ticket = written(answer)?;
        if record.id != self.id {
            return Err(answer.unexpected("expected the ticket that was changed, found another"));
        }
        let ticket = ticket(self.settings, record);
        Ok(Some(ticket).filter(|ticket| ticket.status.is_some()))
    }

    fn read(&mut self, send: &mut HttpSend) -> Result<Ticket, Error> {
        let call = call(self.settings, self.doing, self.id);
        let answer = exchange_one(self.settings, send, call);
        with_status(self.settings, self.doing, self.id, &answer)
    }

    fn is_made(&self, ticket: &Ticket) -> bool {
        status_id(ticket) != status_id(self.before)
    }
}
