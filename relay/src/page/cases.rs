//! Cases: a list, one of them with its trail in words, and what a person does about it.

use axum::extract::Path;
use maud::{Markup, html};

use super::fields::{Choice, Field, Problems, chooser, error_text, sentence, text};
use super::form::{Asked, Entered};
use super::layout::empty;
use super::tables::{alert_table, ticket, ticket_link};
use super::visit::{Answer, Trouble, Visit};
use super::words::{self, mark};
use crate::case::{Case, Parked, State};
use crate::service::{self, ServiceError};
use crate::store::{AlertFilter, CaseFilter, CaseId, StoredCase, TrailLine};

/// How many cases are on a page.
const PAGE: usize = 50;
/// How many alerts of a case are shown.
const ALERTS: usize = 50;

pub(super) async fn show(visit: Visit, asked: Asked) -> Answer {
    let (tenant, state) = (asked.some("tenant"), asked.some("state"));
    let filter = CaseFilter {
        tenant: tenant.clone(),
        states: state.iter().cloned().collect(),
        before: asked.text("before").parse().ok().map(CaseId),
        limit: Some(PAGE + 1),
    };
    let mut cases = visit.office().store.cases(&filter).await?;
    let has_more = cases.len() > PAGE;
    cases.truncate(PAGE);
    let tenants = visit.office().store.tenants().await?;
    let of = |given: &Option<String>| given.clone().unwrap_or_default();
    let more = cases.last().filter(|_| has_more).map(|last| {
        let (tenant, state) = (of(&tenant), of(&state));
        format!("/cases?tenant={tenant}&state={state}&before={}", last.id.0)
    });
    let mut all = vec![Choice::new("", "All tenants")];
    all.extend(tenants.iter().map(|it| Choice::new(&*it.id, &*it.name)));
    let mut states = vec![Choice::new("", "All states")];
    states.extend(
        State::NAMES
            .iter()
            .map(|it| Choice::new(*it, words::state_name(it))),
    );
    let now = visit.page.now();
    let content = html! {
        h1 { "Cases" }
        p { "A case is all alerts about one thing, from the first to the last. It has one ticket." }
        form.inline method="get" action="/cases" role="search" {
            (chooser(field("tenant", "Tenant"), &all, &of(&tenant), &Problems::default()))
            (chooser(field("state", "State"), &states, &of(&state), &Problems::default()))
            button.second type="submit" { "Show" }
        }
        @if cases.is_empty() { p { "There are no such cases." } } @else {
            table.cards {
                caption { "Cases, the latest first" }
                thead {
                    tr {
                        th scope="col" { "Alert" }
                        th scope="col" { "State" }
                        th scope="col" { "Ticket" }
                        th scope="col" { "Alerts" }
                        th scope="col" { "Latest" }
                    }
                }
                tbody {
                    @for stored in &cases {
                        tr {
                            th scope="row" {
                                a href={ "/cases/" (stored.id.0) } { (stored.case.alert.summary) }
                                @if let Some(company) = &stored.case.alert.company { span.small { (company) } }
                            }
                            td data-label="State" { (state_mark(&stored.case)) }
                            td data-label="Ticket" { (ticket(&stored.case)) }
                            td data-label="Alerts" { (stored.case.count) }
                            td data-label="Latest" { (words::time(stored.case.last_seen, now)) }
                        }
                    }
                }
            }
            @if let Some(more) = more { p { a href=(more) { "Older cases" } } }
        }
    };
    Ok(visit.show("Cases", &content))
}

fn field<'a>(name: &'a str, label: &'a str) -> Field<'a> {
    Field {
        name,
        label,
        help: "",
        is_required: true,
    }
}

fn state_mark(case: &Case) -> Markup {
    let name = case.state.name();
    mark(words::state_class(name), words::state_name(name))
}

pub(super) async fn show_one(visit: Visit, Path(id): Path<i64>) -> Answer {
    let stored = case(&visit, id).await?;
    let trail = visit.office().store.trail(stored.id).await?;
    let alerts = AlertFilter {
        case: Some(stored.id),
        limit: Some(ALERTS),
        ..AlertFilter::default()
    };
    let alerts = visit.office().store.alerts(&alerts).await?;
    let case = &stored.case;
    let now = visit.page.now();
    let content = html! {
        h1 { span.over { "Case " (stored.id.0) } (case.alert.summary) }
        dl.facts {
            div { dt { "State" } dd {
                (state_mark(case))
                @if let Some(reason) = words::state_reason(&case.state) { " " (sentence(reason)) }
            } }
            div { dt { "Ticket" } dd { (ticket(case)) } }
            div { dt { "Alert" } dd { (words::severity(case.alert.severity)) ", " (case.status.name()) } }
            div { dt { "Company" } dd { (case.alert.company.as_deref().unwrap_or("The alert names none")) } }
            div { dt { "Source" } dd { a href={ "/sources/" (case.source) } { (case.source) } } }
            div { dt { "Alerts" } dd {
                (case.count) ", the first " (words::time(case.first_seen, now)) ", the latest " (words::time(case.last_seen, now))
            } }
        }
        @if let State::Parked(parked) = &case.state { (parked_section(&stored, parked)) }
        (trail_section(&trail))
        h2 { "Alerts" }
        (alert_table(&alerts, now))
        (details_section(case))
        @if !matches!(case.state, State::Dropped | State::Calling { .. }) { (drop_form(&stored)) }
    };
    Ok(visit.show(&format!("Case {id}"), &content))
}

