//! Step 2: Verify Setup, with the list of permissions.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use psa_contract::{
    ConnectorDescription, ConnectorError, Operation, Permission, PermissionCheck, PermissionState,
    Verification,
};

use super::fields::{error_text, sentence};
use super::layout::{empty, heading};
use super::visit::{Answer, Trouble, Visit};
use super::words::{self, mark};
use crate::service::{self, ServiceError};
use crate::tenant::Tenant;
use crate::time::Time;

pub(super) async fn verify(visit: Visit, Path(id): Path<String>) -> Answer {
    let _ = ask(&visit, &id).await?;
    Ok(visit.go(&format!("/tenants/{id}/verify")))
}

/// Asks the PSA, and remembers what it said.
pub(super) async fn ask(
    visit: &Visit,
    id: &str,
) -> Result<Result<Verification, Box<ConnectorError>>, Trouble> {
    let result = match service::verify(visit.office(), id).await {
        Ok(verification) => Ok(verification),
        Err(ServiceError::Psa(error)) => Err(error),
        Err(other) => return Err(other.into()),
    };
    visit.page.forget_companies(id);
    let said = (visit.page.now(), result.clone());
    visit.page.hear(id, |it| it.verification = Some(said));
    Ok(result)
}

pub(super) async fn show(visit: Visit, Path(id): Path<String>) -> Answer {
    let tenant = visit.tenant(&id).await?;
    let description = visit.description(&tenant.connector)?;
    let needed = service::needed(visit.office(), &tenant);
    Ok(draw(&visit, &tenant, &description, &needed))
}

fn draw(
    visit: &Visit,
    tenant: &Tenant,
    description: &ConnectorDescription,
    needed: &[Operation],
) -> Response {
    let said = visit.page.said(&tenant.id).verification;
    let verification = match &said {
        Some((_, Ok(verification))) => Some(verification),
        _ => None,
    };
    let is_needed = |permission: &Permission| {
        let mut operations = permission.needed_for.iter();
        operations.any(|it| needed.contains(it))
    };
    let (required, others): (Vec<&Permission>, Vec<&Permission>) =
        description.permissions.iter().partition(|it| is_needed(it));
    let content = html! {
        (heading(tenant, "verify"))
        (outcome(visit, tenant, description, said.as_ref()))
        div.buttons {
            @if tenant.checks.verified_at.is_some() {
                a.button href={ "/tenants/" (tenant.id) "/companies" } { "Continue to companies" }
            }
            form method="post" action={ "/tenants/" (tenant.id) "/verify" } {
                button.second[tenant.checks.verified_at.is_some()] type="submit" { "Verify Setup" }
            }
            a href={ "/tenants/" (tenant.id) "/settings" } { "Change settings" }
        }
        h2 { "Permissions" }
        p { "An administrator of " (description.vendor) " grants these to the account that the relay uses." }
        (checklist("Permissions that the relay needs", &required, needed, verification))
        @if !others.is_empty() {
            details {
                summary { "Permissions that the relay does not need" }
                (checklist("Permissions that the relay does not need", &others, Operation::ALL, None))
            }
        }
    };
    visit.show(&format!("Verify Setup of {}", tenant.name), &content)
}

fn outcome(
    visit: &Visit,
    tenant: &Tenant,
    description: &ConnectorDescription,
    said: Option<&(Time, Result<Verification, Box<ConnectorError>>)>,
) -> Markup {
    let now = visit.page.now();
    match said {
        Some((at, Ok(verification))) if verification.is_complete => html! {
            div.notice.good role="status" {
                p { strong { "Verify Setup passed" } ", " (words::time(*at, now)) "." }
                (facts(verification, description))
            }
        },
        Some((at, Ok(verification))) => {
            let missing = verification.checks.iter();
            let missing = missing.filter(|it| it.state == PermissionState::Missing);
            let missing = words::count(missing.count() as u64, "permission", "permissions");
            html! {
                div.notice.bad role="alert" {
                    p { strong { "Verify Setup did not pass" } ", " (words::time(*at, now)) ": " (missing) " missing. Grant what is \
                        marked as missing below, then press Verify Setup." }
                    (facts(verification, description))
                }
            }
        }
        Some((at, Err(error))) => html! {
            div.notice.bad role="alert" {
                p { strong { "Verify Setup did not pass" } ", " (words::time(*at, now)) ". " (error_text(error)) }
                @if !error.field_errors.is_empty() {
                    ul { @for it in &error.field_errors { li { (it.message) } } }
                }
            }
        },
        None => match tenant.checks.verified_at {
            Some(at) => html! {
                p.notice.good role="status" { "Verify Setup passed, " (words::time(at, now)) "." }
            },
            None => html! {
                p.notice { "These settings have not been verified. Press Verify Setup." }
            },
        },
    }
}

fn facts(verification: &Verification, description: &ConnectorDescription) -> Markup {
    let board = description.board_label.as_deref().unwrap_or("Board");
    html! {
        dl.facts {
            @if let Some(account) = &verification.account { div { dt { "Account" } dd { (account) } } }
            @if let Some(version) = &verification.server_version { div { dt { "Version" } dd { (version) } } }
            @if let Some(companies) = verification.visible_companies {
                div { dt { "Companies it sees" } dd { (companies) } }
            }
            @if let Some(boards) = verification.visible_boards {
                div { dt { (board) "s it sees" } dd { (boards) } }
            }
        }
    }
}

fn checklist(
    caption: &str,
    permissions: &[&Permission],
    operations: &[Operation],
    verification: Option<&Verification>,
) -> Markup {
    if permissions.is_empty() {
        return html! { p { "None." } };
    }
    let check_of = |id: &str| {
        let checks = verification.map(|it| it.checks.iter());
        checks.and_then(|mut it| it.find(|check| check.permission_id == id))
    };
    html! {
        div.scroll role="region" aria-label=(caption) tabindex="0" {
            table.cards {
                caption { (caption) }
                thead {
                    tr {
                        th scope="col" { "Permission" }
                        th scope="col" { "Level" }
                        th scope="col" { "Needed to" }
                        th scope="col" { "Found" }
                    }
                }
                tbody {
                    @for permission in permissions {
                        tr {
                            th scope="row" {
                                (permission.path.join(" › "))
                                span.small { (permission.request) }
                            }
                            td data-label="Level" { (permission.level.as_deref().unwrap_or("On")) }
                            td data-label="Needed to" { (needed_to(permission, operations)) }
                            td data-label="Found" { (found(check_of(&permission.id))) }
                        }
                    }
                }
            }
        }
    }
}

fn needed_to(permission: &Permission, operations: &[Operation]) -> String {
    let needed = permission.needed_for.iter();
    let needed = needed.filter(|it| operations.contains(it));
    let words: Vec<&str> = needed.map(|it| words::operation(*it)).collect();
    words.join(", ")
}

fn found(check: Option<&PermissionCheck>) -> Markup {
    let Some(check) = check else {
        return html! { "Not checked" };
    };
    let (class, word) = words::permission(check.state);
    html! {
        (mark(class, word))
        @match &check.message {
            Some(message) => span.small { (sentence(message)) },
            None => (empty()),
        }
    }
}
