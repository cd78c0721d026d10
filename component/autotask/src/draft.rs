//! The fields that Autotask takes, and a draft that becomes the body of `POST /Tickets`. The names of both sides are matched
//! here and nowhere else.

use psa_contract::Operation::{AddNote, SetStatus};
use psa_contract::{FieldError, TicketDraft};
use psa_toolkit::draft::{
    FieldIds, LONGEST_REFERENCE, check_fields, check_links, merge_vendor_fields, reference,
    text_with_details,
};
use psa_toolkit::error::field_error;
use psa_toolkit::input::{InputRow, field_of_member};
use psa_toolkit::permission::RequiredPermission;
use psa_toolkit::status_change::MOST_STATUSES;
use psa_toolkit::text::{fitting_line, fitting_text, one_line, plain_lines};

use crate::permissions::{NOTES_ADD, TICKETS_EDIT};

/// As users of the API read them in the fields' metadata. Longer texts are refused, not cut.
const LONGEST_TITLE: u32 = 255;
const LONGEST_DESCRIPTION: u32 = 8_000;
pub(crate) const LONGEST_NOTE: u32 = 32_000;
pub(crate) const LONGEST_RESOLUTION: u32 = 32_000;

/// A free field for an integration's own id, which can be queried.
pub(crate) const REFERENCE_MEMBER: &str = "externalID";

/// The fields that Autotask takes.
pub(crate) const FIELDS: [InputRow; 26] = [
    of_ticket("company-id", "companyID").required().any_id(),
    of_ticket("board-id", "queueID").required().any_id(),
    of_ticket("status-id", "status").any_id(),
    of_ticket("type-id", "issueType").any_id(),
    of_ticket("subtype-id", "subIssueType").any_id(),
    of_ticket("priority-id", "priority").any_id(),
    of_ticket("site-id", "companyLocationID"),
    of_ticket("contact-id", "contactID"),
    of_ticket("source-id", "source").any_id(),
    of_ticket("summary", "title")
        .required()
        .at_most(LONGEST_TITLE),
    of_ticket("description", "description").at_most(LONGEST_DESCRIPTION),
    InputRow::of_ticket("details"),
    InputRow::of_ticket("links"),
    of_ticket("reference", REFERENCE_MEMBER).at_most(LONGEST_REFERENCE),
    InputRow::of_ticket("vendor-fields"),
    InputRow::of(AddNote, "ticket-id").required(),
    InputRow::of(AddNote, "text")
        .required()
        .at_most(LONGEST_NOTE),
    InputRow::of(AddNote, "details"),
    InputRow::of(AddNote, "links"),
    // Whether the customer sees a note with `publish` 1 is told in two ways.
    InputRow::of(AddNote, "audience")
        .required()
        .only(&["staff"]),
    InputRow::of(AddNote, "reference").at_most(LONGEST_REFERENCE),
    InputRow::of(AddNote, "vendor-fields"),
    InputRow::of(SetStatus, "ticket-id").required(),
    InputRow::of(SetStatus, "status-ids")
        .required()
        .at_most_entries(MOST_STATUSES),
    InputRow::of(SetStatus, "resolution").at_most(LONGEST_RESOLUTION),
    InputRow::of(SetStatus, "vendor-fields"),
];

const fn of_ticket(name: &'static str, member: &'static str) -> InputRow {
    InputRow::of_ticket(name).member(member)
}

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
    pub(crate) ids: FieldIds,
    pub(crate) title: String,
    description: String,
    pub(crate) reference: Option<String>,
    vendor_fields: Option<String>,
}

/// Reads a draft. Every fault of it at once.
pub(crate) fn parse(draft: &TicketDraft) -> Result<NewTicket, Vec<FieldError>> {
    let mut faults = Vec::new();
    check_fields(&FIELDS, draft, &mut faults);
    check_links(&draft.links, &mut faults);
    let ids = FieldIds::of(&FIELDS, draft, &mut faults);
    if draft.subtype_id.is_some() && draft.type_id.is_none() {
        let fault = "it needs the type that it goes under; set type-id";
        faults.push(field_error("subtype-id", fault));
    }
    let (title, was_cut) = fitting_line(&draft.summary, as_units(LONGEST_TITLE));
    let new = NewTicket {
        ids,
        title,
        description: description(draft, was_cut, &mut faults),
        reference: reference(draft.reference.as_deref(), &mut faults),
        vendor_fields: draft.vendor_fields.clone(),
    };
    new.body(&mut faults);
    match faults.is_empty() {
        true => Ok(new),
        false => Err(faults),
    }
}

impl NewTicket {
    /// The request's body.
    pub(crate) fn body(&self, faults: &mut Vec<FieldError>) -> String {
        let description = Some(&*self.description).filter(|it| !it.is_empty());
        let texts = [
            ("title", Some(&*self.title)),
            ("description", description),
            (REFERENCE_MEMBER, self.reference.as_deref()),
        ];
        let (body, fields) = (
            self.ids.body(&FIELDS, &texts),
            self.vendor_fields.as_deref(),
        );
        let reserved = ["id", REFERENCE_MEMBER, "status", "priority"];
        let field_of = |member: &str| contract_field(None, member);
        merge_vendor_fields(body, fields, &reserved, &field_of, faults)
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
