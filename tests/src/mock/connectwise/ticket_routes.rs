//! What is served below `/service/tickets`: the tickets, their notes and configurations, and the writes.

use super::configuration::{Attached, read_attached};
use super::create::read_ticket;
use super::listing::{Filter, Record as _, count, list, one, page};
use super::note::{Note, OfAllNotes};
use super::patch::patched;
use super::role::{Access, Function, Level};
use super::tenant::Tenant;
use super::ticket::Ticket;
use crate::mock::Answer;
use crate::mock::Asked;

/// Answers a request. `rest` is what follows `/service/tickets` in the path.
pub(super) fn answer(asked: &Asked, rest: &[&str], tenant: &mut Tenant, body: &[u8]) -> Answer {
    let answered = match (asked.method.as_str(), rest) {
        ("GET", _) => read(asked, rest, tenant),
        ("POST", []) => create(asked, tenant, body),
        ("PATCH", [id]) => patch(asked, id, tenant, body),
        ("POST", [id, "notes"]) => write_note(asked, id, tenant, body),
        ("POST", [id, "configurations"]) => attach(asked, id, tenant, body),
        (_, [] | [_] | [_, "notes" | "configurations"]) => {
            Err(Answer::error(405, "ConnectWiseApi", "Method not allowed."))
        }
        _ => Err(Answer::no_endpoint()),
    };
    answered.unwrap_or_else(|refusal| refusal)
}

fn read(asked: &Asked, rest: &[&str], tenant: &Tenant) -> Result<Answer, Answer> {
    if tenant.role.level(Function::ServiceTickets, Access::Inquire) == Level::None {
        return Err(Answer::forbidden());
    }
    let ticket = |id: &str| visible(tenant, id);
    Ok(match rest {
        [] => tickets(asked, tenant)?,
        ["count"] => count(asked, tenant.tickets().filter(|it| may_see(tenant, it))),
        [id] => one(asked, ticket(id)?),
        [id, "notes"] => {
            let notes = ticket(id)?.notes.iter();
            list(asked, notes.filter(|note| !note.is_time_entry))
        }
        [id, all_notes] if all_notes.eq_ignore_ascii_case("allNotes") => {
            let notes: Vec<OfAllNotes> = ticket(id)?.notes.iter().map(OfAllNotes).collect();
            list(asked, &notes)
        }
        [id, "configurations"] => {
            let ids = ticket(id)?.configurations.iter();
            let attached: Vec<Attached> = ids.map(|id| Attached(*id)).collect();
            list(asked, &attached)
        }
        _ => return Err(Answer::no_endpoint()),
    })
}

/// A look-up by reference goes through the index: a tenant may have many thousands of tickets.
fn tickets(asked: &Asked, tenant: &Tenant) -> Result<Answer, Answer> {
    let filter = Filter::of::<Ticket>(asked)?;
    let candidates: Vec<&Ticket> = match filter.text_due("externalXRef") {
        Some(reference) => tenant.tickets_with(reference),
        None => tenant.tickets().collect(),
    };
    let kept = candidates
        .into_iter()
        .filter(|ticket| may_see(tenant, ticket) && filter.keeps(*ticket));
    Ok(page(asked, kept.collect()))
}

fn create(asked: &Asked, tenant: &mut Tenant, body: &[u8]) -> Result<Answer, Answer> {
    if tenant.role.level(Function::ServiceTickets, Access::Add) == Level::None {
        return Err(Answer::forbidden());
    }
    must_be_json(asked)?;
    let now = tenant.next_second();
    let ticket = read_ticket(tenant, body, &now)?;
    let ticket = tenant.add_ticket(ticket);
    // The scheme is http on some regions of the cloud. Nobody needs to go there.
    let base = asked.base().replacen("https:", "http:", 1);
    let location = format!("{base}/service/tickets/{}", ticket.id);
    Ok(created(one(asked, ticket)).with_header("location", location))
}

fn patch(asked: &Asked, id: &str, tenant: &mut Tenant, body: &[u8]) -> Result<Answer, Answer> {
    let now = tenant.next_second();
    let ticket = to_change(asked, id, tenant)?;
    let (id, changed) = (ticket.id, patched(tenant, ticket, body, &now)?);
    let answer = Answer::json(200, &changed.json(&asked.base()));
    tenant.change_ticket(id, |ticket| *ticket = changed);
    Ok(answer)
}

fn write_note(asked: &Asked, id: &str, tenant: &mut Tenant, body: &[u8]) -> Result<Answer, Answer> {
    let id = to_change(asked, id, tenant)?.id;
    let mut note = Note::read(body)?;
    note.created_by.clone_from(&tenant.member);
    let note = tenant.add_note(id, note);
    Ok(created(one(asked, &note)))
}

fn attach(asked: &Asked, id: &str, tenant: &mut Tenant, body: &[u8]) -> Result<Answer, Answer> {
    let ticket = to_change(asked, id, tenant)?;
    if tenant.role.level(Function::Configurations, Access::Inquire) == Level::None {
        return Err(Answer::forbidden());
    }
    let (id, configuration_id) = (ticket.id, read_attached(tenant, ticket, body)?);
    tenant.change_ticket(id, |ticket| ticket.configurations.push(configuration_id));
    Ok(created(one(asked, &Attached(configuration_id))))
}

/// The ticket of an id, if the member may change it.
fn to_change<'a>(asked: &Asked, id: &str, tenant: &'a Tenant) -> Result<&'a Ticket, Answer> {
    let level = tenant.role.level(Function::ServiceTickets, Access::Edit);
    if level == Level::None {
        return Err(Answer::forbidden());
    }
    must_be_json(asked)?;
    let ticket = visible(tenant, id)?;
    if level == Level::My && ticket.entered_by != tenant.member {
        return Err(Answer::forbidden());
    }
    Ok(ticket)
}

fn visible<'a>(tenant: &'a Tenant, id: &str) -> Result<&'a Ticket, Answer> {
    let found = id.parse().ok().and_then(|id| tenant.ticket(id));
    found
        .filter(|ticket| may_see(tenant, ticket))
        .ok_or_else(|| Answer::not_found(&format!("Service Ticket {id}")))
}

fn may_see(tenant: &Tenant, ticket: &Ticket) -> bool {
    tenant.role.level(Function::ServiceTickets, Access::Inquire) == Level::All
        || ticket.entered_by == tenant.member
}

fn must_be_json(asked: &Asked) -> Result<(), Answer> {
    let content_type = asked.header("content-type").unwrap_or_default();
    if content_type.starts_with("application/json") {
        return Ok(());
    }
    let message = "The media type is not supported.";
    Err(Answer::error(415, "ConnectWiseApi", message))
}

fn created(mut answer: Answer) -> Answer {
    answer.status = 201;
    answer
}
