//! The command line. What it means is in `operations.rs`.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, ColorChoice, Parser, Subcommand};
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
use crate::mcp::Mcp;
use crate::note::Note;
use crate::sites::Sites;
use crate::status::Status;
use crate::ticket_id::TicketId;
use crate::verify::Verify;

const EXAMPLES: &str = "\
Examples:
  psa-host describe connectwise
  psa-host verify connectwise --settings my.toml
  psa-host companies connectwise --settings my.toml \\
      --search acme --all --output csv
  psa-host create-ticket connectwise --settings my.toml \\
      --company-id 250 --board-id 1 --reference alert-4711 \\
      --summary 'Blocked domain' --detail 'Domain=example.com'
  psa-host create-ticket connectwise --settings my.toml \\
      --company 'Riverside Dental' --draft ticket.json
  psa-host create-ticket connectwise --settings my.toml \\
      --company-id 250 --test
  psa-host note connectwise --settings my.toml --ticket 5120 \\
      --text 'Seen again at 10:00.' --reference alert-4711:2
  psa-host close connectwise --settings my.toml --ticket 5120
  psa-host verify connectwise --settings tenants.toml --all-tenants
  psa-host companies connectwise --settings my.toml --record my.har
  psa-host companies connectwise --settings my.toml --replay my.har
  psa-host scrub from-a-browser.har clean.har
  psa-host case my.har --operation list-companies --input '{}'
  psa-host conform connectwise tests/cases/connectwise --html report.html
  source <(psa-host completions bash)

Connectors:
  A connector is named, as in these examples, or given as a file: an argument
  with a / or that ends in .wasm. The name NAME is the file NAME-psa.wasm in
  the folder that PSA_HOST_CONNECTORS names, beside psa-host, or in
  ../lib/psa-host. In a folder of Cargo, such as target/debug, it may also be
  in the folder above.

Settings:
  A settings file is TOML with one `name = \"value\"` per line. `describe` lists
  the names. An environment variable overrides the file: PSA_SITE overrides
  `site`, PSA_PRIVATE_KEY overrides `private-key`. --private-key-file and
  --secret override both. Values cannot be passed as arguments, because other
  users of the machine can read those. Protect the file: chmod 600 my.toml
  A file can hold several tenants: shared settings first, then a table
  [tenants.NAME] for each. --tenant NAME chooses one.

