//! Step 5: a sample ticket as it would be opened, one ticket that is read, and the switch.

use axum::extract::Path;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use maud::{Markup, html};
use psa_contract::TicketCheck;
use rand::RngExt as _;

use super::fields::{Choice, Field, Problems, chooser, error_text, sentence, text};
use super::form::Entered;
use super::layout::heading;
use super::shared::Checked;
use super::tables::preview;
use super::visit::{Answer, Trouble, Visit};
use super::words::{self, mark};
use crate::reference::sha256_hex;
use crate::service::{self, MissingCheck, ServiceError};
use crate::store::MappingFilter;
use crate::tenant::{PsaCompany, Tenant};

/// How many companies are offered for the sample.
const COMPANIES: usize = 50;

pub(super) async fn show(visit: Visit, Path(id): Path<String>) -> Answer {
    let tenant = visit.tenant(&id).await?;
    let companies = companies(&visit, &tenant).await?;
    let checked = visit.page.said(&id).check;
    let has_sources = visit.office().store.sources().await?;
    let has_sources = has_sources.iter().any(|it| it.tenant == id);
    let content = html! {
        (heading(&tenant, "check"))
        @if tenant.is_enabled { (switch_section(&tenant)) }
        (sample_section(&visit, &tenant, checked.as_ref(), &companies))
        (read_section(&visit, &tenant))
        @if !tenant.is_enabled { (switch_section(&tenant)) }
        div.buttons {
            @if has_sources {
                a.button href="/" { "To the dashboard" }
            } @else {
                a.button href={ "/sources?tenant=" (id) } { "Add a source of alerts" }
            }
        }
    };
    Ok(visit.show(&format!("Check and turn on {}", tenant.name), &content))
}

fn switch_section(tenant: &Tenant) -> Markup {
    let missing = service::missing_checks(tenant);
    let (to, checked, word) = match tenant.is_enabled {
        true => ("off", "true", "on"),
        false => ("on", "false", "off"),
    };
    html! {
        section.panel aria-labelledby="switch-title" {
            h2 id="switch-title" { "Tickets" }
            form.switch method="post" action={ "/tenants/" (tenant.id) "/enabled" } {
                input type="hidden" name="to" value=(to);
                button.switch type="submit" role="switch" aria-checked=(checked) aria-label="Enabled" aria-describedby="switch-help" {
                    span.knob aria-hidden="true" {}
                    span aria-hidden="true" { "Enabled: " (word) }
                }
            }
            div id="switch-help" {
                @if tenant.is_enabled {
                    p { "Alerts become tickets." }
                } @else {
                    p { "Alerts are recorded, and no tickets are opened." }
                }
                @if !missing.is_empty() {
                    p { "Before tickets can be turned on:" }
                    ul { @for check in missing { li { (words::missing(check)) } } }
                }
            }
        }
    }
}

fn sample_section(
    visit: &Visit,
    tenant: &Tenant,
    checked: Option<&Checked>,
    companies: &[PsaCompany],
) -> Markup {
    let id = &tenant.id;
    let draft = match checked {
        Some(Checked {
            result: Ok((draft, _)),
            ..
        }) => Some(draft.clone()),
        _ => companies
            .first()
            .map(|it| service::sample_draft(tenant, &it.id, None)),
    };
    html! {
        section.panel aria-labelledby="sample" {
            h2 id="sample" { "Sample ticket" }
            (outcome(visit, tenant, checked))
            @if let Some(draft) = &draft { (preview(draft, company_name(checked, companies))) }
            @if companies.is_empty() {
                p { "Map a company, or choose a default company: a ticket is always for one. "
                    a href={ "/tenants/" (id) "/companies" } { "To the companies" } }
            } @else {
                form.inline method="post" action={ "/tenants/" (id) "/check" } {
                    (company_field(checked, companies))
                    button.second type="submit" { "Check the sample ticket" }
                    button.second type="submit" formaction={ "/tenants/" (id) "/check/sample" } { "Open it in the PSA" }
                    input type="hidden" name="reference" value=(new_reference());
                }
                p.help { "Checking writes nothing. Opening makes a real ticket, which you can close." }
            }
        }
    }
}

