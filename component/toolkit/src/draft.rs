//! What every vendor checks of a draft.

mod vendor_fields;

use psa_contract::{Detail, FieldError, Link, Operation, TicketDraft};
use serde_json::{Map, Value};

pub use self::vendor_fields::merge_vendor_fields;
use crate::error::field_error;
use crate::input::{InputRow, check_given, row};
use crate::text::{Ids, one_line};

/// The most characters of a reference.
pub const LONGEST_REFERENCE: u32 = 50;
const LONGEST_LINK_CHARACTERS: usize = 2_000;

/// Notes the fields of a draft that are given and not in the table, those that are required and missing, and details and links
/// that cannot be written.
pub fn check_fields(table: &[InputRow], draft: &TicketDraft, faults: &mut Vec<FieldError>) {
    check_given(
        table,
        Operation::CreateTicket,
        "ticket",
        &fields_of(draft),
        faults,
    );
    check_details(&draft.details, faults);
    check_links(&draft.links, faults);
}

/// Notes details without a label.
pub(crate) fn check_details(details: &[Detail], faults: &mut Vec<FieldError>) {
    if details.iter().any(|it| one_line(&it.label).is_empty()) {
        let fault = "one of them has no label; add one";
        faults.push(field_error("details", fault));
    }
}

/// Every field of a draft, and whether it is given.
fn fields_of(draft: &TicketDraft) -> [(&'static str, bool); 19] {
    let given = |text: &Option<String>| text.as_deref().is_some_and(|it| !it.trim().is_empty());
    [
        ("company-id", !draft.company_id.trim().is_empty()),
        ("board-id", given(&draft.board_id)),
        ("status-id", given(&draft.status_id)),
        ("type-id", given(&draft.type_id)),
        ("subtype-id", given(&draft.subtype_id)),
        ("item-id", given(&draft.item_id)),
        ("priority-id", given(&draft.priority_id)),
        ("severity", draft.severity.is_some()),
        ("impact", draft.impact.is_some()),
        ("site-id", given(&draft.site_id)),
        ("contact-id", given(&draft.contact_id)),
        ("source-id", given(&draft.source_id)),
        ("summary", !one_line(&draft.summary).is_empty()),
        ("description", given(&draft.description)),
        ("details", !draft.details.is_empty()),
        ("links", !draft.links.is_empty()),
        ("internal-note", given(&draft.internal_note)),
        ("reference", draft.reference.is_some()),
        ("vendor-fields", given(&draft.vendor_fields)),
    ]
}

/// The ids that a draft names, by the names of their fields.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FieldIds(Vec<(&'static str, i64)>);

impl FieldIds {
    /// Those of a draft whose fields are in the table. Faulty ones are noted.
    pub fn of(table: &[InputRow], draft: &TicketDraft, faults: &mut Vec<FieldError>) -> Self {
        let texts = [
            ("company-id", Some(&draft.company_id)),
            ("board-id", draft.board_id.as_ref()),
            ("status-id", draft.status_id.as_ref()),
            ("type-id", draft.type_id.as_ref()),
            ("subtype-id", draft.subtype_id.as_ref()),
            ("item-id", draft.item_id.as_ref()),
            ("priority-id", draft.priority_id.as_ref()),
            ("site-id", draft.site_id.as_ref()),
            ("contact-id", draft.contact_id.as_ref()),
            ("source-id", draft.source_id.as_ref()),
        ];
        let mut ids = Self::default();
        for (field, text) in texts {
            let row = row(table, Operation::CreateTicket, field);
            if let Some((row, text)) = row.zip(text) {
                ids.0
                    .extend(id_of(row.ids, field, text, faults).map(|id| (field, id)));
            }
        }
        ids
    }

    /// The id in a field. None: it is not given.
    #[must_use]
    #[inline(never)] // Called once for each field, in several places.
    pub fn get(&self, field: &str) -> Option<i64> {
        let mut ids = self.0.iter();
        ids.find(|(name, _)| *name == field).map(|(_, id)| *id)
    }

    /// Sets the id in a field that was not given.
    pub fn set(&mut self, field: &'static str, id: i64) {
        self.0.push((field, id));
    }

    /// The body of a request: the ids by their members in the table, and these texts by theirs. A member whose text is None is
    /// left out.
    #[must_use]
    pub fn body(&self, table: &[InputRow], texts: &[(&str, Option<&str>)]) -> String {
        let mut body: Map<String, Value> = Map::new();
        for row in table {
            let is_of_ticket = row.operation == Operation::CreateTicket;
            if let Some((member, id)) = row.member.zip(self.get(row.name)).filter(|_| is_of_ticket)
            {
                body.insert(member.to_owned(), id.into());
            }
        }
        for (member, text) in texts {
            body.remove(*member);
            body.extend(text.map(|text| ((*member).to_owned(), text.into())));
        }
        Value::Object(body).to_string()
    }

    /// The fields whose ids the PSA shows otherwise than they were sent. One that was not sent is no difference. `is_whole`:
    /// what is not shown was left out by the PSA, and not by its answer.
    #[must_use]
    pub fn not_applied(&self, shown: &[(&str, Option<i64>)], is_whole: bool) -> Vec<FieldError> {
        let differing = shown.iter().filter_map(|(field, shown)| {
            let sent = self.get(field)?;
            let fault = match shown {
                Some(shown) if *shown == sent => return None,
                None if !is_whole => return None,
                Some(shown) => {
                    format!("the PSA made {shown} of {sent}: its rules or defaults change it")
                }
                None => format!("the PSA left out {sent}"),
            };
            Some(field_error(field, fault))
        });
        differing.collect()
    }
}

/// What is wrong with a record that a draft names: whether it is of the draft's company, and whether it is active. None: there
/// is no such record.
#[must_use]
pub fn record_fault(found: Option<(bool, bool)>) -> Option<&'static str> {
    match found {
        None => Some(MISSING),
        Some((false, _)) => Some("it is not of this company"),
        Some((true, false)) => Some("it is inactive"),
        Some((true, true)) => None,
    }
}

