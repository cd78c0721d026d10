//! What there is: tenants and how they are, what waits for a person, sources and what they sent.

use maud::{Markup, html};

use super::cases::{retry_button, to_correct};
use super::fields::sentence;
use super::layout::{STEPS, done, empty};
use super::tables::{alert_table, source_table};
use super::visit::{Answer, Visit};
use super::words::{self, mark};
use crate::case::State;
use crate::service::{self, Health};
use crate::store::{AlertFilter, CaseFilter, KeptAlert, StoredCase};
use crate::tenant::{Pause, Source, Tenant};
use crate::time::Time;

/// How many cases that wait for a person are shown.
const PARKED: usize = 20;
/// How many alerts are shown.
const ALERTS: usize = 10;

pub(super) async fn show(visit: Visit) -> Answer {
    let office = visit.office();
    let health = service::health(office).await?;
    let parked = CaseFilter {
        states: vec!["parked".to_owned()],
        limit: Some(PARKED),
        ..CaseFilter::default()
    };
    let parked = office.store.cases(&parked).await?;
    let sources = office.store.sources().await?;
    let alerts = AlertFilter {
        limit: Some(ALERTS),
        ..AlertFilter::default()
    };
    let alerts = office.store.alerts(&alerts).await?;
    let now = visit.page.now();
    let content = html! {
        h1 { "Dashboard" }
        @if health.is_empty() {
            p { "Alerts come in, tickets go out. Begin with the PSA that tickets are opened in." }
        } @else {
            (tenants(&health, now))
        }
        (set_up(&visit, health.is_empty()))
        @if !parked.is_empty() { (waiting(&parked)) }
        @if !health.is_empty() {
            (sources_section(&visit, &sources))
            (alerts_section(&alerts, now))
        }
    };
    Ok(visit.show("Dashboard", &content))
}

fn tenants(health: &[Health], now: Time) -> Markup {
    html! {
        section aria-labelledby="tenants" {
            h2 id="tenants" { "Tenants" }
            div.grid {
                @for it in health {
                    article.panel aria-labelledby={ "tenant-" (it.tenant.id) } {
                        h3 id={ "tenant-" (it.tenant.id) } { (it.tenant.name) }
                        p { (how_it_is(it)) }
                        (pause(it, now))
                        (counts(it))
                        p.last { (next(&it.tenant)) }
                    }
                }
            }
        }
    }
}

fn how_it_is(health: &Health) -> Markup {
    match (&health.pause, health.tenant.is_enabled) {
        (Some(Pause::Paused { .. }), _) => mark("bad", "Paused"),
        (Some(Pause::Waits { .. }), _) => mark("warn", "Waits for the PSA"),
        (None, true) => mark("good", "Enabled"),
        (None, false) => mark("unknown", "Not enabled"),
    }
}

fn pause(health: &Health, now: Time) -> Markup {
    match &health.pause {
        None => empty(),
        Some(Pause::Waits { until }) => html! {
            p { "The PSA asked for a pause of " (until.since(now).as_secs()) " seconds." }
        },
        Some(Pause::Paused { parked, .. }) => html! {
            p {
                (sentence(&parked.message)) " "
                @if let Some(hint) = &parked.hint { (sentence(hint)) " " }
                "Alerts are still taken. "
                a href={ "/tenants/" (health.tenant.id) "/settings" } { "Correct the settings of " (health.tenant.name) }
            }
        },
    }
}

fn counts(health: &Health) -> Markup {
    if health.cases.is_empty() {
        return html! { p { "No cases yet." } };
    }
    let id = &health.tenant.id;
    html! {
        ul.counts aria-label={ "Cases of " (health.tenant.name) } {
            @for (state, count) in &health.cases {
                li {
                    a href={ "/cases?tenant=" (id) "&state=" (state) } {
                        span.number { (count) " " } (words::state_name(state))
                    }
                }
            }
        }
    }
}

fn next(tenant: &Tenant) -> Markup {
    let id = &tenant.id;
    let unfinished = STEPS.iter().zip(done(tenant)).find(|(_, done)| !done);
    match unfinished {
        Some(((path, title), _)) if !tenant.is_enabled => html! {
            a.button href={ "/tenants/" (id) "/" (path) } aria-label={ "Continue set-up: " (title) " of " (tenant.name) } {
                "Continue set-up: " (title)
            }
        },
        _ => html! {
            a href={ "/tenants/" (id) "/settings" } { "Set-up of " (tenant.name) }
        },
    }
}

fn set_up(visit: &Visit, is_first: bool) -> Markup {
    let desks = &visit.office().desks;
    let mut connectors = Vec::new();
    for name in desks.names() {
        if let Some(description) = desks.description(&name) {
            connectors.push((name, description.vendor.clone()));
        }
    }
    html! {
        @if connectors.is_empty() {
            p.notice.bad { "The relay has no connector. Name one under [connectors] in its configuration, and start it again." }
        }
        div.buttons {
            @for (name, vendor) in &connectors {
                a.button.second[!is_first] href={ "/set-up/" (name) } {
                    @if is_first { "Set up " (vendor) } @else { "Add a tenant with " (vendor) }
                }
            }
        }
    }
}

fn waiting(parked: &[StoredCase]) -> Markup {
    html! {
        section aria-labelledby="waiting" {
            h2 id="waiting" { "Waits for you" }
            table.cards {
                caption { "Cases that go on when you have corrected something" }
                thead {
                    tr {
                        th scope="col" { "Alert" }
                        th scope="col" { "What to correct" }
                        th scope="col" { "Then" }
                    }
                }
                tbody {
                    @for stored in parked { (waiting_line(stored)) }
                }
            }
        }
    }
}

fn waiting_line(stored: &StoredCase) -> Markup {
    let State::Parked(parked) = &stored.case.state else {
        return empty();
    };
    html! {
        tr {
            th scope="row" {
                a href={ "/cases/" (stored.id.0) } { (stored.case.alert.summary) }
                @if let Some(company) = &stored.case.alert.company { span.small { (company) } }
            }
            td data-label="What to correct" {
                (to_correct(&stored.case, parked))
            }
            td data-label="Then" { (retry_button(stored)) }
        }
    }
}

fn sources_section(visit: &Visit, sources: &[Source]) -> Markup {
    let base = &visit.page.options.intake_url;
    html! {
        section aria-labelledby="sources" {
            h2 id="sources" { "Sources" }
            @if sources.is_empty() {
                p { "No product sends alerts yet. " a href="/sources" { "Add a source of alerts" } }
            } @else {
                (source_table(sources, ("Address to paste", "Address"), &|source| html! {
                    code.copy { (base) (words::path(source.rules.dialect, &source.id)) }
                }))
            }
        }
    }
}

fn alerts_section(alerts: &[KeptAlert], now: Time) -> Markup {
    html! {
        section aria-labelledby="alerts" {
            h2 id="alerts" { "Latest alerts" }
            @if alerts.is_empty() { p { "None yet." } } @else { (alert_table(alerts, now)) }
        }
    }
}
