//! `find-tickets`: by ids, by references, or the open ones of a client; each once, by ascending id.

use psa_contract::{TicketPage, TicketQuery};
use psa_toolkit::exchange::{exchange, exchange_one};
use psa_toolkit::pages::{Found, Row as _, cut};
use psa_toolkit::query::{self, Selected, rows_of_company};
use psa_toolkit::text::Ids;
use psa_toolkit::{Error, HttpSend};

use super::look_up::{bearing, searches};
use super::{is_closed, ticket};
use crate::api::{self, LARGEST_PAGE, List, rows, those_there};
use crate::settings::Settings;
use crate::wire::Ticket;

const DOING: &str = "find tickets";

/// One page of the tickets that are selected.
pub(crate) fn find_tickets(
    settings: &Settings,
    query: &TicketQuery,
    send: &mut HttpSend,
) -> Result<TicketPage, Error> {
    let asked = query::tickets::<2>(Ids::AboveZero, &settings.identity(), query)?;
    if asked.what.is_nothing() {
        return Ok(TicketPage::default());
    }
    let send = &mut api::sign_in(settings, send)?;
    let found = match &asked.what {
        Selected::Ids(ids) => {
            let (ids, continue_after) = asked.ahead(ids, asked.limit);
            Found::by_ids(by_ids(settings, &ids, send)?, continue_after)
        }
        Selected::References(references) => {
            let after = asked.start().map(|place| place.after);
            let found = by_references(settings, references, send)?;
            let found = cut(found, after, asked.limit);
            Found::by_ids(found.rows, found.continue_after)
        }
        Selected::OpenOfCompany(company) => {
            let id = company.to_string();
            let filters = [("client_id", id.as_str()), ("open_only", "true")];
            let list = List::new(settings, DOING, "Tickets", &filters);
            let mut found = list.read::<Ticket>(send, asked.start(), asked.limit)?;
            found.rows = rows_of_company(DOING, found.rows, *company, |row| row.client_id.id())?;
            found.rows.retain(|row| !is_closed(row));
            found
        }
    };
    let next_cursor = asked.next_cursor(found.continue_after);
    let tickets = found.rows.into_iter().map(|row| ticket(settings, row));
    Ok(TicketPage {
        tickets: tickets.collect(),
        next_cursor,
    })
}

/// In one list, as far as it has them. Those that it lacks are read one by one: the list may be without closed ones.
fn by_ids(settings: &Settings, ids: &[i64], send: &mut HttpSend) -> Result<Vec<Ticket>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let texts: Vec<String> = ids.iter().map(i64::to_string).collect();
    let texts = texts.join(",");
    let filters = [("ticketids", texts.as_str())];
    let answer = exchange_one(
        settings,
        send,
        List::new(settings, DOING, "Tickets", &filters).page(1, LARGEST_PAGE),
    );
    let mut found: Vec<Ticket> = rows(&answer)?;
    found.retain(|row| ids.contains(&row.id()));
    let mut missing = ids.to_vec();
    missing.retain(|id| found.iter().all(|row| row.id() != *id));
    found.extend(those_there(settings, DOING, "Tickets", &missing, send)?);
    Ok(cut(found, None, ids.len()).rows)
}

/// Both searches for each, in one round.
fn by_references(
    settings: &Settings,
    references: &[String],
    send: &mut HttpSend,
) -> Result<Vec<Ticket>, Error> {
    let calls = references
        .iter()
        .flat_map(|it| searches(settings, it, None));
    let answers = exchange(settings, send, calls.collect());
    bearing(settings, references, &answers, send)
}