Output:
  Results go to standard output; errors, warnings, progress and --verbose go
  to standard error. On a terminal, text is wrapped to its width; export
  COLUMNS to set another width. With --json, results and errors go to standard
  output, with the names of the contract; an error is
  {\"error\": {\"code\": …, \"message\": …, \"hint\": …}}.
  With --output csv, there is one row per record. Control characters are shown
  as escapes, and a cell that a spreadsheet would run as a formula starts with '.

Recordings:
  --record writes a HAR file with {{names}} in place of settings, so it holds
  no key. --replay fills in the settings in use. It also reads the HAR file of
  a browser or a proxy, such as: mitmdump --set hardump=my.har
";

const CASE_EXAMPLE: &str = "\
Example:
  psa-host ticket connectwise --settings my.toml --ticket 5120 \\
      --record ticket.har
  psa-host case ticket.har --operation get-ticket --input '{\"id\": \"5120\"}' \\
      --output cases/get-ticket/ok.json";

const HOST_EXAMPLE: &str = "\
The program finds in its environment:
  PSA_PROBE           the file of the probe
  PSA_CERTIFICATE     a PEM file with the authority to trust
  PSA_SETTINGS        the settings of a tenant, as a JSON object
  PSA_OTHER_SETTINGS  those of another tenant
It calls `list-companies` and `create-ticket` with the first settings and
`get-ticket` with the others, and prints the three results as JSON: an error as
{\"error\": {\"code\": \"outcome-unknown\"}}.

Examples:
  psa-host conform-host -- node my-host.js
  psa-host conform-host --only in-order -- ./my-host --verbose
";

/// Runs a PSA connector: a sandboxed component that opens, reads, updates and closes tickets in the PSA of one vendor.
///
/// The connector gets HTTP and nothing else: no files, no clock, no environment variables, no sockets. It can reach only
/// the hosts in its settings. With --replay, a recording answers its requests, and nothing leaves this machine.
#[derive(Parser)]
#[command(name = "psa-host", version, after_long_help = format!("{EXAMPLES}\n{}", exit::table()))]
#[command(
    after_help = "`psa-host --help` shows examples, the sources of settings, and the exit codes."
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// When to use colors; `auto`: on a terminal, unless `NO_COLOR` is set
    #[arg(
        long,
        global = true,
        help_heading = "Output",
        value_name = "WHEN",
        value_enum,
        default_value_t
    )]
    pub(crate) color: ColorChoice,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Show what the connector needs: settings to enter, permissions to grant, fields to send; sends nothing
    Describe(Describe),
    /// Show which servers the connector would contact with these settings; sends nothing
    Origins(Connection),
    /// Check the credentials and the permissions; writes nothing
    Verify(Verify),
    /// List the companies that you can open tickets for
    Companies(Companies),
    /// List the boards, and their statuses, types, subtypes, items and priorities
    Boards(Boards),
    /// Check whether a ticket would be accepted; writes nothing
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
    /// List the assets of a company: its devices, and whatever else you manage
    Assets(Assets),
    /// List the sites of a company
    Sites(Sites),
    /// Attach an asset to a ticket
    Attach(Attach),
    /// Serve the tools of the Model Context Protocol to an agent; reads only, unless --allow-writes is given
    ///
    /// An agent's client starts this program, and talks to it over standard input and output. Each function of the connector
    /// is a tool. The agent never sees the settings. docs/agents.md says how to set up a client, and what is protected.
    Mcp(Mcp),
    /// Remove the secrets from a HAR file that another program made
    Scrub(Scrub),
    /// Make the skeleton of a case for `conform` from a scrubbed HAR file
    ///
    /// Prints JSON with the contents of the recording: the names of the settings with made-up values, the requests and
    /// their responses, and the number of rounds. Fill in `docs`, `provenance`, `expect`, and every setting that no
    /// request shows. Check each role: it is a guess from method, URL and response. Values that scrubbing removed are
    /// `removed` in bodies; such headers are left out.
    ///
    /// With --export, writes cases for programs in other languages instead: each with its settings, arguments, exchanges
    /// and expected result, and without placeholders.
    #[command(after_help = CASE_EXAMPLE)]
    Case(Case),
    /// Test a connector against the contract, with recorded cases and with faults made from them
    ///
    /// Calls the connector thousands of times: with each case as it was recorded, and with each response replaced by
    /// refusals, damaged bodies and lost connections. Checks what the connector sends, what it returns, and what that
    /// costs.
    ///
    /// Exits with 0 if every check passed, and with 41 if a rule is broken. Each failure comes with a command that repeats
    /// it. Needs no network and no settings: the cases have their own.
    Conform(Conform),
    /// Test a host of your own, in any language, with a connector that tries it
    ///
    /// Starts a server on this machine and runs the program of your host, which loads the connector `probe` and calls it.
    ///
    /// Exits with 0 if no duty is broken, and with 41 if one is. docs/hosts.md explains each duty.
    #[command(after_help = HOST_EXAMPLE)]
    ConformHost(ConformHost),
    /// Print the completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Write manual pages and completion scripts
    #[command(hide = true)]
    Share {
        /// The folder, such as /usr/share
        folder: PathBuf,
    },
}

#[derive(Args)]
pub(crate) struct Describe {
    #[command(flatten)]
    pub(crate) loading: Loading,
    #[command(flatten)]
    pub(crate) shown: Shown,
    /// Print a settings file to fill in
    #[arg(long, conflicts_with_all = ["output", "json"])]
    pub(crate) template: bool,
}

#[derive(Args)]
pub(crate) struct Boards {
    #[command(flatten)]
    pub(crate) connection: Connection,
    /// Also list what belongs to the board with this id; may be repeated
    #[arg(
        long,
        value_name = "ID",
        allow_negative_numbers = true,
        conflicts_with = "all"
    )]
    pub(crate) board: Vec<String>,
    /// Also list what belongs to each board
    #[arg(long)]
    pub(crate) all: bool,
}

#[derive(Args)]
pub(crate) struct Ticket {
    #[command(flatten)]
    pub(crate) connection: Connection,
    #[command(flatten)]
    pub(crate) ticket: TicketId,
}

