//! `find-tickets`: by ids, by references, or the open ones of a client; each once, by ascending id.

use psa_contract::{ErrorCode, TicketPage, TicketQuery};
use psa_toolkit::exchange::{Answer, exchange, exchange_one};
use psa_toolkit::pages::{Found, Place, Row as _};
use psa_toolkit::query::{self, Selected, rows_of_company};
use psa_toolkit::status::hint_of;
use psa_toolkit::text::Ids;
use psa_toolkit::{Error, HttpSend};

use super::look_up::{Searched, bearing, by_member, by_text};
use super::{call, is_closed, list, read, ticket};
use crate::api::{self, rows};
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
    // A filter of nothing would find everything.
    match &asked.what {
        Selected::Ids(ids) if ids.is_empty() => return Ok(TicketPage::default()),
        Selected::References(references) if references.is_empty() => {
            return Ok(TicketPage::default());
        }
        _ => {}
    }
    let send = &mut api::sign_in(settings, send)?;
    let after = asked.start().map_or(0, |place| place.after);
    let found = match &asked.what {
        Selected::Ids(ids) => by_ids(settings, ids, after, asked.limit, send)?,
        Selected::References(references) => cut(
            by_references(settings, references, send)?,
            after,
            asked.limit,
        ),
        Selected::OpenOfCompany(company) => {
            let id = company.to_string();
            let filters = [("client_id", id.as_str()), ("open_only", "true")];
            let list = list(settings, DOING, &filters);
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
fn by_ids(
    settings: &Settings,
    ids: &[i64],
    after: i64,
    limit: usize,
    send: &mut HttpSend,
) -> Result<Found<Ticket, Place>, Error> {
    let ahead: Vec<i64> = ids.iter().copied().filter(|id| *id > after).collect();
    let now: Vec<i64> = ahead.iter().copied().take(limit).collect();
    if now.is_empty() {
        return Ok(cut(Vec::new(), after, limit));
    }
    let texts: Vec<String> = now.iter().map(i64::to_string).collect();
    let ids = texts.join(",");
    let filters = [("ticketids", ids.as_str())];
    let answer = exchange_one(settings, send, list(settings, DOING, &filters).page(1, 100));
    let mut found: Vec<Ticket> = rows(&answer)?;
    found.retain(|row| now.contains(&row.id()));
    found.sort_by_cached_key(|row| row.id());
    found.dedup_by_key(|row| row.id());
    let is_missing = |id: &&i64| found.iter().all(|row| row.id() != **id);
    let missing: Vec<i64> = now.iter().filter(is_missing).copied().collect();
    let calls = missing
        .iter()
        .map(|id| call(settings, DOING, *id))
        .collect();
    for (answer, id) in exchange(settings, send, calls).iter().zip(&missing) {
        match read(*id, answer) {
            Ok(ticket) => found.push(ticket),
            Err(error) if error.code == ErrorCode::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    found.sort_by_cached_key(|row| row.id());
    let last = now.last().filter(|_| ahead.len() > now.len());
    Ok(Found {
        rows: found,
        continue_after: last.map(|after| place(*after)),
    })
}

/// A search for each in one round, and another round for those whose search was not honoured.
fn by_references(
    settings: &Settings,
    references: &[String],
    send: &mut HttpSend,
) -> Result<Vec<Ticket>, Error> {
    let calls = references.iter().map(|it| by_member(settings, it));
    let calls = calls.collect();
    let answers = exchange(settings, send, calls);
    let mut found = Vec::new();
    let mut open: Vec<&String> = Vec::new();
    let tickets = bearing(settings, &searched(references.iter(), &answers), send)?;
    for (reference, tickets) in references.iter().zip(tickets) {
        match tickets {
            Some(tickets) => found.extend(tickets),
            None => open.push(reference),
        }
    }
    let calls = open.iter().map(|it| by_text(settings, it, None)).collect();
    let answers = exchange(settings, send, calls);
    for tickets in bearing(settings, &searched(open.into_iter(), &answers), send)? {
        let Some(tickets) = tickets else {
            let message = format!("cannot {DOING}: Halo did not search for the references");
            let hint = hint_of(ErrorCode::UnexpectedResponse);
            return Err(Error::new(ErrorCode::UnexpectedResponse, message).hint(hint));
        };
        found.extend(tickets);
    }
    Ok(found)
}

fn searched<'a>(
    references: impl Iterator<Item = &'a String>,
    answers: &'a [Answer<'a>],
) -> Vec<Searched<'a>> {
    let searched = references.zip(answers.chunks(1));
    let searched = searched.map(|(reference, answers)| Searched { reference, answers });
    searched.collect()
}

/// Those above an id, each once, at most as many as wanted.
fn cut(mut rows: Vec<Ticket>, after: i64, limit: usize) -> Found<Ticket, Place> {
    rows.retain(|row| row.id() > after);
    rows.sort_by_cached_key(|row| row.id());
    rows.dedup_by_key(|row| row.id());
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    Found {
        continue_after: rows.last().filter(|_| has_more).map(|row| place(row.id())),
        rows,
    }
}

fn place(after: i64) -> Place {
    Place { page: 1, after }
}
