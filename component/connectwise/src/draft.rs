//! A draft becomes the body of `POST /service/tickets`. The names of both sides are matched here and nowhere else.

mod markdown;

use psa_contract::{FieldError, Rating, TicketDraft};
use psa_toolkit::draft::{
    InputRow, LONGEST_REFERENCE, check_fields, description, id, merge_vendor_fields, reference,
};
use psa_toolkit::text::fitting_line;
use serde::Serialize;

use self::markdown::{detail_line, escaped};

/// `summary` is cut off there: a longer one is a 400, not cut (recorded). The server counts as .NET does.
const LONGEST_SUMMARY_UTF16_UNITS: u32 = 100;

/// The fields of a draft that this connector takes.
pub(crate) const FIELDS: [InputRow; 18] = [
    InputRow::of_ticket("company-id").required(),
    InputRow::of_ticket("board-id"),
    InputRow::of_ticket("status-id"),
    InputRow::of_ticket("type-id"),
    InputRow::of_ticket("subtype-id"),
    InputRow::of_ticket("item-id"),
    InputRow::of_ticket("priority-id"),
    InputRow::of_ticket("severity"),
    InputRow::of_ticket("impact"),
    InputRow::of_ticket("site-id"),
    InputRow::of_ticket("contact-id"),
    InputRow::of_ticket("source-id"),
    InputRow::of_ticket("summary")
        .required()
        .at_most(LONGEST_SUMMARY_UTF16_UNITS),
    InputRow::of_ticket("description"),
    InputRow::of_ticket("details"),
    InputRow::of_ticket("internal-note"),
    InputRow::of_ticket("reference").at_most(LONGEST_REFERENCE),
    InputRow::of_ticket("vendor-fields"),
];

/// The member that carries the reference. Free for an integration's own id, at most 100 characters, and filterable.
const REFERENCE_MEMBER: &str = "externalXRef";

/// A ticket ready to be sent.
#[derive(Debug)]
pub(crate) struct NewTicket {
    pub(crate) body: String,
    pub(crate) reference: Option<String>,
    pub(crate) ids: DraftIds,
}

/// The ids of a draft, as numbers.
#[derive(Clone, Debug)]
pub(crate) struct DraftIds {
    pub(crate) company: i64,
    pub(crate) board: Option<i64>,
    pub(crate) status: Option<i64>,
    pub(crate) ticket_type: Option<i64>,
    pub(crate) subtype: Option<i64>,
    pub(crate) item: Option<i64>,
    pub(crate) priority: Option<i64>,
}

/// This contract's field for a member that the PSA names: `status/id` is `status-id`.
pub(crate) fn contract_field(vendor_field: &str) -> Option<&'static str> {
    let member = vendor_field.split('/').next().unwrap_or_default();
    MEMBERS
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(member))
        .map(|(_, field)| *field)
}

const MEMBERS: [(&str, &str); 16] = [
    ("board", "board-id"),
    ("company", "company-id"),
    ("contact", "contact-id"),
    (REFERENCE_MEMBER, "reference"),
    ("impact", "impact"),
    ("initialDescription", "description"),
    ("initialInternalAnalysis", "internal-note"),
    ("item", "item-id"),
    ("priority", "priority-id"),
    ("severity", "severity"),
    ("site", "site-id"),
    ("source", "source-id"),
    ("status", "status-id"),
    ("subType", "subtype-id"),
    ("summary", "summary"),
    ("type", "type-id"),
];

/// The request's body. Unset members are left out: the server fills in its defaults, and refuses members that it does not
/// know.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    summary: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    company: Option<RecordId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    board: Option<RecordId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<RecordId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<RecordId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_type: Option<RecordId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<RecordId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    priority: Option<RecordId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    site: Option<RecordId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<RecordId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<RecordId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    impact: Option<&'static str>,
    #[serde(skip_serializing_if = "is_blank")]
    initial_description: String,
    #[serde(skip_serializing_if = "is_blank")]
    initial_internal_analysis: String,
    #[serde(rename = "externalXRef", skip_serializing_if = "Option::is_none")]
    external_x_ref: Option<String>,
}

/// `{"id": 5}`.
#[derive(Serialize)]
struct RecordId {
    id: i64,
}

/// Reads a draft. Every fault of it at once.
pub(crate) fn parse(draft: &TicketDraft) -> Result<NewTicket, Vec<FieldError>> {
    let mut faults = Vec::new();
    let most = usize::try_from(LONGEST_SUMMARY_UTF16_UNITS).unwrap_or(usize::MAX);
    let (summary, was_cut) = fitting_line(&draft.summary, most);
    let mut number = |field: &str, text: Option<&String>| {
        id(field, text.map_or("", String::as_str), &mut faults)
    };
    let company = number("company-id", Some(&draft.company_id));
    let ids = DraftIds {
        company: company.unwrap_or_default(),
        board: number("board-id", draft.board_id.as_ref()),
        status: number("status-id", draft.status_id.as_ref()),
        ticket_type: number("type-id", draft.type_id.as_ref()),
        subtype: number("subtype-id", draft.subtype_id.as_ref()),
        item: number("item-id", draft.item_id.as_ref()),
        priority: number("priority-id", draft.priority_id.as_ref()),
    };
    let site = number("site-id", draft.site_id.as_ref());
    let contact = number("contact-id", draft.contact_id.as_ref());
    let source = number("source-id", draft.source_id.as_ref());
    check_fields(&FIELDS, draft, &mut faults);
    let reference = reference(draft.reference.as_deref(), &mut faults);
    let body = Body {
        summary,
        company: company.map(|id| RecordId { id }),
        board: ids.board.map(|id| RecordId { id }),
        status: ids.status.map(|id| RecordId { id }),
        r#type: ids.ticket_type.map(|id| RecordId { id }),
        sub_type: ids.subtype.map(|id| RecordId { id }),
        item: ids.item.map(|id| RecordId { id }),
        priority: ids.priority.map(|id| RecordId { id }),
        site: site.map(|id| RecordId { id }),
        contact: contact.map(|id| RecordId { id }),
        source: source.map(|id| RecordId { id }),
        severity: draft.severity.map(rating),
        impact: draft.impact.map(rating),
        initial_description: description(draft, was_cut, &escaped, &detail_line),
        initial_internal_analysis: escaped(draft.internal_note.as_deref().unwrap_or_default()),
        external_x_ref: reference.clone(),
    };
    let body = merge_vendor_fields(
        // Texts, numbers and a struct: they always have a JSON form.
        serde_json::to_string(&body).unwrap_or_default(),
        draft.vendor_fields.as_deref(),
        &[REFERENCE_MEMBER],
        &contract_field,
        &mut faults,
    );
    if faults.is_empty() {
        Ok(NewTicket {
            body,
            reference,
            ids,
        })
    } else {
        Err(faults)
    }
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