/// Removes credentials from headers and bodies; with settings, also their values.
#[derive(Args)]
pub(crate) struct Scrub {
    /// The HAR file to clean
    pub(crate) input: PathBuf,
    /// The file to write
    pub(crate) output: PathBuf,
    /// Replace the values in this settings file with their names, so that the HAR file can be replayed
    #[arg(long, value_name = "FILE")]
    pub(crate) settings: Option<PathBuf>,
    /// The tenant, if the settings file has several
    #[arg(long, value_name = "NAME", requires = "settings")]
    pub(crate) tenant: Option<String>,
    /// The connector, by its name or its file, which knows which settings are secret; without it, all of them are
    #[arg(long, value_name = "CONNECTOR", requires = "settings")]
    pub(crate) component: Option<PathBuf>,
    /// Keep the value of this setting in URLs, such as company-id; may be repeated
    #[arg(long, value_name = "NAME", requires = "component")]
    pub(crate) keep_in_urls: Vec<String>,
}

/// A case from a recording, or cases for programs in other languages.
#[derive(Args)]
pub(crate) struct Case {
    /// The recording: a HAR file that --record or `scrub` wrote; with --export, a case or a folder of cases
    pub(crate) input_file: PathBuf,
    /// The function that was called, such as create-ticket
    #[arg(long, value_name = "NAME", value_parser = function)]
    pub(crate) operation: Option<Function>,
    /// Its arguments, as JSON with the names of the contract
    #[arg(long, value_name = "JSON", requires = "operation", value_parser = json)]
    pub(crate) input: Option<Value>,
    /// Write to this file, which must not exist yet, instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Write each case to this folder, which must not exist yet, as JSON without placeholders
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["operation", "input", "output"])]
    pub(crate) export: Option<PathBuf>,
}

fn function(name: &str) -> Result<Function, serde_json::Error> {
    serde_json::from_value(Value::from(name))
}

fn json(text: &str) -> Result<Value, serde_json::Error> {
    serde_json::from_str(text)
}

#[derive(Args)]
pub(crate) struct Conform {
    /// The connector: its name, or its file
    #[arg(value_name = "CONNECTOR")]
    pub(crate) component: PathBuf,
    /// The folder with its recorded cases (JSON), or one of them
    pub(crate) cases: PathBuf,
    /// Only run checks whose names contain this, such as `faults/create-ticket` or `status-502`
    #[arg(long, value_name = "TEXT")]
    pub(crate) filter: Option<String>,
    /// Only run the check whose name is exactly that of --filter
    #[arg(long, requires = "filter")]
    pub(crate) exact: bool,
    /// Run this many checks at once [default: the number of processors]
    #[arg(long, value_name = "NUMBER")]
    pub(crate) jobs: Option<NonZeroUsize>,
    #[command(flatten)]
    pub(crate) shown: Shown,
    /// Write the results to this file as an HTML page: totals, a matrix of cases and faults, and the failures
    #[arg(long, help_heading = "Output", value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Write the results to this file as JUnit XML, for continuous integration
    #[arg(long, help_heading = "Output", value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
    /// Write the output of --json to this file
    #[arg(long, help_heading = "Output", value_name = "FILE")]
    pub(crate) json_file: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct ConformHost {
    /// The program of the host, and its arguments
    #[arg(last = true, value_name = "PROGRAM", required_unless_present = "serve")]
    pub(crate) program: Vec<OsString>,
    /// Run no program: print what to tell it, and read from standard input what it printed
    #[arg(long, conflicts_with = "program")]
    pub(crate) serve: bool,
    /// Only test this duty, such as in-order
    #[arg(long, value_name = "DUTY")]
    pub(crate) only: Option<String>,
    /// The probe, if your host takes another form of it: its name, or its file
    #[arg(long, value_name = "CONNECTOR", default_value = "probe")]
    pub(crate) probe: PathBuf,
    /// Hold a request that is to time out for this long; longer than the host waits for a response
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub(crate) patience: u64,
    /// End the program after this time
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    pub(crate) timeout: u64,
    #[command(flatten)]
    pub(crate) shown: Shown,
}

impl Command {
    /// How the result is printed. A case, scrubbing and completions have one form.
    pub(crate) fn format(&self) -> Format {
        let connection = match self {
            Self::Describe(command) => return command.shown.format(),
            Self::Conform(command) => return command.shown.format(),
            Self::ConformHost(command) => return command.shown.format(),
            Self::Case(_)
            | Self::Mcp(_)
            | Self::Scrub(_)
            | Self::Completions { .. }
            | Self::Share { .. } => {
                return Format::Table;
            }
            Self::Origins(connection) => connection,
            Self::Verify(command) => &command.connection,
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
