//! `create-ticket`: one ticket, opened once. When it is looked up and when it is written is the toolkit's. Autotask answers
//! with an id alone, so the ticket is read afterwards; if that fails, the ticket stands.

use psa_contract::{CreatedTicket, Creation, Named, Response, Ticket, TicketDraft};
use psa_toolkit::error::{field_error, invalid_input};
use psa_toolkit::exchange::{Answer, exchange, exchange_one};
use psa_toolkit::write_once::{Write, Written, one_ticket_of, write_once};
use psa_toolkit::{Error, HttpSend};
use serde_json::Value;

use super::find::bearing;
use super::not_applied::not_applied;
use super::{Names, named, ticket};
use crate::api::{condition, enter, one_row, rows, was_declined, written_id, zone_of};
use crate::boards::Choosers;
use crate::draft::{self, NewTicket};
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
    let (written, creation) = match write_once(&mut opening, send)? {
        Written::Found(found) => (found, Creation::Found),
        Written::Created(created) => (created, Creation::Created),
    };
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

    fn noun(&self) -> &'static str {
        "ticket"
    }

    fn has_reference(&self) -> bool {
        self.new.reference().is_some()
    }

    fn look_up(&mut self, send: &mut HttpSend) -> Result<Option<Opened>, Error> {
        let settings = self.settings;
        let reference = self.new.reference().unwrap_or_default();
        let doing = "look for the ticket by its reference";
        let filter = vec![condition("eq", "externalID", reference)];
        let call = settings.query::<wire::Ticket>(doing, filter, LARGEST_PAGE);
        let answer = exchange_one(settings, send, call);
        let found = rows::<wire::Ticket>(&answer)?.rows;
        let found = bearing(found, &[reference.to_owned()]);
        let mut rows = found.map_err(|fault| answer.unexpected(fault))?;
        if rows.iter().any(|row| row.company_id.is_none()) {
            return Err(answer.unexpected("expected tickets that show their company"));
        }
        let company = self.new.id("companyID").unwrap_or_default().to_string();
        let tickets = rows.iter().map(of_company).collect();
        let the_one = one_ticket_of(&company, tickets, DOING, &settings.secrets)?;
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

/// As much of it as tells whether it is the one.
fn of_company(row: &wire::Ticket) -> Ticket {
    let id = row.id.to_string();
    Ticket {
        number: row.number.clone().unwrap_or_else(|| id.clone()),
        company: row.company_id.map(|id| Named {
            id: id.to_string(),
            name: None,
        }),
        id,
        ..Ticket::default()
    }
}

impl Opening<'_> {
    /// A ticket has to have a status and a priority. Where the draft has none, what Autotask's own form would choose.
    fn fill_in_defaults(&mut self, send: &mut HttpSend) -> Result<(), Error> {
        let is_given = |member: &&str| self.new.id(member).is_some();
        if ["status", "priority"].iter().all(is_given) {
            return Ok(());
        }
        let call = self.settings.fields("Tickets", REUSE_SECONDS);
        let choosers = Choosers::read(&exchange_one(self.settings, send, call))?;
        let new = choosers.statuses.find(NEW).map(|_| NEW);
        let defaults = [
            (
                "status",
                "status-id",
                choosers.statuses.default_id().or(new),
            ),
            ("priority", "priority-id", choosers.priorities.default_id()),
        ];
        for (member, field, default) in defaults {
            let Some(id) = self.new.id(member).or(default) else {
                let fault = field_error(field, "Autotask has no default for it; choose one");
                return Err(invalid_input(DOING, vec![fault]).hint("nothing was written"));
            };
            self.new.members.insert(member.to_owned(), id.into());
        }
        Ok(())
    }

    /// What became of it, and what it does not bear as it was sent. Autotask's rules may have changed it at once; and where the
    /// tenant's Duplicate Ticket Handling is on, the id may be that of an older ticket. If it cannot be read, what is known is
    /// its id, and what it was opened with.
    fn read_back(
        &self,
        id: i64,
        zone: &str,
        send: &mut HttpSend,
    ) -> (Ticket, Vec<psa_contract::FieldError>) {
        let (settings, sent) = (self.settings, &self.new.members);
        let (company, contact) = (self.new.id("companyID"), self.new.id("contactID"));
        let mut calls = vec![settings.one::<wire::Ticket>("read the new ticket", id)];
        calls.extend(Names::calls(settings, company, contact));
        let answers = exchange(settings, send, calls);
        let (first, names) = answers.split_first().unzip();
        let names = Names::read(names.unwrap_or_default(), company, contact);
        let row = first.and_then(|answer| one_row::<wire::Ticket>(answer, id).ok()?);
        if let Some(row) = row {
            let not_applied = not_applied(sent, &row);
            return (ticket(zone, row, &names), not_applied);
        }
        let mut known = sent.clone();
        known.insert("id".to_owned(), id.into());
        let known = serde_json::from_value::<wire::Ticket>(Value::Object(known));
        let ticket = known.map(|row| ticket(zone, row, &names));
        (ticket.unwrap_or_default(), Vec::new())
    }
}
