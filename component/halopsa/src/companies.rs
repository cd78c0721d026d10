//! `list-companies`: Halo's clients, by page numbers in the order of their ids.
//!
//! Inactive ones are always asked for and left out here, so that only a client that is deleted moves others to another page.

use psa_contract::{Company, CompanyPage, CompanyQuery};
use psa_toolkit::cursor::{Fingerprint, limit};
use psa_toolkit::error::{field_error, invalid_input};
use psa_toolkit::exchange::{Call, exchange};
use psa_toolkit::pages::{Found, Place};
use psa_toolkit::text::record_id;
use psa_toolkit::{Error, HttpSend};

use crate::api::{self, List, if_there, numbers};
use crate::permissions::CUSTOMERS_READ;
use crate::settings::Settings;
use crate::wire::Client;

const DOING: &str = "list companies";
const DEFAULT_LIMIT: usize = 1_000;
const LARGEST_LIMIT: usize = 10_000;
/// Halo has no filter by several ids: each is a request.
const MOST_IDS_AT_ONCE: usize = 50;

pub(crate) fn list_companies(
    settings: &Settings,
    query: &CompanyQuery,
    send: &mut HttpSend,
) -> Result<CompanyPage, Error> {
    let mut faults = Vec::new();
    let limit = limit(query.limit, DEFAULT_LIMIT, LARGEST_LIMIT, &mut faults);
    let mut ids: Vec<i64> = query.ids.iter().filter_map(|id| record_id(id)).collect();
    if ids.len() < query.ids.len() {
        let fault = "one of them is not an id, which is a number above zero";
        faults.push(field_error("ids", fault));
    }
    ids.sort_unstable();
    ids.dedup();
    let fingerprint = Fingerprint::of_companies(&settings.identity(), query);
    let start = fingerprint.read(query.cursor.as_deref(), &mut faults);
    if !faults.is_empty() {
        return Err(invalid_input(DOING, faults));
    }
    let send = &mut api::sign_in(settings, send)?;
    let found = if ids.is_empty() {
        let search = query.search.as_deref().unwrap_or_default().trim();
        let mut filters = ACTIVE_OR_NOT.to_vec();
        // A bracket opens a class of letters in SQL.
        if !search.is_empty() && !search.contains('[') {
            filters.push(("search", search));
        }
        list(settings, &filters).read(send, start, limit)?
    } else {
        let after = start.map_or(0, |[_, after]| after);
        ids.retain(|id| *id > after);
        by_ids(settings, &ids, limit, send)?
    };
    let companies = found.rows.into_iter().filter(|row| keeps(query, row));
    Ok(CompanyPage {
        companies: companies.map(company).collect(),
        next_cursor: found
            .continue_after
            .map(|place| fingerprint.cursor(&numbers(place))),
    })
}

/// What is asked of lists whose inactive rows are left out here.
pub(crate) const ACTIVE_OR_NOT: [(&str, &str); 2] =
    [("includeactive", "true"), ("includeinactive", "true")];

/// Clients that are filtered in this way.
pub(crate) fn list<'a>(settings: &'a Settings, filters: &'a [(&'a str, &'a str)]) -> List<'a> {
    List {
        settings,
        doing: DOING,
        permission: &CUSTOMERS_READ,
        path: "Client",
        filters,
    }
}

/// The request for one client.
pub(crate) fn call(settings: &Settings, doing: &str, id: i64) -> Call {
    api::get(
        settings,
        doing,
        &CUSTOMERS_READ,
        &format!("Client/{id}"),
        &[],
    )
}

fn by_ids(
    settings: &Settings,
    ids: &[i64],
    limit: usize,
    send: &mut HttpSend,
) -> Result<Found<Client, Place>, Error> {
    let (now, later) = ids
        .split_at_checked(limit.min(MOST_IDS_AT_ONCE))
        .unwrap_or((ids, &[]));
    let calls = now.iter().map(|id| call(settings, DOING, *id)).collect();
    let mut rows = Vec::new();
    for (answer, id) in exchange(settings, send, calls).iter().zip(now) {
        let client: Option<Client> = if_there(answer)?;
        if client.as_ref().is_some_and(|client| client.id != *id) {
            return Err(answer.unexpected("expected the client that was asked for, found another"));
        }
        rows.extend(client);
    }
    let last = now.last().filter(|_| !later.is_empty());
    Ok(Found {
        rows,
        continue_after: last.map(|after| Place {
            page: 1,
            after: *after,
        }),
    })
}

/// Halo has no status of a client.
fn keeps(query: &CompanyQuery, row: &Client) -> bool {
    let search = query.search.as_deref().unwrap_or_default().trim();
    let name = row.name.as_deref().unwrap_or_default().to_lowercase();
    let types = types(row);
    let is_of_type = |wanted: &String| {
        let wanted = wanted.trim().to_lowercase();
        types.iter().any(|it| it.trim().to_lowercase() == wanted)
    };
    (row.inactive != Some(true) || query.include_inactive)
        && name.contains(&search.to_lowercase())
        && query.statuses.is_empty()
        && (query.types.is_empty() || query.types.iter().any(is_of_type))
}

fn types(row: &Client) -> Vec<String> {
    let relationships = row.customer_relationship.iter().flatten();
    relationships.filter_map(|it| it.name.clone()).collect()
}

fn company(row: Client) -> Company {
    Company {
        id: row.id.to_string(),
        types: types(&row),
        name: row.name.unwrap_or_default(),
        is_active: row.inactive != Some(true),
        ..Company::default()
    }
}
