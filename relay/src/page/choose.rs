//! The PSA's companies, searched by the PSA, to choose one of them.

use axum::extract::Path;
use maud::{Markup, html};
use psa_contract::{Company, CompanyPage};

use super::companies::{encoded, map_button};
use super::fields::{Field, Problems, error_text, text};
use super::form::Asked;
use super::layout::heading;
use super::visit::{Answer, Visit};
use crate::service::{self, ServiceError};
use crate::tenant::PsaCompany;

/// How many are shown at once.
const PAGE: u32 = 50;

pub(super) async fn show(visit: Visit, Path(id): Path<String>, asked: Asked) -> Answer {
    let tenant = visit.tenant(&id).await?;
    let company = match asked.is_ticked("default") {
        true => None,
        false => Some(asked.raw("company")),
    };
    let (search, cursor) = (asked.some("search"), asked.some("cursor"));
    let found = service::psa_companies(visit.office(), &id, search.clone(), PAGE, cursor).await;
    let found = match found {
        Ok(page) => Ok(page),
        Err(ServiceError::Psa(error)) => Err(error_text(&error)),
        Err(other) => return Err(other.into()),
    };
    let title = match company {
        None => "Choose the default company".to_owned(),
        Some(company) => format!("Choose a company for {company}"),
    };
    let search = search.unwrap_or_default();
    let content = html! {
        (heading(&tenant, "companies"))
        h2 { (title) }
        (search_form(&id, company, &search))
        @match &found {
            Ok(page) => (list(&id, company, &search, page)),
            Err(text) => p.notice.bad role="alert" { "The PSA's companies cannot be read. " (text) },
        }
        p { a href={ "/tenants/" (id) "/companies" } { "Back to the companies" } }
    };
    Ok(visit.show(&title, &content))
}

fn search_form(id: &str, company: Option<&str>, search: &str) -> Markup {
    let field = Field {
        name: "search",
        label: "Search the PSA's companies",
        help: "Part of the name or of the identifier.",
        is_required: true,
    };
    html! {
        form.inline method="get" action={ "/tenants/" (id) "/companies/choose" } role="search" {
            @match company {
                Some(company) => input type="hidden" name="company" value=(company);,
                None => input type="hidden" name="default" value="yes";,
            }
            (text(field, search, &Problems::default()))
            button.second type="submit" { "Search" }
        }
    }
}

fn list(id: &str, company: Option<&str>, search: &str, page: &CompanyPage) -> Markup {
    if page.companies.is_empty() {
        return html! { p { "The PSA has no such company, or these credentials cannot see it." } };
    }
    html! {
        table.cards {
            caption { "Companies of the PSA" }
            thead {
                tr {
                    th scope="col" { "Company" }
                    th scope="col" { "Identifier" }
                    th scope="col" { "Status" }
                    th scope="col" { "Choose" }
                }
            }
            tbody { @for it in &page.companies { (line(id, company, it)) } }
        }
        @if let Some(cursor) = &page.next_cursor {
            p { a href=(more(id, company, search, cursor)) { "Further companies" } }
        }
    }
}

fn line(id: &str, company: Option<&str>, found: &Company) -> Markup {
    let target = PsaCompany {
        id: found.id.clone(),
        name: found.name.clone(),
    };
    html! {
        tr {
            th scope="row" { (found.name) }
            td data-label="Identifier" { (found.identifier.as_deref().unwrap_or("–")) }
            td data-label="Status" { (found.status.as_deref().unwrap_or("–")) }
            td data-label="Choose" { (map_button(id, company, Some(&target), &format!("Choose {}", found.name))) }
        }
    }
}

fn more(id: &str, company: Option<&str>, search: &str, cursor: &str) -> String {
    let whose = match company {
        Some(company) => format!("company={}", encoded(company)),
        None => "default=yes".to_owned(),
    };
    let (search, cursor) = (encoded(search), encoded(cursor));
    format!("/tenants/{id}/companies/choose?{whose}&search={search}&cursor={cursor}")
}
