//! What every vendor checks of a draft. Which fields a connector takes is one table: the description and the refusal of all
//! other fields both come from it.

mod vendor_fields;

use psa_contract::{Detail, FieldError, InputField, Link, Operation, TicketDraft};

pub use self::vendor_fields::merge_vendor_fields;
use crate::error::field_error;
use crate::text::{one_line, plain_lines, record_id};

/// The most characters of a reference.
pub const LONGEST_REFERENCE: u32 = 50;
const LONGEST_LINK_CHARACTERS: usize = 2_000;

/// A field of an input that the connector takes.
#[derive(Clone, Copy, Debug)]
pub struct InputRow {
    /// The operation whose input it is of. Fields of `create-ticket` count for `check-ticket` too.
    pub operation: Operation,
    /// Its name in the contract.
    pub name: &'static str,
    /// Whether it has to be given.
    pub is_required: bool,
    /// In characters, if a limit is known.
    pub maximum_length: Option<u32>,
    /// Of entries, if a limit is known.
    pub maximum_count: Option<u32>,
    /// Of an enum: the cases it takes. Empty: all.
    pub allowed: &'static [&'static str],
    /// The PSA's name for it, which its refusals use. None: it has none, or several.
    pub member: Option<&'static str>,
}

impl InputRow {
    /// A field of `create-ticket` that may be given.
    #[must_use]
    pub const fn of_ticket(name: &'static str) -> Self {
        Self {
            operation: Operation::CreateTicket,
            name,
            is_required: false,
            maximum_length: None,
            maximum_count: None,
            allowed: &[],
            member: None,
        }
    }

    /// With the PSA's name for it.
    #[must_use]
    pub const fn member(self, name: &'static str) -> Self {
        Self {
            member: Some(name),
            ..self
        }
    }

    /// It has to be given.
    #[must_use]
    pub const fn required(self) -> Self {
        Self {
            is_required: true,
            ..self
        }
    }

    /// With at most so many characters.
    #[must_use]
    pub const fn at_most(self, characters: u32) -> Self {
        Self {
            maximum_length: Some(characters),
            ..self
        }
    }
}

/// The table, as the description has it.
#[must_use]
pub fn input_fields(table: &[InputRow]) -> Vec<InputField> {
    table
        .iter()
        .map(|row| InputField {
            operation: row.operation,
            name: row.name.to_owned(),
            is_required: row.is_required,
            maximum_length: row.maximum_length,
            maximum_count: row.maximum_count,
            allowed: row.allowed.iter().map(|it| (*it).to_owned()).collect(),
        })
        .collect()
}

/// The field that the PSA calls this, whatever its case.
#[must_use]
pub fn field_of_member(table: &[InputRow], member: &str) -> Option<&'static str> {
    let is_it = |row: &&InputRow| row.member.is_some_and(|it| it.eq_ignore_ascii_case(member));
    table.iter().find(is_it).map(|row| row.name)
}

/// Refuses the fields of a draft that are given and not in the table, and notes those that are required and missing.
pub fn check_fields(table: &[InputRow], draft: &TicketDraft, faults: &mut Vec<FieldError>) {
    for (name, is_given) in fields_of(draft) {
        let row = table
            .iter()
            .find(|row| row.operation == Operation::CreateTicket && row.name == name);
        match row {
            None if is_given => {
                faults.push(field_error(
                    name,
                    "this connector does not take it; leave it out",
                ));
            }
            Some(row) if row.is_required && !is_given => {
                faults.push(field_error(
                    name,
                    "it is missing or empty; every ticket needs it",
                ));
            }
            _ => {}
        }
    }
    let is_unnamed = |detail: &Detail| one_line(&detail.label).is_empty();
    if draft.details.iter().any(is_unnamed) {
        faults.push(field_error(
            "details",
            "one of them has no label; give it one",
        ));
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

/// An id. None: it is not given, or faulty, which is noted.
#[inline(never)] // Called once for each id of a draft.
pub fn id(field: &str, text: &str, faults: &mut Vec<FieldError>) -> Option<i64> {
    let id = record_id(text);
    if id.is_none() && !text.trim().is_empty() {
        faults.push(field_error(
            field,
            "it is not an id, which is a number above zero",
        ));
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
        "it is not 1 to 50 of the characters a-z 0-9 . : -; 48 hexadecimal digits of a SHA-256 fit",
    ));
    None
}

/// Notes links that could be taken for something else than a link.
pub fn check_links(links: &[Link], faults: &mut Vec<FieldError>) {
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
            "one of them is not an https URL of at most 2,000 characters without user name, spaces, control characters and \
             any of < > \" ( ) [ ] \\",
        ));
    }
}

/// The text of a ticket: the whole summary if it was cut, the description, and the details under it.
///
/// `escaped` writes a text so that the PSA finds no markup in it, `detail_line` a label and a value of one line each.
#[must_use]
pub fn description(
    draft: &TicketDraft,
    summary_was_cut: bool,
    escaped: &dyn Fn(&str) -> String,
    detail_line: &dyn Fn(&str, &str) -> String,
) -> String {
    let details: Vec<String> = draft
        .details
        .iter()
        .map(|detail| detail_line(&one_line(&detail.label), &one_line(&detail.value)))
        .collect();
    let mut parts = vec![
        escaped(&plain_lines(
            draft.description.as_deref().unwrap_or_default(),
        )),
        details.join("\n"),
    ];
    if summary_was_cut {
        parts.insert(0, escaped(&one_line(&draft.summary)));
    }
    parts.retain(|part| !part.trim().is_empty());
    parts.join("\n\n")
}

#[cfg(test)]
mod tests;
