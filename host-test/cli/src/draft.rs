//! The arguments of a ticket, and the draft that they make.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use psa_host::contract::{Detail, Link, Rating, TicketDraft};
use serde_json::Value;

use crate::failure::Failure;
use crate::given;
use crate::names::Names;

/// A draft; which fields the PSA takes is in `describe`.
#[derive(Args)]
pub(crate) struct Draft {
    /// Read the ticket from this file, or from standard input if it is `-`: JSON with the members of the contract's
    /// `ticket-draft`. Other arguments override its members; details and links are added to them
    #[arg(long, value_name = "FILE")]
    draft: Option<PathBuf>,
    /// The company that the ticket is for: an id from `companies`
    #[arg(long, value_name = "ID", allow_negative_numbers = true)]
    company_id: Option<String>,
    /// The summary; required except for a test ticket
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    summary: Option<String>,
    /// The description, which the customer can read; `-` reads it from standard input
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    description: Option<String>,
    /// A line below the description; may be repeated
    #[arg(long, value_name = "LABEL=VALUE", value_parser = label_and_value, allow_hyphen_values = true)]
    detail: Vec<(String, String)>,
    /// An https link below the description; may be repeated
    #[arg(long, value_name = "LABEL=URL", value_parser = label_and_value, allow_hyphen_values = true)]
    link: Vec<(String, String)>,
    /// A note that the customer cannot read; `-` reads it from standard input
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    internal_note: Option<String>,
    /// Your own name for this ticket: repeating the call with it finds the ticket instead of opening a second one
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    reference: Option<String>,
    /// The board: an id from `boards`, like the next five
    #[arg(long, value_name = "ID", allow_negative_numbers = true)]
    board_id: Option<String>,
    /// One of the board's statuses
    #[arg(long, value_name = "ID", allow_negative_numbers = true)]
    status_id: Option<String>,
    /// One of the board's types
    #[arg(long, value_name = "ID", allow_negative_numbers = true)]
    type_id: Option<String>,
    /// One of the type's subtypes
    #[arg(long, value_name = "ID", allow_negative_numbers = true)]
    subtype_id: Option<String>,
    /// One of the subtype's items
    #[arg(long, value_name = "ID", allow_negative_numbers = true)]
    item_id: Option<String>,
    /// One of the priorities
    #[arg(long, value_name = "ID", allow_negative_numbers = true)]
    priority_id: Option<String>,
    /// How severe it is
    #[arg(long, value_enum)]
    severity: Option<Grade>,
    /// How many people it affects
    #[arg(long, value_enum)]
    impact: Option<Grade>,
    /// A site of the company
    #[arg(long, value_name = "ID", allow_negative_numbers = true)]
    site_id: Option<String>,
    /// A contact of the company
    #[arg(long, value_name = "ID", allow_negative_numbers = true)]
    contact_id: Option<String>,
    /// The source of the ticket: an id from `boards`
    #[arg(long, value_name = "ID", allow_negative_numbers = true)]
    source_id: Option<String>,
    /// More members for the PSA's own request, as a JSON object; `@FILE` reads it from a file
    #[arg(long, value_name = "JSON")]
    vendor_fields: Option<String>,
    #[command(flatten)]
    pub(crate) names: Names,
}

/// The contract's `rating`.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Grade {
    Low,
    Medium,
    High,
}

impl From<Grade> for Rating {
    fn from(grade: Grade) -> Self {
        match grade {
            Grade::Low => Self::Low,
            Grade::Medium => Self::Medium,
            Grade::High => Self::High,
        }
    }
}

impl Draft {
    /// What the file and the arguments say. Names are still to be looked up.
    pub(crate) fn read(&self) -> Result<TicketDraft, Failure> {
        let base = self.base()?;
        let text =
            |argument, value: &Option<String>| given::optional_text(argument, value.as_deref());
        let over = |given: &Option<String>, base| given.clone().or(base);
        let description = text("--description", &self.description)?;
        let internal_note = text("--internal-note", &self.internal_note)?;
        let vendor_fields = given::vendor_fields(self.vendor_fields.as_deref())?;
        let draft = TicketDraft {
            company_id: self.company_id.clone().unwrap_or(base.company_id),
            board_id: over(&self.board_id, base.board_id),
            status_id: over(&self.status_id, base.status_id),
            type_id: over(&self.type_id, base.type_id),
            subtype_id: over(&self.subtype_id, base.subtype_id),
            item_id: over(&self.item_id, base.item_id),
            priority_id: over(&self.priority_id, base.priority_id),
            severity: self.severity.map(Into::into).or(base.severity),
            impact: self.impact.map(Into::into).or(base.impact),
            site_id: over(&self.site_id, base.site_id),
            contact_id: over(&self.contact_id, base.contact_id),
            source_id: over(&self.source_id, base.source_id),
            summary: self.summary.clone().unwrap_or(base.summary),
            description: description.or(base.description),
            details: [base.details, details(self.detail.clone())].concat(),
            links: [base.links, links(self.link.clone())].concat(),
            internal_note: internal_note.or(base.internal_note),
            reference: over(&self.reference, base.reference),
            vendor_fields: vendor_fields.or(base.vendor_fields),
        };
        if draft.company_id.is_empty() && !self.names.have_company() {
            return Err(Failure::usage(
                "the company is missing",
                "Give --company NAME or --company-id ID, or `company-id` in the file of --draft.",
            ));
        }
        Ok(draft)
    }

