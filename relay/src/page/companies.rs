//! Step 3: the companies of the sources and those of the PSA. What is chosen is saved at once.

use std::sync::Arc;

use axum::extract::Path;
use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::fields::{Field, Problems, area, error_text, text, tick};
use super::form::{Asked, Entered};
use super::layout::{empty, heading};
use super::visit::{Answer, Trouble, Visit};
use super::words::{self, mark};
use crate::service::{self, CompanyNames, Proposal, ServiceError};
use crate::store::MappingFilter;
use crate::tenant::{Mapping, PsaCompany, Tenant};

/// How many companies are on a page.
const PAGE: usize = 50;

pub(super) async fn show(visit: Visit, Path(id): Path<String>, asked: Asked) -> Answer {
    let tenant = visit.tenant(&id).await?;
    let filter = MappingFilter {
        search: asked.some("search"),
        only_unmapped: asked.is_ticked("unmapped"),
        after: asked.some("after"),
        limit: Some(PAGE + 1),
    };
    let mut mappings = visit.office().store.mappings(&id, &filter).await?;
    let has_more = mappings.len() > PAGE;
    mappings.truncate(PAGE);
    let (names, trouble) = match visit.page.companies(&id).await {
        Ok(names) => (Some(names), None),
        Err(ServiceError::Psa(error)) => (None, Some(error_text(&error))),
        Err(other) => return Err(other.into()),
    };
    let rows: Vec<Row> = mappings
        .into_iter()
        .map(|mapping| Row::new(mapping, names.as_ref()))
        .collect();
    let unmapped = unmapped(&visit, &id).await?;
    let exact = exact(names.as_ref(), &unmapped);
    let content = html! {
        (heading(&tenant, "companies"))
        p { "These are the companies that alerts name. Choose for each the company of the PSA that its tickets are for. \
            What you choose is saved at once." }
        @if let Some(trouble) = &trouble { p.notice.bad role="alert" { "The PSA's companies cannot be read. " (trouble) } }
        (default_company(&tenant))
        (search(&id, &filter))
        @if exact > 0 {
            form method="post" action={ "/tenants/" (id) "/companies/accept" } {
                div.buttons {
                    button.second type="submit" {
                        "Map " (words::count(exact as u64, "company", "companies")) " with the same name"
                    }
                }
            }
        }
        @if rows.is_empty() {
            p { "No company is known yet. Companies appear here when alerts name them; you can also add them below." }
        } @else {
            (table(&id, &rows))
            @if has_more && let Some(last) = rows.last() {
                p { a href=(more(&id, &filter, &last.mapping.company)) { "Further companies" } }
            }
        }
        div.buttons {
            a.button href={ "/tenants/" (id) "/services" } { "Continue to services" }
        }
        (add_forms(&id))
    };
    Ok(visit.show(&format!("Companies of {}", tenant.name), &content))
}

/// A company of the sources, and what it might be.
struct Row {
    mapping: Mapping,
    proposal: Option<Proposal>,
}

impl Row {
    fn new(mapping: Mapping, names: Option<&Arc<CompanyNames>>) -> Self {
        let is_open = mapping.target.is_none() || mapping.is_gone;
        let proposal = names
            .filter(|_| is_open)
            .map(|it| it.proposal(&mapping.company));
        Self { mapping, proposal }
    }
}

async fn unmapped(visit: &Visit, id: &str) -> Result<Vec<Mapping>, Trouble> {
    let filter = MappingFilter {
        only_unmapped: true,
        ..MappingFilter::default()
    };
    Ok(visit.office().store.mappings(id, &filter).await?)
}

fn exact(names: Option<&Arc<CompanyNames>>, unmapped: &[Mapping]) -> usize {
    let Some(names) = names else { return 0 };
    let found = unmapped
        .iter()
        .filter(|it| names.exact(&it.company).is_some());
    found.count()
}

fn default_company(tenant: &Tenant) -> Markup {
    let id = &tenant.id;
    html! {
        section.panel aria-labelledby="default" {
            h2 id="default" { "Default company" }
            @match &tenant.services.default_company {
                Some(company) => {
                    p { "Alerts whose company is not mapped, or that name none, are for " strong { (company.name) } "." }
                    div.buttons {
                        a href={ "/tenants/" (id) "/companies/choose?default=yes" } { "Choose another default company" }
                        (map_button(id, None, None, "No default company"))
                    }
                }
                None => {
                    p { "Without one, alerts whose company is not mapped wait until you map it." }
                    p { a href={ "/tenants/" (id) "/companies/choose?default=yes" } { "Choose a default company" } }
                }
            }
        }
    }
}

