//! What goes wrong: building a [`ConnectorError`], and the one place where text from outside is made fit for a message. What an HTTP status
//! means is in `refusal.rs`.

use std::boxed::Box;
use std::fmt;
use std::ops::Deref;

use psa_contract::{ConnectorError, ErrorCode, FieldError, Operation, Response};

use crate::permission::Right;
use crate::settings::Settings;
use crate::text::{joined, one_line};

/// Long enough for every message of the PSA that is known, short enough for a log line.
const LONGEST_QUOTE_CHARACTERS: usize = 300;

/// What an operation returns in place of its result. Boxed: it is large, and most calls return none.
pub struct Error(Box<ConnectorError>);

/// An error without details.
pub(crate) fn error(code: ErrorCode, message: String) -> Error {
    Error(Box::new(ConnectorError {
        code,
        message,
        hint: None,
        field_errors: Vec::new(),
        permission_ids: Vec::new(),
        retry_after_seconds: None,
        http_status: None,
        vendor_code: None,
        vendor_request_id: None,
        ticket_ids: Vec::new(),
    }))
}

/// This connector does not have this function.
pub(crate) fn unsupported(operation: Operation) -> Error {
    let message = format!("this connector has no function `{}`", operation.name());
    error(ErrorCode::Unsupported, message)
        .hint("`describe` lists the functions that it has; nothing was sent")
}

impl Error {
    /// The error as the contract has it.
    #[must_use]
    pub fn into_inner(self) -> ConnectorError {
        *self.0
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    pub(crate) fn field_errors(mut self, field_errors: Vec<FieldError>) -> Self {
        self.0.field_errors = field_errors;
        self
    }

    /// The rights that are missing.
    pub(crate) fn permissions(mut self, rights: &[&Right]) -> Self {
        self.0.permission_ids = rights.iter().map(|right| right.id.to_owned()).collect();
        self
    }

    pub(crate) fn retry_after(mut self, seconds: Option<u32>) -> Self {
        self.0.retry_after_seconds = seconds;
        self
    }

    /// The response that decided.
    pub(crate) fn of_response(mut self, settings: &Settings, response: &Response) -> Self {
        self.0.http_status = Some(response.status);
        self.0.vendor_request_id = response
            .header("x-cw-request-id")
            .map(|id| quote(settings, id))
            .filter(|id| !id.is_empty());
        self
    }

    /// The tickets concerned.
    pub(crate) fn tickets(mut self, ids: Vec<String>) -> Self {
        self.0.ticket_ids = ids;
        self
    }

    pub(crate) fn vendor_code(mut self, code: Option<String>) -> Self {
        self.0.vendor_code = code;
        self
    }

    /// The same response decided as in another error.
    pub(crate) fn decided_as(mut self, other: &Self) -> Self {
        self.0.http_status = other.http_status;
        self.0.vendor_code = other.vendor_code.clone();
        self.0.vendor_request_id = other.vendor_request_id.clone();
        self
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

/// A fault of a field of this contract, found before anything was sent.
pub(crate) fn field_error(field: &str, message: impl Into<String>) -> FieldError {
    FieldError {
        field: Some(field.to_owned()),
        vendor_field: None,
        message: message.into(),
    }
}

/// Faults of the arguments. The message repeats them, for readers who see nothing else.
pub(crate) fn invalid_input(doing: &str, field_errors: Vec<FieldError>) -> Error {
    let message = ["cannot ", doing, ": ", &summary_of(&field_errors)].concat();
    error(ErrorCode::InvalidInput, message)
        .hint("correct the fields named and call again; nothing was sent")
        .field_errors(field_errors)
}

/// `site: it holds a query; client-id: it is missing`.
pub(crate) fn summary_of(field_errors: &[FieldError]) -> String {
    let parts: Vec<String> = field_errors
        .iter()
        .map(|fault| match &fault.field {
            Some(field) => ["`", field, "`: ", &fault.message].concat(),
            None => fault.message.clone(),
        })
        .collect();
    joined(parts.iter(), "; ")
}

/// Text from outside, fit for a message: without secrets, on one line, not too long.
pub(crate) fn quote(settings: &Settings, text: &str) -> String {
    let line = one_line(&settings.without_secrets(text));
    match line.char_indices().nth(LONGEST_QUOTE_CHARACTERS) {
        Some((end, _)) => [line.get(..end).unwrap_or_default(), "…"].concat(),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_what_the_contract_has() {
        let shown = format!("{:?}", error(ErrorCode::Denied, "the reason".to_owned()));
        assert!(
            shown.contains("Denied") && shown.contains("the reason"),
            "{shown}"
        );
    }
}
