//! The frame of every page: its head, the ways to other pages, and what the person is told first.

use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::session::Notice;
use crate::tenant::Tenant;

/// The steps of a tenant: the path below it, and the title.
pub(super) const STEPS: [(&str, &str); 5] = [
    ("settings", "Settings"),
    ("verify", "Verify Setup"),
    ("companies", "Companies"),
    ("services", "Services"),
    ("check", "Check and turn on"),
];

const STYLE: &str = include_str!("style.css");

pub(super) async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE).into_response()
}

pub(super) async fn not_found() -> Response {
    let text = "There is no page at this address.";
    bare(StatusCode::NOT_FOUND, "Not found", text)
}

/// A page for those who are signed in.
pub(super) fn document(title: &str, notice: Option<&Notice>, content: &Markup) -> Response {
    let header = html! {
        header.top {
            a.name href="/" { "psa-relay" }
            nav aria-label="Pages" {
                ul {
                    li { a href="/" { "Dashboard" } }
                    li { a href="/sources" { "Sources" } }
                    li { a href="/cases" { "Cases" } }
                    li {
                        form method="post" action="/sign-out" {
                            button.quiet type="submit" { "Sign out" }
                        }
                    }
                }
            }
        }
    };
    let content = html! {
        @if let Some(notice) = notice { (told(notice)) }
        (content)
    };
    Html(frame(title, &header, &content).into_string()).into_response()
}

/// A page for anybody: a title and a sentence.
pub(super) fn bare(status: StatusCode, title: &str, text: &str) -> Response {
    let content = html! {
        h1 { (title) }
        p { (text) }
        p { a href="/" { "To the dashboard" } }
    };
    (status, plain(title, &content)).into_response()
}

/// A page without ways to others.
pub(super) fn plain(title: &str, content: &Markup) -> Response {
    let header = html! { header.top { span.name { "psa-relay" } } };
    Html(frame(title, &header, content).into_string()).into_response()
}

fn frame(title: &str, header: &Markup, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " – psa-relay" }
                link rel="stylesheet" href="/style.css";
            }
            body {
                a.skip href="#content" { "Skip to the content" }
                (header)
                main id="content" tabindex="-1" { (content) }
            }
        }
    }
}

fn told(notice: &Notice) -> Markup {
    match notice {
        Notice::Done(text) => html! { p.notice.good role="status" { (text) } },
        Notice::Failed(text) => html! { p.notice.bad role="alert" { (text) } },
        Notice::Secret { what, secret } => html! {
            div.notice.good role="status" {
                p { (what) " It is shown once: copy it now." }
                p { code.copy id="new-secret" { (secret) } }
            }
        },
    }
}

/// The steps of a tenant, with the one that is shown.
pub(super) fn steps(tenant: &Tenant, current: &str) -> Markup {
    let done = done(tenant);
    html! {
        nav.steps aria-label="Set-up steps" {
            ol {
                @for ((path, title), is_done) in STEPS.into_iter().zip(done) {
                    li.done[is_done] {
                        @if path == current {
                            a aria-current="step" href={ "/tenants/" (tenant.id) "/" (path) } { (title) }
                        } @else {
                            a href={ "/tenants/" (tenant.id) "/" (path) } { (title) }
                        }
                        @if is_done { span.state { " done" } }
                    }
                }
            }
        }
    }
}

/// Which of the steps are done, in their order.
pub(super) fn done(tenant: &Tenant) -> [bool; 5] {
    let checks = &tenant.checks;
    let is_verified = checks.verified_at.is_some();
    [
        is_verified,
        is_verified,
        tenant.services.default_company.is_some() || checks.ticket_checked_at.is_some(),
        checks.ticket_checked_at.is_some(),
        tenant.is_enabled,
    ]
}

/// The name of a tenant above the title of a step.
pub(super) fn heading(tenant: &Tenant, current: &str) -> Markup {
    let title = STEPS.iter().find(|(path, _)| *path == current);
    html! {
        (steps(tenant, current))
        h1 {
            span.over { (tenant.name) }
            (title.map_or("", |(_, title)| *title))
        }
    }
}

/// Nothing.
pub(super) fn empty() -> Markup {
    PreEscaped(String::new())
}
