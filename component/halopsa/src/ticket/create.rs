//! `create-ticket`: one ticket, opened once. When it is looked up and when it is written is the toolkit's.
//!
//! What has to be read before the write (the name of the team, the path of the category, the site of the contact) is read in
//! the round of the look-up.

use psa_contract::{CreatedTicket, Creation, FieldError, Operation, Ticket, TicketDraft};
use psa_toolkit::error::{field_error, invalid_input};
use psa_toolkit::exchange::{Answer, Call, exchange, exchange_one};
use psa_toolkit::pages::Row as _;
use psa_toolkit::write_once::{Write, one_ticket_of, write_once};
use psa_toolkit::{Error, HttpSend};

use super::look_up::{bearing, searches};
use super::{ticket, with_status_name};
use crate::api::{self, if_there, one, the_one, written};
use crate::boards::{CATEGORIES, STATUSES, TEAMS};
use crate::draft::{NewTicket, parse};
use crate::permissions::right_to_read;
use crate::settings::Settings;
use crate::wire::{self, Entry, OfClient};

const DOING: &str = "open the ticket";

/// Opens one ticket.
pub(crate) fn create_ticket(
    settings: &Settings,
    draft: &TicketDraft,
    send: &mut HttpSend,
) -> Result<CreatedTicket, Error> {
    let new = parse(draft).map_err(|faults| invalid_input(DOING, faults))?;
    let send = &mut api::sign_in(settings, send)?;
    let mut opening = Opening {
        settings,
        new,
        before: None,
    };
    let (record, creation) = write_once(&mut opening, send)?.into_parts();
    let not_applied = match creation {
        // A ticket that is found may have been worked on.
        Creation::Found => Vec::new(),
        Creation::Created => opening.not_applied(&record, send),
    };
    Ok(CreatedTicket {
        ticket: opening.shown(record),
        creation,
        not_applied,
    })
}

struct Opening<'a> {
    settings: &'a Settings,
    new: NewTicket,
    /// Answers to what was read before the write. None: nothing was.
    before: Option<Vec<Answer<'a>>>,
}

impl<'a> Write<'a> for Opening<'a> {
    type Record = wire::Ticket;

    fn has_reference(&self) -> bool {
        self.new.reference.is_some()
    }

    fn look_up(&mut self, send: &mut HttpSend) -> Result<Option<wire::Ticket>, Error> {
        let (settings, client) = (self.settings, self.new.client());
        let references = self.new.reference.as_slice();
        let searches = references
            .iter()
            .flat_map(|it| searches(settings, it, Some(client)));
        let mut calls: Vec<Call> = searches.collect();
        let searched = calls.len();
        if self.before.is_none() {
            calls.extend(self.calls_before());
        }
        let mut answers = exchange(settings, send, calls);
        let before = answers.split_off(searched.min(answers.len()));
        let found = bearing(settings, references, &answers, send)?;
        self.before.get_or_insert(before);
        let shown = |it: &wire::Ticket| ticket(settings, it.clone());
        one_ticket_of(&client.to_string(), found, shown, DOING, &settings.secrets)
    }

    fn write(&mut self, send: &mut HttpSend) -> Result<Answer<'a>, Error> {
        if self.before.is_none() && self.calls_before().len() > 1 {
            self.before = Some(exchange(self.settings, send, self.calls_before()));
        }
        self.complete()?;
        let body = self.new.body(&mut Vec::new());
        let call = api::write(self.settings, DOING, Operation::CreateTicket, &body);
        Ok(exchange_one(self.settings, send, call))
    }

    fn read(&self, answer: &Answer) -> Result<wire::Ticket, Error> {
        let mut record: wire::Ticket = written(answer)?;
        let sent = || self.new.summary.clone();
        record.summary.0.get_or_insert_with(sent);
        Ok(record)
    }
}

