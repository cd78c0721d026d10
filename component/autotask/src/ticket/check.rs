//! `check-ticket`: would this draft be accepted, as far as reading tells.

use psa_contract::{ErrorCode, FieldError, TicketCheck, TicketDraft};
use psa_toolkit::draft::record_fault;
use psa_toolkit::error::{field_error, unless};
use psa_toolkit::exchange::{Answer, exchange, exchange_array};
use psa_toolkit::loose::Flag;
use psa_toolkit::{Error, HttpSend};

use crate::api::{enter, one_row};
use crate::boards::{COMPLETE, Choosers};
use crate::draft::{self, NewTicket};
use crate::settings::Settings;
use crate::wire::{Company, Contact, Entity, Location};

/// The objections to a draft; none: none was found. What may not be read is not checked. Which fields a ticket category
/// requires cannot be read.
pub(crate) fn check_ticket(
    settings: &Settings,
    draft: &TicketDraft,
    send: &mut HttpSend,
) -> Result<TicketCheck, Error> {
    let new = match draft::parse(draft) {
        Ok(new) => new,
        Err(objections) => return Ok(TicketCheck { objections }),
    };
    let send = &mut enter(settings, send)?;
    let id = new.ids.get("company-id").unwrap_or_default();
    let calls = [
        settings.one::<Company>("look up the company", id),
        settings.fields("Tickets", 0),
    ];
    let [company, fields] = exchange_array(settings, send, calls);
    let company: Option<Company> = one_row(&company, id)?;
    let mut objections = of_choosers(&Choosers::read(&fields)?, &new);
    let found = company.as_ref();
    let found = found.map(|it| (true, it.is_active.0 != Some(false)));
    objections.extend(record_fault(found).map(|fault| field_error("company-id", fault)));
    let (site, contact) = (new.ids.get("site-id"), new.ids.get("contact-id"));
    let mut calls = Vec::new();
    calls.extend(site.map(|id| settings.one::<Location>("look up the site", id)));
    calls.extend(contact.map(|id| settings.one::<Contact>("look up the contact", id)));
    let mut answers = exchange(settings, send, calls).into_iter();
    if let Some((site, answer)) = site.and_then(|site| Some((site, answers.next()?))) {
        let of = |row: &Location| (row.company_id, row.is_active);
        objections.extend(judge("site-id", &answer, site, of, &[Some(id)])?);
    }
    if let Some((contact, answer)) = contact.and_then(|it| Some((it, answers.next()?))) {
        let of = |row: &Contact| (row.company_id, row.is_active);
        // One of the parent company will do.
        let parent = company.and_then(|company| company.parent_id);
        let companies = [Some(id), parent.or(Some(id))];
        objections.extend(judge("contact-id", &answer, contact, of, &companies)?);
    }
    Ok(TicketCheck { objections })
}

/// The objection to a record. One that may not be read is not checked: that needs more rights than opening a ticket does.
fn judge<T: Entity>(
    field: &str,
    answer: &Answer,
    id: i64,
    of: fn(&T) -> (Option<i64>, Flag),
    companies: &[Option<i64>],
) -> Result<Option<FieldError>, Error> {
    let row = unless(ErrorCode::Forbidden, one_row::<T>(answer, id))?;
    let found = row.map(|row| row.as_ref().map(of));
    let found = found
        .map(|it| it.map(|(company, flag)| (companies.contains(&company), flag.0 != Some(false))));
    let fault = found.and_then(record_fault);
    Ok(fault.map(|fault| field_error(field, fault)))
}

fn of_choosers(choosers: &Choosers, new: &NewTicket) -> Vec<FieldError> {
    let mut objections = Vec::new();
    for (field, list) in &choosers.0 {
        if new.ids.get(field).is_some_and(|id| list.find(id).is_none()) {
            let fault = "Autotask has no such value, or it is inactive";
            objections.push(field_error(field, fault));
        }
    }
    if new.ids.get("status-id") == Some(COMPLETE) {
        let fault = "it is the status Complete: nobody would see the ticket";
        objections.push(field_error("status-id", fault));
    }
    let subtype = new.ids.get("subtype-id");
    let subtype = subtype.and_then(|id| choosers.of("subtype-id").find(id));
    let under = subtype.and_then(|it| it.parent_value.0);
    if under.is_some() && under != new.ids.get("type-id") {
        let fault = "it does not go under the issue type";
        objections.push(field_error("subtype-id", fault));
    }
    objections
}
