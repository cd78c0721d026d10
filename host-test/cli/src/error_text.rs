//! A connector's error, for people. Everything is said once: what the message already says gets no line of its own.

use psa_host::contract::{ConnectorDescription, ConnectorError, ErrorCode, FieldError, Permission};

use crate::exit;
use crate::flags::with_flags;
use crate::layout::{Width, labelled};
use crate::permission::{described, place_of};
use crate::terminal::{BAD, styled};
use crate::text::visible;

/// The message of a connector may start with this. The headline already says it.
const CANNOT_SIGN_IN: &str = "cannot sign in: ";

/// `error: …`, wrapped.
pub(crate) fn headline(text: &str, width: Width) -> String {
    let line = labelled(0, "error", text, width);
    line.replacen("error:", &styled(BAD, "error:"), 1)
}

pub(crate) fn connector_error(
    error: &ConnectorError,
    description: Option<&ConnectorDescription>,
    width: Width,
) -> String {
    let mut lines = Vec::new();
    let message = without_faults(&error.message, &error.field_errors);
    let mut detail = |name: &str, text: &str| lines.push(labelled(2, name, text, width));
    if error.code == ErrorCode::Unauthorized {
        detail(
            "reason",
            message.strip_prefix(CANNOT_SIGN_IN).unwrap_or(message),
        );
    }
    for fault in &error.field_errors {
        if !message.contains(&fault.message) {
            detail(&visible(&name_of(fault)), &fault.message);
        }
    }
    // If the connector has no advice, its code has.
    let hint = error.hint.as_deref();
    let hint = hint.unwrap_or_else(|| exit::what_to_do(error.code));
    if let Some(hint) = with_flags(Some(hint), &error.message) {
        detail("hint", &hint);
    }
    let mut places = Vec::new();
    for id in &error.permission_ids {
        let permission = description.and_then(|known| described(id, known));
        let is_said = permission.is_some_and(|it| is_named(it, hint));
        let place = permission.map_or_else(|| id.clone(), place_of);
        if !is_said && !places.contains(&place) {
            detail("permission to grant", &place);
            places.push(place);
        }
    }
    if let Some(seconds) = error.retry_after_seconds {
        detail("repeat after", &format!("{seconds} seconds"));
    }
    let status = error.http_status.map(|status| status.to_string());
    for (name, value) in [
        ("HTTP status", status.as_ref()),
        ("the PSA's code", error.vendor_code.as_ref()),
        ("the PSA's request id", error.vendor_request_id.as_ref()),
    ] {
        if let Some(value) = value.filter(|value| !message.contains(*value)) {
            detail(name, value);
        }
    }
    let first = match error.code {
        ErrorCode::Unauthorized => {
            let vendor = description.map_or("the PSA", |known| known.vendor.as_str());
            format!("cannot sign in to {vendor} ({})", error.code.name())
        }
        code => format!("{}: {message}", code.name()),
    };
    format!("{}\n{}", headline(&first, width), lines.join("\n"))
}

/// Whether a hint says where to set it, and to what. `Add` of `Add (All)` tells it apart from others at the same place.
fn is_named(permission: &Permission, hint: &str) -> bool {
    let level = permission
        .level
        .iter()
        .flat_map(|level| level.split(' ').next());
    let mut words = permission
        .path
        .last()
        .map(String::as_str)
        .into_iter()
        .chain(level);
    words.all(|word| hint.contains(word))
}

/// The message without the errors of fields at its end, which get lines of their own.
fn without_faults<'a>(message: &'a str, faults: &[FieldError]) -> &'a str {
    let repeated: Vec<String> = faults
        .iter()
        .map(|fault| match &fault.field {
            Some(field) => match fault.message.strip_prefix("it ") {
                Some(rest) => format!("`{field}` {rest}"),
                None => format!("`{field}`: {}", fault.message),
            },
            None => fault.message.clone(),
        })
        .collect();
    let rest = message.strip_suffix(&repeated.join("; "));
    let rest = rest.and_then(|rest| rest.strip_suffix(": "));
    rest.unwrap_or(message)
}

fn name_of(fault: &FieldError) -> String {
    match (&fault.field, &fault.vendor_field) {
        (Some(own), Some(vendor)) => format!("{own} (the PSA's {vendor})"),
        (Some(own), None) => own.clone(),
        (None, Some(vendor)) => format!("the PSA's {vendor}"),
        (None, None) => "in general".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use anstream::adapter::strip_str;

    use super::*;

    fn error(code: ErrorCode, message: &str) -> ConnectorError {
        ConnectorError {
            hint: Some("correct it".to_owned()),
            ..ConnectorError::new(code, message)
        }
    }

    fn fault(field: Option<&str>, vendor_field: Option<&str>, message: &str) -> FieldError {
        FieldError {
            field: field.map(str::to_owned),
            vendor_field: vendor_field.map(str::to_owned),
            message: message.to_owned(),
        }
    }

    #[test]
    fn each_thing_is_said_once() {
        let cases = [
            (
                ConnectorError {
                    field_errors: vec![
                        fault(Some("site"), None, "it contains a user name"),
                        fault(Some("client-id"), None, "there is none"),
                    ],
                    ..error(
                        ErrorCode::InvalidSettings,
                        "the settings are not valid: `site` contains a user name; `client-id`: there is none",
                    )
                },
                "error: invalid-settings: the settings are not valid\n  site: it contains a user name\n  client-id: there is none\n  hint: correct it",
            ),
            (
                ConnectorError {
                    field_errors: vec![fault(Some("site"), None, "another host serves it")],
                    http_status: Some(404),
                    vendor_code: Some("NotFound".to_owned()),
                    vendor_request_id: Some("42".to_owned()),
                    ..error(
                        ErrorCode::InvalidSettings,
                        "the PSA answered 404 (NotFound); another host serves it",
                    )
                },
                "error: invalid-settings: the PSA answered 404 (NotFound); another host serves it\n  hint: correct it\n  the PSA's request id: 42",
            ),
            (
                ConnectorError {
                    field_errors: vec![
                        fault(Some("type-id"), Some("type/id"), "not found"),
                        fault(None, None, "a rule is broken"),
                    ],
                    http_status: Some(400),
                    ..error(ErrorCode::Rejected, "the ticket is invalid")
                },
                "error: rejected: the ticket is invalid\n  type-id (the PSA's type/id): not found\n  in general: a rule is broken\n  hint: correct it\n  HTTP status: 400",
            ),
            (
                error(
                    ErrorCode::Unauthorized,
                    "cannot sign in: the PSA answered 400",
                ),
                "error: cannot sign in to the PSA (unauthorized)\n  reason: the PSA answered 400\n  hint: correct it",
            ),
        ];
        for (error, expected) in cases {
            let text = connector_error(&error, None, None);
            assert_eq!(strip_str(&text).to_string(), expected);
        }
    }
}
