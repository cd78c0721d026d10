//! The command line. What it means is in `operations.rs`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;
use psa_recording::Function;
use serde_json::Value;

use crate::assets::Assets;
use crate::attach::Attach;
use crate::close::{Close, Reopen};
use crate::companies::Companies;
use crate::connection::{Connection, Format, Loading, Shown};
use crate::contacts::Contacts;
use crate::create::{CheckTicket, CreateTicket};
use crate::exit;
use crate::find::Find;
use crate::note::Note;
use crate::sites::Sites;
use crate::status::Status;

const EXAMPLES: &str = "\
Examples:
  psa-host describe connectwise-psa.wasm
  psa-host verify connectwise-psa.wasm --settings my.toml
  psa-host companies connectwise-psa.wasm --settings my.toml \\
      --search acme --all --output csv
  psa-host create-ticket connectwise-psa.wasm --settings my.toml \\
      --company-id 250 --board-id 1 --reference alert-4711 \\
      --summary 'Blocked domain' --detail 'Domain=example.com'
  psa-host create-ticket connectwise-psa.wasm --settings my.toml \\
      --company-id 250 --test
  psa-host companies connectwise-psa.wasm --settings my.toml --record my.har
  psa-host companies connectwise-psa.wasm --settings my.toml --replay my.har
  psa-host scrub from-a-browser.har clean.har
  psa-host case my.har --operation list-companies --input '{}'
  psa-host conform connectwise-psa.wasm tests/cases --html report.html
  source <(psa-host completions bash)

Settings:
  One `name = \"value\"` a line, with the names that `describe` lists.
  Each may come from the environment instead, which wins over the file:
  `private-key` from PSA_PRIVATE_KEY, `site` from PSA_SITE.
  --private-key-file and --secret win over both. No argument takes a value:
  other users of the machine can read arguments. Keep files to yourself:
  chmod 600 my.toml

Output:
  Tables for people on standard output; errors, warnings, progress and
  --verbose on standard error. No colours, so NO_COLOR changes nothing but
  this help. With --output json, or --json, everything on standard output in
  the contract's own names; an error as
  {\"error\": {\"code\": …, \"message\": …, \"hint\": …}}.
  With --output csv one row a record; control characters are made visible, and
  what a spreadsheet would take for a formula has ' before it.

Recordings:
  --record writes a HAR in which settings have become {{names}}, so that it
  holds no key; --replay puts the settings in use in their places. It also
  reads the HAR of a browser or a proxy:
  mitmdump --set hardump=my.har
";

const CASE_EXAMPLE: &str = "\
Example:
  psa-host ticket connector.wasm 5120 --settings my.toml --record ticket.har
  psa-host case ticket.har --operation get-ticket --input '{\"id\": \"5120\"}' \\
      --output cases/get-ticket/ok.json";

/// Calls a PSA connector: a sandboxed component that reads and opens tickets in the PSA of one vendor.
///
/// The connector gets HTTP and nothing else: no files, no clock, no environment, no sockets; and that only to the hosts
/// in its settings. With --replay its HTTP is answered from a recording, and nothing leaves this machine.
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
    CheckTicket(CheckTicket),
    /// Open a ticket, or find the one with the same --reference
    CreateTicket(CreateTicket),
    /// Show a ticket
    Ticket(Ticket),
    /// Find tickets by reference or id, or the open ones of a company
    Find(Find),
    /// Add a note to a ticket, or find the one with the same --reference
    Note(Note),
    /// Set the status of a ticket
    Status(Status),
    /// Close a ticket: set the closed status of its board, or the one that --status names
    Close(Close),
    /// Reopen a ticket: set the default status of its board, or the one that --status names
    Reopen(Reopen),
    /// List the contacts of a company
    Contacts(Contacts),
    /// List the assets of a company: its devices, and what else is looked after
    Assets(Assets),
    /// List the sites of a company
    Sites(Sites),
    /// Attach an asset to a ticket
    Attach(Attach),
    /// Take the secrets out of a HAR that was made elsewhere
    Scrub(Scrub),
    /// Make a skeleton of a case for `conform` from a scrubbed HAR
    ///
    /// Prints JSON with what the recording holds: the settings by their names, with made-up values; the requests and
    /// their answers; and how many rounds they took. To be filled in: `docs`, `provenance`, `expect`, settings that no
    /// request shows, and what the options below do not give. The roles are guesses from method, address and answer:
    /// check each. What scrubbing removed is `removed` in bodies, and its headers are left out.
    #[command(after_help = CASE_EXAMPLE)]
    Case(Case),
    /// Hold a connector against the contract, with its recorded cases and faults made of them
    ///
    /// Calls the connector thousands of times: with each case as it was recorded, and with every answer of it replaced
    /// by refusals, damaged bodies and lost connections. Checks what it sends, what it answers, and what that costs.
    ///
    /// Ends with 0 where nothing was found, with 41 where a rule is broken. Each failure comes with the command that
    /// repeats just that one. Needs no network and no settings: cases bring their own.
    Conform(Conform),
    /// Print what a shell needs to complete commands and arguments
    Completions {
        /// The shell
        shell: Shell,
    },
}

