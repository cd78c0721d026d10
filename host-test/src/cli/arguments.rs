//! The command line. What it means is in `operations.rs`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use psa_host::contract::{Detail, Rating, TicketDraft};

use crate::cli::exit;

const EXAMPLES: &str = "\
Examples:
  psa-host describe connectwise-psa.wasm
  psa-host verify connectwise-psa.wasm --settings my.toml --replay my.json
  psa-host companies connectwise-psa.wasm --settings my.toml \\
      --replay my.json --search acme --all
  psa-host create-ticket connectwise-psa.wasm --settings my.toml \\
      --replay my.json --company-id 250 --board-id 1 --reference alert-4711 \\
      --summary 'Blocked domain' --detail 'Domain=example.com'

Settings:
  One `name = \"value\"` a line, with the names that `describe` lists.
  Each may come from the environment instead, which wins over the file:
  `private-key` from PSA_PRIVATE_KEY, `site` from PSA_SITE.

Output:
  Tables for people on standard output, errors on standard error.
  With --json everything on standard output, in the contract's own names;
  an error as {\"error\": {\"code\": …, \"message\": …, \"hint\": …}}.
";

/// Calls a PSA connector: a sandboxed component that reads and opens tickets in the PSA of one vendor.
///
/// The connector gets HTTP and nothing else: no files, no clock, no environment, no sockets. With --replay that HTTP is
/// answered from a recording, and nothing leaves this machine.
#[derive(Parser)]
#[command(name = "psa-host", version, after_long_help = format!("{EXAMPLES}\n{}", exit::table()))]
#[command(
    after_help = "`psa-host --help` shows examples, where settings come from, and the exit codes."
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Show what the connector needs: settings to enter, permissions to grant, fields of a ticket
    Describe(Describe),
    /// Show which servers the connector would contact with these settings; sends nothing
    Origins(Connection),
    /// Prove the credentials and check every permission; writes nothing
    Verify(Connection),
    /// List the companies that tickets can be opened for
    Companies(Companies),
    /// List the boards and what a ticket on them can have: statuses, types, subtypes, items, priorities
    Boards(Boards),
    /// Say whether a ticket would be accepted; writes nothing
    CheckTicket(CreateTicket),
    /// Open a ticket, or find the one with the same --reference
    CreateTicket(CreateTicket),
    /// Show a ticket
    Ticket(Ticket),
}

/// What every call of a tenant needs.
#[derive(Args)]
pub(crate) struct Connection {
    /// The connector, such as connectwise-psa.wasm
    pub(crate) component: PathBuf,
    /// Settings of the tenant, TOML; see `psa-host --help`
    #[arg(long, value_name = "FILE")]
    pub(crate) settings: Option<PathBuf>,
    /// Answer from this recording or case instead of a PSA
    #[arg(long, value_name = "FILE")]
    pub(crate) replay: Option<PathBuf>,
    /// Print JSON for programs
    #[arg(long)]
    pub(crate) json: bool,
    /// Stop each call of the connector after this time
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) timeout: u64,
}

#[derive(Args)]
pub(crate) struct Describe {
    /// The connector, such as connectwise-psa.wasm
    pub(crate) component: PathBuf,
    /// Print JSON for programs
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct Companies {
    #[command(flatten)]
    pub(crate) connection: Connection,
    /// Part of the name or of the identifier
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,
    /// Only the company with this id; may be repeated
    #[arg(long, value_name = "ID")]
    pub(crate) id: Vec<String>,
    /// With those the PSA has deleted, archived or deactivated
    #[arg(long)]
    pub(crate) include_inactive: bool,
    /// Only companies with this status; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) status: Vec<String>,
    /// Only companies with this type; may be repeated
    #[arg(long = "type", value_name = "NAME")]
    pub(crate) company_type: Vec<String>,
    /// At most this many in one page
    #[arg(long, value_name = "NUMBER")]
    pub(crate) limit: Option<u32>,
    /// Continue where the page before ended
    #[arg(long, value_name = "CURSOR")]
    pub(crate) cursor: Option<String>,
    /// Every page, one after the other
    #[arg(long)]
    pub(crate) all: bool,
}

#[derive(Args)]
pub(crate) struct Boards {
    #[command(flatten)]
    pub(crate) connection: Connection,
    /// With the lists of the board with this id; may be repeated
    #[arg(long, value_name = "ID", conflicts_with = "all")]
    pub(crate) board: Vec<String>,
    /// With the lists of every board
    #[arg(long)]
    pub(crate) all: bool,
}

#[derive(Args)]
pub(crate) struct Ticket {
    #[command(flatten)]
    pub(crate) connection: Connection,
    /// The ticket's id
    pub(crate) id: String,
}

/// A draft; which fields the PSA takes is in `describe`.
#[derive(Args)]
pub(crate) struct CreateTicket {
    #[command(flatten)]
    pub(crate) connection: Connection,
    /// For whom: an id from `companies`
    #[arg(long, value_name = "ID")]
    pub(crate) company_id: String,
    /// In a few words
    #[arg(long, value_name = "TEXT")]
    pub(crate) summary: String,
    /// What the customer can read
    #[arg(long, value_name = "TEXT")]
    pub(crate) description: Option<String>,
    /// A line under the description; may be repeated
    #[arg(long, value_name = "LABEL=VALUE", value_parser = label_and_value)]
    pub(crate) detail: Vec<(String, String)>,
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

impl From<CreateTicket> for TicketDraft {
    fn from(command: CreateTicket) -> Self {
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
            summary: command.summary,
            description: command.description,
            details: command
                .detail
                .into_iter()
                .map(|(label, value)| Detail { label, value })
                .collect(),
            internal_note: command.internal_note,
            reference: command.reference,
            vendor_fields: command.vendor_fields,
        }
    }
}

impl Command {
    pub(crate) fn as_json(&self) -> bool {
        match self {
            Self::Describe(command) => command.json,
            Self::Origins(connection) | Self::Verify(connection) => connection.json,
            Self::Companies(command) => command.connection.json,
            Self::Boards(command) => command.connection.json,
            Self::CheckTicket(command) | Self::CreateTicket(command) => command.connection.json,
            Self::Ticket(command) => command.connection.json,
        }
    }
}

fn label_and_value(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .map(|(label, value)| (label.trim().to_owned(), value.trim().to_owned()))
        .ok_or_else(|| "LABEL=VALUE is due, such as Domain=example.com".to_owned())
}
