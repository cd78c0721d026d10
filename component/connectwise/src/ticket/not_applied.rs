//! What the answer to a new ticket does not bear as it was sent: the PSA's rules change tickets while they are opened.

use psa_contract::FieldError;
use psa_toolkit::error::field_error;

use crate::draft::{Id, Members};
use crate::wire::{Reference, Ticket};

/// The fields of the draft that the ticket does not show as they were sent. An answer without even the company, which every
/// ticket has, tells nothing of them.
pub(super) fn not_applied(sent: &Members, ticket: &Ticket) -> Vec<FieldError> {
    if ticket.company.is_none() {
        return Vec::new();
    }
    let records = [
        ("company-id", Some(sent.company), &ticket.company),
        ("board-id", sent.board, &ticket.board),
        ("status-id", sent.status, &ticket.status),
        ("type-id", sent.r#type, &ticket.r#type),
        ("subtype-id", sent.sub_type, &ticket.sub_type),
        ("item-id", sent.item, &ticket.item),
        ("priority-id", sent.priority, &ticket.priority),
        ("site-id", sent.site, &ticket.site),
        ("contact-id", sent.contact, &ticket.contact),
        ("source-id", sent.source, &ticket.source),
    ];
    let records = records.map(|(field, sent, found)| {
        let found = found.as_ref().and_then(Reference::id_text);
        (field, sent.map(|Id { id }| id.to_string()), found)
    });
    let text = |text: &Option<String>| text.clone();
    let texts = [
        (
            "severity",
            sent.severity.map(str::to_owned),
            text(&ticket.severity),
        ),
        (
            "impact",
            sent.impact.map(str::to_owned),
            text(&ticket.impact),
        ),
        (
            "reference",
            text(&sent.reference),
            text(&ticket.external_x_ref),
        ),
    ];
    let differs = |(field, sent, found): (&str, Option<String>, Option<String>)| {
        let sent = sent.filter(|sent| found.as_ref() != Some(sent))?;
        let message = match found {
            Some(_) => format!("the PSA set another value instead of {sent}"),
            None => format!("the PSA left out {sent}"),
        };
        Some(field_error(field, message))
    };
    records
        .into_iter()
        .chain(texts)
        .filter_map(differs)
        .collect()
}
