//! The arguments that all commands of a tenant share: connector, settings, network, recording and output.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// The connector, and how it is loaded.
#[derive(Args)]
pub(crate) struct Loading {
    /// The connector: its name, or its file
    #[arg(value_name = "CONNECTOR")]
    pub(crate) component: PathBuf,
    /// Recompile the connector and do not update the cache, which is in `$XDG_CACHE_HOME/psa-host` or `~/.cache/psa-host`
    #[arg(long)]
    pub(crate) no_cache: bool,
}

/// What every call of a tenant needs.
#[derive(Args)]
pub(crate) struct Connection {
    #[command(flatten)]
    pub(crate) loading: Loading,
    #[command(flatten)]
    pub(crate) settings: SettingSources,
    #[command(flatten)]
    pub(crate) live: LiveArguments,
    #[command(flatten)]
    pub(crate) recording: RecordingArguments,
    #[command(flatten)]
    pub(crate) shown: Shown,
    /// Show each request and response with its time and size on standard error, without secrets
    #[arg(long, help_heading = "Output")]
    pub(crate) verbose: bool,
    /// Stop each call of the connector after this time. Its last 20 seconds, but at most half of it, are kept to find out whether a write succeeded: with 3, a request has 1.5 seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) timeout: u64,
}

/// Where settings come from. Never from an argument: other users of the machine can read those.
#[derive(Args)]
pub(crate) struct SettingSources {
    /// The tenant's settings (TOML); see `psa-host --help`
    #[arg(long, value_name = "FILE")]
    pub(crate) settings: Option<PathBuf>,
    /// The tenant, if the settings file has several
    #[arg(long, value_name = "NAME", requires = "settings")]
    pub(crate) tenant: Option<String>,
    /// Read the setting `private-key` from this file; `-`: from standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) private_key_file: Option<PathBuf>,
    /// Read any setting from a file: `client-id=@id.txt`, or `client-id=@-` for standard input; may be repeated
    // Text, and judged later: the parser's own message would show a value that was typed here by mistake.
    #[arg(long, value_name = "NAME=@FILE")]
    pub(crate) secret: Vec<String>,
}

/// What a live run may reach, and how.
#[derive(Args)]
pub(crate) struct LiveArguments {
    /// Also allow this host; give the port if it is not 443; may be repeated
    #[arg(long, help_heading = "Network", value_name = "HOST[:PORT]")]
    pub(crate) allow_host: Vec<String>,
    /// Allow private network addresses, for an on-premises PSA
    #[arg(long, alias = "allow-private", help_heading = "Network")]
    pub(crate) allow_private_networks: bool,
    /// Also trust the certificate authorities in this PEM file; may be repeated
    #[arg(long, help_heading = "Network", value_name = "FILE")]
    pub(crate) cacert: Vec<PathBuf>,
    /// Use this IP address for a host, like the curl option of the same name; may be repeated
    #[arg(long, help_heading = "Network", value_name = "HOST:PORT:ADDRESS")]
    pub(crate) resolve: Vec<String>,
    /// Use the proxy that `HTTPS_PROXY` or `ALL_PROXY` names, except for the hosts in `NO_PROXY`
    #[arg(long, help_heading = "Network")]
    pub(crate) proxy_from_environment: bool,
    /// How the PSA's operator reaches you, an email address or a URL: sent with each request, in User-Agent
    #[arg(long, help_heading = "Network", value_name = "ADDRESS")]
    pub(crate) contact: Option<String>,
    /// Send at most this many requests at once
    #[arg(long, help_heading = "Network", value_name = "NUMBER", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) in_flight: u16,
    /// Ignore the pace that the connector advises, for a server of your own
    #[arg(long, help_heading = "Network")]
    pub(crate) no_pacing: bool,
}

/// Recordings: to answer from, and to write.
#[derive(Args)]
pub(crate) struct RecordingArguments {
    /// Answer from this file instead of the PSA: a HAR file, a recording or a test case
    #[arg(long, help_heading = "Recording", value_name = "FILE")]
    pub(crate) replay: Option<PathBuf>,
    /// Write requests and responses to this HAR file, without secrets
    #[arg(long, help_heading = "Recording", value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    /// Keep the value of this setting in the URLs of --record, such as company-id; may be repeated
    #[arg(
        long,
        help_heading = "Recording",
        value_name = "NAME",
        requires = "record"
    )]
    pub(crate) keep_in_urls: Vec<String>,
}

/// How results are shown.
#[derive(Args)]
pub(crate) struct Shown {
    /// How to print the result
    #[arg(long, help_heading = "Output", value_enum, default_value_t)]
    pub(crate) output: Format,
    /// The same as --output json
    #[arg(long, help_heading = "Output", conflicts_with = "output")]
    pub(crate) json: bool,
}

/// How a result is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Aligned columns for people
    #[default]
    Table,
    /// The names of the contract, for programs
    Json,
    /// A header and one row per record, for spreadsheets
    Csv,
}

impl Shown {
    pub(crate) fn format(&self) -> Format {
        if self.json { Format::Json } else { self.output }
    }
}
