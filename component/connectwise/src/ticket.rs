//! `get-ticket`, and what the other operations on tickets share: how one is read, and what becomes of it.

mod check;
mod create;
mod find;
mod not_applied;
mod status;

use psa_contract::{ErrorCode, Named, Ticket, TicketLookup};
use psa_toolkit::error::unless;
use psa_toolkit::exchange::{Answer, Call, exchange_one};
use psa_toolkit::json::Record;
use psa_toolkit::text::is_utc_time;
use psa_toolkit::{Error, HttpSend, query, url};

pub(crate) use self::check::check_ticket;
pub(crate) use self::create::create_ticket;
pub(crate) use self::find::find_tickets;
pub(crate) use self::status::{FIELDS as STATUS_FIELDS, set_status};
use crate::permissions::TICKETS_INQUIRE;
use crate::settings::Settings;
use crate::wire::{self, Reference, is};

/// `_info`, which holds the date of entry, is served only where it is named.
const FIELDS: &str = "id,summary,company/id,company/name,board/id,board/name,status/id,status/name,type/id,type/name,\
                      priority/id,priority/name,contact/id,contact/name,closedFlag,closedDate,mergedParentTicket/id,\
                      externalXRef,_info";

const NO_SUMMARY: &str = "expected a text in `summary`, found null or nothing";

/// One ticket; none only where the PSA says `NotFound`. Any other 404 is an error: it speaks of the site, not of a ticket.
pub(crate) fn get_ticket(
    settings: &Settings,
    id: &str,
    send: &mut HttpSend,
) -> Result<TicketLookup, Error> {
    let id = query::ticket_id(id)?;
    let ticket = unless(ErrorCode::NotFound, read(settings, id, send))?;
    Ok(TicketLookup { ticket })
}

/// The ticket with this id.
pub(crate) fn read(settings: &Settings, id: i64, send: &mut HttpSend) -> Result<Ticket, Error> {
    let answer = exchange_one(settings, send, call(settings, id));
    the_one(settings, id, &answer)
}

fn call(settings: &Settings, id: i64) -> Call {
    settings.read(
        &format!("read ticket {id}"),
        Some(&TICKETS_INQUIRE),
        &format!("/service/tickets/{id}"),
        &[("fields", FIELDS)],
    )
}

/// The ticket in an answer, which has to be the one with this id.
fn the_one(settings: &Settings, id: i64, answer: &Answer) -> Result<Ticket, Error> {
    let record: wire::Ticket = answer.record()?;
    if record.summary.is_none() {
        return Err(answer.unexpected(NO_SUMMARY));
    }
    if record.id != id {
        return Err(answer.unexpected("expected the requested ticket, found another one"));
    }
    Ok(ticket(settings, record))
}

/// The ticket as the contract has it.
fn ticket(settings: &Settings, ticket: wire::Ticket) -> Ticket {
    let id = ticket.id.to_string();
    let Record(info) = ticket.info.unwrap_or_default();
    let closed_at = ticket.closed_date.filter(|_| is(ticket.closed_flag));
    let merged_into = ticket.merged_parent_ticket.and_then(|parent| parent.id);
    let time = |text: Option<String>| text.filter(|text| is_utc_time(text));
    Ticket {
        number: id.clone(),
        summary: ticket.summary.unwrap_or_default(),
        company: named(ticket.company),
        board: named(ticket.board),
        status: named(ticket.status),
        is_closed: ticket.closed_flag,
        priority: named(ticket.priority),
        ticket_type: named(ticket.r#type),
        reference: ticket.external_x_ref.filter(|text| !text.is_empty()),
        contact: named(ticket.contact),
        created_at: time(info.date_entered),
        updated_at: time(info.last_updated),
        closed_at: time(closed_at),
        merged_into_id: merged_into.map(|id| id.to_string()),
        web_url: Some(web_url(settings, &id)),
        id,
        ..Ticket::default()
    }
}

fn named(reference: Option<Reference>) -> Option<Named> {
    let reference = reference?;
    Some(Named {
        id: reference.id?.to_string(),
        name: reference.name,
    })
}

/// Opens the ticket in the browser, on the host that people use.
fn web_url(settings: &Settings, id: &str) -> String {
    format!(
        "https://{}/v4_6_release/services/system_io/Service/fv_sr100_request.rails?service_recid={id}&companyName={}",
        settings.site.browser_authority(),
        url::query_value(&settings.company_id),
    )
}
