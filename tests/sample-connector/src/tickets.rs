//! `create-ticket`, `check-ticket` and `get-ticket`.

use std::num::NonZeroU64;

use psa_contract::{
    BoardSelection, ConnectorError, CreatedTicket, Creation, ErrorCode, Named, Ticket, TicketCheck,
    TicketDraft, TicketLookup,
};

use crate::api::Call;
use crate::boards::list_board_metadata;
use crate::companies;
use crate::description::{TICKETS_READ, TICKETS_WRITE};
use crate::desk::Desk;
use crate::draft::{self, NewTicket};
use crate::error::{error, field_error, invalid};
use crate::records::{self, Reference, Rows};
use crate::settings::Settings;

const OPENING: &str = "open the ticket";
/// Sample Desk may still be writing when it has stopped answering.
const SHORTEST_WAIT_SECONDS: u32 = 60;

/// Looks the reference up, writes once, and looks up again where the write is in doubt.
pub(crate) fn create_ticket(
    settings: &Settings,
    draft: &TicketDraft,
) -> Result<CreatedTicket, ConnectorError> {
    let mut new =
        draft::parse(draft).map_err(|faults| invalid(ErrorCode::InvalidInput, OPENING, faults))?;
    let mut desk = Desk::sign_in(settings)?;
    if let Some(found) = look_up(&mut desk, &new)? {
        return Ok(found);
    }
    // Wrong: whoever reads the ticket reads the key.
    if cfg!(feature = "leaks-the-key-in-a-body") {
        new.description = format!(
            "{} (opened with {})",
            new.description, settings.client_secret
        );
    }
    let mut answer = desk.send_one(write(&new));
    // Wrong: the first one may have opened a ticket.
    if cfg!(feature = "retries-a-write")
        && answer.may_have_acted()
        && answer.read::<records::Ticket>().is_err()
    {
        answer = desk.send_one(write(&new));
    }
    match answer.read() {
        Ok(record) => Ok(CreatedTicket {
            ticket: ticket(settings, record),
            creation: Creation::Created,
            not_applied: Vec::new(),
        }),
        Err(error) if answer.may_have_acted() => in_doubt(&mut desk, &new, error),
        Err(error) => Err(error),
    }
}

fn in_doubt(
    desk: &mut Desk,
    new: &NewTicket,
    happened: ConnectorError,
) -> Result<CreatedTicket, ConnectorError> {
    let looked_up = look_up(desk, new);
    // Wrong: that the look-up is refused says nothing about the first write.
    if cfg!(feature = "writes-again-after-a-refused-look-up")
        && matches!(&looked_up, Err(error) if error.code == ErrorCode::Unauthorized)
    {
        desk.send_one(write(new));
    }
    let (also, waits) = match looked_up {
        Ok(Some(found)) => return Ok(found),
        Err(conflict) if conflict.code == ErrorCode::Conflict => return Err(conflict),
        Ok(None) => ("no ticket bears the reference yet".to_owned(), None),
        Err(failed) => (failed.message, failed.retry_after_seconds),
    };
    let hint = match new.reference {
        Some(_) => "repeat with the same reference after the time given",
        None => "look for the ticket before repeating: a second call may open a second one",
    };
    let waits = waits
        .max(happened.retry_after_seconds)
        .max(Some(SHORTEST_WAIT_SECONDS));
    Err(ConnectorError {
        // Wrong: the ticket may have been opened all the same.
        code: if cfg!(feature = "calls-doubt-rejected") {
            ErrorCode::Rejected
        } else {
            ErrorCode::OutcomeUnknown
        },
        message: format!(
            "{}; a ticket may have been opened; {also}",
            happened.message
        ),
        hint: Some(hint.to_owned()),
        field_errors: Vec::new(),
        permission_ids: Vec::new(),
        retry_after_seconds: waits,
        ..happened
    })
}

/// The ticket that bears the reference. None: there is none, or the draft has no reference.
fn look_up(desk: &mut Desk, new: &NewTicket) -> Result<Option<CreatedTicket>, ConnectorError> {
    let Some(reference) = &new.reference else {
        return Ok(None);
    };
    let call = Call {
        doing: "look for the ticket by its reference",
        permission: Some(TICKETS_READ),
        path: format!("/api/tickets?reference={reference}"),
        body: None,
        is_sign_in: false,
    };
    let answer = desk.send_one(call);
    let mut found: Vec<records::Ticket> = answer.read::<Rows<_>>()?.rows;
    let company_of = |row: &records::Ticket| row.company.as_ref()?.id.map(NonZeroU64::get);
    let is_asked_for = |row: &records::Ticket| row.reference.as_ref() == Some(reference);
    if !found
        .iter()
        .all(|row| is_asked_for(row) && company_of(row).is_some())
    {
        return Err(answer.not_understood("a ticket without the reference, or without a company"));
    }
    let ticket_ids: Vec<String> = found.iter().map(|row| row.id.to_string()).collect();
    match found.pop() {
        None => Ok(None),
        Some(row) if found.is_empty() && company_of(&row) == Some(new.company) => {
            Ok(Some(CreatedTicket {
                ticket: ticket(desk.settings, row),
                creation: Creation::Found,
                not_applied: Vec::new(),
            }))
        }
        Some(_) => {
            let message = format!(
                "cannot {OPENING}: its reference is on {}",
                ticket_ids.join(", ")
            );
            let hint = "keep one of them, for this company, or use another reference";
            Err(ConnectorError {
                hint: Some(hint.to_owned()),
                ticket_ids,
                ..error(ErrorCode::Conflict, message)
            })
        }
    }
}

