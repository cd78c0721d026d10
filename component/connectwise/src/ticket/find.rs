//! `find-tickets`: by ids, by references, or the open ones of a company; each once, by ascending id.

use psa_contract::{ErrorCode, TicketPage, TicketQuery};
use psa_toolkit::pages::{Found, Gather, IdListing as _, List, Window, read_all, read_range};
use psa_toolkit::query::{self, Selected};
use psa_toolkit::status::hint_of;
use psa_toolkit::text::Ids;
use psa_toolkit::{Error, HttpSend, url};

use super::{FIELDS, ticket};
use crate::api::{LARGEST_PAGE, Listing, rows};
use crate::permissions::TICKETS_INQUIRE;
use crate::settings::Settings;
use crate::wire::{self, is};

const DOING: &str = "find tickets";

/// Longer ones are refused by servers on the way (Developer Guide, "Conditions").
const LONGEST_URL_BYTES: usize = 2_000;

/// One page of the tickets that are selected.
pub(crate) fn find_tickets(
    settings: &Settings,
    query: &TicketQuery,
    send: &mut HttpSend,
) -> Result<TicketPage, Error> {
    let asked = query::tickets::<1>(Ids::AboveZero, &settings.tenant(), query)?;
    let (after, limit) = (asked.start(), asked.limit);
    let found = match &asked.what {
        Selected::Ids(ids) => by_ids(settings, asked.ahead(ids), send)?,
        Selected::References(references) => {
            by_references(settings, references, after, limit, send)?
        }
        Selected::OpenOfCompany(company) => open_of(settings, *company, after, limit, send)?,
    };
    let next_cursor = asked.next_cursor(found.continue_after);
    let tickets = found.rows.into_iter().map(|row| ticket(settings, row));
    Ok(TicketPage {
        tickets: tickets.collect(),
        next_cursor,
    })
}

/// Ids that do not exist, or may not be seen, are absent.
fn by_ids(
    settings: &Settings,
    (remaining, has_more): (Vec<i64>, bool),
    send: &mut HttpSend,
) -> Result<Found<wire::Ticket>, Error> {
    if remaining.is_empty() {
        return Ok(Found {
            rows: Vec::new(),
            continue_after: None,
        });
    }
    let texts: Vec<String> = remaining.iter().map(i64::to_string).collect();
    let continue_after = remaining.last().copied().filter(|_| has_more);
    let listing = listing(settings).with(format!("id in ({})", texts.join(",")));
    let mut list = List::<wire::Ticket>::new(listing, rows).only(remaining);
    read_all(settings, send, &mut [&mut list]);
    Ok(Found {
        rows: list.into_rows()?,
        continue_after,
    })
}

/// In as few requests as fit into URLs, all of them in one round.
fn by_references(
    settings: &Settings,
    references: &[String],
    after: Option<i64>,
    limit: usize,
    send: &mut HttpSend,
) -> Result<Found<wire::Ticket>, Error> {
    let mut listing = listing(settings);
    listing
        .conditions
        .extend(after.map(|id| format!("id>{id}")));
    let mut lists: Vec<List<wire::Ticket>> = conditions(&listing, references)
        .into_iter()
        .map(|condition| List::new(listing.clone().with(condition), rows))
        .collect();
    let mut gathered: Vec<&mut dyn Gather> = Vec::new();
    for list in &mut lists {
        gathered.push(list);
    }
    read_all(settings, send, &mut gathered);
    let mut rows = Vec::new();
    for list in lists {
        rows.extend(bearing(list.into_rows()?, references).map_err(not_honoured)?);
    }
    rows.sort_by_cached_key(|row| row.id);
    rows.dedup_by_key(|row| row.id);
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    Ok(Found {
        continue_after: rows.last().map(|row| row.id).filter(|_| has_more),
        rows,
    })
}

/// With the company beside it, `closedFlag` is quick; alone it times out at large tenants (seen by users of the API).
fn open_of(
    settings: &Settings,
    company: i64,
    after: Option<i64>,
    limit: usize,
    send: &mut HttpSend,
) -> Result<Found<wire::Ticket>, Error> {
    let mut listing = listing(settings);
    listing.conditions = vec![
        format!("company/id={company}"),
        "closedFlag=false".to_owned(),
    ];
    let mut found = read_range(settings, send, &listing, rows::<wire::Ticket>, after, limit)?;
    let company_of = |row: &wire::Ticket| row.company.as_ref().and_then(|it| it.id);
    found.rows = query::rows_of_company(DOING, found.rows, company, company_of)?;
    found.rows.retain(|row| !is(row.closed_flag));
    Ok(found)
}

fn listing(settings: &Settings) -> Listing<'_> {
    Listing {
        settings,
        doing: DOING.to_owned(),
        permission: Some(&TICKETS_INQUIRE),
        path: "/service/tickets".to_owned(),
        fields: FIELDS,
        conditions: Vec::new(),
        child_conditions: None,
    }
}

/// Conditions that together name all references, each of which leaves the URL of every page short enough.
fn conditions(listing: &Listing, references: &[String]) -> Vec<String> {
    let widest = Window {
        after: Some(i64::MAX),
        through: Some(i64::MAX),
    };
    let around = listing.call(widest, LARGEST_PAGE).request.url.len();
    let room = LONGEST_URL_BYTES.saturating_sub(around);
    let mut conditions: Vec<String> = Vec::new();
    for reference in references {
        let condition = format!("externalXRef=\"{reference}\"");
        if let Some(last) = conditions.last_mut() {
            let both = format!("{last} or {condition}");
            if url::query_value(&format!("() and {both}")).len() <= room {
                *last = both;
                continue;
            }
        }
        conditions.push(condition);
    }
    conditions.iter().map(|it| format!("({it})")).collect()
}

/// The tickets that bear exactly one of these references. The server compares without case, so its rows are compared again.
///
/// The error is a fault of the answer: a row that was found by its reference and does not show it, or not in full, may be
/// the ticket or another one; and a row that bears another was not asked for.
pub(super) fn bearing(
    tickets: Vec<wire::Ticket>,
    references: &[String],
) -> Result<Vec<wire::Ticket>, &'static str> {
    let mut bearing = Vec::new();
    for ticket in tickets {
        match &ticket.external_x_ref {
            None => return Err("expected a text in `externalXRef`, found null"),
            Some(text) if references.contains(text) => bearing.push(ticket),
            // It differs in case alone: another one.
            Some(text) if is_one_of(text, references) => {}
            Some(_) => return Err("expected only tickets with the reference in `externalXRef`"),
        }
    }
    Ok(bearing)
}

/// As a database compares: without case, and without spaces at the end.
fn is_one_of(text: &str, references: &[String]) -> bool {
    let text = text.trim_end();
    references
        .iter()
        .any(|reference| text.eq_ignore_ascii_case(reference))
}

fn not_honoured(fault: &str) -> Error {
    Error::new(
        ErrorCode::UnexpectedResponse,
        format!("cannot {DOING}: {fault}"),
    )
    .hint(hint_of(ErrorCode::UnexpectedResponse))
}

#[cfg(test)]
mod tests;
