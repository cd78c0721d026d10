//! `check-ticket`: would this draft be accepted, as far as reading tells. One round, whatever the draft names.

use psa_contract::{ErrorCode, TicketCheck, TicketDraft};
use psa_toolkit::error::field_error;
use psa_toolkit::exchange::{Answer, Call, exchange};
use psa_toolkit::{Error, HttpSend};

use crate::api::{self, if_there, rows};
use crate::boards::{
    CATEGORIES, CLOSED, List, PRIORITIES, SOURCES, STATUSES, TEAMS, active, categories_of_tickets,
    teams_of_tickets,
};
use crate::companies;
use crate::draft::{self, NewTicket};
use crate::permissions::{CUSTOMERS_READ, TICKET_TYPES_READ};
use crate::settings::Settings;
use crate::wire::{Allowed, Client, Entry, Priority, Site, TicketType, User};

/// The objections to a draft; none: none was found. What may not be read is not checked.
pub(crate) fn check_ticket(
    settings: &Settings,
    draft: &TicketDraft,
    send: &mut HttpSend,
) -> Result<TicketCheck, Error> {
    let new = match draft::parse(draft) {
        Ok(new) => new,
        Err(objections) => return Ok(TicketCheck { objections }),
    };
    let send = &mut api::sign_in(settings, send)?;
    let questions = questions(settings, &new);
    let (calls, judges): (Vec<Call>, Vec<_>) = questions.into_iter().unzip();
    let mut objections = Vec::new();
    for (answer, (field, judge)) in exchange(settings, send, calls).iter().zip(judges) {
        match judge(answer, &new) {
            Ok(found) => {
                objections.extend(found.into_iter().map(|objection| {
                    field_error(objection.field.unwrap_or(field), objection.message)
                }))
            }
            Err(error) if error.code == ErrorCode::Forbidden && field != "company-id" => {}
            Err(error) => return Err(error),
        }
    }
    Ok(TicketCheck { objections })
}

/// What is wrong with a record, or with what it allows.
struct Objection {
    /// None: the one that was asked about.
    field: Option<&'static str>,
    message: &'static str,
}

