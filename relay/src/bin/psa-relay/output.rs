//! What a command prints, and the failure that ends it.

use std::io::Write as _;

/// Whatever went wrong: it is printed, and nothing else is done with it.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

pub(crate) fn print(line: &str) -> Result<(), Failure> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}
