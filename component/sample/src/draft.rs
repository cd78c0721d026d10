//! The fields that Sample Desk takes, and a draft that becomes the body of `POST /api/tickets`. Every fault of it at once.

use psa_contract::Operation::{AddNote, SetStatus};
use psa_contract::{FieldError, Named, Ticket, TicketDraft};
use psa_toolkit::draft::{self, FieldIds, LONGEST_REFERENCE};
use psa_toolkit::error::field_error;
use psa_toolkit::input::InputRow;
use psa_toolkit::status_change::MOST_STATUSES;
use psa_toolkit::text::{fitting_line, plain_lines};
use serde::Serialize;

const LONGEST_SUMMARY: u32 = 80;

/// The fields that Sample Desk takes.
pub(crate) const FIELDS: [InputRow; 14] = [
    InputRow::of_ticket("company-id")
        .member("company")
        .required(),
    InputRow::of_ticket("board-id").member("board").required(),
    InputRow::of_ticket("status-id").member("status"),
    InputRow::of_ticket("type-id").member("type"),
    InputRow::of_ticket("priority-id").member("priority"),
    InputRow::of_ticket("summary")
        .member("summary")
        .required()
        .at_most(LONGEST_SUMMARY),
    InputRow::of_ticket("description").member("description"),
    InputRow::of_ticket("reference")
        .member("reference")
        .at_most(LONGEST_REFERENCE),
    InputRow::of(AddNote, "ticket-id").required(),
    InputRow::of(AddNote, "text").member("text").required(),
    InputRow::of(AddNote, "audience")
        .member("public")
        .required(),
    InputRow::of(AddNote, "reference").at_most(LONGEST_REFERENCE),
    InputRow::of(SetStatus, "ticket-id").required(),
    InputRow::of(SetStatus, "status-ids")
        .required()
        .at_most_entries(MOST_STATUSES),
];

/// A ticket ready to be sent. What is not set is left out.
#[derive(Serialize)]
pub(crate) struct NewTicket {
    pub(crate) company: i64,
    pub(crate) board: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<i64>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(crate) ticket_type: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) priority: Option<i64>,
    summary: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reference: Option<String>,
    #[serde(skip)]
    ids: FieldIds,
}

pub(crate) fn parse(draft: &TicketDraft) -> Result<NewTicket, Vec<FieldError>> {
    let mut faults = Vec::new();
    draft::check_fields(&FIELDS, draft, &mut faults);
    let ids = FieldIds::of(&FIELDS, draft, &mut faults);
    let reference = draft::reference(draft.reference.as_deref(), &mut faults);
    let (summary, was_cut) = fitting_line(&draft.summary, LONGEST_SUMMARY as usize);
    let (Some(company), Some(board), true) = (
        ids.get("company-id"),
        ids.get("board-id"),
        faults.is_empty(),
    ) else {
        return Err(faults);
    };
    Ok(NewTicket {
        company,
        board,
        status: ids.get("status-id"),
        ticket_type: ids.get("type-id"),
        priority: ids.get("priority-id"),
        summary,
        // Sample Desk shows plain text.
        description: draft::description(draft, was_cut, &plain_lines, &detail_line),
        reference,
        ids,
    })
}

impl NewTicket {
    /// What Sample Desk shows otherwise than it was sent. What an answer does not show may be there all the same.
    pub(crate) fn not_applied(&self, ticket: &Ticket) -> Vec<FieldError> {
        let id = |named: &Option<Named>| named.as_ref()?.id.parse().ok();
        let shown = [
            ("company-id", id(&ticket.company)),
            ("board-id", id(&ticket.board)),
            ("status-id", id(&ticket.status)),
            ("type-id", id(&ticket.ticket_type)),
            ("priority-id", id(&ticket.priority)),
        ];
        let mut faults = self.ids.not_applied(&shown, false);
        let (sent, shown) = (&self.reference, &ticket.reference);
        if sent.is_some() && shown.is_some() && sent != shown {
            let fault = "Sample Desk changed it: a repeated call opens another ticket";
            faults.push(field_error("reference", fault));
        }
        faults
    }
}

/// `Domain: example.com`.
pub(crate) fn detail_line(label: &str, value: &str) -> String {
    format!("{label}: {value}")
}
