//! `check-ticket`: would this draft be accepted, as far as reading tells. One round, whatever the draft names.

use psa_contract::{ErrorCode, TicketCheck, TicketDraft};
use psa_toolkit::draft::{MISSING, record_fault};
use psa_toolkit::error::{field_error, unless};
use psa_toolkit::exchange::{Answer, exchange};
use psa_toolkit::loose::{Flag, Maybe};
use psa_toolkit::{Error, HttpSend};

use crate::api::{self, if_there, one};
use crate::boards::{CATEGORIES, CLOSED, List, PRIORITIES, SOURCES, STATUSES, TEAMS};
use crate::draft::{NewTicket, parse};
use crate::settings::Settings;
use crate::wire::{Allowed, OfClient, TicketType};

/// Fields and what is wrong with them.
type Faults = Vec<(&'static str, &'static str)>;

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
    let (mut calls, mut asked): (Vec<_>, Vec<(_, _, Option<List>)>) = (Vec::new(), Vec::new());
    for (field, list) in [
        ("company-id", "Client"),
        ("site-id", "Site"),
        ("contact-id", "Users"),
        ("type-id", "TicketType"),
    ] {
        let doing = format!("check the `{field}` of the ticket");
        calls.extend(new.id(field).map(|id| one(settings, &doing, list, id)));
        asked.extend(new.id(field).map(|id| (field, id, None)));
    }
    for (field, list) in [
        ("board-id", TEAMS),
        ("status-id", STATUSES),
        ("subtype-id", CATEGORIES),
        ("priority-id", PRIORITIES),
        ("source-id", SOURCES),
    ] {
        calls.extend(new.id(field).map(|_| list.call(settings)));
        asked.extend(new.id(field).map(|id| (field, id, Some(list))));
    }
    let send = &mut api::sign_in(settings, send)?;
    let mut objections = Vec::new();
    for (answer, (field, id, list)) in exchange(settings, send, calls).iter().zip(asked) {
        let faults = match list {
            Some(list) => listed(answer, field, id, &list),
            None if field == "type-id" => ticket_type(answer, id, &new),
            None => record(answer, field, id, &new),
        };
        let faults = match field {
            "company-id" => faults?,
            _ => unless(ErrorCode::Forbidden, faults)?.unwrap_or_default(),
        };
        objections.extend(
            faults
                .iter()
                .map(|(field, fault)| field_error(field, *fault)),
        );
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

/// A client, or what belongs to one.
fn record(answer: &Answer, field: &'static str, id: i64, new: &NewTicket) -> Result<Faults, Error> {
    let found = if_there::<OfClient>(answer, id)?.map(|it| {
        let owner = it.client_id.id();
        let is_of_client = owner.is_none_or(|owner| owner == new.client());
        (is_of_client, !it.inactive.is_set())
    });
    let fault = record_fault(found).map(|fault| (field, fault));
    Ok(fault.into_iter().collect())
}

fn ticket_type(answer: &Answer, id: i64, new: &NewTicket) -> Result<Faults, Error> {
    let kind = if_there::<TicketType>(answer, id)?;
    let found = kind.as_ref().map(|kind| (true, !kind.inactive.is_set()));
    let fault = record_fault(found).map(|fault| ("type-id", fault));
    let mut faults: Faults = fault.into_iter().collect();
    let mut check = |field, allows_all: Flag, allowed: Maybe<Vec<Allowed>>| {
        let id = new.id(field);
        let is_it = |it: &Allowed| it.id.0 == id;
        if id.is_some() && allows_all.0 == Some(false) && !allowed.0.iter().flatten().any(is_it) {
            faults.push((field, "the ticket type does not allow it"));
        }
    };
    if let Some(kind) = kind {
        check("board-id", kind.allowall_team, kind.allowed_teams);
        check("status-id", kind.allowall_status, kind.allowed_status);
        let (allows_all, allowed) = (kind.allowall_category1, kind.allowed_category1);
        check("subtype-id", allows_all, allowed);
    }
    Ok(faults)
}
