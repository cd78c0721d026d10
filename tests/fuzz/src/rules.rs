//! What holds of every function: no secret in what comes out, and errors as the contract has them.

use psa_contract::{ConnectorError, ErrorCode, Operation};

use crate::vendor::Vendor;

/// Several quotes of what a server said, and what stands around them.
const LONGEST_MESSAGE_CHARACTERS: usize = 4_000;
/// A small body does not become a large error.
const LARGEST_ERROR_BYTES: usize = 300_000;
const DAY_SECONDS: u32 = 86_400;

/// Fails where a text holds a secret.
pub(crate) fn no_secret(vendor: &Vendor, what: &str, text: &str) {
    assert!(
        !vendor.holds_a_secret(text),
        "{what} holds a secret: {text}"
    );
}

/// A sentence that people read.
pub(crate) fn message(vendor: &Vendor, what: &str, text: &str) {
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
    no_secret(vendor, what, text);
}

/// What holds of every error of a function.
pub(crate) fn error(vendor: &Vendor, operation: Operation, error: &ConnectorError) {
    let code = error.code;
    assert!(
        may_return(operation, code),
        "{} returned {error:?}",
        operation.name()
    );
    message(vendor, "the message", &error.message);
    message(vendor, "the hint", error.hint.as_deref().unwrap_or("none"));
    let shown = format!("{error:?}");
    no_secret(vendor, "the error", &shown);
    assert!(
        shown.len() <= LARGEST_ERROR_BYTES,
        "{} bytes of error",
        shown.len()
    );
    if matches!(code, ErrorCode::InvalidSettings | ErrorCode::InvalidInput) {
        assert!(!error.field_errors.is_empty(), "no field is named: {shown}");
    }
    if code == ErrorCode::Conflict {
        assert!(!error.ticket_ids.is_empty(), "no ticket is named: {shown}");
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
    let known = &vendor.description.permissions;
    for id in &error.permission_ids {
        assert!(
            known.iter().any(|permission| permission.id == *id),
            "{shown}"
        );
    }
}

/// What holds where nothing was sent, since the settings are not usable.
pub(crate) fn faulty_settings(vendor: &Vendor, error: &ConnectorError) {
    assert_eq!(error.code, ErrorCode::InvalidSettings);
    assert!(!error.field_errors.is_empty(), "{error:?}");
    no_secret(vendor, "the error", &format!("{error:?}"));
}

/// One or more: https, a host in lower case, whose first label may be `*`, and a port only where it is not 443.
pub(crate) fn origins(origins: &[String]) {
    assert!(!origins.is_empty());
    origins.iter().for_each(|it| origin(it));
}

fn origin(origin: &str) {
    let authority = origin.strip_prefix("https://").expect("https");
    let authority = authority.strip_prefix("*.").unwrap_or(authority);
    let (host, port) = authority.split_once(':').unwrap_or((authority, "8443"));
    let is_of_a_host = |letter: char| matches!(letter, 'a'..='z' | '0'..='9' | '.' | '-' | '_');
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