fn company_field(checked: Option<&Checked>, companies: &[PsaCompany]) -> Markup {
    let chosen = checked.map_or("", |it| &it.company.id);
    let choices = companies.iter().map(|it| Choice::new(&*it.id, &*it.name));
    let choices: Vec<Choice> = choices.collect();
    let field = Field {
        name: "company",
        label: "For the company",
        help: "",
        is_required: true,
    };
    chooser(field, &choices, chosen, &Problems::default())
}

fn company_name<'a>(checked: Option<&'a Checked>, companies: &'a [PsaCompany]) -> &'a str {
    let company = checked.map(|it| &it.company).or(companies.first());
    company.map_or("", |it| &it.name)
}

fn outcome(visit: &Visit, tenant: &Tenant, checked: Option<&Checked>) -> Markup {
    let now = visit.page.now();
    match checked {
        Some(Checked {
            at,
            result: Ok((_, check)),
            ..
        }) if check.objections.is_empty() => html! {
            p.notice.good role="status" { strong { "The check passed" } ", " (words::time(*at, now)) ". The PSA would take this ticket." }
        },
        Some(Checked {
            result: Ok((_, check)),
            ..
        }) => objections(tenant, check),
        Some(Checked {
            result: Err(error), ..
        }) => html! {
            p.notice.bad role="alert" { strong { "The ticket could not be checked. " } (error_text(error)) }
        },
        None => match tenant.checks.ticket_checked_at {
            Some(at) => {
                html! { p.notice.good role="status" { "The check passed, " (words::time(at, now)) "." } }
            }
            None => html! { p { "Not checked yet." } },
        },
    }
}

fn objections(tenant: &Tenant, check: &TicketCheck) -> Markup {
    html! {
        div.notice.bad role="alert" {
            p { strong { "The PSA would not take this ticket:" } }
            ul {
                @for it in &check.objections {
                    li {
                        @if let Some(field) = &it.field { code { (field) } ": " }
                        (sentence(&it.message))
                    }
                }
            }
            p { a href={ "/tenants/" (tenant.id) "/services" } { "Choose other services" } }
        }
    }
}

fn read_section(visit: &Visit, tenant: &Tenant) -> Markup {
    let id = &tenant.id;
    html! {
        section.panel aria-labelledby="read" {
            h2 id="read" { "Read one ticket" }
            p { "This shows that the relay sees tickets of this PSA, which it needs to know when a technician closed one. Enter \
                the number of any ticket that is there." }
            @if let Some(at) = tenant.checks.ticket_read_at {
                p.notice.good role="status" { (mark("good", "Done")) " " (words::time(at, visit.page.now())) }
            }
            form.inline method="post" action={ "/tenants/" (id) "/check/read" } {
                (text(Field {
                    name: "ticket",
                    label: "Number of a ticket",
                    help: "",
                    is_required: true,
                }, "", &Problems::default()))
                button.second type="submit" { "Read it" }
            }
            @if tenant.checks.ticket_read_at.is_none() {
                form method="post" action={ "/tenants/" (id) "/check/skip" } {
                    div.buttons { button.second type="submit" { "Skip reading a ticket" } }
                }
            }
        }
    }
}

/// The default company, and those that are mapped.
async fn companies(visit: &Visit, tenant: &Tenant) -> Result<Vec<PsaCompany>, Trouble> {
    let filter = MappingFilter {
        limit: Some(COMPANIES),
        ..MappingFilter::default()
    };
    let mappings = visit.office().store.mappings(&tenant.id, &filter).await?;
    let mapped = mappings.into_iter().filter(|it| !it.is_gone);
    let mapped = mapped.filter_map(|it| it.target);
    let default = tenant.services.default_company.clone();
    let mut companies: Vec<PsaCompany> = Vec::new();
    for company in default.into_iter().chain(mapped) {
        if companies.iter().all(|it| it.id != company.id) {
            companies.push(company);
        }
    }
    Ok(companies)
}

/// Checks the sample for the default company, or for one that is mapped, or for any of the PSA.
pub(super) async fn ask_for_any_company(visit: &Visit, id: &str) -> Result<(), Trouble> {
    let tenant = visit.tenant(id).await?;
    let known = companies(visit, &tenant).await?.into_iter().next();
    let company = match known {
        Some(company) => Some(company),
        None => match visit.page.companies(id).await {
            Ok(names) => names.first(),
            Err(ServiceError::Psa(_)) => None,
            Err(other) => return Err(other.into()),
        },
    };
    match company {
        Some(company) => ask(visit, id, company).await,
        None => Ok(()),
    }
}