impl<'a> Opening<'a> {
    /// The names of statuses, and what the draft needs. A contact needs its site beside it, or Halo takes another one.
    fn calls_before(&self) -> Vec<Call> {
        let (settings, new) = (self.settings, &self.new);
        let contact = new.id("contact-id").filter(|_| new.id("site-id").is_none());
        let calls = [
            Some(STATUSES.call(settings)),
            new.id("board-id").map(|_| TEAMS.call(settings)),
            new.id("subtype-id").map(|_| CATEGORIES.call(settings)),
            contact.map(|id| one(settings, "look up the contact", "Users", id)),
        ];
        calls.into_iter().flatten().collect()
    }

    /// The answer for this path, if it was asked for.
    fn before(&self, path: &str) -> Option<&Answer<'a>> {
        let id = right_to_read(path).id;
        let is_it = |it: &&Answer| it.subject.permission.is_some_and(|right| right.id == id);
        self.before.iter().flatten().find(is_it)
    }

    /// What is sent by its name, and what Halo would choose otherwise.
    fn complete(&mut self) -> Result<(), Error> {
        let missing = |field: &str, what: &str| {
            let fault = format!("there is no such {what}, or the API agent may not see it");
            invalid_input(DOING, vec![field_error(field, fault)])
        };
        if let (Some(id), Some(answer)) = (self.new.id("board-id"), self.before(TEAMS.0)) {
            let name = TEAMS.find(answer, id)?.and_then(|team| team.name.0);
            self.new.team = Some(name.ok_or_else(|| missing("board-id", "active team"))?);
        }
        if let (Some(id), Some(answer)) = (self.new.id("subtype-id"), self.before(CATEGORIES.0)) {
            let path = CATEGORIES.find(answer, id)?.and_then(Entry::title);
            self.new.category = Some(path.ok_or_else(|| missing("subtype-id", "category"))?);
        }
        if let (Some(id), Some(answer)) = (self.new.id("contact-id"), self.before("Users")) {
            let user: Option<OfClient> = if_there(answer, id)?;
            let user = user.ok_or_else(|| missing("contact-id", "user"))?;
            // A user of another client can be allowed; the site is the client's own then.
            let owner = user.client_id.id();
            let is_of_client = owner.is_none_or(|owner| owner == self.new.client());
            if let Some(site) = user.site_id.id().filter(|_| is_of_client) {
                self.new.ids.set("site-id", site);
            }
        }
        Ok(())
    }

    fn shown(&self, record: wire::Ticket) -> Ticket {
        let ticket = ticket(self.settings, record);
        match self.before(STATUSES.0) {
            Some(statuses) => with_status_name(ticket, statuses),
            None => ticket,
        }
    }

    /// What the ticket does not bear as it was sent: rules and templates change it in the same request. A reference that the
    /// answer does not show is read again once, since members that are not set are left out.
    fn not_applied(&self, record: &wire::Ticket, send: &mut HttpSend) -> Vec<FieldError> {
        let new = &self.new;
        let shown = [
            ("company-id", record.client_id.0),
            ("board-id", record.team_id.0),
            ("status-id", record.status_id.0),
            ("type-id", record.tickettype_id.0),
            ("subtype-id", record.categoryid_1.0),
            ("priority-id", record.priority_id.0),
            ("site-id", record.site_id.0),
            ("contact-id", record.user_id.0),
            ("source-id", record.source.0),
        ];
        let mut faults = new.ids.not_applied(&shown, false);
        let mut kept = record.third_party_id_string.0.clone();
        if new.reference.is_some() && kept.is_none() {
            let (doing, id) = ("see whether Halo kept the reference", record.id());
            let call = one(self.settings, doing, "Tickets", id);
            match the_one::<wire::Ticket>(&exchange_one(self.settings, send, call), id) {
                Ok(ticket) => kept = ticket.third_party_id_string.0,
                Err(_) => return faults,
            }
        }
        if new.reference.is_some() && kept != new.reference {
            let fault = "Halo did not keep it in `third_party_id_string`; it is found by the end of the text alone";
            faults.push(field_error("reference", fault));
        }
        faults
    }
}
