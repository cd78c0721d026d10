//! What a command prints, and the failure that ends it.

use std::io::Write as _;

use psa_relay::service::ServiceError;

/// Whatever went wrong: it is printed, and nothing else is done with it.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What failed, and what to do about it if the PSA's connector has advice.
pub(crate) fn report(failure: &Failure) {
    eprintln!("psa-relay: {failure}");
    if let Some(ServiceError::Psa(error)) = failure.downcast_ref()
        && let Some(hint) = &error.hint
    {
        eprintln!("  hint: {hint}");
    }
}

pub(crate) fn print(line: &str) -> Result<(), Failure> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}
