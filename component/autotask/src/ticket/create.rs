//! `create-ticket`: one ticket, opened once. When it is looked up and when it is written is the toolkit's. Autotask answers
//! with an id alone, so the ticket is read afterwards; if that fails, the ticket stands.

use psa_contract::{CreatedTicket, FieldError, Response, Ticket, TicketDraft};
use psa_toolkit::error::{field_error, invalid_input};
use psa_toolkit::exchange::{Answer, exchange, exchange_one};
use psa_toolkit::query::bearing;
use psa_toolkit::write_once::{Write, one_ticket_of, write_once};
use psa_toolkit::{Error, HttpSend};

use super::{Names, named, ticket};
use crate::api::{condition, enter, one_row, rows, was_declined, written_id, zone_of};
use crate::boards::Choosers;
use crate::draft::{self, NewTicket, REFERENCE_MEMBER};
use crate::lists::LARGEST_PAGE;
use crate::permissions::TICKETS_ADD;
use crate::picklist::REUSE_SECONDS;
use crate::settings::Settings;
use crate::wire;

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
    let (written, creation) = write_once(&mut opening, send)?.into_parts();
    let (ticket, not_applied) = match written.row {
        Some(row) => (named(settings, &written.zone, row, send), Vec::new()),
        None => opening.read_back(written.id, &written.zone, send),
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

/// A ticket that exists.
struct Opened {
    id: i64,
    zone: String,
    /// None: it was not read yet.
    row: Option<wire::Ticket>,
}

impl<'a> Write<'a> for Opening<'a> {
    type Record = Opened;

    fn has_reference(&self) -> bool {
        self.new.reference.is_some()
    }

    fn look_up(&mut self, send: &mut HttpSend) -> Result<Option<Opened>, Error> {
        let settings = self.settings;
        let reference = self.new.reference.as_slice();
        let doing = "look for the ticket by its reference";
        let filter = reference
            .iter()
            .map(|it| condition("eq", REFERENCE_MEMBER, it));
        let call = settings.query::<wire::Ticket>(doing, filter.collect(), LARGEST_PAGE);
        let answer = exchange_one(settings, send, call);
        let found = rows::<wire::Ticket>(&answer)?.rows;
        let found = bearing(found, reference, REFERENCE_MEMBER, |it| {
            it.reference.as_ref()
        });
        let mut rows = found.map_err(|fault| answer.unexpected(&fault))?;
        if rows.iter().any(|row| row.company_id.is_none()) {
            return Err(answer.unexpected("expected tickets that show their company"));
        }
        let company = self
            .new
            .ids
            .get("company-id")
            .unwrap_or_default()
            .to_string();
        let names = Names::default();
        let tickets = rows.iter().map(|row| ticket("", row.clone(), &names));
        let the_one = one_ticket_of(&company, tickets.collect(), DOING, &settings.secrets)?;
        Ok(the_one.and(rows.pop()).map(|row| Opened {
            id: row.id,
            zone: zone_of(&answer).to_owned(),
            row: Some(row),
        }))
    }

    fn write(&mut self, send: &mut HttpSend) -> Result<Answer<'a>, Error> {
        self.fill_in_defaults(send)?;
        // Its faults were found when the draft was read.
        let body = self.new.body(&mut Vec::new());
        let call = self
            .settings
            .write(DOING, &TICKETS_ADD, "POST", "Tickets", body);
        Ok(exchange_one(self.settings, send, call))
    }

    fn read(&self, answer: &Answer) -> Result<Opened, Error> {
        Ok(Opened {
            id: written_id(answer)?,
            zone: zone_of(answer).to_owned(),
            row: None,
        })
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
        let call = self.settings.fields("Tickets", REUSE_SECONDS);
        let choosers = Choosers::read(&exchange_one(self.settings, send, call))?;
        let new = choosers.statuses.find(NEW).map(|_| NEW);
        for (field, default) in [
            ("status-id", choosers.statuses.default_id().or(new)),
            ("priority-id", choosers.priorities.default_id()),
        ] {
            if ids.get(field).is_some() {
                continue;
            }
            let Some(id) = default else {
                let fault = field_error(field, "Autotask has no default for it; choose one");
                return Err(invalid_input(DOING, vec![fault]).hint("nothing was written"));
            };
            ids.set(field, id);
        }
        Ok(())
    }

    /// What became of it, and what it does not bear as it was sent. Autotask's rules may have changed it at once; and where the
    /// tenant's Duplicate Ticket Handling is on, the id may be that of an older ticket. If it cannot be read, what is known is
    /// its id, and what it was opened with.
    fn read_back(&self, id: i64, zone: &str, send: &mut HttpSend) -> (Ticket, Vec<FieldError>) {
        let (settings, ids) = (self.settings, &self.new.ids);
        let (company, contact) = (ids.get("company-id"), ids.get("contact-id"));
        let mut calls = vec![settings.one::<wire::Ticket>("read the new ticket", id)];
        calls.extend(Names::calls(settings, company, contact));
        let answers = exchange(settings, send, calls);
        let (first, names) = answers.split_first().unzip();
        let names = Names::read(names.unwrap_or_default(), company, contact);
        let row = first.and_then(|answer| one_row::<wire::Ticket>(answer, id).ok()?);
        let not_applied = row.as_ref().map(|row| self.not_applied(row));
        let row = row.unwrap_or_else(|| self.sent(id));
        (ticket(zone, row, &names), not_applied.unwrap_or_default())
    }

    /// The ticket as it was sent.
    fn sent(&self, id: i64) -> wire::Ticket {
        let ids = &self.new.ids;
        wire::Ticket {
            id,
            title: self.new.title.clone(),
            company_id: ids.get("company-id"),
            queue_id: ids.get("board-id"),
            status: ids.get("status-id"),
            priority: ids.get("priority-id"),
            issue_type: ids.get("type-id"),
            contact_id: ids.get("contact-id"),
            reference: self.new.reference.clone(),
            ..wire::Ticket::default()
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
