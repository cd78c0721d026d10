//! `get-ticket`, and what the other operations on tickets share: how one is asked for, and what becomes of it.

mod check;
mod create;
mod find;
mod status;

use psa_contract::{Named, Ticket, TicketLookup};
use psa_toolkit::error::missing;
use psa_toolkit::exchange::{Answer, Call, exchange_beside, exchange_one};
use psa_toolkit::text::is_utc_time;
use psa_toolkit::{Error, HttpSend, query};

pub(crate) use self::check::check_ticket;
pub(crate) use self::create::create_ticket;
pub(crate) use self::find::find_tickets;
pub(crate) use self::status::set_status;
use crate::api::{enter, one_row};
use crate::boards::COMPLETE;
use crate::draft::REFERENCE_MEMBER;
use crate::of_company;
use crate::picklist::REUSE_SECONDS;
use crate::settings::{Settings, browser_origin};
use crate::wire::{self, Company, Contact, Fields};

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
    let ticket = row.map(|row| named(settings, row, send));
    Ok(TicketLookup { ticket })
}

/// The ticket of a write, which has to be there.
pub(crate) fn existing(doing: &str, id: i64, answer: &Answer) -> Result<wire::Ticket, Error> {
    one_row(answer, id)?.ok_or_else(|| missing(doing, &format!("ticket {id}")))
}

/// The tickets that bear exactly one of these references, or the fault of the answer.
fn bearing(rows: Vec<wire::Ticket>, references: &[String]) -> Result<Vec<wire::Ticket>, String> {
    query::bearing(rows, references, REFERENCE_MEMBER, |row| {
        row.reference.as_ref()
    })
}

/// What the records are called that a ticket points to. Names are an extra: what cannot be read has none.
#[derive(Default)]
struct Names {
    fields: Fields,
    company: Option<(i64, String)>,
    contact: Option<(i64, String)>,
}

impl Names {
    /// Reads those that a ticket needs, and something else in the same round.
    fn read<'a>(
        settings: &'a Settings,
        row: &wire::Ticket,
        beside: Option<Call>,
        send: &mut HttpSend,
    ) -> (Self, Option<Answer<'a>>) {
        let doing = "read the names of company and contact";
        let company = row.company_id.map(|id| settings.one::<Company>(doing, id));
        let contact = row.contact_id.map(|id| settings.one::<Contact>(doing, id));
        let fields = settings.fields("Tickets", REUSE_SECONDS);
        let (fields, [company, contact, beside]) =
            exchange_beside(settings, send, fields, [company, contact, beside]);
        let names = Self {
            fields: Fields::of_ticket(&fields).unwrap_or_default(),
            company: company.and_then(|answer| {
                let company: Company = one_row(&answer, row.company_id?).ok()??;
                Some((company.id, company.name))
            }),
            contact: contact.and_then(|answer| {
                let contact: Contact = one_row(&answer, row.contact_id?).ok()??;
                Some((contact.id, of_company::name(&contact)))
            }),
        };
        (names, beside)
    }

    fn of(&self, field: &str, id: Option<i64>) -> Option<Named> {
        let id = id?;
        Some(Named {
            id: id.to_string(),
            name: self.fields.of(field).name(id),
        })
    }
}

/// A ticket with all names.
fn named(settings: &Settings, row: wire::Ticket, send: &mut HttpSend) -> Ticket {
    let (names, _) = Names::read(settings, &row, None, send);
    ticket(row, &names)
}

/// The ticket as the contract has it. The browser's address follows from the zone (Autotask's help, `ExecuteCommand`).
fn ticket(row: wire::Ticket, names: &Names) -> Ticket {
    let id = row.id.to_string();
    let time = |text: Option<String>| text.filter(|text| is_utc_time(text));
    let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let is_complete = row.status == Some(COMPLETE);
    let record = |id: Option<i64>, named: &Option<(i64, String)>| {
        // A rule may have put the ticket on another than the one whose name was asked for.
        let named = named.as_ref().filter(|(other, _)| Some(*other) == id);
        Some(Named {
            id: id?.to_string(),
            name: given(named.map(|(_, name)| name.clone())),
        })
    };
    let path = "Autotask/AutotaskExtend/ExecuteCommand.aspx?Code=OpenTicketDetail&TicketID=";
    Ticket {
        number: given(row.number).unwrap_or_else(|| id.clone()),
        summary: row.title,
        company: record(row.company_id, &names.company),
        board: names.of("board-id", row.queue_id),
        status: names.of("status-id", row.status),
        is_closed: is_complete.then_some(true),
        priority: names.of("priority-id", row.priority),
        ticket_type: names.of("type-id", row.issue_type),
        contact: record(row.contact_id, &names.contact),
        reference: given(row.reference),
        created_at: time(row.created_at),
        updated_at: time(row.updated_at),
        closed_at: time(row.completed_at).filter(|_| is_complete),
        web_url: Some(format!("{}/{path}{id}", browser_origin(&row.zone))),
        id,
        ..Ticket::default()
    }
}
