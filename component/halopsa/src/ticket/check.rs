//! `check-ticket`: would this draft be accepted, as far as reading tells. One round, whatever the draft names.

use psa_contract::{ErrorCode, FieldError, TicketCheck, TicketDraft};
use psa_toolkit::error::field_error;
use psa_toolkit::exchange::{Answer, Call, exchange};
use psa_toolkit::loose::{Flag, Maybe, Whole};
use psa_toolkit::pages::Row;
use psa_toolkit::{Error, HttpSend};

use crate::api::{self, if_there, rows};
use crate::boards::{
    CATEGORIES, CLOSED, PRIORITIES, SOURCES, STATUSES, TEAMS, active, categories, teams,
};
use crate::companies;
use crate::draft::{NewTicket, parse};
use crate::permissions::TICKET_TYPES_READ;
use crate::settings::Settings;
use crate::wire::{Allowed, Client, Priority, Site, TicketType, User};

/// What is wrong with a record that the draft names by this id, or with what it allows: fields and faults.
type Judge = fn(&Answer, i64, &NewTicket) -> Result<Faults, Error>;
type Question<'a> = (Option<i64>, &'a dyn Fn(i64) -> Call, Judge);
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
    let send = &mut api::sign_in(settings, send)?;
    let of_customers = |path: &'static str| {
        move |id| companies::call(settings, "check what the ticket names", path, id)
    };
    let of_type = |id| {
        let (doing, path) = ("look up the ticket type", format!("TicketType/{id}"));
        api::get(
            settings,
            doing,
            &TICKET_TYPES_READ,
            &path,
            &[("includedetails", "true")],
        )
    };
    let questions: [Question; 9] = [
        (
            Some(new.client_id),
            &of_customers("Client"),
            |answer, id, new| {
                let client = if_there::<Client>(answer, id)?;
                Ok(record(
                    "company-id",
                    client.map(|it| (Whole(None), it.inactive)),
                    new,
                ))
            },
        ),
        (new.site_id, &of_customers("Site"), |answer, id, new| {
            let site = if_there::<Site>(answer, id)?;
            Ok(record(
                "site-id",
                site.map(|it| (it.client_id, it.inactive)),
                new,
            ))
        }),
        (new.user_id, &of_customers("Users"), |answer, id, new| {
            let user = if_there::<User>(answer, id)?;
            Ok(record(
                "contact-id",
                user.map(|it| (it.client_id, it.inactive)),
                new,
            ))
        }),
        (new.type_id, &of_type, ticket_type),
        (new.team_id, &|_| TEAMS.call(settings), |answer, id, _| {
            Ok(listed("board-id", &teams(answer)?, id))
        }),
        (
            new.status_id,
            &|_| STATUSES.call(settings),
            |answer, id, _| {
                let mut faults = listed("status-id", &active(answer)?, id);
                let is_closed = faults.is_empty() && id == CLOSED;
                faults.extend(is_closed.then_some((
                    "status-id",
                    "it is a closed status: nobody would see the ticket",
                )));
                Ok(faults)
            },
        ),
        (
            new.category_id,
            &|_| CATEGORIES.call(settings),
            |answer, id, _| Ok(listed("subtype-id", &categories(answer)?, id)),
        ),
        (
            new.priority_id,
            &|_| PRIORITIES.call(settings),
            |answer, id, _| {
                let mut priorities = rows::<Priority>(answer)?;
                priorities.retain(|row| !row.ishidden.is_set());
                Ok(listed("priority-id", &priorities, id))
            },
        ),
        (
            new.source_id,
            &|_| SOURCES.call(settings),
            |answer, id, _| Ok(listed("source-id", &active(answer)?, id)),
        ),
    ];
    let asked = questions
        .iter()
        .filter_map(|(id, call, judge)| Some(((*id)?, *call, *judge)));
    let asked: Vec<(i64, _, Judge)> = asked.collect();
    let calls = asked.iter().map(|(id, call, _)| call(*id)).collect();
    let mut objections: Vec<FieldError> = Vec::new();
    for (place, (answer, (id, _, judge))) in exchange(settings, send, calls)
        .iter()
        .zip(asked)
        .enumerate()
    {
        match judge(answer, id, &new) {
            Ok(found) => objections.extend(
                found
                    .into_iter()
                    .map(|(field, fault)| field_error(field, fault)),
            ),
            Err(error) if error.code == ErrorCode::Forbidden && place > 0 => {}
            Err(error) => return Err(error),
        }
    }
    Ok(TicketCheck { objections })
}

const MISSING: &str = "there is no such one, or the API agent may not see it";
const INACTIVE: &str = "it is inactive";

/// What is wrong with a record, by its owner, if it has one, and by whether it is inactive.
fn record(field: &'static str, found: Option<(Whole, Flag)>, new: &NewTicket) -> Faults {
    let fault = match found {
        None => MISSING,
        Some((owner, _)) if owner.id().is_some_and(|owner| owner != new.client_id) => {
            "it is not of this company"
        }
        Some((_, inactive)) if inactive.is_set() => INACTIVE,
        Some(_) => return Vec::new(),
    };
    vec![(field, fault)]
}

fn listed<T: Row>(field: &'static str, rows: &[T], id: i64) -> Faults {
    let is_there = rows.iter().any(|row| row.id() == id);
    (!is_there)
        .then_some((field, MISSING))
        .into_iter()
        .collect()
}

fn ticket_type(answer: &Answer, id: i64, new: &NewTicket) -> Result<Faults, Error> {
    let Some(kind) = if_there::<TicketType>(answer, id)? else {
        return Ok(vec![("type-id", MISSING)]);
    };
    let mut faults = record("type-id", Some((Whole(None), kind.inactive)), new);
    let mut check = |field, id: Option<i64>, allows_all: Flag, allowed: Maybe<Vec<Allowed>>| {
        let is_it = |it: &Allowed| it.id.0 == id;
        if id.is_some() && allows_all.0 == Some(false) && !allowed.0.iter().flatten().any(is_it) {
            faults.push((field, "the ticket type does not allow it"));
        }
    };
    check(
        "board-id",
        new.team_id,
        kind.allowall_team,
        kind.allowed_teams,
    );
    check(
        "status-id",
        new.status_id,
        kind.allowall_status,
        kind.allowed_status,
    );
    check(
        "subtype-id",
        new.category_id,
        kind.allowall_category1,
        kind.allowed_category1,
    );
    Ok(faults)
}