type Judged = Result<Vec<Objection>, Error>;
type Question = (Call, (&'static str, fn(&Answer, &NewTicket) -> Judged));

fn questions(settings: &Settings, new: &NewTicket) -> Vec<Question> {
    let members = &new.members;
    let of_customers =
        |doing: &str, path: String| api::get(settings, doing, &CUSTOMERS_READ, &path, &[]);
    let company = companies::call(settings, "look up the company", members.client_id);
    let mut questions: Vec<Question> = vec![(company, ("company-id", client))];
    questions.extend(members.site_id.map(|id| {
        let call = of_customers("look up the site", format!("Site/{id}"));
        (call, ("site-id", site as fn(&Answer, &NewTicket) -> Judged))
    }));
    questions.extend(members.user_id.map(|id| {
        let call = of_customers("look up the contact", format!("Users/{id}"));
        (
            call,
            ("contact-id", user as fn(&Answer, &NewTicket) -> Judged),
        )
    }));
    questions.extend(members.tickettype_id.map(|id| {
        let (path, query) = (format!("TicketType/{id}"), [("includedetails", "true")]);
        let doing = "look up the ticket type";
        let call = api::get(settings, doing, &TICKET_TYPES_READ, &path, &query);
        (
            call,
            ("type-id", ticket_type as fn(&Answer, &NewTicket) -> Judged),
        )
    }));
    let lists: [(
        Option<i64>,
        List,
        &'static str,
        fn(&Answer, &NewTicket) -> Judged,
    ); 5] = [
        (new.team_id, TEAMS, "board-id", team),
        (members.status_id, STATUSES, "status-id", status),
        (new.category_id, CATEGORIES, "subtype-id", category),
        (members.priority_id, PRIORITIES, "priority-id", priority),
        (members.source, SOURCES, "source-id", source),
    ];
    for (id, list, field, judge) in lists {
        questions.extend(id.map(|_| (list.call(settings), (field, judge))));
    }
    questions
}

const MISSING: &str = "there is no such one, or the API agent may not see it";
const INACTIVE: &str = "it is inactive";
const OF_ANOTHER: &str = "it is not of this company";
const NOT_ALLOWED: &str = "the ticket type does not allow it";

fn unless(is_good: bool, message: &'static str) -> Vec<Objection> {
    let objection = Objection {
        field: None,
        message,
    };
    (!is_good).then_some(objection).into_iter().collect()
}

fn client(answer: &Answer, _: &NewTicket) -> Judged {
    Ok(match if_there::<Client>(answer)? {
        Some(client) => unless(client.inactive != Some(true), INACTIVE),
        None => unless(false, MISSING),
    })
}

fn site(answer: &Answer, new: &NewTicket) -> Judged {
    Ok(match if_there::<Site>(answer)? {
        Some(site) => of_company(site.client_id.id(), site.inactive, new),
        None => unless(false, MISSING),
    })
}

fn user(answer: &Answer, new: &NewTicket) -> Judged {
    Ok(match if_there::<User>(answer)? {
        Some(user) => of_company(user.client_id.id(), user.inactive, new),
        None => unless(false, MISSING),
    })
}

fn of_company(client: Option<i64>, inactive: Option<bool>, new: &NewTicket) -> Vec<Objection> {
    if client.is_some_and(|client| client != new.members.client_id) {
        return unless(false, OF_ANOTHER);
    }
    unless(inactive != Some(true), INACTIVE)
}

fn ticket_type(answer: &Answer, new: &NewTicket) -> Judged {
    let Some(kind) = if_there::<TicketType>(answer)? else {
        return Ok(unless(false, MISSING));
    };
    if Some(kind.id) != new.members.tickettype_id {
        return Err(answer.unexpected("expected the ticket type that was asked for, found another"));
    }
    let mut objections = unless(kind.inactive != Some(true), INACTIVE);
    for (field, id, allows_all, allowed) in [
        (
            "board-id",
            new.team_id,
            kind.allowall_team,
            &kind.allowed_teams,
        ),
        (
            "status-id",
            new.members.status_id,
            kind.allowall_status,
            &kind.allowed_status,
        ),
        (
            "subtype-id",
            new.category_id,
            kind.allowall_category1,
            &kind.allowed_category1,
        ),
    ] {
        let is_allowed = |id: i64| {
            let mut allowed = allowed.iter().flatten();
            allows_all != Some(false) || allowed.any(|it: &Allowed| it.id.0 == Some(id))
        };
        if id.is_some_and(|id| !is_allowed(id)) {
            objections.push(Objection {
                field: Some(field),
                message: NOT_ALLOWED,
            });
        }
    }
    Ok(objections)
}

fn team(answer: &Answer, new: &NewTicket) -> Judged {
    let mut teams = teams_of_tickets(rows::<Entry>(answer)?);
    Ok(unless(teams.any(|it| Some(it.id) == new.team_id), MISSING))
}

fn status(answer: &Answer, new: &NewTicket) -> Judged {
    let wanted = new.members.status_id;
    let mut statuses = active(rows::<Entry>(answer)?);
    if !statuses.any(|it| Some(it.id) == wanted) {
        return Ok(unless(false, MISSING));
    }
    let closed = "it is a closed status: nobody would see the ticket";
    Ok(unless(wanted != Some(CLOSED), closed))
}

fn category(answer: &Answer, new: &NewTicket) -> Judged {
    let categories = categories_of_tickets(answer)?;
    let mut categories = categories.iter();
    Ok(unless(
        categories.any(|it| Some(it.id) == new.category_id),
        MISSING,
    ))
}

fn priority(answer: &Answer, new: &NewTicket) -> Judged {
    let priorities = rows::<Priority>(answer)?;
    let is_it =
        |row: &Priority| Some(row.id) == new.members.priority_id && row.ishidden != Some(true);
    Ok(unless(priorities.iter().any(is_it), MISSING))
}

fn source(answer: &Answer, new: &NewTicket) -> Judged {
    let mut sources = active(rows::<Entry>(answer)?);
    Ok(unless(
        sources.any(|it| Some(it.id) == new.members.source),
        MISSING,
    ))
}
