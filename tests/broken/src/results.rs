//! What is changed in results and errors.

use psa_contract::{ConnectorError, ErrorCode, Verification};
use psa_toolkit::Error;

/// A result is shown, and kept in logs.
pub(crate) fn verification(verification: Verification, token: &str) -> Verification {
    if cfg!(feature = "leaks-the-token-in-a-result") {
        return Verification {
            account: Some(format!("signed in with {token}")),
            ..verification
        };
    }
    verification
}

pub(crate) fn error(error: Error, client_secret: &str, token: &str) -> Error {
    let mut error: ConnectorError = error.into_inner();
    // The ticket may have been opened all the same.
    if cfg!(feature = "calls-doubt-rejected") && error.code == ErrorCode::OutcomeUnknown {
        error.code = ErrorCode::Rejected;
        error.retry_after_seconds = None;
    }
    // It is shown to whoever reads the message.
    if cfg!(feature = "leaks-the-key-in-an-error") && error.http_status == Some(401) {
        error.message += &format!(" to the secret {client_secret}");
    }
    // A token is as good as the client secret while it lives.
    if cfg!(feature = "leaks-the-token-in-an-error") && !token.is_empty() {
        error.message += &format!(" to the token {token}");
    }
    // No field of the contract has an underscore in its name.
    if cfg!(feature = "names-a-wrong-field") {
        for fault in &mut error.field_errors {
            fault.field = fault.field.take().map(|field| field.replace('-', "_"));
        }
    }
    Error::from(error)
}
