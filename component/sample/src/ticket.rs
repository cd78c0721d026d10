//! `create-ticket`, `check-ticket` and `get-ticket`.

pub(crate) mod find;
pub(crate) mod status;

use psa_contract::{
    BoardSelection, Choice, CreatedTicket, Creation, ErrorCode, Named, Ticket, TicketCheck,
    TicketDraft, TicketLookup,
};
use psa_toolkit::error::{field_error, invalid_input};
use psa_toolkit::exchange::{Answer, Call, exchange_one};
use psa_toolkit::text::is_utc_time;
use psa_toolkit::write_once::{Write, one_ticket_of, write_once};
use psa_toolkit::{Error, HttpSend, query};

use crate::draft::{self, NewTicket};
use crate::permissions::{TICKETS_READ, TICKETS_WRITE};
use crate::settings::Settings;
use crate::{api, boards, companies, wire};

const OPENING: &str = "open the ticket";

/// Looks the reference up, writes once, and looks up again if the write is in doubt.
pub(crate) fn create_ticket(
    settings: &Settings,
    draft: &TicketDraft,
    send: &mut HttpSend,
) -> Result<CreatedTicket, Error> {
    let new = draft::parse(draft).map_err(|faults| invalid_input(OPENING, faults))?;
    let send = &mut api::sign_in(settings, send)?;
    let mut opening = Opening { settings, new };
    let (ticket, creation) = write_once(&mut opening, send)?.into_parts();
    let not_applied = match creation {
        // A ticket that is found may have been worked on.
        Creation::Found => Vec::new(),
        Creation::Created => opening.new.not_applied(&ticket),
    };
    Ok(CreatedTicket {
        ticket,
        creation,
        not_applied,
    })
}

struct Opening<'a> {
    settings: &'a Settings,
    new: NewTicket,
}

impl<'a> Write<'a> for Opening<'a> {
    type Record = Ticket;

    fn has_reference(&self) -> bool {
        self.new.reference.is_some()
    }

    fn look_up(&mut self, send: &mut HttpSend) -> Result<Option<Ticket>, Error> {
        let settings = self.settings;
        let reference = self.new.reference.as_deref().unwrap_or_default();
        let call = api::get(
            settings,
            "look for the ticket by its reference",
            Some(&TICKETS_READ),
            &format!("tickets?reference={reference}"),
        );
        let answer = exchange_one(settings, send, call);
        let found: wire::Rows<wire::Ticket> = answer.record()?;
        let found: Vec<Ticket> = found
            .rows
            .into_iter()
            .map(|it| ticket(settings, it))
            .collect();
        let is_it =
            |it: &Ticket| it.reference.as_deref() == Some(reference) && it.company.is_some();
        if !found.iter().all(is_it) {
            let fault = "expected tickets with the reference and a company";
            return Err(answer.unexpected(fault));
        }
        let company = self.new.company.to_string();
        one_ticket_of(&company, found, Ticket::clone, OPENING, &settings.secrets)
    }

    fn write(&mut self, send: &mut HttpSend) -> Result<Answer<'a>, Error> {
        // Numbers and texts have a JSON form.
        let body = serde_json::to_string(&self.new).unwrap_or_default();
        let call = api::write(
            self.settings,
            "POST",
            OPENING,
            &TICKETS_WRITE,
            "tickets",
            body,
        );
        Ok(exchange_one(self.settings, send, call))
    }

    fn read(&self, answer: &Answer) -> Result<Ticket, Error> {
        Ok(ticket(self.settings, answer.record()?))
    }
}

/// Objections to the company, and to what belongs to the board. A board that is not an active one is the one objection to it.
pub(crate) fn check_ticket(
    settings: &Settings,
    draft: &TicketDraft,
    send: &mut HttpSend,
) -> Result<TicketCheck, Error> {
    let new = match draft::parse(draft) {
        Ok(new) => new,
        Err(faults) => return Ok(TicketCheck { objections: faults }),
    };
    let send = &mut api::sign_in(settings, send)?;
    let mut objections = Vec::new();
    if !companies::is_active(settings, new.company, send)? {
        objections.push(field_error(
            "company-id",
            "there is no active company with this id",
        ));
    }
    let board = new.board.to_string();
    let selection = BoardSelection::Only(vec![board.clone()]);
    let lists = match boards::read(settings, &selection, send) {
        Ok(lists) if lists.boards.iter().any(|other| other.id == board) => lists,
        Err(error) if error.code != ErrorCode::NotFound => return Err(error),
        _ => {
            objections.push(field_error(
                "board-id",
                "there is no active board with this id",
            ));
            return Ok(TicketCheck { objections });
        }
    };
    let open = lists
        .statuses
        .iter()
        .filter(|it| it.is_closed != Some(true));
    let open: Vec<&Choice> = open.map(|it| &it.choice).collect();
    for (field, id, choices) in [
        ("status-id", new.status, open),
        ("type-id", new.ticket_type, lists.types.iter().collect()),
        (
            "priority-id",
            new.priority,
            lists.priorities.iter().collect(),
        ),
    ] {
        let is_there = |id: i64| choices.iter().any(|choice| choice.id == id.to_string());
        if id.is_some_and(|id| !is_there(id)) {
            objections.push(field_error(
                field,
                "the board has no such entry, or it is a closed status",
            ));
        }
    }
    Ok(TicketCheck { objections })
}

pub(crate) fn get_ticket(
    settings: &Settings,
    id: &str,
    send: &mut HttpSend,
) -> Result<TicketLookup, Error> {
    let id = query::ticket_id(id)?;
    let send = &mut api::sign_in(settings, send)?;
    let answer = exchange_one(settings, send, call(settings, "read the ticket", id));
    if api::says(&answer, 404, "no-such-ticket") {
        return Ok(TicketLookup { ticket: None });
    }
    Ok(TicketLookup {
        ticket: Some(read(settings, id, &answer)?),
    })
}

/// The request for a ticket. `doing` completes "cannot …".
pub(crate) fn call(settings: &Settings, doing: &str, id: i64) -> Call {
    api::get(
        settings,
        doing,
        Some(&TICKETS_READ),
        &format!("tickets/{id}"),
    )
}

/// The ticket in an answer, which has to be the one with this id.
pub(crate) fn read(settings: &Settings, id: i64, answer: &Answer) -> Result<Ticket, Error> {
    let record: wire::Ticket = answer.record()?;
    if record.id != id {
        return Err(answer.unexpected("expected the requested ticket, found another one"));
    }
    Ok(ticket(settings, record))
}

pub(crate) fn ticket(settings: &Settings, record: wire::Ticket) -> Ticket {
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
        created_at: record.created.filter(|text| is_utc_time(text)),
        merged_into_id: record.merged_into.map(|id| id.to_string()),
        web_url: Some(format!("{}/tickets/{id}", settings.origin())),
        id,
        ..Ticket::default()
    }
}

fn named(reference: Option<wire::Reference>) -> Option<Named> {
    let reference = reference?;
    Some(Named {
        id: reference.id?.to_string(),
        name: reference.name,
    })
}
