//! The tickets of the stand-in, to look at: what technicians would see.

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use maud::{DOCTYPE, Markup, html};

use super::psa::StandIn;
use super::records::Kept;

const STYLE: &str = include_str!("../page/style.css");

/// The router of the stand-in's own page. It only shows.
pub fn view(psa: StandIn) -> Router {
    Router::new()
        .route("/", get(show))
        .route("/style.css", get(style))
        .with_state(psa)
}

async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE).into_response()
}

async fn show(State(psa): State<StandIn>) -> Response {
    let tickets: Vec<Kept> = psa.records().tickets.iter().rev().cloned().collect();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { "Tickets – Stand-in PSA" }
                link rel="stylesheet" href="/style.css";
            }
            body {
                header.top { span.name { "Stand-in PSA" } }
                main {
                    h1 { "Tickets" }
                    @if tickets.is_empty() { p { "There are none yet. Reload this page when the relay has opened some." } }
                    @for kept in &tickets { (ticket(kept)) }
                }
            }
        }
    };
    let policy = "default-src 'none'; style-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";
    (
        [(header::CONTENT_SECURITY_POLICY, policy)],
        Html(page.into_string()),
    )
        .into_response()
}

fn ticket(kept: &Kept) -> Markup {
    let ticket = &kept.ticket;
    let name = |named: &Option<psa_contract::Named>| {
        let name = named.as_ref().and_then(|it| it.name.clone());
        name.unwrap_or_else(|| "–".to_owned())
    };
    html! {
        article.panel id={ "ticket-" (ticket.id) } {
            h2 { "#" (ticket.number) " " (ticket.summary) }
            dl.facts {
                div { dt { "Company" } dd { (name(&ticket.company)) } }
                div { dt { "Board" } dd { (name(&ticket.board)) } }
                div { dt { "Status" } dd { (name(&ticket.status)) } }
                div { dt { "Type" } dd { (name(&ticket.ticket_type)) } }
                div { dt { "Priority" } dd { (name(&ticket.priority)) } }
            }
            p.lines { (kept.text) }
            @if !kept.notes.is_empty() {
                h3 { "Notes" }
                ol { @for (_, note) in &kept.notes { li.lines { (note) } } }
            }
        }
    }
}
