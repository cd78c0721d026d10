//! Making errors that are not about an answer; those are in `api.rs`.

use psa_contract::{ConnectorError, ErrorCode, FieldError, Operation};

const LONGEST_QUOTE_CHARACTERS: usize = 300;

/// An error without details.
pub(crate) fn error(code: ErrorCode, message: String) -> ConnectorError {
    ConnectorError {
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
    }
}

/// This connector does not have this function.
pub(crate) fn unsupported(operation: Operation) -> ConnectorError {
    let message = format!("this connector has no function `{}`", operation.name());
    error(ErrorCode::Unsupported, message)
}

/// What is wrong with a setting or a field, by its name in the contract.
pub(crate) fn field_error(field: &str, message: &str) -> FieldError {
    // Wrong: no field of the contract has an underscore in its name.
    let field = if cfg!(feature = "names-a-wrong-field") {
        field.replace('-', "_")
    } else {
        field.to_owned()
    };
    FieldError {
        field: Some(field),
        vendor_field: None,
        message: message.to_owned(),
    }
}

/// `invalid-settings` or `invalid-input`: nothing was sent.
pub(crate) fn invalid(code: ErrorCode, doing: &str, faults: Vec<FieldError>) -> ConnectorError {
    let named: Vec<String> = faults
        .iter()
        .map(|fault| {
            let field = fault.field.as_deref().unwrap_or("a name");
            format!("`{field}`: {}", fault.message)
        })
        .collect();
    ConnectorError {
        hint: Some("correct what is named; nothing was sent".to_owned()),
        field_errors: faults,
        ..error(code, format!("cannot {doing}: {}", named.join("; ")))
    }
}

/// Text from outside, fit for a message: without the secrets, on one line, not too long.
pub(crate) fn quote(secrets: &[String], text: &str) -> String {
    let words: Vec<&str> = text
        .split(|letter: char| letter.is_whitespace() || letter.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    let line = secrets.iter().fold(words.join(" "), |line, secret| {
        line.replace(secret, "[secret]")
    });
    line.chars().take(LONGEST_QUOTE_CHARACTERS).collect()
}
