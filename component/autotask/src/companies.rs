//! `list-companies`: the organizations that the API user can see, by ascending id. Autotask's own company has the id 0.

use psa_contract::{Company, CompanyPage, CompanyQuery};
use psa_toolkit::query::{self, keeps_company};
use psa_toolkit::text::Ids;
use psa_toolkit::{Error, HttpSend};
use serde_json::Value;

use crate::api::{any_of, condition, enter};
use crate::lists::{LARGEST_PAGE, list};
use crate::settings::Settings;
use crate::wire;

/// One page of the companies that match. More ids than a query takes are read on with the cursor.
pub(crate) fn list_companies(
    settings: &Settings,
    query: &CompanyQuery,
    send: &mut HttpSend,
) -> Result<CompanyPage, Error> {
    let asked = query::companies::<1>(Ids::Any, &settings.tenant(), query)?;
    let (ids, last_id) = asked.ahead(&asked.what, LARGEST_PAGE);
    if ids.is_empty() && !asked.what.is_empty() {
        return Ok(CompanyPage::default());
    }
    let (filter, place) = (filter(query, &ids), (asked.start(), asked.limit));
    let (doing, of_type) = ("list companies", "companyType");
    let send = &mut enter(settings, send)?;
    let (found, fields) = list(settings, send, doing, &filter, place, Some(of_type))?;
    let types = fields.values(of_type);
    let name_of = |id| types.name(id).unwrap_or_else(|| id.to_string());
    // No company has a status.
    let companies = found.rows.into_iter().map(|row: wire::Company| Company {
        id: row.id.to_string(),
        identifier: row.number.0,
        name: row.name,
        is_active: row.is_active.is_set_or_absent(),
        types: row.company_type.0.map(name_of).into_iter().collect(),
        ..Company::default()
    });
    Ok(CompanyPage {
        companies: companies
            .filter(|it| keeps_company(query, &ids, it))
            .collect(),
        next_cursor: asked.next_cursor(found.continue_after.or(last_id)),
    })
}

/// A condition that Autotask does not understand is dropped silently, so that companies are compared again.
fn filter(query: &CompanyQuery, ids: &[i64]) -> Vec<Value> {
    let active = (!query.include_inactive).then(|| condition("eq", "isActive", true));
    let named = (!ids.is_empty()).then(|| condition("in", "id", ids));
    let search = query.search.as_deref().map(str::trim);
    let search = search.filter(|it| !it.is_empty());
    let found = search.map(|it| any_of("contains", &["companyName", "companyNumber"], it));
    [active, named, found].into_iter().flatten().collect()
}
