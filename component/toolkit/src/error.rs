//! Building a [`ConnectorError`]. Text from outside enters one through [`crate::secrets::Secrets::quote`] only.

use std::fmt;
use std::ops::Deref;

use psa_contract::{ConnectorError, ErrorCode, FieldError};

/// What an operation returns in place of its result. Boxed: it is large, and most calls return none.
pub struct Error(Box<ConnectorError>);

impl Error {
    /// An error without details. The message starts with what failed: `cannot list companies: …`.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self(Box::new(ConnectorError::new(code, message)))
    }

    /// The error as the contract has it.
    #[must_use]
    pub fn into_inner(self) -> ConnectorError {
        *self.0
    }

    /// The same with another code: what a function makes of an error that the contract does not give it. Its hint is still that of
    /// the code before: give it one that fits.
    #[must_use]
    pub fn with_code(mut self, code: ErrorCode) -> Self {
        self.0.code = code;
        self
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// The fields that are at fault.
    #[must_use]
    pub fn field_errors(mut self, field_errors: Vec<FieldError>) -> Self {
        self.0.field_errors = field_errors;
        self
    }

    /// The permissions that are missing.
    #[must_use]
    pub fn permission_ids(mut self, ids: Vec<String>) -> Self {
        self.0.permission_ids = ids;
        self
    }

    /// How long to wait before a repetition.
    #[must_use]
    pub fn retry_after(mut self, seconds: Option<u32>) -> Self {
        self.0.retry_after_seconds = seconds;
        self
    }

    /// The status of the response that decided.
    #[must_use]
    pub fn http_status(mut self, status: u16) -> Self {
        self.0.http_status = Some(status);
        self
    }

    /// The PSA's own code.
    #[must_use]
    pub fn vendor_code(mut self, code: Option<String>) -> Self {
        self.0.vendor_code = code;
        self
    }

    /// The PSA's own id of the request that failed.
    #[must_use]
    pub fn vendor_request_id(mut self, id: Option<String>) -> Self {
        self.0.vendor_request_id = id;
        self
    }

    /// The tickets concerned.
    #[must_use]
    pub fn ticket_ids(mut self, ids: Vec<String>) -> Self {
        self.0.ticket_ids = ids;
        self
    }

    /// If it is not known what became of a write to this ticket, the error names it.
    #[must_use]
    pub fn of_ticket(self, id: impl fmt::Display) -> Self {
        match self.0.code {
            ErrorCode::OutcomeUnknown => self.ticket_ids(vec![id.to_string()]),
            _ => self,
        }
    }

    /// The same response decided as in another error.
    #[must_use]
    pub fn decided_as(mut self, other: &Self) -> Self {
        self.0.http_status = other.http_status;
        self.0.vendor_code = other.vendor_code.clone();
        self.0.vendor_request_id = other.vendor_request_id.clone();
        self
    }
}

impl From<ConnectorError> for Error {
    fn from(error: ConnectorError) -> Self {
        Self(Box::new(error))
    }
}

impl Deref for Error {
    type Target = ConnectorError;

    fn deref(&self) -> &ConnectorError {
        &self.0
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// What was read, if no fault of it was found.
///
/// # Errors
/// All faults.
pub fn faultless<T>(value: T, faults: Vec<FieldError>) -> Result<T, Vec<FieldError>> {
    match faults.is_empty() {
        true => Ok(value),
        false => Err(faults),
    }
}

/// A fault of a field of the contract.
pub fn field_error(field: &str, message: impl Into<String>) -> FieldError {
    FieldError {
        field: Some(field.to_owned()),
        vendor_field: None,
        message: message.into(),
    }
}

/// What was read. None: the error has this code, and the caller can do without what it asked for.
///
/// # Errors
/// Every other error.
pub fn unless<T>(code: ErrorCode, read: Result<T, Error>) -> Result<Option<T>, Error> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(error) if error.code == code => Ok(None),
        Err(error) => Err(error),
    }
}

/// A record that a write needs does not exist: `ticket 7`. `doing` completes "cannot …".
#[must_use]
pub fn missing(doing: &str, record: &str) -> Error {
    let message = format!("cannot {doing}: there is no {record}");
    Error::new(ErrorCode::NotFound, message)
        .hint("it is gone, or these credentials do not allow access to it; nothing was written")
}

/// Faults of the arguments, found before anything was sent. The message repeats them, for readers who see nothing else.
/// `doing` completes "cannot …".
#[must_use]
pub fn invalid_input(doing: &str, field_errors: Vec<FieldError>) -> Error {
    let message = format!("cannot {doing}: {}", summary_of(&field_errors));
    Error::new(ErrorCode::InvalidInput, message)
        .hint("correct these fields and call again; nothing was sent")
        .field_errors(field_errors)
}

/// Faults of the settings, found before anything was sent.
#[must_use]
pub fn invalid_settings(field_errors: Vec<FieldError>) -> Error {
    let message = format!("the settings are not valid: {}", summary_of(&field_errors));
    Error::new(ErrorCode::InvalidSettings, message)
        .hint("correct these settings; nothing was sent")
        .field_errors(field_errors)
}

/// ``"`client-id` is required; `site`: its port is not a number"``.
fn summary_of(field_errors: &[FieldError]) -> String {
    let parts: Vec<String> = field_errors
        .iter()
        .map(|fault| match &fault.field {
            Some(field) => match fault.message.strip_prefix("it ") {
                Some(rest) => format!("`{field}` {rest}"),
                None => format!("`{field}`: {}", fault.message),
            },
            None => fault.message.clone(),
        })
        .collect();
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_named_where_it_may_have_been_written() {
        for (code, expected) in [
            (ErrorCode::OutcomeUnknown, vec!["7"]),
            (ErrorCode::Rejected, vec![]),
        ] {
            assert_eq!(Error::new(code, "").of_ticket(7).ticket_ids, expected);
        }
    }

    #[test]
    fn one_code_is_as_good_as_nothing() {
        let read = |code| unless(ErrorCode::Forbidden, Err::<i32, _>(Error::new(code, "")));
        assert_eq!(
            unless(ErrorCode::Forbidden, Ok(7)).expect("a number"),
            Some(7)
        );
        assert_eq!(read(ErrorCode::Forbidden).expect("nothing"), None);
        let error = read(ErrorCode::NotFound).expect_err("another code");
        assert_eq!(error.code, ErrorCode::NotFound);
    }

    #[test]
    fn a_record_that_is_missing_is_named() {
        let error = missing("add a note", "ticket 7");
        assert_eq!(error.code, ErrorCode::NotFound);
        assert_eq!(error.message, "cannot add a note: there is no ticket 7");
        assert!(error.hint.is_some());
    }

    #[test]
    fn the_message_repeats_the_faults() {
        let unnamed = FieldError {
            field: None,
            ..field_error("", "a setting is unknown")
        };
        let faults = vec![
            field_error("site", "it is not a host name"),
            field_error("site", "there is no such site"),
            unnamed,
        ];
        let error = invalid_settings(faults.clone());
        let expected = "the settings are not valid: `site` is not a host name; `site`: there is no such site; a setting is unknown";
        assert_eq!(error.message, expected);
        assert_eq!(error.field_errors, faults);
        assert!(format!("{error:?}").contains(expected), "{error:?}");
    }
}
