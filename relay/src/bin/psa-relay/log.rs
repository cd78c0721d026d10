//! Where the log goes: to standard error, by `RUST_LOG` or from `info` on.

use tracing_subscriber::EnvFilter;

use crate::arguments::{Arguments, Command, LogFormat};

/// Everything that is logged has no secrets in it: settings, tokens and bodies are never given to the log.
pub(crate) fn start(arguments: &Arguments) {
    let usual = match arguments.command {
        Command::Serve => "info",
        _ => "warn",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false);
    match arguments.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
}
