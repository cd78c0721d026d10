//! `check-ticket`: would this draft be accepted, as far as reading tells.

use psa_contract::{ErrorCode, FieldError, TicketCheck, TicketDraft};
use psa_toolkit::draft::record_fault;
use psa_toolkit::error::{field_error, unless};
use psa_toolkit::exchange::{Answer, exchange_beside, exchange_one};
use psa_toolkit::loose::Flag;
use psa_toolkit::{Error, HttpSend};

use crate::api::{enter, one_row};
use crate::boards::COMPLETE;
use crate::draft::{self, NewTicket};
use crate::settings::Settings;
use crate::wire::{Company, Contact, Entity, Fields, Location};

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
    // It goes alone: wrong credentials are one failed login.
    let call = settings.one::<Company>("look up the company", id);
    let company: Option<Company> = one_row(&exchange_one(settings, send, call), id)?;
    let (site, contact) = (new.ids.get("site-id"), new.ids.get("contact-id"));
    let of_company = [
        site.map(|id| settings.one::<Location>("look up the site", id)),
        contact.map(|id| settings.one::<Contact>("look up the contact", id)),
    ];
    let fields = settings.fields("Tickets", 0);
    let (fields, [of_site, of_contact]) = exchange_beside(settings, send, fields, of_company);
    let mut objections = of_choosers(&Fields::of_ticket(&fields)?, &new);
    let found = company.as_ref();
    let found = found.map(|it| (true, it.is_active.is_set_or_absent()));
    objections.extend(record_fault(found).map(|fault| field_error("company-id", fault)));
    if let (Some(site), Some(answer)) = (site, of_site) {
        let of = |row: &Location| (row.company_id, row.is_active);
        objections.extend(judge("site-id", &answer, site, of, &[Some(id)])?);
    }
    if let (Some(contact), Some(answer)) = (contact, of_contact) {
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
    let found = |row: Option<T>| {
        let (company, is_active) = of(&row?);
        Some((companies.contains(&company), is_active.is_set_or_absent()))
    };
    let fault = row.and_then(|row| record_fault(found(row)));
    Ok(fault.map(|fault| field_error(field, fault)))
}

/// The fields that take a value of a list.
const CHOSEN: [&str; 6] = [
    "board-id",
    "status-id",
    "type-id",
    "subtype-id",
    "priority-id",
    "source-id",
];

fn of_choosers(fields: &Fields, new: &NewTicket) -> Vec<FieldError> {
    let mut objections = Vec::new();
    for field in CHOSEN {
        let id = new.ids.get(field);
        if id.is_some_and(|id| fields.of(field).find(id).is_none()) {
            let fault = "Autotask has no such value, or it is inactive";
            objections.push(field_error(field, fault));
        }
    }
    if new.ids.get("status-id") == Some(COMPLETE) {
        let fault = "it is the status Complete: nobody would see the ticket";
        objections.push(field_error("status-id", fault));
    }
    let subtype = new.ids.get("subtype-id");
    let subtype = subtype.and_then(|id| fields.of("subtype-id").find(id));
    let under = subtype.and_then(|it| it.parent_value.0);
    if under.is_some() && under != new.ids.get("type-id") {
        let fault = "it does not go under the issue type";
        objections.push(field_error("subtype-id", fault));
    }
    objections
}
