//! What holds of every function: no secret in what comes out, and errors as the contract has them.

use std::sync::LazyLock;

use connectwise_psa::ConnectWise;
use psa_contract::{ConnectorDescription, ConnectorError, ErrorCode, Operation};
use psa_toolkit::ServiceDesk as _;

use crate::desk::SECRETS;

/// Several quotes of what a server said, and what stands around them.
const LONGEST_MESSAGE_CHARACTERS: usize = 4_000;
/// A small body does not become a large error.
const LARGEST_ERROR_BYTES: usize = 300_000;
const DAY_SECONDS: u32 = 86_400;

/// Fails where a text holds a secret.
pub(crate) fn no_secret(what: &str, text: &str) {
    assert!(!holds_a_secret(text), "{what} holds a secret: {text}");
}

/// Whether a text holds a secret, whatever its case.
pub(crate) fn holds_a_secret(text: &str) -> bool {
    static SMALL: LazyLock<Vec<String>> =
        LazyLock::new(|| SECRETS.iter().map(|it| it.to_ascii_lowercase()).collect());
    let text = text.to_ascii_lowercase();
    SMALL.iter().any(|secret| text.contains(secret))
}

/// What the connector says of itself, which is always the same.
pub(crate) fn description() -> &'static ConnectorDescription {
    static DESCRIPTION: LazyLock<ConnectorDescription> = LazyLock::new(ConnectWise::describe);
    &DESCRIPTION
}

/// A sentence that people read.
pub(crate) fn message(what: &str, text: &str) {
    assert!(!text.is_empty(), "{what} is empty");
    assert!(
        !text.contains(char::is_control),
        "{what} is not one line: {text:?}"
    );
    let characters = text.chars().count();
    assert!(
        characters <= LONGEST_MESSAGE_CHARACTERS,
        "{what} has {characters} characters"
    );
    no_secret(what, text);
}

/// What holds of every error of a function.
pub(crate) fn error(operation: Operation, error: &ConnectorError) {
    let code = error.code;
    assert!(
        may_return(operation, code),
        "{} returned {error:?}",
        operation.name()
    );
    message("the message", &error.message);
    message("the hint", error.hint.as_deref().unwrap_or("none"));
    let shown = format!("{error:?}");
    no_secret("the error", &shown);
    assert!(
        shown.len() <= LARGEST_ERROR_BYTES,
        "{} bytes of error",
        shown.len()
    );
    if matches!(code, ErrorCode::InvalidSettings | ErrorCode::InvalidInput) {
        assert!(!error.field_errors.is_empty(), "no field is named: {shown}");
    }
    let wait = error.retry_after_seconds;
    assert!(
        wait.is_none_or(|wait| (1..=DAY_SECONDS).contains(&wait)),
        "{shown}"
    );
    let must_wait = matches!(code, ErrorCode::RateLimited | ErrorCode::OutcomeUnknown);
    assert!(
        wait.is_some() || !must_wait,
        "how long to wait is not said: {shown}"
    );
    let known = &description().permissions;
    for id in &error.permission_ids {
        assert!(
            known.iter().any(|permission| permission.id == *id),
            "{shown}"
        );
    }
}

/// What holds where nothing was sent, since the settings are not usable.
pub(crate) fn faulty_settings(error: &ConnectorError) {
    assert_eq!(error.code, ErrorCode::InvalidSettings);
    assert!(!error.field_errors.is_empty(), "{error:?}");
    no_secret("the error", &format!("{error:?}"));
}

/// One origin: https, a host in lower case, and a port only where it is not 443.
pub(crate) fn origins(origins: &[String]) {
    let [origin] = origins else {
        panic!("{origins:?}");
    };
    let authority = origin.strip_prefix("https://").expect("https");
    let (host, port) = authority.split_once(':').unwrap_or((authority, "8443"));
    let is_of_a_host = |letter: char| matches!(letter, 'a'..='z' | '0'..='9' | '.' | '-');
    assert!(
        !host.is_empty() && host.chars().all(is_of_a_host),
        "{origin}"
    );
    let port: u16 = port.parse().expect("a port");
    assert!(port != 443 && port != 0, "{origin}");
}

/// The errors that the contract lists for a function.
fn may_return(operation: Operation, code: ErrorCode) -> bool {
    use ErrorCode as Code;
    let is_of_every_read = matches!(
        code,
        Code::InvalidSettings
            | Code::Unauthorized
            | Code::RateLimited
            | Code::Unavailable
            | Code::Denied
            | Code::UnexpectedResponse
    );
    match operation {
        Operation::Verify => is_of_every_read,
        Operation::CheckTicket => is_of_every_read || code == Code::Forbidden,
        Operation::ListCompanies | Operation::GetTicket => {
            is_of_every_read || matches!(code, Code::Forbidden | Code::InvalidInput)
        }
        Operation::ListBoardMetadata => {
            is_of_every_read
                || matches!(code, Code::Forbidden | Code::InvalidInput | Code::NotFound)
        }
        Operation::CreateTicket => !matches!(code, Code::NotFound | Code::Unsupported),
        Operation::FindTickets
        | Operation::ListContacts
        | Operation::ListAssets
        | Operation::ListSites => {
            is_of_every_read || matches!(code, Code::Forbidden | Code::InvalidInput)
        }
        Operation::AddNote | Operation::SetStatus | Operation::AttachAsset => {
            code != Code::Unsupported
        }
    }
}
