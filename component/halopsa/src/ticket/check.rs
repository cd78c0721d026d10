//! `check-ticket`: would this draft be accepted, as far as reading tells. One round, whatever the draft names.

use psa_contract::{ErrorCode, TicketCheck, TicketDraft};
use psa_toolkit::draft::{MISSING, record_fault};
use psa_toolkit::error::{field_error, unless};
use psa_toolkit::exchange::{Answer, exchange};
use psa_toolkit::loose::Maybe;
use psa_toolkit::{Error, HttpSend};

use crate::api::{self, if_there, one};
use crate::boards::{CATEGORIES, CLOSED, List, PRIORITIES, SOURCES, STATUSES, TEAMS};
use crate::draft::{NewTicket, parse};
use crate::settings::Settings;
use crate::wire::OfClient;

/// Fields and what is wrong with them.
type Faults = Vec<(&'static str, &'static str)>;

/// The fields that are looked up: in a list that is always whole, or by the id of a record.
const FIELDS: [(&str, Option<List>, &str); 9] = [
    ("company-id", None, "Client"),
    ("site-id", None, "Site"),
    ("contact-id", None, "Users"),
    ("type-id", None, "TicketType"),
    ("board-id", Some(TEAMS), ""),
    ("status-id", Some(STATUSES), ""),
    ("subtype-id", Some(CATEGORIES), ""),
    ("priority-id", Some(PRIORITIES), ""),
    ("source-id", Some(SOURCES), ""),
];

/// The objections to a draft; none: none was found. What may not be read is not checked, but for the company.
pub(crate) fn check_ticket(
    settings: &Settings,
    draft: &TicketDraft,
    send: &mut HttpSend,
) -> Result<TicketCheck, Error> {
    let new = match parse(draft) {
        Ok(new) => new,
        Err(objections) => return Ok(TicketCheck { objections }),
    };
    let (mut calls, mut asked) = (Vec::new(), Vec::new());
    for (field, list, path) in FIELDS {
        if let Some(id) = new.id(field) {
            let doing = format!("check the `{field}` of the ticket");
            calls.push(match &list {
                Some(list) => list.call(settings),
                None => one(settings, &doing, path, id),
            });
            asked.push((field, id, list));
        }
    }
    let send = &mut api::sign_in(settings, send)?;
    let mut objections = Vec::new();
    for (answer, (field, id, list)) in exchange(settings, send, calls).iter().zip(asked) {
        let faults = match list {
            Some(list) => listed(answer, field, id, &list),
            None => record(answer, field, id, &new),
        };
        let faults = match field {
            "company-id" => faults?,
            _ => unless(ErrorCode::Forbidden, faults)?.unwrap_or_default(),
        };
        let faults = faults.into_iter();
        objections.extend(faults.map(|(field, fault)| field_error(field, fault)));
    }
    Ok(TicketCheck { objections })
}

fn listed(answer: &Answer, field: &'static str, id: i64, list: &List) -> Result<Faults, Error> {
    let fault = match list.find(answer, id)? {
        None => Some(MISSING),
        Some(_) if (field, id) == ("status-id", CLOSED) => {
            Some("it is a closed status: nobody would see the ticket")
        }
        Some(_) => None,
    };
    Ok(fault.map(|fault| (field, fault)).into_iter().collect())
}

/// A client, what belongs to one, or a ticket type, which may not allow everything.
fn record(answer: &Answer, field: &'static str, id: i64, new: &NewTicket) -> Result<Faults, Error> {
    let record = if_there::<OfClient>(answer, id)?;
    let found = record.as_ref().map(|it| {
        let owner = it.client_id.id();
        let is_of_client = owner.is_none_or(|owner| owner == new.client());
        (is_of_client, !it.inactive.is_set())
    });
    let fault = record_fault(found).map(|fault| (field, fault));
    let mut faults: Faults = fault.into_iter().collect();
    let record = record.unwrap_or_default();
    for (field, allows_all, Maybe(allowed)) in [
        ("board-id", record.allowall_team, record.allowed_teams),
        ("status-id", record.allowall_status, record.allowed_status),
        (
            "subtype-id",
            record.allowall_category1,
            record.allowed_category1,
        ),
    ] {
        let id = new.id(field);
        let is_allowed = allowed.iter().flatten().any(|it| it.id.0 == id);
        if id.is_some() && allows_all.0 == Some(false) && !is_allowed {
            faults.push((field, "the ticket type does not allow it"));
        }
    }
    Ok(faults)
}
