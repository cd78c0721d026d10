//! `list-companies`: Halo's clients, by page numbers in the order of their ids.

use psa_contract::{Company, CompanyPage, CompanyQuery};
use psa_toolkit::cursor::{Fingerprint, limit};
use psa_toolkit::error::{field_error, invalid_input};
use psa_toolkit::exchange::{Call, exchange};
use psa_toolkit::pages::{Found, Place, Row as _};
use psa_toolkit::query::Asked;
use psa_toolkit::text::{equals_ignoring_case, record_id};
use psa_toolkit::{Error, HttpSend};

use crate::api::{self, ACTIVE_OR_NOT, List, if_there};
use crate::permissions::CUSTOMERS_READ;
use crate::settings::Settings;
use crate::wire::Client;

const DOING: &str = "list companies";
/// Halo has no filter by several ids: each is a request.
const MOST_IDS_AT_ONCE: usize = 50;

pub(crate) fn list_companies(
    settings: &Settings,
    query: &CompanyQuery,
    send: &mut HttpSend,
) -> Result<CompanyPage, Error> {
    let asked = asked(settings, query)?;
    let send = &mut api::sign_in(settings, send)?;
    let search = query.search.as_deref().unwrap_or_default().trim();
    let found = if asked.what.is_empty() {
        let mut filters = ACTIVE_OR_NOT.to_vec();
        // A bracket opens a class of letters in SQL.
        if !search.is_empty() && !search.contains('[') {
            filters.push(("search", search));
        }
        list(settings, &filters).read(send, asked.start(), asked.limit)?
    } else {
        let mut ids = asked.what.clone();
        ids.retain(|id| asked.start().is_none_or(|place| *id > place.after));
        by_ids(settings, &ids, asked.limit.min(MOST_IDS_AT_ONCE), send)?
    };
    let companies = found.rows.into_iter().map(company).filter(|company| {
        let is_type = |wanted| {
            company
                .types
                .iter()
                .any(|it| equals_ignoring_case(it, wanted))
        };
        (company.is_active || query.include_inactive)
            && company.name.to_lowercase().contains(&search.to_lowercase())
            // Halo has no status of a client.
            && query.statuses.is_empty()
            && (query.types.is_empty() || query.types.iter().any(|it| is_type(it)))
    });
    Ok(CompanyPage {
        companies: companies.collect(),
        next_cursor: asked.next_cursor(found.continue_after),
    })
}

/// The query, read.
fn asked(settings: &Settings, query: &CompanyQuery) -> Result<Asked<Vec<i64>, 2>, Error> {
    let mut faults = Vec::new();
    let limit = limit(query.limit, 1_000, 10_000, &mut faults);
    let mut ids: Vec<i64> = query.ids.iter().filter_map(|id| record_id(id)).collect();
    if ids.len() < query.ids.len() {
        faults.push(field_error(
            "ids",
            "one of them is not an id, which is a number above zero",
        ));
    }
    ids.sort_unstable();
    ids.dedup();
    let fingerprint = Fingerprint::of_companies(&settings.identity(), query);
    let after = fingerprint.read(query.cursor.as_deref(), &mut faults);
    if !faults.is_empty() {
        return Err(invalid_input(DOING, faults));
    }
    Ok(Asked {
        what: ids,
        limit,
        after,
        fingerprint,
    })
}

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

/// The request for a client, a user or a site.
pub(crate) fn call(settings: &Settings, doing: &str, path: &str, id: i64) -> Call {
    api::get(
        settings,
        doing,
        &CUSTOMERS_READ,
        &format!("{path}/{id}"),
        &[],
    )
}

fn by_ids(
    settings: &Settings,
    ids: &[i64],
    most: usize,
    send: &mut HttpSend,
) -> Result<Found<Client, Place>, Error> {
    let now = ids.get(..most).unwrap_or(ids);
    let calls = now
        .iter()
        .map(|id| call(settings, DOING, "Client", *id))
        .collect();
    let mut rows = Vec::new();
    for (answer, id) in exchange(settings, send, calls).iter().zip(now) {
        rows.extend(if_there::<Client>(answer, *id)?);
    }
    let last = now.last().filter(|_| now.len() < ids.len());
    Ok(Found {
        rows,
        continue_after: last.map(|after| Place {
            page: 1,
            after: *after,
        }),
    })
}

fn company(row: Client) -> Company {
    let id = row.id().to_string();
    let relationships = row.customer_relationship.0.into_iter().flatten();
    Company {
        id,
        types: relationships.filter_map(|it| it.name.0).collect(),
        name: row.name.or_empty(),
        is_active: !row.inactive.is_set(),
        ..Company::default()
    }
}
