//! `find-tickets`: by ids, by references, or the open ones of a company; each once, by ascending id.

use psa_contract::{TicketPage, TicketQuery};
use psa_toolkit::pages::{Found, Gather, IdListing as _, List, Window, cut, read_all, read_range};
use psa_toolkit::query::{self, Selected};
use psa_toolkit::status::unexpected;
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
        Selected::Ids(ids) => by_ids(settings, asked.ahead(ids, limit), send)?,
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
    (remaining, continue_after): (Vec<i64>, Option<i64>),
    send: &mut HttpSend,
) -> Result<Found<wire::Ticket>, Error> {
    if remaining.is_empty() {
        return Ok(Found {
            rows: Vec::new(),
            continue_after: None,
        });
    }
    let texts: Vec<String> = remaining.iter().map(i64::to_string).collect();
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
        let found = bearing(list.into_rows()?, references);
        rows.extend(found.map_err(|fault| unexpected(DOING, &fault))?);
    }
    Ok(cut(rows, None, limit))
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

/// The tickets that bear exactly one of these references.
///
/// # Errors
/// The fault of the answer.
pub(super) fn bearing(
    tickets: Vec<wire::Ticket>,
    references: &[String],
) -> Result<Vec<wire::Ticket>, String> {
    query::bearing(tickets, references, "externalXRef", |ticket| {
        ticket.external_x_ref.as_ref()
    })
}

#[cfg(test)]
mod tests;
