//! The fields that Autotask takes, and a draft that becomes the body of `POST /Tickets`. The names of both sides are matched
//! here and nowhere else.

use psa_contract::Operation::{AddNote, SetStatus};
use psa_contract::{Detail, FieldError, Link, TicketDraft};
use psa_toolkit::draft::{
    FieldIds, LONGEST_REFERENCE, check_fields, merge_vendor_fields, paragraphs, reference,
    text_with_details,
};
use psa_toolkit::error::{faultless, field_error};
use psa_toolkit::input::InputRow;
use psa_toolkit::note::{self, marked};
use psa_toolkit::status_change::MOST_STATUSES;
use psa_toolkit::text::{fitting_line, fitting_text, plain_lines};

/// As users of the API read them in the fields' metadata, in UTF-16 units, as .NET counts. Longer texts are refused, not cut.
const LONGEST_TITLE: u32 = 255;
const LONGEST_DESCRIPTION: u32 = 8_000;
pub(crate) const LONGEST_NOTE: u32 = 32_000;
pub(crate) const LONGEST_RESOLUTION: u32 = 32_000;

/// A free field for an integration's own id, which can be queried.
pub(crate) const REFERENCE_MEMBER: &str = "externalID";

/// The fields of a ticket that Autotask takes.
pub(crate) const FIELDS: [InputRow; 15] = [
    InputRow::ticket("company-id", "companyID")
        .required()
        .any_id(),
    InputRow::ticket("board-id", "queueID").required().any_id(),
    InputRow::ticket("status-id", "status").any_id(),
    InputRow::ticket("type-id", "issueType").any_id(),
    InputRow::ticket("subtype-id", "subIssueType").any_id(),
    InputRow::ticket("priority-id", "priority").any_id(),
    InputRow::ticket("site-id", "companyLocationID"),
    InputRow::ticket("contact-id", "contactID"),
    InputRow::ticket("source-id", "source").any_id(),
    InputRow::ticket("summary", "title")
        .required()
        .at_most(LONGEST_TITLE),
    InputRow::ticket("description", "description").at_most(LONGEST_DESCRIPTION),
    InputRow::of_ticket("details"),
    InputRow::of_ticket("links"),
    InputRow::ticket("reference", REFERENCE_MEMBER).at_most(LONGEST_REFERENCE),
    InputRow::of_ticket("vendor-fields"),
];

/// Those of a note. Whether the customer sees one with `publish` 1 is told in two ways.
pub(crate) const NOTE_FIELDS: [InputRow; 7] = note::fields(
    InputRow::of(AddNote, "ticket-id").member("ticketID"),
    InputRow::of(AddNote, "text")
        .member("description")
        .or(&["title"])
        .at_most(LONGEST_NOTE),
    InputRow::of(AddNote, "audience")
        .member("publish")
        .only(&["staff"]),
);

/// Those of a change of status.
pub(crate) const STATUS_FIELDS: [InputRow; 4] = [
    InputRow::of(SetStatus, "ticket-id").required(),
    InputRow::of(SetStatus, "status-ids")
        .member("status")
        .required()
        .at_most_entries(MOST_STATUSES),
    InputRow::of(SetStatus, "resolution")
        .member("resolution")
        .at_most(LONGEST_RESOLUTION),
    InputRow::of(SetStatus, "vendor-fields"),
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
    let ids = FieldIds::of(&FIELDS, draft, &mut faults);
    if draft.subtype_id.is_some() && draft.type_id.is_none() {
        let fault = "it needs the type that it goes under; set type-id";
        faults.push(field_error("subtype-id", fault));
    }
    let (title, was_cut) = fitting_line(&draft.summary, LONGEST_TITLE as usize);
    // Autotask shows plain text. What is too long is cut above the details and links.
    let text = paragraphs(draft, was_cut, &plain_lines).join("\n\n");
    let kept = kept(&draft.details, &draft.links, None);
    let new = NewTicket {
        ids,
        title,
        description: fitting(&text, &kept, LONGEST_DESCRIPTION, &mut faults),
        reference: reference(draft.reference.as_deref(), &mut faults),
        vendor_fields: draft.vendor_fields.clone(),
    };
    new.body(&mut faults);
    faultless(new, faults)
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
        let body = self.ids.body(&FIELDS, &texts);
        let fields = self.vendor_fields.as_deref();
        let reserved = ["id", REFERENCE_MEMBER, "status", "priority"];
        merge_vendor_fields(body, fields, &reserved, &FIELDS, faults)
    }
}

/// A text over what is kept whole. That this alone does not fit is noted.
pub(crate) fn fitting(text: &str, kept: &str, most: u32, faults: &mut Vec<FieldError>) -> String {
    fitting_text(text, kept, most as usize).unwrap_or_else(|| {
        let fault = format!("details, links and reference alone are longer than {most} characters");
        faults.push(field_error("details", fault));
        String::new()
    })
}

/// What is kept whole of a ticket or a note: details, links, and the marker of a note.
pub(crate) fn kept(details: &[Detail], links: &[Link], reference: Option<&str>) -> String {
    let line = |label: &str, value: &str| format!("{label}: {value}");
    let text = text_with_details(Vec::new(), details, links, &str::to_owned, &line);
    marked(&text, reference)
}
