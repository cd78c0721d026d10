//! The fields that Autotask takes, and a draft that becomes the body of `POST /Tickets`. The names of both sides are matched
//! here and nowhere else.

use psa_contract::Operation::{AddNote, SetStatus};
use psa_contract::{FieldError, TicketDraft};
use psa_toolkit::draft::{
    LONGEST_REFERENCE, check_fields, check_links, id_of, merge_vendor_fields, reference,
    text_with_details,
};
use psa_toolkit::error::field_error;
use psa_toolkit::input::{InputRow, field_of_member};
use psa_toolkit::permission::RequiredPermission;
use psa_toolkit::status_change::MOST_STATUSES;
use psa_toolkit::text::{Ids, fitting_line, fitting_text, one_line, plain_lines};
use serde_json::{Map, Value};

use crate::permissions::{NOTES_ADD, TICKETS_EDIT};

/// As users of the API read them in the fields' metadata. Longer texts are refused, not cut.
const LONGEST_TITLE: u32 = 255;
const LONGEST_DESCRIPTION: u32 = 8_000;
pub(crate) const LONGEST_NOTE: u32 = 32_000;
pub(crate) const LONGEST_RESOLUTION: u32 = 32_000;

/// A free field for an integration's own id, which can be queried.
const REFERENCE_MEMBER: &str = "externalID";

/// The fields that Autotask takes.
pub(crate) const FIELDS: [InputRow; 26] = [
    InputRow::of_ticket("company-id")
        .member("companyID")
        .required(),
    InputRow::of_ticket("board-id").member("queueID").required(),
    InputRow::of_ticket("status-id").member("status"),
    InputRow::of_ticket("type-id").member("issueType"),
    InputRow::of_ticket("subtype-id").member("subIssueType"),
    InputRow::of_ticket("priority-id").member("priority"),
    InputRow::of_ticket("site-id").member("companyLocationID"),
    InputRow::of_ticket("contact-id").member("contactID"),
    InputRow::of_ticket("source-id").member("source"),
    InputRow::of_ticket("summary")
        .member("title")
        .required()
        .at_most(LONGEST_TITLE),
    InputRow::of_ticket("description")
        .member("description")
        .at_most(LONGEST_DESCRIPTION),
    InputRow::of_ticket("details"),
    InputRow::of_ticket("links"),
    InputRow::of_ticket("reference")
        .member(REFERENCE_MEMBER)
        .at_most(LONGEST_REFERENCE),
    InputRow::of_ticket("vendor-fields"),
    InputRow::of(AddNote, "ticket-id").required(),
    InputRow::of(AddNote, "text")
        .required()
        .at_most(LONGEST_NOTE),
    InputRow::of(AddNote, "details"),
    InputRow::of(AddNote, "links"),
    // Whether the customer sees a note with `publish` 1 is told in two ways.
    InputRow {
        allowed: &["staff"],
        ..InputRow::of(AddNote, "audience").required()
    },
    InputRow::of(AddNote, "reference").at_most(LONGEST_REFERENCE),
    InputRow::of(AddNote, "vendor-fields"),
    InputRow::of(SetStatus, "ticket-id").required(),
    InputRow {
        maximum_count: Some(MOST_STATUSES),
        ..InputRow::of(SetStatus, "status-ids").required()
    },
    InputRow::of(SetStatus, "resolution").at_most(LONGEST_RESOLUTION),
    InputRow::of(SetStatus, "vendor-fields"),
];

/// This contract's field for a member that Autotask names in the refusal of a write.
pub(crate) fn contract_field(
    permission: Option<&'static RequiredPermission>,
    member: &str,
) -> Option<&'static str> {
    let is_of = |other: &RequiredPermission| permission.is_some_and(|it| it.id == other.id);
    if is_of(&NOTES_ADD) {
        return NOTE_MEMBERS
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(member))
            .map(|(_, field)| *field);
    }
    match field_of_member(&FIELDS, member) {
        Some("status-id") if is_of(&TICKETS_EDIT) => Some("status-ids"),
        None if is_of(&TICKETS_EDIT) && member.eq_ignore_ascii_case("resolution") => {
            Some("resolution")
        }
        field => field,
    }
}

/// The members of a note's body.
pub(crate) const NOTE_MEMBERS: [(&str, &str); 4] = [
    ("title", "text"),
    ("description", "text"),
    ("publish", "audience"),
    ("ticketID", "ticket-id"),
];

