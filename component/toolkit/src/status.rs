//! What a status means that is not a success, and what a failure of the host means: one table, of which a vendor overrides
//! the rows that its PSA uses otherwise.

use std::time::SystemTime;

use psa_contract::{ErrorCode, Failure, FailureKind, FieldError, Response};

use crate::error::Error;
use crate::input::InputRow;
use crate::permission::RequiredPermission;
use crate::text::number;

/// If a 429 names no time.
const DEFAULT_RETRY_SECONDS: u32 = 30;
/// A day. A longer wait is a mistake of whoever sent it.
const LONGEST_RETRY_SECONDS: u32 = 86_400;
/// The most faults of fields that an error names: more than a ticket has fields that a person sets. Without a limit, a body of
/// commas would become an error of hundreds of times its size.
pub const MOST_FIELD_ERRORS: usize = 40;

/// What a request is about.
#[derive(Clone)]
pub struct Subject {
    /// Completes "cannot …": `list companies`.
    pub doing: String,
    /// The permission that it needs. None: none in particular.
    pub permission: Option<&'static RequiredPermission>,
    /// Its URL names a record, which may not exist: a 404 is then `not-found`.
    pub names_a_record: bool,
    /// A 4xx to it is `rejected`.
    pub is_write: bool,
    /// The fields that it writes.
    pub fields: &'static [InputRow],
}

/// What a response other than a 2xx says, before it is made fit for a message.
pub struct Refusal {
    /// What it means: what [`Subject::judge`] made of [`code_of`] the status, or of what this PSA says.
    pub code: ErrorCode,
    /// The words of the PSA, as they came.
    pub message: String,
    /// The PSA's own code, as it came.
    pub vendor_code: Option<String>,
    /// What to do. None: the tenant's hint for the code, or [`hint_of`] it.
    pub hint: Option<&'static str>,
    /// Which fields are at fault. Messages and vendor's fields as they came; only the first 40 are kept.
    pub field_errors: Vec<FieldError>,
}

impl Refusal {
    /// Nothing but a code.
    #[must_use]
    pub fn new(code: ErrorCode) -> Self {
        Self {
            code,
            message: String::new(),
            vendor_code: None,
            hint: None,
            field_errors: Vec::new(),
        }
    }
}

impl Subject {
    /// What a code means for this request: "not found" is about the site unless the request names a record, and what was
    /// examined and refused is `rejected` if it would have written something.
    #[must_use]
    pub fn judge(&self, code: ErrorCode) -> ErrorCode {
        match code {
            ErrorCode::UnexpectedResponse | ErrorCode::NotFound if self.is_write => {
                ErrorCode::Rejected
            }
            ErrorCode::NotFound if !self.names_a_record => ErrorCode::UnexpectedResponse,
            code => code,
        }
    }
}

/// The table.
#[must_use]
pub fn code_of(status: u16) -> ErrorCode {
    match status {
        401 => ErrorCode::Unauthorized,
        403 => ErrorCode::Forbidden,
        404 => ErrorCode::NotFound,
        // 409: the record is in use.
        408 | 409 | 500..600 => ErrorCode::Unavailable,
        429 => ErrorCode::RateLimited,
        _ => ErrorCode::UnexpectedResponse,
    }
}

/// What to do, if the vendor knows nothing better.
#[must_use]
pub fn hint_of(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::Unauthorized => "check the credentials, and check that their account is active",
        ErrorCode::Forbidden => "grant the missing permission, and no other",
        ErrorCode::InvalidSettings => "check the settings; `verify` shows which of them are wrong",
        ErrorCode::NotFound => {
            "the record does not exist, or these credentials do not allow access to it"
        }
        ErrorCode::Rejected => "correct what the PSA objects to; nothing was written",
        ErrorCode::RateLimited => "the PSA accepts no more requests for now: wait, then repeat",
        ErrorCode::Unavailable => "repeat later",
        _ => {
            "this connector does not understand the response of the PSA, or of something in front of it: repeat once, \
             then report it with the request id"
        }
    }
}