async fn ask(visit: &Visit, id: &str, company: PsaCompany) -> Result<(), Trouble> {
    let result = match service::check_ticket(visit.office(), id, &company.id).await {
        Ok(checked) => Ok(checked),
        Err(ServiceError::Psa(error)) => Err(error),
        Err(other) => return Err(other.into()),
    };
    let checked = Checked {
        at: visit.page.now(),
        company,
        result,
    };
    visit.page.hear(id, |said| said.check = Some(checked));
    Ok(())
}

/// The company that was chosen in the form. None: it is not one of those.
async fn chosen(visit: &Visit, id: &str, entered: &Entered) -> Result<Option<PsaCompany>, Trouble> {
    let tenant = visit.tenant(id).await?;
    let companies = companies(visit, &tenant).await?;
    let chosen = entered.text("company");
    Ok(companies.into_iter().find(|it| it.id == chosen))
}

pub(super) async fn check(visit: Visit, Path(id): Path<String>, entered: Entered) -> Answer {
    let path = format!("/tenants/{id}/check");
    match chosen(&visit, &id, &entered).await? {
        Some(company) => {
            ask(&visit, &id, company).await?;
            Ok(visit.go(&path))
        }
        None => Ok(visit.go_failing(&path, "Choose one of the companies.")),
    }
}

pub(super) async fn sample(visit: Visit, Path(id): Path<String>, entered: Entered) -> Answer {
    let path = format!("/tenants/{id}/check");
    let Some(company) = chosen(&visit, &id, &entered).await? else {
        return Ok(visit.go_failing(&path, "Choose one of the companies."));
    };
    let reference = entered.text("reference");
    match service::sample_ticket(visit.office(), &id, &company.id, reference).await {
        Ok(opened) => {
            let ticket = &opened.ticket;
            let text = format!("Ticket #{} was opened for {}.", ticket.number, company.name);
            Ok(visit.go_saying(&path, text))
        }
        Err(ServiceError::Psa(error)) => {
            let text = format!("The ticket was not opened. {}", error_text(&error));
            Ok(visit.go_failing(&path, text))
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn read(visit: Visit, Path(id): Path<String>, entered: Entered) -> Answer {
    let path = format!("/tenants/{id}/check");
    let number = entered.text("ticket");
    if number.is_empty() {
        return Ok(visit.go_failing(&path, "Enter the number of a ticket, or skip this."));
    }
    match service::read_ticket(visit.office(), &id, number).await {
        Ok(Some(ticket)) => {
            let text = format!("Ticket #{} was read: {}", ticket.number, ticket.summary);
            Ok(visit.go_saying(&path, text))
        }
        Ok(None) => {
            let text = format!("There is no ticket {number}, or these credentials cannot see it.");
            Ok(visit.go_failing(&path, text))
        }
        Err(ServiceError::Psa(error)) => Ok(visit.go_failing(&path, error_text(&error))),
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn skip(visit: Visit, Path(id): Path<String>) -> Answer {
    service::mark_ticket_read(visit.office(), &id).await?;
    let text = "Reading a ticket was skipped.";
    Ok(visit.go_saying(&format!("/tenants/{id}/check"), text))
}

pub(super) async fn switch(visit: Visit, Path(id): Path<String>, entered: Entered) -> Answer {
    let path = format!("/tenants/{id}/check");
    let is_on = entered.text("to") == "on";
    match service::enable(visit.office(), &id, is_on).await {
        Ok(()) if is_on => {
            Ok(visit.go_saying(&path, "Tickets are on: alerts become tickets from now on."))
        }
        Ok(()) => Ok(visit.go_saying(&path, "Tickets are off.")),
        Err(ServiceError::Invalid { .. }) => {
            let tenant = visit.tenant(&id).await?;
            let missing: Vec<&str> = service::missing_checks(&tenant)
                .into_iter()
                .map(|it: MissingCheck| words::missing(it))
                .collect();
            let text = format!(
                "Tickets stay off until this is done: {}.",
                missing.join("; ")
            );
            Ok(visit.go_failing(&path, text))
        }
        Err(other) => Err(other.into()),
    }
}

/// Of one drawing of the form: pressed twice, it opens one ticket.
fn new_reference() -> String {
    let random = URL_SAFE_NO_PAD.encode(rand::rng().random::<[u8; 24]>());
    sha256_hex(random.as_bytes()).chars().take(48).collect()
}
