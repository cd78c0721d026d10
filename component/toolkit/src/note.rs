//! What `add-note` checks and writes for every PSA, and the marker by which a note is found again. How it is written once is in
//! `add_once`.
//!
//! No PSA keeps an id of ours with a note, so the reference is the last line of its text: `[ref: alert-4711]`.

mod add_once;

use psa_contract::{FieldError, NoteAudience, NoteDraft, Operation};

pub use self::add_once::{NewNote, ShownNote, Steps, add_once};
use crate::draft::{self, LONGEST_REFERENCE, check_details, check_links, text_with_details};
use crate::error::field_error;
use crate::input::{InputRow, check_given, row};
use crate::text::one_line;

/// The fields of a note. The PSA's names for three of them, and who can be let read it, are in these rows.
#[must_use]
pub const fn fields(ticket_id: InputRow, text: InputRow, audience: InputRow) -> [InputRow; 7] {
    [
        ticket_id.required(),
        text.required(),
        InputRow::of(Operation::AddNote, "details"),
        InputRow::of(Operation::AddNote, "links"),
        audience.required(),
        InputRow::of(Operation::AddNote, "reference").at_most(LONGEST_REFERENCE),
        InputRow::of(Operation::AddNote, "vendor-fields"),
    ]
}

/// How many of a ticket's newest notes are looked through for a reference.
pub const NEWEST_NOTES: usize = 200;

/// Notes the fields of a note that are given and not in the table, those that are required and missing, an audience that
/// the PSA does not offer, and links that could be taken for something else.
pub fn check(table: &[InputRow], note: &NoteDraft, faults: &mut Vec<FieldError>) {
    let given = |text: &Option<String>| text.as_deref().is_some_and(|it| !it.trim().is_empty());
    let fields = [
        ("ticket-id", !note.ticket_id.trim().is_empty()),
        ("text", !one_line(&note.text).is_empty()),
        ("details", !note.details.is_empty()),
        ("links", !note.links.is_empty()),
        ("audience", true),
        ("reference", note.reference.is_some()),
        ("vendor-fields", given(&note.vendor_fields)),
    ];
    check_given(table, Operation::AddNote, "note", &fields, faults);
    let audience = audience_name(note.audience);
    let row = row(table, Operation::AddNote, "audience");
    if row.is_some_and(|row| !row.allowed.is_empty() && !row.allowed.contains(&audience)) {
        let fault = format!("it cannot be `{audience}` on this PSA");
        faults.push(field_error("audience", fault));
    }
    check_details(&note.details, faults);
    check_links(&note.links, faults);
}

fn audience_name(audience: NoteAudience) -> &'static str {
    match audience {
        NoteAudience::Customer => "customer",
        NoteAudience::Staff => "staff",
    }
}

/// The text of a note: what it says, the details, the links, and the marker as the last line. `escaped` and `detail_line`
/// are those of [`crate::draft::description`].
#[must_use]
pub fn text_of(
    note: &NoteDraft,
    escaped: &dyn Fn(&str) -> String,
    detail_line: &dyn Fn(&str, &str) -> String,
) -> String {
    let paragraphs = vec![escaped(&note.text)];
    let text = text_with_details(paragraphs, &note.details, &note.links, escaped, detail_line);
    marked(&text, note.reference.as_deref())
}

/// A text with the marker of a reference, if there is one, as the last line.
#[must_use]
pub fn marked(text: &str, reference: Option<&str>) -> String {
    let marker = reference.map(marker).unwrap_or_default();
    let mut parts = vec![text, &marker];
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n")
}

/// `[ref: alert-4711]`.
#[must_use]
pub fn marker(reference: &str) -> String {
    format!("[ref: {reference}]")
}

/// Whether the last line of a note's text is the marker of this reference.
#[must_use]
pub fn bears(text: &str, reference: &str) -> bool {
    last_line(text).is_some_and(|last| last == marker(reference))
}

/// The reference whose marker is the last line of a text. None: it ends in another way.
#[must_use]
pub fn reference_of(text: &str) -> Option<String> {
    let last = last_line(text)?;
    let reference = last.strip_prefix("[ref: ")?.strip_suffix(']')?;
    draft::reference(Some(reference), &mut Vec::new())
}

/// PSAs keep a text as their editors write it, so backslashes, the signs of Markdown and tags of HTML do not count.
fn last_line(text: &str) -> Option<String> {
    let plain = without_tags(text).replace("&nbsp;", " ");
    let mut lines = plain.lines().rev().map(|line| {
        let letters = line.chars().filter(|letter| !"\\*_`~".contains(*letter));
        one_line(&letters.collect::<String>())
    });
    lines.find(|line| !line.is_empty())
}

/// A text with a line break in place of each tag.
fn without_tags(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        plain.push_str(before);
        match tag.split_once('>') {
            Some((_, after)) => {
                plain.push('\n');
                rest = after;
            }
            None => {
                plain.push('<');
                rest = tag;
            }
        }
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests;