/// Answers that together are not what was asked for. The error of a single one is
/// [`Answer::unexpected`](crate::exchange::Answer::unexpected). `doing` completes "cannot …".
#[must_use]
pub fn unexpected(doing: &str, fault: &str) -> Error {
    let code = ErrorCode::UnexpectedResponse;
    Error::new(code, format!("cannot {doing}: {fault}")).hint(hint_of(code))
}

/// The error of a refusal. `who` answered. What a message says comes through `quote`.
pub(crate) fn refused(
    subject: &Subject,
    who: &str,
    response: &Response,
    refusal: Refusal,
    quote: &dyn Fn(&str) -> String,
) -> Error {
    let code = refusal.code;
    let mut message = format!(
        "cannot {}: {who} answered {}",
        subject.doing, response.status
    );
    let vendor_code = refusal.vendor_code.as_deref().map(quote);
    if let Some(vendor_code) = &vendor_code {
        message = format!("{message} ({vendor_code})");
    }
    let said = quote(&refusal.message);
    if !said.is_empty() {
        message = format!("{message}: {said}");
    }
    let permission = subject.permission.filter(|_| code == ErrorCode::Forbidden);
    let hint = match permission {
        Some(permission) => permission.how_to_grant(),
        None => refusal.hint.unwrap_or_else(|| hint_of(code)).to_owned(),
    };
    let field_errors = refusal.field_errors.into_iter().take(MOST_FIELD_ERRORS);
    let field_errors = field_errors.map(|fault| FieldError {
        field: fault.field,
        vendor_field: fault
            .vendor_field
            .map(|name| quote(&name))
            .filter(|name| !name.is_empty()),
        message: quote(&fault.message),
    });
    Error::new(code, message)
        .hint(hint)
        .field_errors(field_errors.collect())
        .permission_ids(permission.map(|it| it.id.to_owned()).into_iter().collect())
        .retry_after(retry_after(response, code))
        .vendor_code(vendor_code)
}

/// The error of a failure of the host, before any write. `why` is fit for a message.
pub(crate) fn unsent(subject: &Subject, failure: &Failure, why: &str) -> Error {
    let (code, hint) = match failure.kind {
        FailureKind::Denied => (
            ErrorCode::Denied,
            "the host does not allow this: ask its operator to allow it, or, if a recording answers, use the settings and the \
             input that it was made with",
        ),
        FailureKind::TooLarge => (
            ErrorCode::Denied,
            "a limit of the host stopped this: ask its operator to raise the limit, or ask for less at once",
        ),
        FailureKind::Unreachable => (
            ErrorCode::Unavailable,
            "check the host in the settings, and check that no firewall or allow-list blocks it; then repeat",
        ),
        FailureKind::TimedOut => (
            ErrorCode::Unavailable,
            "repeat later; if this keeps happening, ask for less at once or allow more time",
        ),
        FailureKind::Interrupted => (ErrorCode::Unavailable, "repeat later"),
    };
    let why = if why.is_empty() {
        failure.kind.name()
    } else {
        why
    };
    let message = format!("cannot {}: {why}", subject.doing);
    Error::new(code, message).hint(hint)
}

/// How long to wait: `Retry-After` in seconds or as a date, which is counted from the response's own `Date`, since there
/// is no clock here. None for codes that a repetition does not help.
#[must_use]
pub fn retry_after(response: &Response, code: ErrorCode) -> Option<u32> {
    let given = response.header("retry-after").and_then(|text| {
        let text = text.trim();
        if let Some(seconds) = number(text) {
            return u32::try_from(seconds).ok();
        }
        let until = date(text)?;
        let now = date(response.header("date")?)?;
        let wait = until.duration_since(now).unwrap_or_default();
        u32::try_from(wait.as_secs()).ok()
    });
    match code {
        ErrorCode::RateLimited => Some(given.unwrap_or(DEFAULT_RETRY_SECONDS)),
        ErrorCode::Unavailable | ErrorCode::OutcomeUnknown => given,
        _ => None,
    }
    .map(|seconds| seconds.clamp(1, LONGEST_RETRY_SECONDS))
}

