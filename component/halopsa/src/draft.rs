//! The fields that Halo takes, and a draft that becomes an element of the array of `POST /api/Tickets`. Every fault of it at
//! once. The names of both sides are matched here and nowhere else.

use psa_contract::Operation::{AddNote, SetStatus};
use psa_contract::{FieldError, TicketDraft};
use psa_toolkit::draft::{
    FieldIds, LONGEST_REFERENCE, check_fields, check_links, description, merge_vendor_fields,
    reference,
};
use psa_toolkit::html::{as_html, detail_line, escaped, escaped_links};
use psa_toolkit::input::{InputRow, field_of_member};
use psa_toolkit::note::marker;
use psa_toolkit::text::fitting_line;

/// A column of 4,000 characters, shown on one line: more is not read.
const LONGEST_SUMMARY: u32 = 255;

/// The fields that Halo takes.
pub(crate) const FIELDS: [InputRow; 24] = [
    of_ticket("company-id", "client_id").required(),
    of_ticket("board-id", "team"),
    of_ticket("status-id", "status_id"),
    of_ticket("type-id", "tickettype_id"),
    of_ticket("subtype-id", "category_1"),
    of_ticket("priority-id", "priority_id"),
    of_ticket("site-id", "site_id"),
    of_ticket("contact-id", "user_id"),
    of_ticket("source-id", "source"),
    of_ticket("summary", "summary")
        .required()
        .at_most(LONGEST_SUMMARY),
    of_ticket("description", "details_html"),
    InputRow::of_ticket("details"),
    InputRow::of_ticket("links"),
    of_ticket("reference", "third_party_id_string").at_most(LONGEST_REFERENCE),
    InputRow::of_ticket("vendor-fields"),
    InputRow::of(AddNote, "ticket-id")
        .member("ticket_id")
        .required(),
    InputRow::of(AddNote, "text").member("note_html").required(),
    InputRow::of(AddNote, "details"),
    InputRow::of(AddNote, "links"),
    // What the customer sees of a note depends on its outcome, and the one that shows it also mails it.
    InputRow::of(AddNote, "audience")
        .member("hiddenfromuser")
        .required()
        .only(&["staff"]),
    InputRow::of(AddNote, "reference").at_most(LONGEST_REFERENCE),
    InputRow::of(AddNote, "vendor-fields"),
    InputRow::of(SetStatus, "ticket-id").required(),
    InputRow::of(SetStatus, "status-ids").required(),
];

const fn of_ticket(name: &'static str, member: &'static str) -> InputRow {
    InputRow::of_ticket(name).member(member)
}

/// Members that a draft sets in its own way, or that would make the write another one: an `id` changes that ticket.
const RESERVED: &str = "id guid _importid _recover deleted merged_into_id summary details details_html client_id client_name \
                        site_id user_id team team_id status_id tickettype_id tickettype priority_id category_1 categoryid_1 \
                        source third_party_id third_party_id_string reference";

/// A ticket ready to be sent, but for what has to be read first: the name of the team, the path of the category, the site of
/// the contact.
pub(crate) struct NewTicket {
    pub(crate) summary: String,
    html: String,
    pub(crate) ids: FieldIds,
    /// By its name: the id is in no version's documentation of this request.
    pub(crate) team: Option<String>,
    pub(crate) category: Option<String>,
    pub(crate) reference: Option<String>,
    vendor_fields: Option<String>,
}

impl NewTicket {
    pub(crate) fn id(&self, field: &str) -> Option<i64> {
        self.ids.get(field)
    }

    pub(crate) fn client(&self) -> i64 {
        self.id("company-id").unwrap_or_default()
    }

    /// The element of the array. What is not set is left out: Halo fills in the defaults of the ticket type.
    pub(crate) fn body(&self, faults: &mut Vec<FieldError>) -> String {
        let texts = [
            ("summary", Some(&*self.summary)),
            (
                "details_html",
                Some(&*self.html).filter(|it| !it.is_empty()),
            ),
            ("team", self.team.as_deref()),
            ("category_1", self.category.as_deref()),
            ("third_party_id_string", self.reference.as_deref()),
        ];
        let (body, fields) = (
            self.ids.body(&FIELDS, &texts),
            self.vendor_fields.as_deref(),
        );
        let reserved: Vec<&str> = RESERVED.split(' ').collect();
        merge_vendor_fields(body, fields, &reserved, &contract_field, faults)
    }
}

/// This contract's field for a member of a ticket.
fn contract_field(member: &str) -> Option<&'static str> {
    let member = member.to_ascii_lowercase();
    let own_name = match member.as_str() {
        "details" => "details_html",
        "team_id" => "team",
        "categoryid_1" => "category_1",
        "client_name" => "client_id",
        "tickettype" => "tickettype_id",
        "third_party_id" | "reference" => "third_party_id_string",
        other => other,
    };
    field_of_member(&FIELDS, own_name)
}

/// Reads a draft.
pub(crate) fn parse(draft: &TicketDraft) -> Result<NewTicket, Vec<FieldError>> {
    let mut faults = Vec::new();
    check_fields(&FIELDS, draft, &mut faults);
    check_links(&draft.links, &mut faults);
    let reference = reference(draft.reference.as_deref(), &mut faults);
    let (summary, was_cut) = fitting_line(&draft.summary, LONGEST_SUMMARY as usize);
    let linked = TicketDraft {
        links: escaped_links(&draft.links),
        ..draft.clone()
    };
    let text = description(&linked, was_cut, &escaped, &detail_line);
    // The reference is the last line of the text, too: a server that does not keep the member for it finds that.
    let mut paragraphs = vec![text];
    paragraphs.extend(reference.as_deref().map(marker));
    paragraphs.retain(|it| !it.is_empty());
    let new = NewTicket {
        summary,
        html: as_html(&paragraphs.join("\n\n")),
        ids: FieldIds::of(&FIELDS, draft, &mut faults),
        team: None,
        category: None,
        reference,
        vendor_fields: draft.vendor_fields.clone(),
    };
    new.body(&mut faults);
    match faults.is_empty() {
        true => Ok(new),
        false => Err(faults),
    }
}
