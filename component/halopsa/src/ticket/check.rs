//! `check-ticket`: would this draft be accepted, as far as reading tells. One round, whatever the draft names.

use psa_contract::{ErrorCode, TicketCheck, TicketDraft};
use psa_toolkit::error::field_error;
use psa_toolkit::exchange::{Answer, exchange};
use psa_toolkit::loose::{Flag, Maybe};
use psa_toolkit::{Error, HttpSend};

use crate::api::{self, if_there};
use crate::boards::{CATEGORIES, CLOSED, PRIORITIES, SOURCES, STATUSES, TEAMS};
use crate::companies;
use crate::draft::{NewTicket, parse};
use crate::permissions::TICKET_TYPES_READ;
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
    let (mut calls, mut asked) = (Vec::new(), Vec::new());
    for (field, path) in [
        ("company-id", "Client"),
        ("site-id", "Site"),
        ("contact-id", "Users"),
    ] {
        let doing = format!("check the `{field}` of the ticket");
        calls.extend(
            new.id(field)
                .map(|id| companies::call(settings, &doing, path, id)),
        );
        asked.extend(new.id(field).map(|id| (field, id, None)));
    }
    calls.extend(new.id("type-id").map(|id| {
        let (doing, path) = ("look up the ticket type", format!("TicketType/{id}"));
        api::get(
            settings,
            doing,
            &TICKET_TYPES_READ,
            &path,
            &[("includedetails", "true")],
        )
    }));
    asked.extend(new.id("type-id").map(|id| ("type-id", id, None)));
    for (field, list) in [
        ("board-id", TEAMS),
        ("status-id", STATUSES),
        ("subtype-id", CATEGORIES),
        ("priority-id", PRIORITIES),
        ("source-id", SOURCES),
    ] {
        calls.extend(new.id(field).map(|_| list.call(settings)));
        asked.extend(new.id(field).map(|id| (field, id, Some(list.4))));
    }
    let send = &mut api::sign_in(settings, send)?;
    let mut objections = Vec::new();
    for (answer, (field, id, ids)) in exchange(settings, send, calls).iter().zip(asked) {
        let faults = match ids {
            Some(ids) => ids(answer).map(|ids| listed(field, &ids, id)),
            None if field == "type-id" => ticket_type(answer, id, &new),
            None => record(answer, field, id, &new),
        };
        match faults {
            Ok(faults) => objections.extend(
                faults
                    .into_iter()
                    .map(|(field, fault)| field_error(field, fault)),
            ),
            Err(error) if error.code == ErrorCode::Forbidden && field != "company-id" => {}
            Err(error) => return Err(error),
        }
    }
    Ok(TicketCheck { objections })
}

const MISSING: &str = "there is no such one, or the API agent may not see it";
const INACTIVE: &str = "it is inactive";

fn listed(field: &'static str, ids: &[i64], id: i64) -> Faults {
    let fault = match (field, id) {
        _ if !ids.contains(&id) => MISSING,
        ("status-id", CLOSED) => "it is a closed status: nobody would see the ticket",
        _ => return Vec::new(),
    };
    vec![(field, fault)]
}

/// A client, or what belongs to one.
fn record(answer: &Answer, field: &'static str, id: i64, new: &NewTicket) -> Result<Faults, Error> {
    let fault = match if_there::<OfClient>(answer, id)? {
        None => MISSING,
        Some(it) if it.client_id.id().is_some_and(|owner| owner != new.client()) => {
            "it is not of this company"
        }
        Some(it) if it.inactive.is_set() => INACTIVE,
        Some(_) => return Ok(Vec::new()),
    };
    Ok(vec![(field, fault)])
}

fn ticket_type(answer: &Answer, id: i64, new: &NewTicket) -> Result<Faults, Error> {
    let Some(kind) = if_there::<TicketType>(answer, id)? else {
        return Ok(vec![("type-id", MISSING)]);
    };
    let mut faults: Faults = kind
        .inactive
        .is_set()
        .then_some(("type-id", INACTIVE))
        .into_iter()
        .collect();
    let mut check = |field, allows_all: Flag, allowed: Maybe<Vec<Allowed>>| {
        let id = new.id(field);
        let is_it = |it: &Allowed| it.id.0 == id;
        if id.is_some() && allows_all.0 == Some(false) && !allowed.0.iter().flatten().any(is_it) {
            faults.push((field, "the ticket type does not allow it"));
        }
    };
    check("board-id", kind.allowall_team, kind.allowed_teams);
    check("status-id", kind.allowall_status, kind.allowed_status);
    check(
        "subtype-id",
        kind.allowall_category1,
        kind.allowed_category1,
    );
    Ok(faults)
}
