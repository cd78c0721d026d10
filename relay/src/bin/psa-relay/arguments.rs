//! What may be typed.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

const EXAMPLES: &str = "\
Examples:
  psa-relay demo
  psa-relay --config relay.toml serve
  psa-relay --config relay.toml link
  psa-relay --config relay.toml import setup.toml
  psa-relay --config relay.toml token alertmanager
  psa-relay --config relay.toml check example --company 2 \\
      --skip-ticket --enable

Run the other commands beside `serve`, as the same user and with the same
--config: they read and write the same data.";

/// Alert in, ticket out: takes alerts of any product, and opens, notes and closes tickets in a PSA.
#[derive(Debug, Parser)]
#[command(name = "psa-relay", version, arg_required_else_help = true, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The relay's configuration (TOML); docs/relay.md describes it. Without it, everything has its default
    #[arg(long, global = true, env = "PSA_RELAY_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The format of the log
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text)]
    pub(crate) log_format: LogFormat,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people
    Text,
    /// For programs: a JSON object in each line
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Take alerts and open tickets, until it is stopped
    Serve,
    /// Show everything with a stand-in for the PSA and a source that sends alerts; nothing is kept
    Demo {
        /// The port of the page; the next two ports are for alerts and for the tickets of the stand-in
        #[arg(long, default_value_t = 8_090, value_parser = clap::value_parser!(u16).range(1_024..=65_000))]
        port: u16,
    },
    /// Print a link to the page that works once, for ten minutes
    Link {
        /// Where the page is, if not where the configuration says
        #[arg(long, value_name = "URL")]
        page: Option<String>,
    },
    /// Print tenants, cases by state, and what waits for a person
    Status {
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Print everything as JSON: what was set up, cases with their tickets, and their trails. Settings stay encrypted; the
    /// key is not in it
    Export,
    /// Take in what was exported, or what you wrote in the same form
    Import {
        /// JSON that `export` printed, or TOML: then its name ends in .toml
        file: PathBuf,
    },
    /// Make a token of a source and print it once
    Token {
        /// The id of the source
        source: String,
        /// Which of the two tokens of the source it replaces: 0 or 1
        #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=1))]
        place: u8,
    },
    /// Verify the settings of a tenant, check a sample ticket, and with --enable turn tickets on
    Check {
        /// The id of the tenant
        tenant: String,
        /// The company of the sample ticket, by its id in the PSA
        #[arg(long, value_name = "ID")]
        company: String,
        /// A ticket to read, which shows that the relay sees what it will need to see
        #[arg(long, value_name = "ID", conflicts_with = "skip_ticket")]
        ticket: Option<String>,
        /// Allow tickets to be turned on although none was read
        #[arg(long)]
        skip_ticket: bool,
        /// Turn tickets on if everything is in order
        #[arg(long)]
        enable: bool,
    },
    /// Try parked cases of a tenant again
    Retry {
        /// The id of the tenant
        tenant: String,
    },
    /// Write manual pages and completion scripts
    #[command(hide = true)]
    Share {
        /// The folder, such as /usr/share
        folder: PathBuf,
    },
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_arguments_are_in_order() {
        Arguments::command().debug_assert();
    }
}
