//! `check-ticket`: would this draft be accepted, as far as reading tells.

use psa_contract::{ErrorCode, FieldError, TicketCheck, TicketDraft};
use psa_toolkit::error::field_error;
use psa_toolkit::exchange::{Answer, exchange, exchange_array};
use psa_toolkit::{Error, HttpSend};

use crate::api::{enter, one_row};
use crate::boards::{COMPLETE, Choosers, parent};
use crate::draft::{self, NewTicket};
use crate::settings::Settings;
use crate::wire::{Company, Contact, Entity, Location, is_active};

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
    let id = new.id("companyID").unwrap_or_default();
    let calls = [
        settings.one::<Company>("look up the company", id),
        settings.fields("Tickets", 0),
    ];
    let [company, fields] = exchange_array(settings, send, calls);
    let company: Option<Company> = one_row(&company, id)?;
    let mut objections = Vec::new();
    let fault = match &company {
        None => Some("there is no such company, or the API user may not see it"),
        Some(company) => (!is_active(&company.is_active)).then_some("the company is inactive"),
    };
    objections.extend(fault.map(|fault| field_error("company-id", fault)));
    objections.extend(of_choosers(&Choosers::read(&fields)?, &new));
    let (site, contact) = (new.id("companyLocationID"), new.id("contactID"));
    let mut calls = Vec::new();
    calls.extend(site.map(|id| settings.one::<Location>("look up the site", id)));
    calls.extend(contact.map(|id| settings.one::<Contact>("look up the contact", id)));
    let mut answers = exchange(settings, send, calls).into_iter();
    let parent = company.and_then(|company| company.parent_id);
    if let Some((id, answer)) = site.and_then(|id| Some((id, answers.next()?))) {
        let of = |row: &Location| (is_active(&row.is_active), row.company_id);
        objections.extend(judge("site-id", &answer, id, of, &[new.id("companyID")])?);
    }
    if let Some((id, answer)) = contact.and_then(|id| Some((id, answers.next()?))) {
        let of = |row: &Contact| (is_active(&row.is_active), row.company_id);
        // One of the parent company will do.
        let companies = [new.id("companyID"), parent.or(new.id("companyID"))];
        objections.extend(judge("contact-id", &answer, id, of, &companies)?);
    }
    Ok(TicketCheck { objections })
}

/// The objection to a record. One that may not be read is not checked: that needs more rights than opening a ticket does.
fn judge<T: Entity>(
    field: &str,
    answer: &Answer,
    id: i64,
    of: fn(&T) -> (bool, Option<i64>),
    companies: &[Option<i64>],
) -> Result<Option<FieldError>, Error> {
    let fault = match one_row::<T>(answer, id) {
        Err(error) if error.code == ErrorCode::Forbidden => return Ok(None),
        Err(error) => return Err(error),
        Ok(None) => "there is no such one, or the API user may not see it",
        Ok(Some(row)) => match of(&row) {
            (false, _) => "it is inactive",
            (true, company) if !companies.contains(&company) => "it is not of this company",
            _ => return Ok(None),
        },
    };
    Ok(Some(field_error(field, fault)))
}

fn of_choosers(choosers: &Choosers, new: &NewTicket) -> Vec<FieldError> {
    let mut objections = Vec::new();
    let rows = [
        ("board-id", &choosers.queues, "queueID", "queue"),
        ("status-id", &choosers.statuses, "status", "status"),
        ("type-id", &choosers.issue_types, "issueType", "issue type"),
        (
            "subtype-id",
            &choosers.sub_issue_types,
            "subIssueType",
            "sub-issue type",
        ),
        ("priority-id", &choosers.priorities, "priority", "priority"),
        ("source-id", &choosers.sources, "source", "source"),
    ];
    for (field, list, member, what) in rows {
        if new.id(member).is_some_and(|id| list.find(id).is_none()) {
            let fault = format!("there is no such {what}, or it is inactive");
            objections.push(field_error(field, fault));
        }
    }
    if new.id("status") == Some(COMPLETE) {
        let fault = "it is the status Complete: nobody would see the ticket";
        objections.push(field_error("status-id", fault));
    }
    let subtype = new.id("subIssueType");
    let subtype = subtype.and_then(|id| choosers.sub_issue_types.find(id));
    let under = subtype.and_then(parent);
    let issue_type = new.id("issueType").map(|id| id.to_string());
    if under.is_some() && under != issue_type.as_deref() {
        let fault = "it does not go under the issue type";
        objections.push(field_error("subtype-id", fault));
    }
    objections
}
