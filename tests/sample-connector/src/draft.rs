//! A draft becomes the body of `POST /api/tickets`. Every fault of it at once.

use psa_contract::{FieldError, TicketDraft};
use serde::Serialize;

use crate::error::field_error;

const LONGEST_SUMMARY: u32 = 80;
const LONGEST_REFERENCE: u32 = 50;

/// The fields that Sample Desk takes: the name here, the name there, whether it is required, and the most characters.
pub(crate) const FIELDS: [(&str, &str, bool, Option<u32>); 8] = [
    ("company-id", "company", true, None),
    ("board-id", "board", true, None),
    ("status-id", "status", false, None),
    ("type-id", "type", false, None),
    ("priority-id", "priority", false, None),
    ("summary", "summary", true, Some(LONGEST_SUMMARY)),
    ("description", "description", false, None),
    ("reference", "reference", false, Some(LONGEST_REFERENCE)),
];

/// The field for a member that Sample Desk names.
pub(crate) fn field_of_member(member: &str) -> Option<&'static str> {
    let field = FIELDS.iter().find(|(_, name, ..)| *name == member);
    field.map(|(name, ..)| *name)
}

/// A ticket ready to be sent. What is not set is left out.
#[derive(Serialize)]
pub(crate) struct NewTicket {
    pub(crate) company: u64,
    pub(crate) board: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u64>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(crate) ticket_type: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) priority: Option<u64>,
    pub(crate) summary: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reference: Option<String>,
}

pub(crate) fn parse(draft: &TicketDraft) -> Result<NewTicket, Vec<FieldError>> {
    let mut faults = not_taken(draft);
    let mut id = |field, text: &str| match text.trim() {
        "" => None,
        text => {
            let number = text.parse().ok().filter(|number| *number > 0);
            if number.is_none() {
                faults.push(field_error(field, "it is not an id, a number above zero"));
            }
            number
        }
    };
    let company = id("company-id", &draft.company_id);
    let board = id("board-id", draft.board_id.as_deref().unwrap_or_default());
    let status = id("status-id", draft.status_id.as_deref().unwrap_or_default());
    let ticket_type = id("type-id", draft.type_id.as_deref().unwrap_or_default());
    let priority = id(
        "priority-id",
        draft.priority_id.as_deref().unwrap_or_default(),
    );
    let whole_summary = draft
        .summary
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let is_blank = |text: Option<&str>| text.unwrap_or_default().trim().is_empty();
    for (field, is_missing) in [
        ("company-id", is_blank(Some(&draft.company_id))),
        ("board-id", is_blank(draft.board_id.as_deref())),
        ("summary", whole_summary.is_empty()),
    ] {
        if is_missing {
            faults.push(field_error(field, "it is missing"));
        }
    }
    if draft
        .reference
        .as_deref()
        .is_some_and(|text| !is_reference(text))
    {
        faults.push(field_error(
            "reference",
            "it is not 1 to 50 of the characters a-z 0-9 . : -",
        ));
    }
    let (Some(company), Some(board), true) = (company, board, faults.is_empty()) else {
        return Err(faults);
    };
    let summary: String = whole_summary
        .chars()
        .take(LONGEST_SUMMARY as usize)
        .collect();
    let description = draft.description.clone().unwrap_or_default();
    Ok(NewTicket {
        company,
        board,
        status,
        ticket_type,
        priority,
        description: if summary == whole_summary {
            description
        } else {
            format!("{whole_summary}\n\n{description}")
                .trim_end()
                .to_owned()
        },
        summary,
        reference: draft.reference.clone(),
    })
}

fn is_reference(text: &str) -> bool {
    (1..=LONGEST_REFERENCE as usize).contains(&text.len())
        && text.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".:-".contains(&byte)
        })
}

fn not_taken(draft: &TicketDraft) -> Vec<FieldError> {
    let is_given =
        |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
    let given = [
        ("subtype-id", is_given(&draft.subtype_id)),
        ("item-id", is_given(&draft.item_id)),
        ("severity", draft.severity.is_some()),
        ("impact", draft.impact.is_some()),
        ("site-id", is_given(&draft.site_id)),
        ("contact-id", is_given(&draft.contact_id)),
        ("source-id", is_given(&draft.source_id)),
        ("details", !draft.details.is_empty()),
        ("links", !draft.links.is_empty()),
        ("internal-note", is_given(&draft.internal_note)),
        ("vendor-fields", is_given(&draft.vendor_fields)),
    ];
    let given = given.into_iter().filter(|(_, is_given)| *is_given);
    given
        .map(|(field, _)| field_error(field, "Sample Desk has no such field; leave it out"))
        .collect()
}