    fn base(&self) -> Result<TicketDraft, Failure> {
        let Some(path) = &self.draft else {
            return Ok(TicketDraft::default());
        };
        let text = given::file("--draft", path)?;
        let refused = |problem: String| {
            Failure::usage(
                format!("the draft {} cannot be used: {problem}", path.display()),
                "A draft is a JSON object with the members of `ticket-draft` in wit/connector.wit.",
            )
        };
        // A derived type would take the members of an array by their position.
        if !text.trim_start().starts_with('{') {
            return Err(refused("it is not a JSON object".to_owned()));
        }
        let mut json = serde_json::Deserializer::from_str(&text);
        let draft: TicketDraft = serde_path_to_error::deserialize(&mut json)
            .map_err(|error| refused(error.to_string()))?;
        json.end().map_err(|error| refused(error.to_string()))?;
        match taken_by_position(&text) {
            Some(place) => Err(refused(format!("{place} must be a JSON object"))),
            None => Ok(draft),
        }
    }
}

/// The first detail or link that is an array, which the types of the contract read as well.
fn taken_by_position(draft: &str) -> Option<String> {
    let draft: Value = serde_json::from_str(draft).ok()?;
    let lists = ["details", "links"].into_iter();
    let mut rows = lists.flat_map(|list| {
        let rows = draft[list].as_array().into_iter().flatten();
        rows.enumerate().map(move |(index, row)| (list, index, row))
    });
    let (list, index, _) = rows.find(|(_, _, row)| !row.is_object())?;
    Some(format!("{list}[{index}]"))
}

pub(crate) fn details(pairs: Vec<(String, String)>) -> Vec<Detail> {
    let pairs = pairs.into_iter();
    pairs
        .map(|(label, value)| Detail { label, value })
        .collect()
}

pub(crate) fn links(pairs: Vec<(String, String)>) -> Vec<Link> {
    let pairs = pairs.into_iter();
    pairs.map(|(label, url)| Link { label, url }).collect()
}

pub(crate) fn label_and_value(text: &str) -> Result<(String, String), String> {
    let parts = text.split_once('=');
    match parts.map(|(label, value)| (label.trim(), value.trim())) {
        None => Err("expected LABEL=VALUE, such as Domain=example.com".to_owned()),
        Some(("", _)) => Err("the label before `=` is empty".to_owned()),
        Some((_, "")) => Err("the value after `=` is empty".to_owned()),
        Some((label, value)) => Ok((label.to_owned(), value.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_detail_and_a_link_are_objects() {
        let cases = [
            (
                r#"{"details": [{"label": "a", "value": "b"}], "links": []}"#,
                None,
            ),
            (
                r#"{"details": [{"label": "a", "value": "b"}, ["a", "b"]]}"#,
                Some("details[1]"),
            ),
            (
                r#"{"links": [["a", "https://b.example"]]}"#,
                Some("links[0]"),
            ),
            (r#"{"details": null}"#, None),
            ("{}", None),
        ];
        for (draft, expected) in cases {
            assert_eq!(taken_by_position(draft).as_deref(), expected, "{draft}");
        }
    }

    #[test]
    fn a_label_and_a_value_are_both_needed() {
        let pair = |label: &str, value: &str| Ok((label.to_owned(), value.to_owned()));
        let cases = [
            ("Domain=example.com", pair("Domain", "example.com")),
            (" a = b=c ", pair("a", "b=c")),
            ("=b", Err("the label before `=` is empty".to_owned())),
            ("a= ", Err("the value after `=` is empty".to_owned())),
            (
                "a",
                Err("expected LABEL=VALUE, such as Domain=example.com".to_owned()),
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(label_and_value(text), expected, "{text}");
        }
    }
}
