//! What a new ticket does not bear as it was sent: rules of the tenant change tickets while they are opened.

use psa_contract::FieldError;
use psa_toolkit::error::field_error;
use serde_json::{Map, Value};

use crate::draft::FIELDS;
use crate::wire::Ticket;

const MERGED: &str = "the ticket does not bear it: a rule removed it, or Autotask put the text on an older ticket that it takes \
     for the same. See Duplicate Ticket Handling in Admin > Features & Settings > Application-Wide (Shared) Features > System \
     Settings; with it, a repeated call does not find this ticket";

/// The ids and the reference that the ticket does not show as they were sent. Texts are the staff's to change.
pub(super) fn not_applied(sent: &Map<String, Value>, ticket: &Ticket) -> Vec<FieldError> {
    let found = serde_json::to_value(ticket).unwrap_or_default();
    let differs = |(member, field): (&str, &'static str)| {
        let (sent, found) = (sent.get(member)?, found.get(member).unwrap_or(&Value::Null));
        match (sent, found) {
            _ if sent == found || field == "summary" || field == "description" => None,
            (Value::String(_), _) => Some(field_error(field, MERGED)),
            (sent, Value::Null) => Some(field_error(field, format!("Autotask left out {sent}"))),
            _ => Some(field_error(
                field,
                format!("Autotask set {found} in place of {sent}"),
            )),
        }
    };
    let rows = FIELDS
        .iter()
        .filter_map(|row| Some((row.member?, row.name)));
    rows.filter_map(differs).collect()
}
