//! The fields that Halo takes, and a draft that becomes an element of the array of `POST /api/Tickets`. Every fault of it at
//! once. The names of both sides are matched here and nowhere else.

use psa_contract::Operation::AddNote;
use psa_contract::{FieldError, TicketDraft};
use psa_toolkit::draft::{
    FieldIds, LONGEST_REFERENCE, check_fields, description, merge_vendor_fields, reference,
};
use psa_toolkit::error::faultless;
use psa_toolkit::html::{as_html, detail_line, escaped, escaped_links};
use psa_toolkit::input::InputRow;
use psa_toolkit::note::{self, marked};
use psa_toolkit::status_change;
use psa_toolkit::text::fitting_line;

/// A column of 4,000 characters, shown on one line: more is not read.
const LONGEST_SUMMARY: u32 = 255;

/// The fields of a ticket that Halo takes.
pub(crate) const FIELDS: [InputRow; 15] = [
    InputRow::ticket("company-id", "client_id")
        .or(&["client_name"])
        .required(),
    InputRow::ticket("board-id", "team").or(&["team_id"]),
    InputRow::ticket("status-id", "status_id"),
    InputRow::ticket("type-id", "tickettype_id").or(&["tickettype"]),
    InputRow::ticket("subtype-id", "category_1").or(&["categoryid_1"]),
    InputRow::ticket("priority-id", "priority_id"),
    InputRow::ticket("site-id", "site_id"),
    InputRow::ticket("contact-id", "user_id"),
    InputRow::ticket("source-id", "source"),
    InputRow::ticket("summary", "summary")
        .required()
        .at_most(LONGEST_SUMMARY),
    InputRow::ticket("description", "details_html").or(&["details"]),
    InputRow::of_ticket("details"),
    InputRow::of_ticket("links"),
    InputRow::ticket("reference", "third_party_id_string")
        .or(&["third_party_id", "reference"])
        .at_most(LONGEST_REFERENCE),
    InputRow::of_ticket("vendor-fields"),
];

/// Those of a note. What the customer sees of one depends on its outcome, and the one that shows it also mails it.
pub(crate) const NOTE_FIELDS: [InputRow; 7] = note::fields(
    InputRow::of(AddNote, "ticket-id").member("ticket_id"),
    InputRow::of(AddNote, "text")
        .member("note_html")
        .or(&["note"]),
    InputRow::of(AddNote, "audience")
        .member("hiddenfromuser")
        .only(&["staff"]),
);

/// Those of a change of status.
pub(crate) const STATUS_FIELDS: [InputRow; 2] = status_change::fields("status_id");

/// Members that a draft sets in its own way, or that would make the write another one: an `id` changes that ticket.
const RESERVED: &str = "id guid _importid _recover deleted merged_into_id new_external_link summary details details_html \
                        client_id client_name site_id user_id team team_id status_id tickettype_id tickettype priority_id \
                        category_1 categoryid_1 source third_party_id third_party_id_string reference";

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
        let body = self.ids.body(&FIELDS, &texts);
        let fields = self.vendor_fields.as_deref();
        let reserved: Vec<&str> = RESERVED.split(' ').collect();
        merge_vendor_fields(body, fields, &reserved, &FIELDS, faults)
    }
}

/// Reads a draft.
pub(crate) fn parse(draft: &TicketDraft) -> Result<NewTicket, Vec<FieldError>> {
    let mut faults = Vec::new();
    check_fields(&FIELDS, draft, &mut faults);
    let reference = reference(draft.reference.as_deref(), &mut faults);
    let (summary, was_cut) = fitting_line(&draft.summary, LONGEST_SUMMARY as usize);
    let linked = TicketDraft {
        links: escaped_links(&draft.links),
        ..draft.clone()
    };
    let text = description(&linked, was_cut, &escaped, &detail_line);
    let new = NewTicket {
        summary,
        // The reference is the last line, too: a server that does not keep the member for it finds that.
        html: as_html(&marked(&text, reference.as_deref())),
        ids: FieldIds::of(&FIELDS, draft, &mut faults),
        team: None,
        category: None,
        reference,
        vendor_fields: draft.vendor_fields.clone(),
    };
    new.body(&mut faults);
    faultless(new, faults)
}
