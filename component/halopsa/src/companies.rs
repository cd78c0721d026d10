//! `list-companies`: Halo's clients, by page numbers in the order of their ids.

use psa_contract::{Company, CompanyPage, CompanyQuery};
use psa_toolkit::pages::{Found, Row as _};
use psa_toolkit::query::{self, keeps_company};
use psa_toolkit::text::Ids;
use psa_toolkit::{Error, HttpSend};

use crate::api::{self, ACTIVE_OR_NOT, List, those_there};
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
    let asked = query::companies::<2>(Ids::AboveZero, &settings.identity(), query)?;
    let send = &mut api::sign_in(settings, send)?;
    let found = if asked.what.is_empty() {
        let mut filters = ACTIVE_OR_NOT.to_vec();
        let search = query.search.as_deref().unwrap_or_default().trim();
        // A bracket opens a class of letters in SQL.
        if !search.is_empty() && !search.contains('[') {
            filters.push(("search", search));
        }
        let list = List::new(settings, DOING, "Client", &filters);
        list.read(send, asked.start(), asked.limit)?
    } else {
        let most = asked.limit.min(MOST_IDS_AT_ONCE);
        let (ids, continue_after) = asked.ahead(&asked.what, most);
        let rows = those_there(settings, DOING, "Client", &ids, send)?;
        Found::by_ids(rows, continue_after)
    };
    let companies = found.rows.into_iter().map(company);
    let companies = companies.filter(|it| keeps_company(query, &asked.what, it));
    Ok(CompanyPage {
        companies: companies.collect(),
        next_cursor: asked.next_cursor(found.continue_after),
    })
}

/// Halo has no status of a client.
fn company(row: Client) -> Company {
    let relationships = row.customer_relationship.0.iter().flatten();
    Company {
        id: row.id().to_string(),
        types: relationships.filter_map(|it| it.name.0.clone()).collect(),
        name: row.name.or_empty(),
        is_active: !row.inactive.is_set(),
        ..Company::default()
    }
}
