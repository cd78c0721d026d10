//! `set-status`: reads the ticket and the statuses, which are those of every team, writes once, and compares.

use psa_contract::{ChangedTicket, Operation, StatusChange, Ticket};
use psa_toolkit::change_once::Steps;
use psa_toolkit::exchange::{Answer, exchange_array};
use psa_toolkit::pages::Row as _;
use psa_toolkit::status_change::{self, changeable, choose, set_once, status_id};
use psa_toolkit::{Error, HttpSend};

use super::{ticket, with_status_name};
use crate::api::{self, one, the_one, written};
use crate::boards::STATUSES;
use crate::draft::STATUS_FIELDS;
use crate::settings::Settings;

/// Sets the status of one ticket.
pub(crate) fn set_status(
    settings: &Settings,
    change: &StatusChange,
    send: &mut HttpSend,
) -> Result<ChangedTicket, Error> {
    let wanted = status_change::read(&STATUS_FIELDS, change)?;
    let id = wanted.ticket_id;
    let doing = format!("set the status of ticket {id}");
    let send = &mut api::sign_in(settings, send)?;
    let read = || one(settings, &doing, "Tickets", id);
    let [answer, statuses] = exchange_array(settings, send, [read(), STATUSES.call(settings)]);
    let named = |record| with_status_name(ticket(settings, record), &statuses);
    let state = |answer: &Answer| changeable(&doing, named(the_one(answer, id)?), answer);
    let before: Ticket = state(&answer)?;
    let active = STATUSES.active(&statuses)?;
    let of_all: Vec<i64> = active.iter().map(|status| status.id()).collect();
    let board = before.board.as_ref().map_or("unknown", |board| &board.id);
    let status = choose(&doing, &wanted.status_ids, &of_all, board)?;
    let record = format!(r#"{{"id":{id},"status_id":{status}}}"#);
    let steps = Steps {
        tenant: settings,
        write: &|| api::write(settings, &doing, Operation::SetStatus, &record),
        shown: &|answer: &Answer| status_change::shown(id, named(written(answer)?), answer),
        read: &read,
        state: &state,
        is_made: &|ticket| status_id(ticket) != status_id(&before),
        wrote_nothing: |_| false,
    };
    set_once(&doing, &before, status, steps, send)
}