/// The fault of a record that a draft names and that was not found.
pub const MISSING: &str = "there is no such one, or these credentials do not allow access to it";

/// An id. None: it is not given, or faulty, which is noted.
pub fn id(field: &str, text: &str, faults: &mut Vec<FieldError>) -> Option<i64> {
    id_of(Ids::AboveZero, field, text, faults)
}

/// The same for a PSA whose ids of this field are written in this way.
pub fn id_of(ids: Ids, field: &str, text: &str, faults: &mut Vec<FieldError>) -> Option<i64> {
    let id = ids.read(text);
    if id.is_none() && !text.trim().is_empty() {
        faults.push(field_error(field, ids.fault()));
    }
    id
}

/// The reference. None: it is not given, or faulty, which is noted.
pub fn reference(text: Option<&str>, faults: &mut Vec<FieldError>) -> Option<String> {
    let text = text?;
    let is_allowed = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b':' | b'-')
    };
    let is_short = u32::try_from(text.len()).is_ok_and(|length| length <= LONGEST_REFERENCE);
    if !text.is_empty() && is_short && text.bytes().all(is_allowed) {
        return Some(text.to_owned());
    }
    faults.push(field_error(
        "reference",
        "it must consist of 1 to 50 of the characters a-z, 0-9, `.`, `:` and `-`; for a longer id, use 48 hexadecimal \
         digits of its SHA-256",
    ));
    None
}

/// Notes links that could be taken for something else than a link.
pub(crate) fn check_links(links: &[Link], faults: &mut Vec<FieldError>) {
    let is_sure = |url: &str| {
        let authority = crate::url::origin(url);
        authority.is_some()
            && url.chars().count() <= LONGEST_LINK_CHARACTERS
            && !url.contains(|letter: char| {
                letter.is_whitespace() || letter.is_control() || "<>\"()[]\\".contains(letter)
            })
    };
    if !links.iter().all(|link| is_sure(&link.url)) {
        faults.push(field_error(
            "links",
            "each URL must start with https://, have at most 2,000 characters, and contain no user name, space or control \
             character and none of < > \" ( ) [ ] \\",
        ));
    }
}

/// The text of a ticket: the whole summary if it was cut, the description, and under it the details and links.
///
/// `escaped` writes a text so that the PSA finds no markup in it, `detail_line` a label and a value of one line each.
#[must_use]
pub fn description(
    draft: &TicketDraft,
    summary_was_cut: bool,
    escaped: &dyn Fn(&str) -> String,
    detail_line: &dyn Fn(&str, &str) -> String,
) -> String {
    text_with_details(
        paragraphs(draft, summary_was_cut, escaped),
        &draft.details,
        &draft.links,
        escaped,
        detail_line,
    )
}

/// The same without details and links.
#[must_use]
pub fn paragraphs(
    draft: &TicketDraft,
    summary_was_cut: bool,
    escaped: &dyn Fn(&str) -> String,
) -> Vec<String> {
    let mut paragraphs = vec![escaped(draft.description.as_deref().unwrap_or_default())];
    if summary_was_cut {
        paragraphs.insert(0, escaped(&one_line(&draft.summary)));
    }
    paragraphs.retain(|paragraph| !paragraph.trim().is_empty());
    paragraphs
}

/// Paragraphs that are escaped already, the details under them, and under those the links, as plain lines `label: url`.
#[must_use]
pub fn text_with_details(
    mut paragraphs: Vec<String>,
    details: &[Detail],
    links: &[Link],
    escaped: &dyn Fn(&str) -> String,
    detail_line: &dyn Fn(&str, &str) -> String,
) -> String {
    let details = details
        .iter()
        .map(|detail| detail_line(&one_line(&detail.label), &one_line(&detail.value)));
    paragraphs.push(details.collect::<Vec<_>>().join("\n"));
    let links = links.iter().map(|link| {
        let label = one_line(&link.label);
        if label.is_empty() {
            return link.url.clone();
        }
        format!("{}: {}", escaped(&label), link.url)
    });
    paragraphs.push(links.collect::<Vec<_>>().join("\n"));
    paragraphs.retain(|paragraph| !paragraph.trim().is_empty());
    paragraphs.join("\n\n")
}

#[cfg(test)]
mod tests;
