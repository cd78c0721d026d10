//! `create-ticket`: one ticket, opened once. When it is looked up and when it is written is the toolkit's.

use psa_contract::{CreatedTicket, FieldError, Response, Ticket, TicketDraft};
use psa_toolkit::error::invalid_input;
use psa_toolkit::exchange::{Answer, exchange_one};
use psa_toolkit::write_once::{Write, one_ticket_of, write_once};
use psa_toolkit::{Error, HttpSend};

use super::find::bearing;
use super::not_applied::not_applied;
use super::{FIELDS, NO_SUMMARY, ticket};
use crate::api::{rows, wrote_nothing};
use crate::draft::{self, NewTicket};
use crate::permissions::{TICKETS_ADD, TICKETS_INQUIRE};
use crate::settings::Settings;
use crate::wire;

const DOING: &str = "open the ticket";

/// Opens one ticket.
pub(crate) fn create_ticket(
    settings: &Settings,
    draft: &TicketDraft,
    send: &mut HttpSend,
) -> Result<CreatedTicket, Error> {
    let new = draft::parse(draft).map_err(|faults| invalid_input(DOING, faults))?;
    let written = write_once(&mut TicketWrite { settings, new }, send)?;
    let (record, creation) = written.into_parts();
    Ok(CreatedTicket {
        ticket: record.ticket,
        creation,
        not_applied: record.not_applied,
    })
}

/// A ticket, and what of the draft it does not bear. A ticket that is found is not compared: it may have been worked on.
struct Record {
    ticket: Ticket,
    not_applied: Vec<FieldError>,
}

struct TicketWrite<'a> {
    settings: &'a Settings,
    new: NewTicket,
}

impl<'a> Write<'a> for TicketWrite<'a> {
    type Record = Record;

    fn has_reference(&self) -> bool {
        self.new.members.reference.is_some()
    }

    fn look_up(&mut self, send: &mut HttpSend) -> Result<Option<Record>, Error> {
        let reference = self.new.members.reference.as_deref().unwrap_or_default();
        let found = find_by_reference(self.settings, reference, send)?;
        let company_id = self.new.members.company.id.to_string();
        let secrets = &self.settings.secrets;
        let found = one_ticket_of(&company_id, found, Ticket::clone, DOING, secrets)?;
        Ok(found.map(|ticket| Record {
            ticket,
            not_applied: Vec::new(),
        }))
    }

    fn write(&mut self, send: &mut HttpSend) -> Result<Answer<'a>, Error> {
        let body = self.new.body.clone();
        let (permission, path) = (&TICKETS_ADD, "/service/tickets");
        let fields = &draft::FIELDS;
        let call = self.settings.write(DOING, permission, fields, path, body);
        Ok(exchange_one(self.settings, send, call))
    }

    /// An answer with nothing but the id is a ticket as well, with the summary that was sent.
    fn read(&self, answer: &Answer) -> Result<Record, Error> {
        let mut record: wire::Ticket = answer.record()?;
        let sent = || self.new.members.summary.clone();
        record.summary.get_or_insert_with(sent);
        Ok(Record {
            not_applied: not_applied(&self.new.members, &record),
            ticket: ticket(self.settings, record),
        })
    }

    fn wrote_nothing(&self, response: &Response) -> bool {
        wrote_nothing(response)
    }
}

/// The tickets that bear exactly this reference.
fn find_by_reference(
    settings: &Settings,
    reference: &str,
    send: &mut HttpSend,
) -> Result<Vec<Ticket>, Error> {
    let condition = format!("externalXRef=\"{reference}\"");
    let call = settings.read(
        "look up the ticket by its reference",
        Some(&TICKETS_INQUIRE),
        "/service/tickets",
        &[
            ("fields", FIELDS),
            ("conditions", &condition),
            ("orderBy", "id asc"),
            ("pageSize", "1000"),
        ],
    );
    let answer = exchange_one(settings, send, call);
    let tickets = rows::<wire::Ticket>(&answer)?.rows;
    if tickets.iter().any(|ticket| ticket.summary.is_none()) {
        return Err(answer.unexpected(NO_SUMMARY));
    }
    let tickets = bearing(tickets, &[reference.to_owned()]);
    let tickets = tickets.map_err(|fault| answer.unexpected(&fault))?;
    Ok(tickets.into_iter().map(|it| ticket(settings, it)).collect())
}
