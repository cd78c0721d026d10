//! `get-ticket`, and what the other operations on tickets share: how one is read, and what becomes of it.

mod check;
mod create;
mod find;
mod look_up;
mod status;

use psa_contract::{Named, Ticket, TicketLookup};
use psa_toolkit::exchange::{Answer, exchange_array};
use psa_toolkit::loose::{Maybe, Text, Whole};
use psa_toolkit::pages::Row as _;
use psa_toolkit::{Error, HttpSend, query};

pub(crate) use self::check::check_ticket;
pub(crate) use self::create::create_ticket;
pub(crate) use self::find::find_tickets;
pub(crate) use self::status::set_status;
use crate::api::{self, if_there, one, rows};
use crate::boards::{CLOSED, STATUSES};
use crate::settings::Settings;
use crate::wire::{self, Entry, time};

/// One ticket, with the name of its status, which the ticket itself does not show.
pub(crate) fn get_ticket(
    settings: &Settings,
    id: &str,
    send: &mut HttpSend,
) -> Result<TicketLookup, Error> {
    let id = query::ticket_id(id)?;
    let send = &mut api::sign_in(settings, send)?;
    let calls = [
        one(settings, &format!("read ticket {id}"), "Tickets", id),
        STATUSES.call(settings),
    ];
    let [answer, statuses] = exchange_array(settings, send, calls);
    let ticket = if_there(&answer, id)?.map(|record| ticket(settings, record));
    Ok(TicketLookup {
        ticket: ticket.map(|ticket| with_status_name(ticket, &statuses)),
    })
}

/// The ticket as the contract has it, without the name of its status.
pub(crate) fn ticket(settings: &Settings, record: wire::Ticket) -> Ticket {
    let id = record.id().to_string();
    let is_closed = is_closed(&record);
    let name = |entry: Maybe<Entry>| entry.0.unwrap_or_default().name;
    Ticket {
        number: id.clone(),
        web_url: Some(format!("{}/tickets?id={id}", settings.origin)),
        id,
        reference: record.reference(),
        summary: record.summary.or_empty(),
        company: named(record.client_id, record.client_name),
        board: named(record.team_id, record.team),
        status: named(record.status_id, Text(None)),
        is_closed: record.status_id.id().map(|_| is_closed),
        priority: named(record.priority_id, name(record.priority)),
        ticket_type: named(record.tickettype_id, name(record.tickettype)),
        contact: named(record.user_id, record.user_name),
        created_at: time(record.dateoccurred),
        updated_at: time(record.last_update),
        closed_at: time(record.dateclosed).filter(|_| is_closed),
        merged_into_id: record.merged_into_id.id_text(),
        ..Ticket::default()
    }
}

/// As far as Halo says so: it does not say which statuses close a ticket, but that one was closed.
fn is_closed(record: &wire::Ticket) -> bool {
    record.hasbeenclosed.is_set() || record.status_id.0 == Some(CLOSED)
}

fn named(id: Whole, Text(name): Text) -> Option<Named> {
    let id = id.id_text()?;
    Some(Named { id, name })
}

/// The name is for people: nobody misses a list of statuses that cannot be read.
fn with_status_name(mut ticket: Ticket, statuses: &Answer) -> Ticket {
    let statuses: Vec<Entry> = rows(statuses).unwrap_or_default();
    if let Some(status) = &mut ticket.status {
        let mut statuses = statuses.into_iter();
        let found = statuses.find(|it| it.id().to_string() == status.id);
        status.name = found.and_then(|it| it.name.0);
    }
    ticket
}
