//! `get-ticket`, and what the other operations on tickets share: how one is read, and what becomes of it.

mod check;
mod create;

use psa_contract::{ErrorCode, Named, Ticket, TicketLookup};
use psa_toolkit::error::{field_error, invalid_input};
use psa_toolkit::exchange::exchange_one;
use psa_toolkit::json::Record;
use psa_toolkit::text::{is_utc_time, record_id};
use psa_toolkit::{Error, HttpSend, url};

pub(crate) use self::check::check_ticket;
pub(crate) use self::create::create_ticket;
use crate::describe::TICKETS_INQUIRE;
use crate::settings::Settings;
use crate::wire::{self, Reference};

/// `_info`, which holds the date of entry, is served only where it is named.
const FIELDS: &str = "id,summary,company/id,company/name,board/id,board/name,status/id,status/name,type/id,type/name,\
                      priority/id,priority/name,closedFlag,externalXRef,_info";

const NO_SUMMARY: &str = "expected a text in `summary`, found null or nothing";

/// One ticket; none only where the PSA says `NotFound`. Any other 404 is an error: it speaks of the site, not of a ticket.
pub(crate) fn get_ticket(
    settings: &Settings,
    id: &str,
    send: &mut HttpSend,
) -> Result<TicketLookup, Error> {
    let Some(number) = record_id(id) else {
        let fault = "it is not a ticket's id, which is a number above zero";
        return Err(invalid_input(
            "read the ticket",
            vec![field_error("id", fault)],
        ));
    };
    let call = settings.read(
        &format!("read ticket {number}"),
        Some(&TICKETS_INQUIRE),
        &format!("/service/tickets/{number}"),
        &[("fields", FIELDS)],
    );
    let answer = exchange_one(settings, send, call);
    let ticket = match answer.record::<wire::Ticket>() {
        Ok(record) if record.summary.is_none() => return Err(answer.unexpected(NO_SUMMARY)),
        Ok(record) => Some(ticket(settings, record)),
        Err(error) if error.code == ErrorCode::NotFound => None,
        Err(error) => return Err(error),
    };
    Ok(TicketLookup { ticket })
}

/// The ticket as the contract has it.
fn ticket(settings: &Settings, ticket: wire::Ticket) -> Ticket {
    let id = ticket.id.to_string();
    let created_at = ticket.info.and_then(|Record(info)| info.date_entered);
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
        created_at: created_at.filter(|text| is_utc_time(text)),
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
