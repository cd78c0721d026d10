//! `set-status`: reads the ticket and the statuses, which are those of every team, writes once, and compares.

use psa_contract::{ChangedTicket, StatusChange, Ticket};
use psa_toolkit::change_once::{Steps, change_once};
use psa_toolkit::error::invalid_input;
use psa_toolkit::exchange::{Answer, exchange_array};
use psa_toolkit::pages::Row as _;
use psa_toolkit::status_change::{self, choose, compare, refuse_merged, status_id};
use psa_toolkit::{Error, HttpSend};

use super::{call, read, ticket, with_status_name};
use crate::api::{self, written};
use crate::boards::STATUSES;
use crate::draft::FIELDS;
use crate::permissions::TICKETS_EDIT;
use crate::settings::Settings;
use crate::wire;

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
    let of_all = STATUSES.4(&statuses)?;
    let board = before.board.as_ref().map_or("unknown", |board| &board.id);
    let status = choose(&doing, &wanted.status_ids, &of_all, board)?;
    let named = |ticket| with_status_name(ticket, &statuses);
    if status_id(&before) == Some(status.to_string().as_str()) {
        return Ok(ChangedTicket {
            ticket: named(before),
            is_changed: false,
        });
    }
    let record = format!(r#"{{"id":{id},"status_id":{status}}}"#);
    let mut steps = Steps {
        tenant: settings,
        write: &|| api::write(settings, &doing, &TICKETS_EDIT, "Tickets", &record),
        shown: &|answer: &Answer| shown(settings, id, answer),
        read: &|| call(settings, &doing, id),
        state: &|answer: &Answer| with_status(settings, &doing, id, answer),
        is_made: &|ticket| status_id(ticket) != status_id(&before),
    };
    let after = change_once(&mut steps, send).map_err(|error| error.of_ticket(id))?;
    compare(&doing, &before, named(after))
}

/// The ticket in the answer to the write. None: it does not show its status.
fn shown(settings: &Settings, id: i64, answer: &Answer) -> Result<Option<Ticket>, Error> {
    let record: wire::Ticket = written(answer)?;
    if record.id() != id {
        return Err(answer.unexpected("expected the ticket that was changed, found another"));
    }
    let ticket = ticket(settings, record);
    Ok(Some(ticket).filter(|ticket| ticket.status.is_some()))
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