fn parked_section(stored: &StoredCase, parked: &Parked) -> Markup {
    let id = stored.id.0;
    html! {
        section.panel aria-labelledby="correct" {
            h2 id="correct" { "What to correct" }
            p {
                (to_correct(&stored.case, parked))
            }
            @if !parked.ticket_ids.is_empty() {
                p { "Tickets to look at: " @for it in &parked.ticket_ids { (ticket_link(it, None)) " " } }
            }
            div.buttons { (retry_button(stored)) }
            form.inline method="post" action={ "/cases/" (id) "/adopt" } {
                (text(Field {
                    name: "ticket",
                    label: "Or take this ticket for the case",
                    help: "Its id in the PSA.",
                    is_required: true,
                }, "", &Problems::default()))
                button.second type="submit" { "Take this ticket" }
            }
        }
    }
}

/// What a case waits for, what to do about it, and where.
pub(super) fn to_correct(case: &Case, parked: &Parked) -> Markup {
    html! {
        (sentence(&parked.message)) " "
        @if let Some(hint) = &parked.hint { (sentence(hint)) " " }
        (correction(case, parked))
    }
}

/// Where a person corrects what a case waits for.
fn correction(case: &Case, parked: &Parked) -> Markup {
    let has = |names: &[&str]| parked.fields.iter().any(|it| names.contains(&&**it));
    let id = &case.tenant;
    let (path, words) = if has(&["company-id"]) || parked.reason == "mapping-gone" {
        match &case.alert.company {
            Some(company) => {
                let company = super::companies::encoded(company);
                let path = format!("/tenants/{id}/companies/choose?company={company}");
                return html! { a href=(path) { "Choose a company" } };
            }
            None => ("companies/choose?default=yes", "Choose a default company"),
        }
    } else if has(&[
        "board-id",
        "status-id",
        "type-id",
        "subtype-id",
        "item-id",
        "priority-id",
        "source-id",
    ]) {
        ("services", "Choose other services")
    } else {
        match &*parked.reason {
            "invalid-settings" | "unauthorized" => ("settings", "Correct the settings"),
            "forbidden" => ("verify", "See which permission is missing"),
            "rejected" | "invalid-input" | "not-found" => ("services", "Look at the services"),
            _ => return empty(),
        }
    };
    html! { a href={ "/tenants/" (id) "/" (path) } { (words) } }
}

pub(super) fn retry_button(stored: &StoredCase) -> Markup {
    let label = format!("Retry: {}", stored.case.alert.summary);
    html! {
        form method="post" action={ "/cases/" (stored.id.0) "/retry" } {
            button.second type="submit" aria-label=(label) { "Retry" }
        }
    }
}

fn trail_section(trail: &[TrailLine]) -> Markup {
    html! {
        section aria-labelledby="trail" {
            h2 id="trail" { "What happened" }
            @if trail.is_empty() { p { "Nothing yet." } } @else {
                ol.trail {
                    @for line in trail {
                        li { time datetime=(line.at.to_string()) { (words::moment(line.at)) } " " (sentence(&line.line)) }
                    }
                }
            }
        }
    }
}

fn details_section(case: &Case) -> Markup {
    html! {
        details {
            summary { "What the alert said" }
            dl.facts {
                div { dt { "Key" } dd { (case.key) } }
                div { dt { "Reference" } dd { code { (case.reference) } } }
                @for it in &case.alert.fields { div { dt { (it.name) } dd { (it.value) } } }
            }
        }
    }
}

fn drop_form(stored: &StoredCase) -> Markup {
    html! {
        details {
            summary { "Drop this case" }
            form method="post" action={ "/cases/" (stored.id.0) "/drop" } {
                p { "Nothing more is done for it: no note, no closing. Its ticket stays as it is." }
                div.buttons { button.danger type="submit" { "Drop" } }
            }
        }
    }
}

async fn case(visit: &Visit, id: i64) -> Result<StoredCase, Trouble> {
    let stored = visit.office().store.case(CaseId(id)).await?;
    Ok(stored.ok_or_else(|| ServiceError::Missing("there is no such case".to_owned()))?)
}

pub(super) async fn retry(visit: Visit, Path(id): Path<i64>) -> Answer {
    let path = format!("/cases/{id}");
    done(
        &visit,
        &path,
        service::retry(visit.office(), CaseId(id)).await,
        "It is tried again.",
    )
}

pub(super) async fn drop(visit: Visit, Path(id): Path<i64>) -> Answer {
    let path = format!("/cases/{id}");
    let dropped = service::drop_case(visit.office(), CaseId(id)).await;
    done(&visit, &path, dropped, "The case was dropped.")
}

pub(super) async fn adopt(visit: Visit, Path(id): Path<i64>, entered: Entered) -> Answer {
    let path = format!("/cases/{id}");
    let ticket = entered.text("ticket");
    if ticket.is_empty() {
        return Ok(visit.go_failing(&path, "Enter the id of a ticket."));
    }
    let adopted = service::adopt(visit.office(), CaseId(id), ticket).await;
    done(&visit, &path, adopted, "The case has this ticket now.")
}

pub(super) async fn retry_all(visit: Visit, Path(id): Path<String>) -> Answer {
    let tenant = visit.tenant(&id).await?;
    let count = service::retry_all(visit.office(), &tenant.id).await?;
    let count = words::count(count as u64, "case is", "cases are");
    Ok(visit.go_saying("/", format!("{count} tried again.")))
}

fn done(visit: &Visit, path: &str, result: service::Result<()>, text: &str) -> Answer {
    match result {
        Ok(()) => Ok(visit.go_saying(path, text)),
        Err(ServiceError::Psa(error)) => Ok(visit.go_failing(path, error_text(&error))),
        Err(error @ ServiceError::Missing(_)) => {
            Ok(visit.go_failing(path, sentence(&error.to_string())))
        }
        Err(other) => Err(other.into()),
    }
}