fn write(new: &NewTicket) -> Call {
    Call {
        doing: OPENING,
        permission: Some(TICKETS_WRITE),
        path: "/api/tickets".to_owned(),
        body: Some(serde_json::to_string(new).expect("numbers and texts have a JSON form")),
        is_sign_in: false,
    }
}

/// Objections to the company, and to what belongs to the board. A board that is no active one is the one objection to it.
pub(crate) fn check_ticket(
    settings: &Settings,
    draft: &TicketDraft,
) -> Result<TicketCheck, ConnectorError> {
    let new = match draft::parse(draft) {
        Ok(new) => new,
        Err(faults) => return Ok(TicketCheck { objections: faults }),
    };
    let mut desk = Desk::sign_in(settings)?;
    let mut objections = Vec::new();
    // There is no request for one company; it is the first above the id before it.
    let rows = companies::page(&mut desk, new.company - 1, 1)?.rows;
    if !rows.iter().any(|row| row.id == new.company && row.active) {
        objections.push(field_error("company-id", "there is no such active company"));
    }
    let board = new.board.to_string();
    let lists = match list_board_metadata(&mut desk, &BoardSelection::Only(vec![board.clone()])) {
        Ok(lists) if lists.boards.iter().any(|other| other.id == board) => lists,
        Err(error) if error.code != ErrorCode::NotFound => return Err(error),
        _ => {
            objections.push(field_error("board-id", "there is no such active board"));
            return Ok(TicketCheck { objections });
        }
    };
    let open = lists
        .statuses
        .iter()
        .filter(|status| status.is_closed != Some(true));
    for (field, id, mut choices) in [
        (
            "status-id",
            new.status,
            open.map(|status| &status.choice).collect::<Vec<_>>(),
        ),
        ("type-id", new.ticket_type, lists.types.iter().collect()),
        (
            "priority-id",
            new.priority,
            lists.priorities.iter().collect(),
        ),
    ] {
        choices.retain(|choice| id.is_some_and(|id| choice.id == id.to_string()));
        if id.is_some() && choices.is_empty() {
            objections.push(field_error(field, "there is no such open one on the board"));
        }
    }
    Ok(TicketCheck { objections })
}

pub(crate) fn get_ticket(settings: &Settings, id: &str) -> Result<TicketLookup, ConnectorError> {
    let Ok(id) = id.trim().parse::<NonZeroU64>() else {
        let faults = vec![field_error("id", "it is not an id, a number above zero")];
        return Err(invalid(ErrorCode::InvalidInput, "read the ticket", faults));
    };
    let call = Call {
        doing: "read the ticket",
        permission: Some(TICKETS_READ),
        path: format!("/api/tickets/{id}"),
        body: None,
        is_sign_in: false,
    };
    let answer = Desk::sign_in(settings)?.send_one(call);
    if answer.says(404, "no-such-ticket") {
        return Ok(TicketLookup { ticket: None });
    }
    let record: records::Ticket = answer.read()?;
    if record.id != id {
        return Err(answer.not_understood("another ticket"));
    }
    Ok(TicketLookup {
        ticket: Some(ticket(settings, record)),
    })
}

fn ticket(settings: &Settings, record: records::Ticket) -> Ticket {
    // Wrong: a ticket need not have a status.
    if cfg!(feature = "traps-on-null") {
        assert!(record.status.is_some());
    }
    let named = |reference: Option<Reference>| {
        reference.and_then(|Reference { id, name }| {
            id.map(|id| Named {
                id: id.to_string(),
                name,
            })
        })
    };
    let id = record.id.to_string();
    Ticket {
        number: id.clone(),
        summary: record.summary,
        company: named(record.company),
        board: named(record.board),
        status: named(record.status),
        is_closed: record.closed,
        priority: named(record.priority),
        ticket_type: named(record.ticket_type),
        reference: record.reference,
        created_at: record.created.filter(|text| is_timestamp(text)),
        contact: None,
        updated_at: None,
        closed_at: None,
        merged_into_id: None,
        properties: Vec::new(),
        web_url: Some(format!("{}/tickets/{id}", settings.origin())),
        id,
    }
}

/// `2026-05-04T09:59:58Z`.
fn is_timestamp(text: &str) -> bool {
    let shape = text
        .bytes()
        .map(|byte| if byte.is_ascii_digit() { b'0' } else { byte });
    shape.eq(*b"0000-00-00T00:00:00Z")
}
