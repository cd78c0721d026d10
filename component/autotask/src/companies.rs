//! `list-companies`: the organizations that the API user can see, by ascending id. Autotask's own company has the id 0.

use psa_contract::{Company, CompanyPage, CompanyQuery};
use psa_toolkit::cursor::{Fingerprint, limit};
use psa_toolkit::error::{field_error, invalid_input};
use psa_toolkit::text::{Ids, equals_ignoring_case};
use psa_toolkit::{Error, HttpSend};
use serde_json::{Value, json};

use crate::api::{condition, enter};
use crate::lists::{LARGEST_PAGE, list};
use crate::picklist::{Picklist, REUSE_SECONDS};
use crate::settings::Settings;
use crate::wire::{self, is_active};

const DOING: &str = "list companies";
const DEFAULT_LIMIT: usize = 1_000;
const LARGEST_LIMIT: usize = 10_000;

/// One page of the companies that match. More ids than a query takes are read on with the cursor.
pub(crate) fn list_companies(
    settings: &Settings,
    query: &CompanyQuery,
    send: &mut HttpSend,
) -> Result<CompanyPage, Error> {
    let mut faults = Vec::new();
    let limit = limit(query.limit, DEFAULT_LIMIT, LARGEST_LIMIT, &mut faults);
    let mut ids: Vec<i64> = query
        .ids
        .iter()
        .filter_map(|id| Ids::Any.read(id))
        .collect();
    if ids.len() < query.ids.len() {
        let fault = "one of them is not a number; company ids are numbers";
        faults.push(field_error("ids", fault));
    }
    let fingerprint = Fingerprint::of_companies(&settings.tenant(), query);
    let after = fingerprint.read::<1>(query.cursor.as_deref(), &mut faults);
    let after = after.map(|[id]| id);
    if !faults.is_empty() {
        return Err(invalid_input(DOING, faults));
    }
    ids.sort_unstable();
    ids.dedup();
    ids.retain(|id| after.is_none_or(|after| *id > after));
    if ids.is_empty() && !query.ids.is_empty() {
        return Ok(CompanyPage::default());
    }
    let has_more = ids.len() > LARGEST_PAGE;
    ids.truncate(LARGEST_PAGE);
    let filter = filter(query, &ids);
    let fields = settings.fields("Companies", REUSE_SECONDS);
    let send = &mut enter(settings, send)?;
    let listed =
        list::<wire::Company>(settings, send, DOING, &filter, (after, limit), Some(fields))?;
    let types = Picklist::of(listed.beside, "companyType")?;
    let last_id = ids.last().copied().filter(|_| has_more);
    let next = listed.continue_after.or(last_id);
    let rows = listed
        .rows
        .into_iter()
        .filter(|row| keeps(query, &ids, row));
    let companies = rows.map(|row| company(row, &types));
    Ok(CompanyPage {
        companies: companies.filter(|it| has_type(query, it)).collect(),
        next_cursor: next.map(|id| fingerprint.cursor(&[id])),
    })
}

fn filter(query: &CompanyQuery, ids: &[i64]) -> Vec<Value> {
    let mut filter = Vec::new();
    if !query.include_inactive {
        filter.push(condition("eq", "isActive", true));
    }
    if !ids.is_empty() {
        filter.push(condition("in", "id", ids));
    }
    filter.extend(search(query).map(|text| {
        let parts = ["companyName", "companyNumber"].map(|it| condition("contains", it, text));
        json!({"op": "or", "items": parts.to_vec()})
    }));
    filter
}

fn search(query: &CompanyQuery) -> Option<&str> {
    let text = query.search.as_deref().unwrap_or_default().trim();
    (!text.is_empty()).then_some(text)
}

/// What was asked of Autotask, again: a condition that it does not understand is dropped silently. No company has a status.
fn keeps(query: &CompanyQuery, ids: &[i64], row: &wire::Company) -> bool {
    let is_found = search(query).is_none_or(|text| {
        let text = text.to_lowercase();
        let number = row.number.as_ref().map_or("", |it| &it.0);
        let texts = [row.name.as_str(), number];
        texts.iter().any(|it| it.to_lowercase().contains(&text))
    });
    (query.include_inactive || is_active(&row.is_active))
        && (ids.is_empty() || ids.contains(&row.id))
        && is_found
        && query.statuses.is_empty()
}

fn has_type(query: &CompanyQuery, company: &Company) -> bool {
    let is_one = |it: &String| {
        query
            .types
            .iter()
            .any(|other| equals_ignoring_case(it, other))
    };
    query.types.is_empty() || company.types.iter().any(is_one)
}

fn company(row: wire::Company, types: &Picklist) -> Company {
    let number = row.number.map(|it| it.0);
    let company_type = row.company_type.map(|it| types.name(&it.0).unwrap_or(it.0));
    Company {
        id: row.id.to_string(),
        identifier: number.filter(|it| !it.is_empty()),
        name: row.name,
        is_active: is_active(&row.is_active),
        types: company_type.into_iter().collect(),
        ..Company::default()
    }
}
