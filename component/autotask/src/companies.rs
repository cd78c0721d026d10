//! `list-companies`: the organizations that the API user can see, by ascending id. Autotask's own company has the id 0.

use psa_contract::{Company, CompanyPage, CompanyQuery};
use psa_toolkit::query::{self, keeps_company};
use psa_toolkit::text::Ids;
use psa_toolkit::{Error, HttpSend};
use serde_json::Value;

use crate::api::{any_of, condition, enter};
use crate::lists::{LARGEST_PAGE, list};
use crate::picklist::Picklist;
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
    let companies = found.rows.into_iter().map(|row| company(row, types));
    Ok(CompanyPage {
        companies: companies
            .filter(|it| keeps_company(query, &ids, it))
            .collect(),
        next_cursor: asked.next_cursor(found.continue_after.or(last_id)),
    })
}

/// A condition that Autotask does not understand is dropped silently, so that companies are compared again.
fn filter(query: &CompanyQuery, ids: &[i64]) -> Vec<Value> {
    let mut filter = Vec::new();
    if !query.include_inactive {
        filter.push(condition("eq", "isActive", true));
    }
    if !ids.is_empty() {
        filter.push(condition("in", "id", ids));
    }
    let search = query.search.as_deref().unwrap_or_default().trim();
    if !search.is_empty() {
        let fields = ["companyName", "companyNumber"];
        filter.push(any_of("contains", &fields, search));
    }
    filter
}

/// No company has a status.
fn company(row: wire::Company, types: Picklist) -> Company {
    let company_type = row.company_type.0;
    let company_type = company_type.map(|id| types.name(id).unwrap_or_else(|| id.to_string()));
    Company {
        id: row.id.to_string(),
        identifier: row.number.0,
        name: row.name,
        is_active: row.is_active.is_set_or_absent(),
        types: company_type.into_iter().collect(),
        ..Company::default()
    }
}
