//! A draft becomes the body of `POST /service/tickets`. The names of both sides are matched here and nowhere else.

use psa_contract::{FieldError, Rating, TicketDraft};
use psa_json::Document;

use crate::error::field_error;
use crate::text::{detail_line, escaped, fitting_summary, joined, one_line, record_id};

pub(crate) const LONGEST_REFERENCE: usize = 50;

/// The member that carries the reference. Free for an integration's own id, at most 100 characters, and filterable.
const REFERENCE_MEMBER: &str = "externalXRef";

/// A ticket ready to be sent.
#[derive(Debug)]
pub(crate) struct NewTicket {
    pub(crate) body: String,
    pub(crate) company_id: i64,
    pub(crate) reference: Option<String>,
}

/// The ids of a draft, as numbers.
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

/// Reads a draft. Every fault of it at once.
pub(crate) fn parse(draft: &TicketDraft) -> Result<(DraftIds, NewTicket), Vec<FieldError>> {
    let mut faults = Vec::new();
    let mut body = Body::default();
    let (summary, was_cut) = fitting_summary(&draft.summary);
    body.text("summary", &summary);
    let ids = parse_ids(draft, &mut body, &mut faults);
    if summary.is_empty() {
        faults.push(field_error(
            "summary",
            "it is empty; say in a line what the ticket is about",
        ));
    }
    if !draft.links.is_empty() {
        faults.push(field_error(
            "links",
            "this connector does not take links; write them into the description",
        ));
    }
    body.rating("severity", draft.severity);
    body.rating("impact", draft.impact);
    body.text("initialDescription", &description(draft, was_cut));
    let note = draft.internal_note.as_deref().unwrap_or_default();
    body.text("initialInternalAnalysis", &escaped(note));
    let reference = parse_reference(draft.reference.as_deref(), &mut faults);
    body.text(REFERENCE_MEMBER, reference.as_deref().unwrap_or_default());
    let vendor_fields = draft.vendor_fields.as_deref().unwrap_or_default().trim();
    for name in vendor_field_names(vendor_fields, &mut faults) {
        // The server compares names without case (Json.NET does).
        let is = |member: &&str| member.eq_ignore_ascii_case(&name);
        if is(&REFERENCE_MEMBER) || body.names.iter().any(is) {
            let field = contract_field(&name).unwrap_or("the draft");
            let name = cut(&name);
            faults.push(field_error(
                "vendor-fields",
                [
                    "its member `",
                    &name,
                    "` belongs to `",
                    field,
                    "`; set it there",
                ]
                .concat(),
            ));
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let ticket = NewTicket {
        body: body.finish(vendor_fields),
        company_id: ids.company,
        reference,
    };
    Ok((ids, ticket))
}

fn parse_ids(draft: &TicketDraft, body: &mut Body, faults: &mut Vec<FieldError>) -> DraftIds {
    let given = [
        ("company", Some(&draft.company_id)),
        ("board", draft.board_id.as_ref()),
        ("status", draft.status_id.as_ref()),
        ("type", draft.type_id.as_ref()),
        ("subType", draft.subtype_id.as_ref()),
        ("item", draft.item_id.as_ref()),
        ("priority", draft.priority_id.as_ref()),
        ("site", draft.site_id.as_ref()),
        ("contact", draft.contact_id.as_ref()),
        ("source", draft.source_id.as_ref()),
    ];
    let ids = given.map(|(member, text)| {
        let text = text.map_or("", |text| text.trim());
        let id = record_id(text);
        let field = contract_field(member).unwrap_or_default();
        match id {
            Some(id) => body.member(member, &["{\"id\":", &id.to_string(), "}"].concat()),
            None if !text.is_empty() => faults.push(field_error(
                field,
                "it is not an id; ConnectWise's ids are numbers above zero",
            )),
            None if member == "company" => faults.push(field_error(
                field,
                "it is missing; every ticket is for a company",
            )),
            None => {}
        }
        id
    });
    let [
        company,
        board,
        status,
        ticket_type,
        subtype,
        item,
        priority,
        _,
        _,
        _,
    ] = ids;
    DraftIds {
        company: company.unwrap_or_default(),
        board,
        status,
        ticket_type,
        subtype,
        item,
        priority,
    }
}

fn parse_reference(reference: Option<&str>, faults: &mut Vec<FieldError>) -> Option<String> {
    let reference = reference?;
    let is_allowed = (1..=LONGEST_REFERENCE).contains(&reference.len())
        && reference.chars().all(|letter| {
            letter.is_ascii_lowercase()
                || letter.is_ascii_digit()
                || matches!(letter, '.' | '-' | ':')
        });
    if !is_allowed {
        faults.push(field_error(
            "reference",
            "it is not 1 to 50 of the characters a-z 0-9 . : -; 48 hexadecimal digits of a SHA-256 fit",
        ));
        return None;
    }
    Some(reference.to_owned())
}

/// The names of the members that are merged in.
fn vendor_field_names(text: &str, faults: &mut Vec<FieldError>) -> Vec<String> {
    if text.is_empty() {
        return Vec::new();
    }
    let fault = match Document::parse(text.as_bytes()) {
        Ok(document) => match document.value().members() {
            Some(members) => return members.map(|(name, _)| name.to_owned()).collect(),
            None => ["it is ", document.value().kind(), "; write a JSON object"].concat(),
        },
        Err(fault) => ["it is not JSON from ", &fault.place(), " on"].concat(),
    };
    faults.push(field_error("vendor-fields", fault));
    Vec::new()
}

/// The request's body as it grows: JSON members, and which they are. Unset members are left out: the server fills in its
/// defaults, and refuses members that it does not know.
#[derive(Default)]
struct Body {
    json: String,
    names: Vec<&'static str>,
}

impl Body {
    fn member(&mut self, name: &'static str, value: &str) {
        self.json
            .push_str(if self.names.is_empty() { "{\"" } else { ",\"" });
        self.json.push_str(name);
        self.json.push_str("\":");
        self.json.push_str(value);
        self.names.push(name);
    }

    fn text(&mut self, name: &'static str, text: &str) {
        if !text.trim().is_empty() {
            // A text always has a JSON form.
            let json = serde_json::to_string(text).unwrap_or_default();
            self.member(name, &json);
        }
    }

    fn rating(&mut self, name: &'static str, rating: Option<Rating>) {
        let word = match rating {
            None => return,
            Some(Rating::Low) => "Low",
            Some(Rating::Medium) => "Medium",
            Some(Rating::High) => "High",
        };
        self.text(name, word);
    }

    /// With the vendor's members, copied as they were written, so that a number keeps its digits.
    fn finish(mut self, vendor_fields: &str) -> String {
        let inner = vendor_fields
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
            .unwrap_or_default()
            .trim();
        if !inner.is_empty() {
            self.json.push(',');
            self.json.push_str(inner);
        }
        self.json.push('}');
        self.json
    }
}

/// The whole summary where it was cut, the description, and the details under it.
fn description(draft: &TicketDraft, summary_was_cut: bool) -> String {
    let mut parts = Vec::new();
    if summary_was_cut {
        parts.push(escaped(&one_line(&draft.summary)));
    }
    parts.push(escaped(draft.description.as_deref().unwrap_or_default()));
    let details: Vec<String> = draft
        .details
        .iter()
        .map(|detail| detail_line(&detail.label, &detail.value))
        .collect();
    parts.push(joined(details.iter(), "\n"));
    parts.retain(|part| !part.trim().is_empty());
    joined(parts.iter(), "\n\n")
}

/// A member's name, short enough to be repeated in a message.
fn cut(name: &str) -> String {
    one_line(name).chars().take(40).collect()
}