fn date(text: &str) -> Option<SystemTime> {
    httpdate::parse_http_date(text.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Call;

    #[test]
    fn a_code_is_judged_by_what_was_asked() {
        let list = Call::get("", "").subject;
        let record = Call::get("", "").names_a_record(true).subject;
        let write = Call::post("", "").write().subject;
        for (subject, status, expected) in [
            (&list, 404, ErrorCode::UnexpectedResponse),
            (&record, 404, ErrorCode::NotFound),
            (&write, 404, ErrorCode::Rejected),
            (&write, 400, ErrorCode::Rejected),
            (&write, 401, ErrorCode::Unauthorized),
            (&list, 400, ErrorCode::UnexpectedResponse),
            (&list, 302, ErrorCode::UnexpectedResponse),
            (&list, 403, ErrorCode::Forbidden),
            (&list, 408, ErrorCode::Unavailable),
            (&write, 409, ErrorCode::Unavailable),
            (&list, 429, ErrorCode::RateLimited),
            (&list, 503, ErrorCode::Unavailable),
        ] {
            assert_eq!(subject.judge(code_of(status)), expected, "{status}");
        }
    }

    #[test]
    fn each_code_has_a_hint_of_its_own() {
        for (code, part) in [
            (ErrorCode::Unauthorized, "credentials"),
            (ErrorCode::Forbidden, "permission"),
            (ErrorCode::InvalidSettings, "settings"),
            (ErrorCode::NotFound, "does not exist"),
            (ErrorCode::Rejected, "correct"),
            (ErrorCode::RateLimited, "wait"),
            (ErrorCode::Unavailable, "repeat later"),
            (ErrorCode::UnexpectedResponse, "report it"),
        ] {
            assert!(hint_of(code).contains(part), "{code:?}");
        }
    }

    #[test]
    fn answers_that_do_not_fit_are_an_error_that_says_what_failed() {
        let error = unexpected("find tickets", "expected only some");
        assert_eq!(error.code, ErrorCode::UnexpectedResponse);
        assert_eq!(error.message, "cannot find tickets: expected only some");
        assert!(error.hint.is_some());
    }

    #[test]
    fn the_time_to_wait_comes_from_the_response_alone() {
        let now = "Sun, 22 Nov 2026 00:00:00 GMT";
        for (retry, date, code, expected) in [
            (Some("12"), None, ErrorCode::RateLimited, Some(12)),
            (Some("0"), None, ErrorCode::RateLimited, Some(1)),
            (Some("999999"), None, ErrorCode::RateLimited, Some(86_400)),
            (None, None, ErrorCode::RateLimited, Some(30)),
            (Some("soon"), None, ErrorCode::RateLimited, Some(30)),
            (None, None, ErrorCode::Unavailable, None),
            (Some("12"), None, ErrorCode::Unavailable, Some(12)),
            (Some("12"), None, ErrorCode::Forbidden, None),
            (
                Some("Sun, 22 Nov 2026 00:00:30 GMT"),
                Some(now),
                ErrorCode::Unavailable,
                Some(30),
            ),
            // In the past: at once, which is a second.
            (
                Some("Sat, 21 Nov 2026 00:00:30 GMT"),
                Some(now),
                ErrorCode::Unavailable,
                Some(1),
            ),
            (
                Some("Sun, 22 Nov 2026 00:00:30 GMT"),
                None,
                ErrorCode::Unavailable,
                None,
            ),
        ] {
            let headers = [("retry-after", retry), ("date", date)]
                .into_iter()
                .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())));
            let response = Response {
                headers: headers.collect(),
                ..Response::default()
            };
            assert_eq!(retry_after(&response, code), expected, "{retry:?}");
        }
    }

    #[test]
    fn a_body_of_commas_does_not_become_an_endless_error() {
        let response = Response::default();
        let refusal = Refusal {
            field_errors: vec![crate::error::field_error("", ""); 5_000],
            ..Refusal::new(ErrorCode::Rejected)
        };
        let subject = Call::post("", "").write().subject;
        let error = refused(&subject, "the PSA", &response, refusal, &str::to_owned);
        assert_eq!(error.field_errors.len(), 40);
    }
}
