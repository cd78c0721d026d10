//! A draft becomes the body of `POST /service/tickets`. The names of both sides are matched here and nowhere else.

mod markdown;

use psa_contract::{FieldError, Rating, TicketDraft};
use psa_toolkit::draft::{
    LONGEST_REFERENCE, check_fields, description, id, merge_vendor_fields, reference,
};
use psa_toolkit::error::faultless;
use psa_toolkit::input::{InputRow, field_of_member};
use psa_toolkit::text::fitting_line;
use serde::Serialize;

pub(crate) use self::markdown::{detail_line, escaped, with_hard_breaks};

/// `summary` is cut off there: a longer one is a 400, not cut (recorded). The server counts as .NET does.
const LONGEST_SUMMARY_UTF16_UNITS: u32 = 100;

/// The fields of a draft that this connector takes.
pub(crate) const FIELDS: [InputRow; 19] = [
    InputRow::of_ticket("company-id")
        .member("company")
        .required(),
    InputRow::of_ticket("board-id").member("board"),
    InputRow::of_ticket("status-id").member("status"),
    InputRow::of_ticket("type-id").member("type"),
    InputRow::of_ticket("subtype-id").member("subType"),
    InputRow::of_ticket("item-id").member("item"),
    InputRow::of_ticket("priority-id").member("priority"),
    InputRow::of_ticket("severity").member("severity"),
    InputRow::of_ticket("impact").member("impact"),
    InputRow::of_ticket("site-id").member("site"),
    InputRow::of_ticket("contact-id").member("contact"),
    InputRow::of_ticket("source-id").member("source"),
    InputRow::of_ticket("summary")
        .member("summary")
        .required()
        .at_most(LONGEST_SUMMARY_UTF16_UNITS),
    InputRow::of_ticket("description").member("initialDescription"),
    InputRow::of_ticket("details"),
    InputRow::of_ticket("links"),
    InputRow::of_ticket("internal-note").member("initialInternalAnalysis"),
    InputRow::of_ticket("reference")
        .member(REFERENCE_MEMBER)
        .at_most(LONGEST_REFERENCE),
    InputRow::of_ticket("vendor-fields"),
];

/// The member that carries the reference. Free for an integration's own id, at most 100 characters, and filterable.
const REFERENCE_MEMBER: &str = "externalXRef";

/// A ticket ready to be sent.
#[derive(Debug)]
pub(crate) struct NewTicket {
    pub(crate) body: String,
    pub(crate) members: Members,
}

/// This contract's field for a member that the PSA names: `status/id` and `ticket.status.id` are `status-id`.
pub(crate) fn contract_field(fields: &[InputRow], vendor_field: &str) -> Option<&'static str> {
    let path = vendor_field.strip_prefix("ticket.").unwrap_or(vendor_field);
    let member = path.split(['/', '.']).next().unwrap_or_default();
    field_of_member(fields, member)
}

/// The members of the request's body. Unset ones are left out: the server fills in its defaults, and refuses members that it
/// does not know.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Members {
    pub(crate) summary: String,
    pub(crate) company: Id,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) board: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) r#type: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sub_type: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) item: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) priority: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) site: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) contact: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) severity: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) impact: Option<&'static str>,
    #[serde(skip_serializing_if = "is_blank")]
    initial_description: String,
    #[serde(skip_serializing_if = "is_blank")]
    initial_internal_analysis: String,
    #[serde(rename = "externalXRef", skip_serializing_if = "Option::is_none")]
    pub(crate) reference: Option<String>,
}

/// `{"id": 5}`.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Id {
    pub(crate) id: i64,
}

/// Reads a draft. Every fault of it at once.
pub(crate) fn parse(draft: &TicketDraft) -> Result<NewTicket, Vec<FieldError>> {
    let mut faults = Vec::new();
    let most = usize::try_from(LONGEST_SUMMARY_UTF16_UNITS).unwrap_or(usize::MAX);
    let (summary, was_cut) = fitting_line(&draft.summary, most);
    let note = draft.internal_note.as_deref().unwrap_or_default();
    let mut number = |field: &str, text: &Option<String>| {
        let id = id(field, text.as_deref().unwrap_or_default(), &mut faults);
        id.map(|id| Id { id })
    };
    let mut members = Members {
        summary,
        company: number("company-id", &Some(draft.company_id.clone())).unwrap_or_default(),
        board: number("board-id", &draft.board_id),
        status: number("status-id", &draft.status_id),
        r#type: number("type-id", &draft.type_id),
        sub_type: number("subtype-id", &draft.subtype_id),
        item: number("item-id", &draft.item_id),
        priority: number("priority-id", &draft.priority_id),
        site: number("site-id", &draft.site_id),
        contact: number("contact-id", &draft.contact_id),
        source: number("source-id", &draft.source_id),
        severity: draft.severity.map(rating),
        impact: draft.impact.map(rating),
        initial_description: with_hard_breaks(&description(draft, was_cut, &escaped, &detail_line)),
        initial_internal_analysis: with_hard_breaks(&escaped(note)),
        reference: None,
    };
    check_fields(&FIELDS, draft, &mut faults);
    members.reference = reference(draft.reference.as_deref(), &mut faults);
    let body = merge_vendor_fields(
        // Texts, numbers and a struct: they always have a JSON form.
        serde_json::to_string(&members).unwrap_or_default(),
        draft.vendor_fields.as_deref(),
        &[REFERENCE_MEMBER],
        &FIELDS,
        &mut faults,
    );
    faultless(NewTicket { body, members }, faults)
}

fn rating(rating: Rating) -> &'static str {
    match rating {
        Rating::Low => "Low",
        Rating::Medium => "Medium",
        Rating::High => "High",
    }
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}
