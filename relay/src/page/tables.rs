//! What several pages show: alerts, tickets, a ticket as it will be sent.

use maud::{Markup, html};
use psa_contract::TicketDraft;

use super::fields::sentence;
use super::layout::empty;
use super::words;
use crate::case::Case;
use crate::store::KeptAlert;
use crate::tenant::Source;
use crate::time::Time;

/// The ticket as it will be sent.
pub(super) fn preview(draft: &TicketDraft, company: &str) -> Markup {
    html! {
        div.preview {
            p.over { "As it will be sent, for " (company) }
            p.summary { (draft.summary) }
            @if let Some(description) = &draft.description { p.lines { (description) } }
            @if !draft.details.is_empty() {
                dl.facts {
                    @for detail in &draft.details { div { dt { (detail.label) } dd { (detail.value) } } }
                }
            }
            @for link in &draft.links { p { (link.label) ": " (link.url) } }
        }
    }
}

/// Sources, with a column of the page that shows them: its heading, its label on a narrow screen, and what it holds.
pub(super) fn source_table(
    sources: &[Source],
    (heading, label): (&str, &str),
    cell: &dyn Fn(&Source) -> Markup,
) -> Markup {
    html! {
        table.cards {
            caption { "Products that send alerts" }
            thead {
                tr {
                    th scope="col" { "Source" }
                    th scope="col" { "Sends" }
                    th scope="col" { (heading) }
                }
            }
            tbody {
                @for source in sources {
                    tr {
                        th scope="row" { a href={ "/sources/" (source.id) } { (source.name) } }
                        td data-label="Sends" { (words::dialect(source.rules.dialect)) }
                        td data-label=(label) { (cell(source)) }
                    }
                }
            }
        }
    }
}

pub(super) fn alert_table(alerts: &[KeptAlert], now: Time) -> Markup {
    html! {
        table.cards {
            caption { "Alerts, the latest first, and why each did or did not become a ticket" }
            thead {
                tr {
                    th scope="col" { "Alert" }
                    th scope="col" { "When" }
                    th scope="col" { "How it stands" }
                    th scope="col" { "What became of it" }
                }
            }
            tbody {
                @for alert in alerts {
                    tr {
                        th scope="row" {
                            @match alert.case {
                                Some(case) => a href={ "/cases/" (case.0) } { (alert.summary) },
                                None => (alert.summary),
                            }
                            @if let Some(company) = &alert.company { span.small { (company) } }
                        }
                        td data-label="When" { (words::time(alert.at, now)) }
                        td data-label="How it stands" {
                            (words::severity(alert.severity)) ", " (alert.status.name())
                        }
                        td data-label="Outcome" { (sentence(&alert.outcome)) }
                    }
                }
            }
        }
    }
}

/// The ticket of a case, for a person's browser.
pub(super) fn ticket(case: &Case) -> Markup {
    match &case.ticket {
        Some(ticket) => ticket_link(&ticket.number, ticket.url.as_deref()),
        None => html! { "No ticket" },
    }
}

/// A ticket by its number, with the way to it if that is known.
pub(super) fn ticket_link(number: &str, url: Option<&str>) -> Markup {
    let is_safe = |url: &&str| url.starts_with("https://") || url.starts_with("http://");
    match url.filter(is_safe) {
        Some(url) => html! { a href=(url) rel="noreferrer" { "Ticket #" (number) } },
        None if number.is_empty() => empty(),
        None => html! { "Ticket #" (number) },
    }
}
