//! Which answer a request gets: its path, whether it may, and from which list. Nothing misbehaves in here.

use serde_json::json;

use super::credential;
use super::listing::{Record, count, list, one};
use super::records::Board;
use super::role::{Access, Function, Level, Table};
use super::tenant::Tenant;
use super::ticket_routes;
use crate::mock::Answer;
use crate::mock::Asked;

/// The version that the stand-in says it is.
const VERSION: &str = "v2026.4.119000";

/// Answers a request to the API from a tenant's state; a write changes it.
pub(super) fn answer(asked: &Asked, path: &str, tenant: &mut Tenant, body: &[u8]) -> Answer {
    if let Some(refusal) = credential::refusal(asked, tenant) {
        return refusal;
    }
    let asked = &*tenant.paging.cut(asked);
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let answer = match parts.as_slice() {
        ["service", "tickets", rest @ ..] => ticket_routes::answer(asked, rest, tenant, body),
        parts if asked.method == "GET" => read(asked, parts, tenant),
        _ => Answer::no_endpoint(),
    };
    tenant.paging.link(answer)
}

/// `/login/companyinfo/{company}`, which asks for no credentials. Null: this host does not know the company.
pub(super) fn company_info(asked: &Asked, tenant: Option<&Tenant>) -> Answer {
    let Some(tenant) = tenant else {
        return Answer::json(200, &serde_json::Value::Null);
    };
    let site = tenant.site_url.as_deref().unwrap_or(&asked.authority);
    let info = json!({
        "CompanyName": format!("{} Incorporated", tenant.company_id),
        "Codebase": "v2026_4/",
        "VersionCode": "v2026.4",
        "VersionNumber": "v4.6.119000",
        "CompanyID": tenant.company_id,
        "IsCloud": true,
        "SiteUrl": site,
        "AllowedOrigins": ["*.myconnectwise.net"],
    });
    Answer::json(200, &info)
}

fn read(asked: &Asked, parts: &[&str], tenant: &Tenant) -> Answer {
    if !may_read(parts, tenant) {
        return Answer::forbidden();
    }
    let companies = || {
        let level = tenant
            .role
            .level(Function::CompanyMaintenance, Access::Inquire);
        own(&tenant.companies, level)
    };
    match parts {
        ["system", "info"] => system_info(),
        ["system", "mySecurity"] if tenant.serves_role => {
            list(asked, &tenant.role.rows(&tenant.member))
        }
        ["company", "companies"] => list(asked, companies()),
        ["company", "companies", "count"] => count(asked, companies()),
        ["company", "companies", id, "sites"] => {
            let Some(company) = companies().iter().find(|it| it.id.to_string() == *id) else {
                return Answer::not_found(&format!("company {id}"));
            };
            let sites = tenant.sites.iter();
            list(asked, sites.filter(|site| site.company_id == company.id))
        }
        ["company", "contacts"] => list(asked, &tenant.contacts),
        ["company", "contacts", id] => by_id(asked, &tenant.contacts, "Contact", id),
        ["company", "configurations"] => list(asked, &tenant.configurations),
        ["company", "configurations", "count"] => count(asked, &tenant.configurations),
        ["company", "configurations", id] => {
            by_id(asked, &tenant.configurations, "Configuration", id)
        }
        ["service", "info", "boards"] => list(asked, &tenant.boards),
        ["service", "priorities"] => list(asked, &tenant.priorities),
        ["service", "sources"] => list(asked, &tenant.sources),
        ["service", "boards", board, part] => board_list(asked, tenant, board, part),
        _ => Answer::no_endpoint(),
    }
}

/// Whether the member has the right that a path needs. The right to sites and to sources is a guess from their places.
fn may_read(parts: &[&str], tenant: &Tenant) -> bool {
    let role = &tenant.role;
    let may = |function| role.level(function, Access::Inquire) != Level::None;
    match parts {
        ["system", "mySecurity"] => may(Function::MemberMaintenance) || !tenant.serves_role,
        ["company", "companies", ..] => may(Function::CompanyMaintenance),
        ["company", "contacts", ..] => may(Function::Contacts),
        ["company", "configurations", ..] => may(Function::Configurations),
        ["service", "info", "boards"] => may(Function::ServiceTickets),
        ["service", "priorities"] => role.may_read(Table::Priorities),
        ["service", "sources"] => role.may_read(Table::Sources),
        _ => true,
    }
}

fn by_id(asked: &Asked, records: &[impl Record], what: &str, id: &str) -> Answer {
    match records.iter().find(|it| it.id().to_string() == id) {
        Some(record) => one(asked, record),
        None => Answer::not_found(&format!("{what} {id}")),
    }
}

fn board_list(asked: &Asked, tenant: &Tenant, board: &str, part: &str) -> Answer {
    let table = match part {
        "statuses" => Table::Statuses,
        "types" => Table::Types,
        "subtypes" => Table::Subtypes,
        "items" | "typeSubTypeItemAssociations" => Table::Items,
        _ => return Answer::no_endpoint(),
    };
    if !tenant.role.may_read(table) {
        return Answer::forbidden();
    }
    let is_it = |found: &&Board| found.id.to_string() == board;
    let Some(found) = tenant.boards.iter().find(is_it) else {
        return Answer::not_found(&format!("Service Board {board}"));
    };
    if found.is_restricted {
        return Answer::forbidden();
    }
    match table {
        Table::Statuses => list(asked, &found.statuses),
        Table::Types => list(asked, &found.types),
        Table::Subtypes => list(asked, &found.subtypes),
        _ if part == "items" => list(asked, &found.items),
        _ => list(asked, &found.associations),
    }
}

fn system_info() -> Answer {
    let info = json!({
        "version": VERSION,
        "isCloud": true,
        "serverTimeZone": "Eastern Standard Time",
        "licenseBits": [{"name": "Service", "activeFlag": true}],
        "cloudRegion": "NA",
        "maxWorkFlowRecordsAllowed": 1000,
    });
    Answer::json(200, &info)
}

/// The API member is on no company's team.
fn own<R>(records: &[R], level: Level) -> &[R] {
    if level == Level::My { &[] } else { records }
}
