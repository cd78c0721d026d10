//! The fields that Halo takes, and a draft that becomes an element of the array of `POST /api/Tickets`. Every fault of it at
//! once. The names of both sides are matched here and nowhere else.

mod html;

use psa_contract::Operation::{AddNote, SetStatus};
use psa_contract::{FieldError, Link, TicketDraft};
use psa_toolkit::draft::{
    LONGEST_REFERENCE, check_fields, check_links, description, id, merge_vendor_fields, reference,
};
use psa_toolkit::input::{InputRow, field_of_member};
use psa_toolkit::note::marker;
use psa_toolkit::text::fitting_line;
use serde::Serialize;

pub(crate) use self::html::{as_html, detail_line, escaped};

/// A column of 4,000 characters, shown on one line: more is not read.
const LONGEST_SUMMARY: u32 = 255;

/// The fields that Halo takes.
pub(crate) const FIELDS: [InputRow; 24] = [
    InputRow::of_ticket("company-id")
        .member("client_id")
        .required(),
    InputRow::of_ticket("board-id").member("team"),
    InputRow::of_ticket("status-id").member("status_id"),
    InputRow::of_ticket("type-id").member("tickettype_id"),
    InputRow::of_ticket("subtype-id").member("category_1"),
    InputRow::of_ticket("priority-id").member("priority_id"),
    InputRow::of_ticket("site-id").member("site_id"),
    InputRow::of_ticket("contact-id").member("user_id"),
    InputRow::of_ticket("source-id").member("source"),
    InputRow::of_ticket("summary")
        .member("summary")
        .required()
        .at_most(LONGEST_SUMMARY),
    InputRow::of_ticket("description").member("details_html"),
    InputRow::of_ticket("details"),
    InputRow::of_ticket("links"),
    InputRow::of_ticket("reference")
        .member("third_party_id_string")
        .at_most(LONGEST_REFERENCE),
    InputRow::of_ticket("vendor-fields"),
    InputRow::of(AddNote, "ticket-id")
        .member("ticket_id")
        .required(),
    InputRow::of(AddNote, "text").member("note_html").required(),
    InputRow::of(AddNote, "details"),
    InputRow::of(AddNote, "links"),
    InputRow {
        // What the customer sees of a note depends on its outcome, and the one that shows it also mails it.
        allowed: &["staff"],
        ..InputRow::of(AddNote, "audience")
            .member("hiddenfromuser")
            .required()
    },
    InputRow::of(AddNote, "reference").at_most(LONGEST_REFERENCE),
    InputRow::of(AddNote, "vendor-fields"),
    InputRow::of(SetStatus, "ticket-id").required(),
    InputRow::of(SetStatus, "status-ids").required(),
];

/// Members that a draft sets in its own way, or that would make the write another one: an `id` changes that ticket.
const RESERVED: [&str; 25] = [
    "id",
    "guid",
    "_importid",
    "_recover",
    "deleted",
    "merged_into_id",
    "summary",
    "details",
    "details_html",
    "client_id",
    "client_name",
    "site_id",
    "user_id",
    "team",
    "team_id",
    "status_id",
    "tickettype_id",
    "tickettype",
    "priority_id",
    "category_1",
    "categoryid_1",
    "source",
    "third_party_id",
    "third_party_id_string",
    "reference",
];

/// A ticket ready to be sent, but for what has to be read first: the name of the team, the path of the category, the site of
/// the contact.
pub(crate) struct NewTicket {
    pub(crate) members: Members,
    pub(crate) team_id: Option<i64>,
    pub(crate) category_id: Option<i64>,
    vendor_fields: Option<String>,
}

/// The members of the request. Unset ones are left out: Halo fills in the defaults of the ticket type.
#[derive(Serialize)]
pub(crate) struct Members {
    pub(crate) summary: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    details_html: String,
    pub(crate) client_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) site_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tickettype_id: Option<i64>,
    /// By its name: the id is in no version's documentation of this request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) team: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) priority_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) category_1: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<i64>,
    #[serde(
        rename = "third_party_id_string",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) reference: Option<String>,
}

impl NewTicket {
    /// The element of the array.
    pub(crate) fn body(&self) -> String {
        self.merged(&mut Vec::new())
    }

    fn merged(&self, faults: &mut Vec<FieldError>) -> String {
        merge_vendor_fields(
            // Numbers and texts have a JSON form.
            serde_json::to_string(&self.members).unwrap_or_default(),
            self.vendor_fields.as_deref(),
            &RESERVED,
            &contract_field,
            faults,
        )
    }
}

/// This contract's field for a member of a ticket.
fn contract_field(member: &str) -> Option<&'static str> {
    let member = match member.to_ascii_lowercase().as_str() {
        "details" => "details_html".to_owned(),
        "team_id" => "team".to_owned(),
        "categoryid_1" => "category_1".to_owned(),
        "client_name" => "client_id".to_owned(),
        "tickettype" => "tickettype_id".to_owned(),
        "third_party_id" | "reference" => "third_party_id_string".to_owned(),
        other => other.to_owned(),
    };
    field_of_member(&FIELDS, &member)
}

/// Reads a draft.
pub(crate) fn parse(draft: &TicketDraft) -> Result<NewTicket, Vec<FieldError>> {
    let mut faults = Vec::new();
    check_fields(&FIELDS, draft, &mut faults);
    check_links(&draft.links, &mut faults);
    let mut number = |field: &str, text: &Option<String>| {
        id(field, text.as_deref().unwrap_or_default(), &mut faults)
    };
    let team_id = number("board-id", &draft.board_id);
    let category_id = number("subtype-id", &draft.subtype_id);
    let (summary, was_cut) = fitting_line(&draft.summary, LONGEST_SUMMARY as usize);
    let mut members = Members {
        summary,
        details_html: String::new(),
        client_id: number("company-id", &Some(draft.company_id.clone())).unwrap_or_default(),
        site_id: number("site-id", &draft.site_id),
        user_id: number("contact-id", &draft.contact_id),
        tickettype_id: number("type-id", &draft.type_id),
        team: None,
        status_id: number("status-id", &draft.status_id),
        priority_id: number("priority-id", &draft.priority_id),
        category_1: None,
        source: number("source-id", &draft.source_id),
        reference: None,
    };
    members.reference = reference(draft.reference.as_deref(), &mut faults);
    let linked = TicketDraft {
        links: escaped_links(&draft.links),
        ..draft.clone()
    };
    let text = description(&linked, was_cut, &escaped, &detail_line);
    members.details_html = as_html(&with_marker(text, members.reference.as_deref()));
    let new = NewTicket {
        members,
        team_id,
        category_id,
        vendor_fields: draft.vendor_fields.clone(),
    };
    new.merged(&mut faults);
    if faults.is_empty() {
        Ok(new)
    } else {
        Err(faults)
    }
}

/// The reference stands at the end of the text, too: a server that does not keep the member for it can be asked for the text.
fn with_marker(text: String, reference: Option<&str>) -> String {
    let Some(reference) = reference else {
        return text;
    };
    let paragraphs = [text, marker(reference)];
    let paragraphs: Vec<String> = paragraphs.into_iter().filter(|it| !it.is_empty()).collect();
    paragraphs.join("\n\n")
}

pub(crate) fn escaped_links(links: &[Link]) -> Vec<Link> {
    let links = links.iter().map(|link| Link {
        label: link.label.clone(),
        url: escaped(&link.url),
    });
    links.collect()
}