fn search(id: &str, filter: &MappingFilter) -> Markup {
    let problems = Problems::default();
    let field = Field {
        name: "search",
        label: "Search the companies of the alerts",
        help: "",
        is_required: true,
    };
    html! {
        form.inline method="get" action={ "/tenants/" (id) "/companies" } role="search" {
            (text(field, filter.search.as_deref().unwrap_or_default(), &problems))
            (tick("unmapped", "yes", "Only those that are not mapped", filter.only_unmapped))
            button.second type="submit" { "Search" }
        }
    }
}

fn table(id: &str, rows: &[Row]) -> Markup {
    html! {
        table.cards {
            caption { "Companies of the alerts" }
            thead {
                tr {
                    th scope="col" { "In alerts" }
                    th scope="col" { "In the PSA" }
                    th scope="col" { "Change" }
                }
            }
            tbody { @for row in rows { (line(id, row)) } }
        }
    }
}

fn line(id: &str, row: &Row) -> Markup {
    let mapping = &row.mapping;
    let company = &mapping.company;
    let choose = format!(
        "/tenants/{id}/companies/choose?company={}",
        encoded(company)
    );
    html! {
        tr {
            th scope="row" {
                (company)
                span.small { (words::count(mapping.alerts, "alert", "alerts")) }
            }
            td data-label="In the PSA" {
                @match &mapping.target {
                    Some(target) if mapping.is_gone => {
                        (mark("bad", "Gone")) " " (target.name)
                        span.small { "The PSA no longer has this company. Its alerts wait." }
                    }
                    Some(target) => (target.name),
                    None => (mark("warn", "Not mapped")),
                }
                (proposals(id, company, row.proposal.as_ref()))
            }
            td data-label="Change" {
                div.buttons {
                    a href=(choose) aria-label={ "Choose a company for " (company) } { "Choose" }
                    @if mapping.target.is_some() {
                        (map_button(id, Some(company), None, &format!("Unmap {company}")))
                    }
                }
            }
        }
    }
}

fn proposals(id: &str, company: &str, proposal: Option<&Proposal>) -> Markup {
    let Some(proposal) = proposal else {
        return empty();
    };
    match &proposal.exact {
        Some(exact) => html! {
            div.proposals {
                "Same name: "
                (map_button(id, Some(company), Some(exact), &format!("Map to {}", exact.name)))
            }
        },
        None if proposal.near.is_empty() => empty(),
        None => html! {
            div.proposals {
                "Similar: "
                @for near in &proposal.near {
                    (map_button(id, Some(company), Some(near), &format!("Map to {}", near.name)))
                }
            }
        },
    }
}

/// A form of one button. Without a company of the alerts it is for the default, without a target it takes the mapping away.
pub(super) fn map_button(
    id: &str,
    company: Option<&str>,
    target: Option<&PsaCompany>,
    label: &str,
) -> Markup {
    html! {
        form method="post" action={ "/tenants/" (id) "/companies/map" } {
            @match company {
                Some(company) => input type="hidden" name="company" value=(company);,
                None => input type="hidden" name="default" value="yes";,
            }
            @if let Some(target) = target {
                input type="hidden" name="target" value=(target.id);
                input type="hidden" name="name" value=(target.name);
            }
            button.second type="submit" { (label) }
        }
    }
}

fn more(id: &str, filter: &MappingFilter, after: &str) -> String {
    let search = filter.search.as_deref().unwrap_or_default();
    let unmapped = if filter.only_unmapped { "yes" } else { "" };
    format!(
        "/tenants/{id}/companies?search={}&unmapped={unmapped}&after={}",
        encoded(search),
        encoded(after)
    )
}

pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn add_forms(id: &str) -> Markup {
    let problems = Problems::default();
    html! {
        details {
            summary { "Add companies by hand or from a file" }
            form method="post" action={ "/tenants/" (id) "/companies/add" } {
                (text(Field {
                    name: "company",
                    label: "Company, as alerts name it",
                    help: "",
                    is_required: true,
                }, "", &problems))
                div.buttons { button.second type="submit" { "Add" } }
            }
            form method="post" action={ "/tenants/" (id) "/companies/import" } {
                (area(Field {
                    name: "csv",
                    label: "Lines of CSV",
                    help: "A line for each company: its name in alerts, and after a comma, if you know it, its id in the PSA.",
                    is_required: true,
                }, "", &problems))
                div.buttons { button.second type="submit" { "Import" } }
            }
            form method="post" action={ "/tenants/" (id) "/companies/read" } {
                p { "Companies of the PSA are read every five minutes." }
                div.buttons { button.second type="submit" { "Read them now, and look for companies that are gone" } }
            }
        }
    }
}

pub(super) async fn map(visit: Visit, Path(id): Path<String>, entered: Entered) -> Answer {
    let path = format!("/tenants/{id}/companies");
    let target = entered.some("target").map(|target| PsaCompany {
        name: entered.some("name").unwrap_or_else(|| target.clone()),
        id: target,
    });
    let name = target.as_ref().map(|it| it.name.clone());
    if entered.is_ticked("default") {
        service::set_default_company(visit.office(), &id, target).await?;
        let text = match name {
            Some(name) => format!("Saved: the default company is {name}."),
            None => "Saved: there is no default company.".to_owned(),
        };
        return Ok(visit.go_saying(&path, text));
    }
    let company = entered.raw("company");
    service::map_company(visit.office(), &id, company, target).await?;
    let text = match name {
        Some(name) => format!("Saved: {company} is {name}."),
        None => format!("Saved: {company} is not mapped."),
    };
    Ok(visit.go_saying(&path, text))
}

/// Maps all whose name is the same.
pub(super) async fn accept(visit: Visit, Path(id): Path<String>) -> Answer {
    let names = visit.page.companies(&id).await?;
    let mut mapped = 0;
    for mapping in unmapped(&visit, &id).await? {
        if let Some(exact) = names.exact(&mapping.company) {
            service::map_company(visit.office(), &id, &mapping.company, Some(exact)).await?;
            mapped += 1;
        }
    }
    let text = format!(
        "Saved: {} mapped.",
        words::count(mapped, "company was", "companies were")
    );
    Ok(visit.go_saying(&format!("/tenants/{id}/companies"), text))
}

pub(super) async fn add(visit: Visit, Path(id): Path<String>, entered: Entered) -> Answer {
    let path = format!("/tenants/{id}/companies");
    let company = entered.text("company");
    if visit.office().store.mapping(&id, company).await?.is_some() {
        return Ok(visit.go_failing(&path, format!("{company} is in the list already.")));
    }
    match service::map_company(visit.office(), &id, company, None).await {
        Ok(()) => Ok(visit.go_saying(&path, format!("{company} was added."))),
        Err(ServiceError::Invalid { message, .. }) => Ok(visit.go_failing(&path, message)),
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn import(visit: Visit, Path(id): Path<String>, entered: Entered) -> Answer {
    let path = format!("/tenants/{id}/companies");
    match service::import_companies(visit.office(), &id, entered.raw("csv")).await {
        Ok(count) => {
            let count = words::count(count as u64, "company was", "companies were");
            Ok(visit.go_saying(&path, format!("{count} imported.")))
        }
        Err(ServiceError::Invalid { message, .. }) => {
            Ok(visit.go_failing(&path, format!("Nothing was imported. {message}")))
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn read_again(visit: Visit, Path(id): Path<String>) -> Answer {
    visit.page.forget_companies(&id);
    let path = format!("/tenants/{id}/companies");
    match service::vanished_mappings(visit.office(), &id).await {
        Ok(gone) if gone.is_empty() => {
            Ok(visit.go_saying(&path, "Every mapping leads to a company that is there."))
        }
        Ok(gone) => {
            let gone = words::count(gone.len() as u64, "company is", "companies are");
            Ok(visit.go_failing(
                &path,
                format!("{gone} no longer in the PSA. Choose others."),
            ))
        }
        Err(ServiceError::Psa(error)) => Ok(visit.go_failing(&path, error_text(&error))),
        Err(other) => Err(other.into()),
    }
}
