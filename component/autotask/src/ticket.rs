//! `get-ticket`, and what the other operations on tickets share: how one is asked for, and what becomes of it.

mod check;
mod create;
mod find;
mod status;

use psa_contract::{Named, Ticket, TicketLookup};
use psa_toolkit::error::missing;
use psa_toolkit::exchange::{Answer, Call, exchange, exchange_one};
use psa_toolkit::text::is_utc_time;
use psa_toolkit::{Error, HttpSend, query};

pub(crate) use self::check::check_ticket;
pub(crate) use self::create::create_ticket;
pub(crate) use self::find::find_tickets;
pub(crate) use self::status::set_status;
use crate::api::{enter, one_row, zone_of};
use crate::boards::{COMPLETE, Choosers};
use crate::of_company;
use crate::picklist::REUSE_SECONDS;
use crate::settings::{Settings, browser_origin};
use crate::wire;

/// One ticket. By a query: it has no rows if there is none, while a read by id answers 404 or null, and a wrong zone answers
/// 404 too.
pub(crate) fn get_ticket(
    settings: &Settings,
    id: &str,
    send: &mut HttpSend,
) -> Result<TicketLookup, Error> {
    let id = query::ticket_id(id)?;
    let send = &mut enter(settings, send)?;
    let call = settings.one::<wire::Ticket>(&format!("read ticket {id}"), id);
    let answer = exchange_one(settings, send, call);
    let row = one_row::<wire::Ticket>(&answer, id)?;
    let ticket = row.map(|row| named(settings, zone_of(&answer), row, send));
    Ok(TicketLookup { ticket })
}

/// The ticket of a write, which has to be there.
pub(crate) fn existing(doing: &str, id: i64, answer: &Answer) -> Result<wire::Ticket, Error> {
    one_row(answer, id)?.ok_or_else(|| missing(doing, &format!("ticket {id}")))
}

/// What the records are called that a ticket points to. Names are an extra: what cannot be read has none.
#[derive(Default)]
struct Names {
    choosers: Choosers,
    company: Option<wire::Company>,
    contact: Option<wire::Contact>,
}

impl Names {
    /// The requests for the fields of a ticket, and for the company and the contact if there are any.
    fn calls(settings: &Settings, company: Option<i64>, contact: Option<i64>) -> Vec<Call> {
        let mut calls = vec![settings.fields("Tickets", REUSE_SECONDS)];
        let doing = "read the names of company and contact";
        calls.extend(company.map(|id| settings.one::<wire::Company>(doing, id)));
        calls.extend(contact.map(|id| settings.one::<wire::Contact>(doing, id)));
        calls
    }

    fn read(answers: &[Answer], company: Option<i64>, contact: Option<i64>) -> Self {
        let mut answers = answers.iter();
        let choosers = answers.next().and_then(|it| Choosers::read(it).ok());
        Self {
            choosers: choosers.unwrap_or_default(),
            company: company.and_then(|id| one_row(answers.next()?, id).ok()?),
            contact: contact.and_then(|id| one_row(answers.next()?, id).ok()?),
        }
    }

    fn of(&self, field: &str, id: Option<i64>) -> Option<Named> {
        let id = id?;
        Some(Named {
            id: id.to_string(),
            name: self.choosers.of(field).name(id),
        })
    }
}

/// A ticket with all names.
fn named(settings: &Settings, zone: &str, row: wire::Ticket, send: &mut HttpSend) -> Ticket {
    let (company, contact) = (row.company_id, row.contact_id);
    let answers = exchange(settings, send, Names::calls(settings, company, contact));
    ticket(zone, row, &Names::read(&answers, company, contact))
}

/// The ticket as the contract has it. The browser's address follows from the zone (Autotask's help, `ExecuteCommand`).
fn ticket(zone: &str, row: wire::Ticket, names: &Names) -> Ticket {
    let id = row.id.to_string();
    let time = |text: Option<String>| text.filter(|text| is_utc_time(text));
    let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let is_complete = row.status == Some(COMPLETE);
    // A rule may have put the ticket on others than those whose names were asked for.
    let company = names.company.as_ref();
    let company = company.filter(|it| Some(it.id) == row.company_id);
    let contact = names.contact.as_ref();
    let contact = contact.filter(|it| Some(it.id) == row.contact_id);
    let record = |id: Option<i64>, name: Option<String>| {
        let (id, name) = (id?.to_string(), given(name));
        Some(Named { id, name })
    };
    let path = "Autotask/AutotaskExtend/ExecuteCommand.aspx?Code=OpenTicketDetail&TicketID=";
    Ticket {
        number: given(row.number).unwrap_or_else(|| id.clone()),
        summary: row.title,
        company: record(row.company_id, company.map(|it| it.name.clone())),
        board: names.of("board-id", row.queue_id),
        status: names.of("status-id", row.status),
        is_closed: is_complete.then_some(true),
        priority: names.of("priority-id", row.priority),
        ticket_type: names.of("type-id", row.issue_type),
        contact: record(row.contact_id, contact.map(of_company::name)),
        reference: given(row.reference),
        created_at: time(row.created_at),
        updated_at: time(row.updated_at),
        closed_at: time(row.completed_at).filter(|_| is_complete),
        web_url: Some(format!("{}/{path}{id}", browser_origin(zone))),
        id,
        ..Ticket::default()
    }
}
