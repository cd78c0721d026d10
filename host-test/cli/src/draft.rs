//! The arguments of a ticket, and the draft that they make.

use clap::{Args, ValueEnum};
use psa_host::contract::{Detail, Link, Rating, TicketDraft};

/// A draft; which fields the PSA takes is in `describe`.
#[derive(Args)]
pub(crate) struct Draft {
    /// For whom: an id from `companies`
    #[arg(long, value_name = "ID")]
    pub(crate) company_id: String,
    /// In a few words; needed, but for a test ticket
    #[arg(long, value_name = "TEXT")]
    pub(crate) summary: Option<String>,
    /// What the customer can read
    #[arg(long, value_name = "TEXT")]
    pub(crate) description: Option<String>,
    /// A line under the description; may be repeated
    #[arg(long, value_name = "LABEL=VALUE", value_parser = label_and_value)]
    pub(crate) detail: Vec<(String, String)>,
    /// A link under the description, an https URL; may be repeated
    #[arg(long, value_name = "LABEL=URL", value_parser = label_and_value)]
    pub(crate) link: Vec<(String, String)>,
    /// What the customer cannot read
    #[arg(long, value_name = "TEXT")]
    pub(crate) internal_note: Option<String>,
    /// Your own name for this ticket: a repeated call with it finds the ticket instead of opening a second one
    #[arg(long, value_name = "TEXT")]
    pub(crate) reference: Option<String>,
    /// Where: an id from `boards`, as for those below
    #[arg(long, value_name = "ID")]
    pub(crate) board_id: Option<String>,
    /// One of the board's statuses
    #[arg(long, value_name = "ID")]
    pub(crate) status_id: Option<String>,
    /// One of the board's types
    #[arg(long, value_name = "ID")]
    pub(crate) type_id: Option<String>,
    /// One of the type's subtypes
    #[arg(long, value_name = "ID")]
    pub(crate) subtype_id: Option<String>,
    /// One of the subtype's items
    #[arg(long, value_name = "ID")]
    pub(crate) item_id: Option<String>,
    /// One of the priorities
    #[arg(long, value_name = "ID")]
    pub(crate) priority_id: Option<String>,
    /// How bad it is
    #[arg(long, value_enum)]
    pub(crate) severity: Option<Grade>,
    /// How many it hits
    #[arg(long, value_enum)]
    pub(crate) impact: Option<Grade>,
    /// A site of the company
    #[arg(long, value_name = "ID")]
    pub(crate) site_id: Option<String>,
    /// A contact of the company
    #[arg(long, value_name = "ID")]
    pub(crate) contact_id: Option<String>,
    /// What brought the ticket
    #[arg(long, value_name = "ID")]
    pub(crate) source_id: Option<String>,
    /// Further members of the PSA's own request, a JSON object
    #[arg(long, value_name = "JSON")]
    pub(crate) vendor_fields: Option<String>,
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

impl From<Draft> for TicketDraft {
    fn from(command: Draft) -> Self {
        Self {
            company_id: command.company_id,
            board_id: command.board_id,
            status_id: command.status_id,
            type_id: command.type_id,
            subtype_id: command.subtype_id,
            item_id: command.item_id,
            priority_id: command.priority_id,
            severity: command.severity.map(Into::into),
            impact: command.impact.map(Into::into),
            site_id: command.site_id,
            contact_id: command.contact_id,
            source_id: command.source_id,
            summary: command.summary.unwrap_or_default(),
            description: command.description,
            details: details(command.detail),
            links: links(command.link),
            internal_note: command.internal_note,
            reference: command.reference,
            vendor_fields: command.vendor_fields,
        }
    }
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
    text.split_once('=')
        .map(|(label, value)| (label.trim().to_owned(), value.trim().to_owned()))
        .ok_or_else(|| "expected LABEL=VALUE, such as Domain=example.com".to_owned())
}
