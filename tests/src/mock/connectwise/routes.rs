//! Which answer a request gets: its path, whether it may, and from which list. Nothing misbehaves in here.

use serde_json::json;

use super::create::read_ticket;
use super::credential;
use super::listing::{Filter, count, list, one, page};
use super::records::Board;
use super::role::{Access, Function, Level, Table};
use super::tenant::Tenant;
use super::ticket::Ticket;
use crate::mock::Answer;
use crate::mock::Asked;

/// The version that the stand-in says it is.
const VERSION: &str = "v2026.4.119000";

/// Answers a request to the API from a tenant's state; a write changes it.
pub(super) fn answer(asked: &Asked, path: &str, tenant: &mut Tenant, body: &[u8]) -> Answer {
    if let Some(refusal) = credential::refusal(asked, tenant) {
        return refusal;
    }
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    match (asked.method.as_str(), parts.as_slice()) {
        ("POST", ["service", "tickets"]) => create(asked, tenant, body),
        ("GET", _) => read(asked, &parts, tenant),
        (_, ["service", "tickets"]) => Answer::error(405, "ConnectWiseApi", "Method not allowed."),
        _ => Answer::no_endpoint(),
    }
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
    let role = &tenant.role;
    let level = |function| role.level(function, Access::Inquire);
    let may = |function| level(function) != Level::None;
    match parts {
        ["system", "info"] => system_info(),
        ["system", "mySecurity"] if !tenant.serves_role => Answer::no_endpoint(),
        ["system", "mySecurity"] if may(Function::MemberMaintenance) => {
            list(asked, &role.rows(&tenant.member))
        }
        ["company", "companies"] if may(Function::CompanyMaintenance) => list(
            asked,
            own(&tenant.companies, level(Function::CompanyMaintenance)),
        ),
        ["company", "companies", "count"] if may(Function::CompanyMaintenance) => count(
            asked,
            own(&tenant.companies, level(Function::CompanyMaintenance)),
        ),
        ["service", "info", "boards"] if may(Function::ServiceTickets) => {
            list(asked, &tenant.boards)
        }
        ["service", "priorities"] if role.may_read(Table::Priorities) => {
            list(asked, &tenant.priorities)
        }
        ["service", "boards", board, part] => board_list(asked, tenant, board, part),
        ["service", "tickets"] if may(Function::ServiceTickets) => tickets(asked, tenant),
        ["service", "tickets", id] if may(Function::ServiceTickets) => {
            let found = id.parse().ok().and_then(|id| tenant.ticket(id));
            match found.filter(|ticket| may_see(tenant, ticket)) {
                Some(ticket) => one(asked, ticket),
                None => Answer::not_found(&format!("Service Ticket {id}")),
            }
        }
        ["system", "mySecurity"]
        | ["company", "companies"]
        | ["company", "companies", "count"]
        | ["service", "info", "boards"]
        | ["service", "priorities"]
        | ["service", "tickets"]
        | ["service", "tickets", _] => Answer::forbidden(),
        _ => Answer::no_endpoint(),
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
    match table {
        Table::Statuses => list(asked, &found.statuses),
        Table::Types => list(asked, &found.types),
        Table::Subtypes => list(asked, &found.subtypes),
        Table::Items | Table::Priorities if part == "items" => list(asked, &found.items),
        Table::Items | Table::Priorities => list(asked, &found.associations),
    }
}

/// A look-up by reference goes through the index: a tenant may have many thousands of tickets.
fn tickets(asked: &Asked, tenant: &Tenant) -> Answer {
    let filter = match Filter::of::<Ticket>(asked) {
        Ok(filter) => filter,
        Err(refusal) => return refusal,
    };
    let candidates: Vec<&Ticket> = match filter.text_due("externalXRef") {
        Some(reference) => tenant.tickets_with(reference),
        None => tenant.tickets().collect(),
    };
    let kept = candidates
        .into_iter()
        .filter(|ticket| may_see(tenant, ticket) && filter.keeps(*ticket));
    page(asked, kept.collect())
}

fn create(asked: &Asked, tenant: &mut Tenant, body: &[u8]) -> Answer {
    if tenant.role.level(Function::ServiceTickets, Access::Add) == Level::None {
        return Answer::forbidden();
    }
    let content_type = asked.header("content-type").unwrap_or_default();
    if !content_type.starts_with("application/json") {
        return Answer::error(415, "ConnectWiseApi", "The media type is not supported.");
    }
    match read_ticket(tenant, body) {
        Ok(ticket) => {
            let ticket = tenant.add_ticket(ticket);
            // The scheme is http on some regions of the cloud. Nobody needs to go there.
            let base = asked.base().replacen("https:", "http:", 1);
            let location = format!("{base}/service/tickets/{}", ticket.id);
            let mut answer = one(asked, ticket).with_header("location", location);
            answer.status = 201;
            answer
        }
        Err(refusal) => refusal,
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

fn may_see(tenant: &Tenant, ticket: &Ticket) -> bool {
    tenant.role.level(Function::ServiceTickets, Access::Inquire) == Level::All
        || ticket.entered_by == tenant.member
}

/// The API member is on no company's team.
fn own<R>(records: &[R], level: Level) -> &[R] {
    if level == Level::My { &[] } else { records }
}
