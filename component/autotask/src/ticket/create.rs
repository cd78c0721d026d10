//! `create-ticket`: one ticket, opened once. When it is looked up and when it is written is the toolkit's. Autotask answers
//! with an id alone, so the ticket is read afterwards; if that fails, the ticket stands.

use psa_contract::{CreatedTicket, Creation, FieldError, Operation, Response, Ticket, TicketDraft};
use psa_toolkit::error::{field_error, invalid_input};
use psa_toolkit::exchange::{Answer, exchange_one};
use psa_toolkit::json::{self, Record};
use psa_toolkit::write_once::{Write, one_ticket_of, write_once};
use psa_toolkit::{Error, HttpSend};

use super::{Names, bearing, named, ticket};
use crate::api::{condition, enter, one_row, rows, was_declined, written_id, zone_of};
use crate::draft::{self, NewTicket, REFERENCE_MEMBER};
use crate::lists::LARGEST_PAGE;
use crate::settings::Settings;
use crate::wire::{self, Fields};

const DOING: &str = "open the ticket";
/// The status that Autotask ships as New.
const NEW: i64 = 1;

/// Opens one ticket.
pub(crate) fn create_ticket(
    settings: &Settings,
    draft: &TicketDraft,
    send: &mut HttpSend,
) -> Result<CreatedTicket, Error> {
    let new = draft::parse(draft).map_err(|faults| invalid_input(DOING, faults))?;
    let send = &mut enter(settings, send)?;
    let mut opening = Opening { settings, new };
    let (row, creation) = write_once(&mut opening, send)?.into_parts();
    let (ticket, not_applied) = match creation {
        Creation::Found => (named(settings, row, send), Vec::new()),
        Creation::Created => opening.read_back(row, send),
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
    type Record = wire::Ticket;

    fn has_reference(&self) -> bool {
        self.new.reference.is_some()
    }

    fn look_up(&mut self, send: &mut HttpSend) -> Result<Option<wire::Ticket>, Error> {
        let settings = self.settings;
        let reference = self.new.reference.as_slice();
        let doing = "look for the ticket by its reference";
        let filter = reference.iter();
        let filter = filter.map(|it| condition("eq", REFERENCE_MEMBER, it));
        let call = settings.query::<wire::Ticket>(doing, filter.collect(), LARGEST_PAGE);
        let answer = exchange_one(settings, send, call);
        let found = rows::<wire::Ticket>(&answer)?.rows;
        let found = bearing(found, reference).map_err(|fault| answer.unexpected(&fault))?;
        let company = self.new.ids.get("company-id").unwrap_or_default();
        let shown = |row: &wire::Ticket| ticket(row.clone(), &Names::default());
        one_ticket_of(&company.to_string(), found, shown, DOING, &settings.secrets)
    }

    fn write(&mut self, send: &mut HttpSend) -> Result<Answer<'a>, Error> {
        self.fill_in_defaults(send)?;
        // Its faults were found when the draft was read.
        let body = self.new.body(&mut Vec::new());
        let write = Operation::CreateTicket;
        let call = self.settings.write(DOING, write, "Tickets", body);
        Ok(exchange_one(self.settings, send, call))
    }

    /// The ticket as it was sent: all that is known of it but its id.
    fn read(&self, answer: &Answer) -> Result<wire::Ticket, Error> {
        let id = written_id(answer)?;
        let body = self.new.body(&mut Vec::new());
        let with_id = body.replacen('{', &format!(r#"{{"id":{id},"#), 1);
        // The vendor's fields may give a member another form than Autotask does. It is read back in any case.
        let Record(sent) = json::read(&with_id.as_str().into()).unwrap_or_default();
        let zone = zone_of(answer).to_owned();
        Ok(wire::Ticket { id, zone, ..sent })
    }

    fn was_declined(&self, response: &Response) -> bool {
        was_declined(response)
    }
}

impl Opening<'_> {
    /// A ticket has to have a status and a priority. Where the draft has none, what Autotask's own form would choose.
    fn fill_in_defaults(&mut self, send: &mut HttpSend) -> Result<(), Error> {
        let ids = &mut self.new.ids;
        if ids.get("status-id").is_some() && ids.get("priority-id").is_some() {
            return Ok(());
        }
        let call = self.settings.fields("Tickets", 0);
        let fields = Fields::of_ticket(&exchange_one(self.settings, send, call))?;
        for (field, otherwise) in [("status-id", Some(NEW)), ("priority-id", None)] {
            if ids.get(field).is_some() {
                continue;
            }
            let values = fields.of(field);
            let of_stock = otherwise.filter(|id| values.find(*id).is_some());
            let Some(id) = values.default_id().or(of_stock) else {
                let fault = field_error(field, "Autotask has no default for it; choose one");
                return Err(invalid_input(DOING, vec![fault]).hint("nothing was written"));
            };
            ids.set(field, id);
        }
        Ok(())
    }

    /// What became of it, and what it does not bear as it was sent. Autotask's rules may have changed it at once; and where the
    /// tenant's Duplicate Ticket Handling is on, the id may be that of an older ticket. If it cannot be read, it stands as it was
    /// sent.
    fn read_back(&self, sent: wire::Ticket, send: &mut HttpSend) -> (Ticket, Vec<FieldError>) {
        let call = self
            .settings
            .one::<wire::Ticket>("read the new ticket", sent.id);
        let (names, answer) = Names::read(self.settings, &sent, Some(call), send);
        match answer.and_then(|it| one_row(&it, sent.id).ok()?) {
            Some(row) => {
                let not_applied = self.not_applied(&row);
                (ticket(row, &names), not_applied)
            }
            None => (ticket(sent, &names), Vec::new()),
        }
    }

    /// The ids and the reference that the ticket does not show as they were sent. Texts are the staff's to change.
    fn not_applied(&self, ticket: &wire::Ticket) -> Vec<FieldError> {
        let shown = [
            ("company-id", ticket.company_id),
            ("board-id", ticket.queue_id),
            ("status-id", ticket.status),
            ("type-id", ticket.issue_type),
            ("subtype-id", ticket.sub_issue_type),
            ("priority-id", ticket.priority),
            ("site-id", ticket.location_id),
            ("contact-id", ticket.contact_id),
            ("source-id", ticket.source),
        ];
        let mut faults = self.new.ids.not_applied(&shown, true);
        if self.new.reference.is_some() && ticket.reference != self.new.reference {
            faults.push(field_error("reference", MERGED));
        }
        faults
    }
}

const MERGED: &str = "the ticket does not bear it: a rule removed it, or Autotask put the text on an older ticket that it takes \
     for the same. See Duplicate Ticket Handling in Admin > Features & Settings > Application-Wide (Shared) Features > System \
     Settings; with it, a repeated call does not find this ticket";