/// A ticket ready to be sent. What is not set is left out: a null is refused with a 500.
pub(crate) struct NewTicket {
    pub(crate) members: Map<String, Value>,
    vendor_fields: Option<String>,
}

/// Reads a draft. Every fault of it at once.
pub(crate) fn parse(draft: &TicketDraft) -> Result<NewTicket, Vec<FieldError>> {
    let mut faults = Vec::new();
    check_fields(&FIELDS, draft, &mut faults);
    check_links(&draft.links, &mut faults);
    let mut members = Map::new();
    for (field, text, ids) in [
        ("company-id", &Some(draft.company_id.clone()), Ids::Any),
        ("board-id", &draft.board_id, Ids::Any),
        ("status-id", &draft.status_id, Ids::Any),
        ("type-id", &draft.type_id, Ids::Any),
        ("subtype-id", &draft.subtype_id, Ids::Any),
        ("priority-id", &draft.priority_id, Ids::Any),
        ("source-id", &draft.source_id, Ids::Any),
        ("site-id", &draft.site_id, Ids::AboveZero),
        ("contact-id", &draft.contact_id, Ids::AboveZero),
    ] {
        let id = id_of(ids, field, text.as_deref().unwrap_or_default(), &mut faults);
        let row = FIELDS.iter().find(|row| row.name == field);
        let member = row.and_then(|row| row.member).unwrap_or_default();
        members.extend(id.map(|id| (member.to_owned(), id.into())));
    }
    if draft.subtype_id.is_some() && draft.type_id.is_none() {
        let fault = "it needs the type that it goes under; set type-id";
        faults.push(field_error("subtype-id", fault));
    }
    let (title, was_cut) = fitting_line(&draft.summary, as_units(LONGEST_TITLE));
    let description = description(draft, was_cut, &mut faults);
    let reference = reference(draft.reference.as_deref(), &mut faults);
    let texts = [
        ("title", Some(title)),
        ("description", Some(description).filter(|it| !it.is_empty())),
        (REFERENCE_MEMBER, reference),
    ];
    for (member, text) in texts {
        members.extend(text.map(|text| (member.to_owned(), text.into())));
    }
    let vendor_fields = draft.vendor_fields.clone();
    let new = NewTicket {
        members,
        vendor_fields,
    };
    new.body(&mut faults);
    if faults.is_empty() {
        Ok(new)
    } else {
        Err(faults)
    }
}

impl NewTicket {
    /// The request's body.
    pub(crate) fn body(&self, faults: &mut Vec<FieldError>) -> String {
        merge_vendor_fields(
            Value::Object(self.members.clone()).to_string(),
            self.vendor_fields.as_deref(),
            &["id", REFERENCE_MEMBER, "status", "priority"],
            &|member| contract_field(None, member),
            faults,
        )
    }

    /// The id in a member.
    pub(crate) fn id(&self, member: &str) -> Option<i64> {
        self.members.get(member)?.as_i64()
    }

    pub(crate) fn reference(&self) -> Option<&str> {
        self.members.get(REFERENCE_MEMBER)?.as_str()
    }
}

/// Autotask shows plain text. What is too long is cut above the details and links.
fn description(draft: &TicketDraft, summary_was_cut: bool, faults: &mut Vec<FieldError>) -> String {
    let mut paragraphs = vec![plain_lines(
        draft.description.as_deref().unwrap_or_default(),
    )];
    if summary_was_cut {
        paragraphs.insert(0, one_line(&draft.summary));
    }
    paragraphs.retain(|it| !it.trim().is_empty());
    let kept = text_with_details(
        Vec::new(),
        &draft.details,
        &draft.links,
        &str::to_owned,
        &detail_line,
    );
    fitting(&paragraphs.join("\n\n"), &kept, LONGEST_DESCRIPTION, faults)
}

/// A text over what is kept whole. That this alone does not fit is noted.
pub(crate) fn fitting(text: &str, kept: &str, most: u32, faults: &mut Vec<FieldError>) -> String {
    fitting_text(text, kept, as_units(most)).unwrap_or_else(|| {
        let fault = format!("details, links and reference alone are longer than {most} characters");
        faults.push(field_error("details", fault));
        String::new()
    })
}

/// `Domain: example.com`.
pub(crate) fn detail_line(label: &str, value: &str) -> String {
    format!("{label}: {value}")
}

/// Autotask counts as .NET does, or fewer.
fn as_units(most: u32) -> usize {
    usize::try_from(most).unwrap_or(usize::MAX)
}
