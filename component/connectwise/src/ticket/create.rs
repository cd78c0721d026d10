//! `create-ticket`: one ticket, opened once. When it is looked up and when it is written is the toolkit's.

use psa_contract::{CreatedTicket, Response, Ticket, TicketDraft};
use psa_toolkit::error::invalid_input;
use psa_toolkit::exchange::{Answer, exchange_one};
use psa_toolkit::write_once::{Write, one_ticket_of, write_once};
use psa_toolkit::{Error, HttpSend};

use super::{FIELDS, NO_SUMMARY, ticket};
use crate::api::{rows, wrote_nothing};
use crate::describe::{TICKETS_ADD, TICKETS_INQUIRE};
use crate::draft::{self, NewTicket};
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
    Ok(write_once(&mut TicketWrite { settings, new }, send)?.into())
}

struct TicketWrite<'a> {
    settings: &'a Settings,
    new: NewTicket,
}

impl<'a> Write<'a> for TicketWrite<'a> {
    type Record = Ticket;

    fn noun(&self) -> &'static str {
        "ticket"
    }

    fn has_reference(&self) -> bool {
        self.new.members.reference.is_some()
    }

    fn look_up(&mut self, send: &mut HttpSend) -> Result<Option<Ticket>, Error> {
        let reference = self.new.members.reference.as_deref().unwrap_or_default();
        let found = find_by_reference(self.settings, reference, send)?;
        let company_id = self.new.members.company.id.to_string();
        one_ticket_of(&company_id, found, DOING, &self.settings.secrets)
    }

    fn write(&mut self, send: &mut HttpSend) -> Result<Answer<'a>, Error> {
        let body = self.new.body.clone();
        let call = self
            .settings
            .write(DOING, &TICKETS_ADD, "/service/tickets", body);
        Ok(exchange_one(self.settings, send, call))
    }

    /// An answer with nothing but the id is a ticket as well, with the summary that was sent.
    fn read(&self, answer: &Answer) -> Result<Ticket, Error> {
        let mut opened: wire::Ticket = answer.record()?;
        let sent = || self.new.members.summary.clone();
        opened.summary.get_or_insert_with(sent);
        Ok(ticket(self.settings, opened))
    }

    fn wrote_nothing(&self, response: &Response) -> bool {
        wrote_nothing(response)
    }
}

/// The tickets that bear exactly this reference. The server compares without case, so its rows are compared again.
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
    let mut tickets = rows::<wire::Ticket>(&answer)?.rows;
    if tickets.iter().any(|ticket| ticket.summary.is_none()) {
        return Err(answer.unexpected(NO_SUMMARY));
    }
    // A row that was found by its reference and does not show it, or not in full, may be the ticket or another one.
    let is_shown = |text: &String| !text.contains('\u{fffd}');
    let shows = |ticket: &wire::Ticket| ticket.external_x_ref.as_ref().is_some_and(is_shown);
    if !tickets.iter().all(shows) {
        return Err(answer.unexpected("expected a text in `externalXRef`, found null"));
    }
    tickets.retain(|ticket| ticket.external_x_ref.as_deref() == Some(reference));
    let tickets = tickets.into_iter().map(|it| ticket(settings, it));
    Ok(tickets.collect())
}