#[derive(Args)]
pub(crate) struct Describe {
    #[command(flatten)]
    pub(crate) loading: Loading,
    #[command(flatten)]
    pub(crate) shown: Shown,
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

/// Takes out Authorization, clientId, cookies, what looks like credentials, and with settings their values.
#[derive(Args)]
pub(crate) struct Scrub {
    /// The HAR to clean
    pub(crate) input: PathBuf,
    /// Where the clean one goes
    pub(crate) output: PathBuf,
    /// Replace the values in this settings file by their names, so that the HAR can be replayed
    #[arg(long, value_name = "FILE")]
    pub(crate) settings: Option<PathBuf>,
    /// The connector, which says what in the settings is secret; without it, everything is
    #[arg(long, value_name = "FILE", requires = "settings")]
    pub(crate) component: Option<PathBuf>,
    /// Leave the value of this setting visible in URLs, such as company-id; may be repeated
    #[arg(long, value_name = "NAME", requires = "component")]
    pub(crate) keep_in_urls: Vec<String>,
}

/// A case from a recording.
#[derive(Args)]
pub(crate) struct Case {
    /// The recording, a HAR that --record or `scrub` wrote
    pub(crate) input_file: PathBuf,
    /// The function that was called, such as create-ticket
    #[arg(long, value_name = "NAME", value_parser = function)]
    pub(crate) operation: Option<Function>,
    /// What it was called with, as JSON with the contract's names
    #[arg(long, value_name = "JSON", requires = "operation", value_parser = json)]
    pub(crate) input: Option<Value>,
    /// Write to this file, which must not exist yet, instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

fn function(name: &str) -> Result<Function, serde_json::Error> {
    serde_json::from_value(Value::from(name))
}

fn json(text: &str) -> Result<Value, serde_json::Error> {
    serde_json::from_str(text)
}

#[derive(Args)]
pub(crate) struct Conform {
    /// The connector, such as connectwise-psa.wasm
    pub(crate) component: PathBuf,
    /// The folder of its recorded cases, JSON; or one of them
    pub(crate) cases: PathBuf,
    /// Only checks with this in their names, such as `faults/create-ticket` or `status-502`
    #[arg(long, value_name = "TEXT")]
    pub(crate) filter: Option<String>,
    /// Only the check with the name that --filter gives
    #[arg(long, requires = "filter")]
    pub(crate) exact: bool,
    /// How many checks are made at once; as many as there are processors where it is not given
    #[arg(long, value_name = "NUMBER")]
    pub(crate) jobs: Option<NonZeroUsize>,
    #[command(flatten)]
    pub(crate) shown: Shown,
    /// Write a page for a browser to this file: the cases and faults as a matrix, and the failures
    #[arg(long, help_heading = "Output", value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Write the results to this file as JUnit XML, for continuous integration
    #[arg(long, help_heading = "Output", value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
    /// Write to this file what --json prints
    #[arg(long, help_heading = "Output", value_name = "FILE")]
    pub(crate) json_file: Option<PathBuf>,
}

impl Command {
    /// How the result is printed. A case, scrubbing and completions have one form.
    pub(crate) fn format(&self) -> Format {
        let connection = match self {
            Self::Describe(command) => return command.shown.format(),
            Self::Conform(command) => return command.shown.format(),
            Self::Case(_) | Self::Scrub(_) | Self::Completions { .. } => return Format::Table,
            Self::Origins(connection) | Self::Verify(connection) => connection,
            Self::Companies(command) => &command.connection,
            Self::Boards(command) => &command.connection,
            Self::CheckTicket(command) => &command.connection,
            Self::CreateTicket(command) => &command.connection,
            Self::Ticket(command) => &command.connection,
            Self::Find(command) => &command.connection,
            Self::Note(command) => &command.connection,
            Self::Status(command) => &command.connection,
            Self::Close(command) => &command.connection,
            Self::Reopen(command) => &command.connection,
            Self::Contacts(command) => &command.connection,
            Self::Assets(command) => &command.connection,
            Self::Sites(command) => &command.connection,
            Self::Attach(command) => &command.connection,
        };
        connection.shown.format()
    }
}
