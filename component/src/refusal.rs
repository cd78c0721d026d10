//! What an answer that is no success means: one table of status and the PSA's code, for every operation.
//!
//! The API's specification documents successes only; the shapes here are recorded ones:
//! `{"code", "message", "errors": [{"code", "message", "resource", "field"}]}`, with `error` in place of `code` for 429,
//! and plain text or HTML from the gateways in front.

use psa_contract::{ErrorCode, Failure, FailureKind, FieldError, Response};
use psa_json::{Document, is_html, without_byte_order_mark};

use crate::draft::contract_field;
use crate::error::{Error, error, field_error, quote};
use crate::http_date;
use crate::request::Answer;
use crate::settings::{CLIENT_ID, SITE, Settings};
use crate::text::{contains, number};

/// The server's own floor where a 429 names no time ("Please try again in 30 seconds").
const DEFAULT_RETRY_SECONDS: u32 = 30;
/// A day. A longer wait is a mistake of whoever sent it.
const LONGEST_RETRY_SECONDS: u32 = 86_400;
/// More than a ticket has fields that a person sets. Without a limit a body of commas would become an error of hundreds
/// of times its size.
const MOST_FIELD_ERRORS: usize = 40;

impl Answer {
    /// The error that a response without success means, for a read.
    pub(crate) fn refused(&self, settings: &Settings, response: &Response) -> Error {
        let words = Words::of(response);
        let mut code = meaning(response.status, &words);
        // "Not found" of a list says that it is not the API that answers, or not its list.
        if code == ErrorCode::NotFound && !self.subject.names_a_record {
            code = ErrorCode::UnexpectedResponse;
        }
        self.explained(settings, response, &words, code)
    }

    /// The same for a write that was declined: what the PSA examined and refused is `rejected`.
    pub(crate) fn declined(&self, settings: &Settings, response: &Response) -> Error {
        let words = Words::of(response);
        let code = match meaning(response.status, &words) {
            ErrorCode::UnexpectedResponse | ErrorCode::NotFound => ErrorCode::Rejected,
            code => code,
        };
        self.explained(settings, response, &words, code)
    }

    fn explained(
        &self,
        settings: &Settings,
        response: &Response,
        words: &Words,
        code: ErrorCode,
    ) -> Error {
        let said = quote(settings, &words.message);
        let vendor_code = words.code.as_deref().map(|code| quote(settings, code));
        let right = self.subject.right.filter(|_| code == ErrorCode::Forbidden);
        let mut field_errors = Vec::new();
        if code == ErrorCode::Rejected {
            field_errors = inner_errors(settings, words);
        } else if code == ErrorCode::Unauthorized && words.names_client_id() {
            field_errors.push(field_error(CLIENT_ID, "the PSA does not accept it"));
        } else if code == ErrorCode::InvalidSettings {
            field_errors.push(field_error(SITE, "the API does not answer at this site"));
        }
        let vendor = vendor_code
            .as_deref()
            .map(|code| [" (", code, ")"].concat())
            .unwrap_or_default();
        let colon = if said.is_empty() { "" } else { ": " };
        let message = [
            "cannot ",
            &self.subject.doing,
            ": the PSA answered ",
            &usize::from(response.status).to_string(),
            &vendor,
            colon,
            &said,
        ]
        .concat();
        error(code, message)
            .hint(match right {
                Some(right) => right.where_to_set_it(),
                None => hint(response.status, words, code).to_owned(),
            })
            .field_errors(field_errors)
            .permissions(right.as_slice())
            .retry_after(retry_after(response, code))
            .vendor_code(vendor_code)
            .of_response(settings, response)
    }
}

/// What was said.
struct Words<'a> {
    code: Option<String>,
    message: String,
    /// The members `errors`, where the body has the recorded shape.
    json: Document<'a>,
}

impl<'a> Words<'a> {
    fn of(response: &'a Response) -> Self {
        let bytes = without_byte_order_mark(response.body.as_bytes());
        let json = Document::parse(bytes).unwrap_or_default();
        let text = |name: &str| json.value().member(name).as_text().map(str::to_owned);
        let code = text("code").or_else(|| text("error"));
        let message = match text("message") {
            Some(message) => message,
            None if code.is_some() => String::new(),
            None => plain_text(bytes),
        };
        Self {
            code,
            message,
            json,
        }
    }

    fn names_client_id(&self) -> bool {
        contains(&self.message, "clientid")
    }
}

/// A short text is a message of the gateway; a page, and JSON of another shape, are not worth repeating.
fn plain_text(bytes: &[u8]) -> String {
    match bytes.trim_ascii_start().first() {
        None => "an empty body".to_owned(),
        Some(_) if is_html(bytes) => "a web page (HTML)".to_owned(),
        Some(b'{' | b'[' | b'"') => "JSON that is no error of the PSA".to_owned(),
        Some(_) => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => "text that is not UTF-8".to_owned(),
        },
    }
}

/// The table. Order matters: what is said outweighs the status.
fn meaning(status: u16, words: &Words) -> ErrorCode {
    match status {
        // The cloud's host without `api-`.
        400..500 if words.message.starts_with("SSL is required") => ErrorCode::InvalidSettings,
        // The cloud's gateway: wrong host, company, path or client id.
        400 if words.message.starts_with("Cannot route") => ErrorCode::InvalidSettings,
        400 if words.names_client_id() => ErrorCode::Unauthorized,
        401 => ErrorCode::Unauthorized,
        403 => ErrorCode::Forbidden,
        404 if words.code.as_deref() == Some("NotFound") => ErrorCode::NotFound,
        // "The endpoint does not exist.", or the page of a web server that is no PSA.
        404 => ErrorCode::InvalidSettings,
        408 => ErrorCode::Unavailable,
        429 => ErrorCode::RateLimited,
        // A mistake of ours that the server answers with a 5xx.
        500..600 if is_clients_mistake(&words.message) => ErrorCode::UnexpectedResponse,
        500..600 => ErrorCode::Unavailable,
        _ => ErrorCode::UnexpectedResponse,
    }
}

/// Recorded: the body was refused while it was parsed, so nothing was written.
pub(crate) fn is_clients_mistake(message: &str) -> bool {
    message.starts_with("Error converting value") || message.starts_with("Could not find member")
}

/// The same, of a response.
pub(crate) fn blames_the_client(response: &Response) -> bool {
    is_clients_mistake(&Words::of(response).message)
}

fn hint(status: u16, words: &Words, code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::Unauthorized if words.names_client_id() => {
            "check the client id: it belongs to the vendor of the integration, from developer.connectwise.com"
        }
        ErrorCode::Unauthorized => {
            "verify the public and private keys and the company id, and that the API member is active; the private key is \
             shown only once, so make a new pair of keys if it was not kept"
        }
        ErrorCode::Forbidden => {
            "grant the right that is missing in System > Security Roles, and only that one"
        }
        ErrorCode::InvalidSettings if status == 404 => {
            "confirm the host of your region (api-na, api-eu, api-au, ...) and that your company is provisioned there; on the \
             cloud a 404 may also mean wrong keys. `verify` tells which"
        }
        ErrorCode::InvalidSettings => {
            "check the site, the company id and the client id; on the cloud the host starts with api-. `verify` tells which"
        }
        ErrorCode::NotFound => "the record is gone, or these credentials may not see it",
        ErrorCode::Rejected => "correct what the PSA objects to; no ticket was opened",
        ErrorCode::RateLimited => "the PSA takes about 1,000 requests a minute: wait, then repeat",
        ErrorCode::Unavailable => "repeat later",
        _ if (300..400).contains(&status) => {
            "the site redirects where the API is due: check the site (on the cloud it starts with api-)"
        }
        _ => {
            "the PSA, or something between, answered what this connector does not understand: repeat once, then report it \
             with the request id"
        }
    }
}

/// A 400's inner errors, field by field. One may name several fields, separated by commas, and each repeats its message.
fn inner_errors(settings: &Settings, words: &Words) -> Vec<FieldError> {
    let mut errors = Vec::new();
    for inner in words.json.value().member("errors").values() {
        let text = |name: &str| inner.member(name).as_text();
        let message = quote(settings, text("message").unwrap_or(&words.message));
        let fields = text("field").unwrap_or_default();
        for field in fields.split(',').map(str::trim) {
            if errors.len() >= MOST_FIELD_ERRORS {
                return errors;
            }
            errors.push(FieldError {
                field: contract_field(field).map(str::to_owned),
                vendor_field: Some(quote(settings, field)).filter(|name| !name.is_empty()),
                message: message.clone(),
            });
        }
    }
    errors
}

/// A failure of the host, before any write.
pub(crate) fn unsent(settings: &Settings, doing: &str, failure: &Failure) -> Error {
    let (code, hint) = match failure.kind {
        FailureKind::Denied => (
            ErrorCode::Denied,
            "the host's policy forbids it: its operator has to allow it",
        ),
        FailureKind::TooLarge => (
            ErrorCode::Denied,
            "a limit of the host stopped it: its operator has to allow more, or ask for less at once",
        ),
        FailureKind::Unreachable => (
            ErrorCode::Unavailable,
            "check the site, and that no firewall or allow-list on the way refuses the host; then repeat",
        ),
        FailureKind::TimedOut => (
            ErrorCode::Unavailable,
            "repeat later; if it keeps happening, ask for less at once or allow more time",
        ),
        FailureKind::Interrupted => (ErrorCode::Unavailable, "repeat later"),
    };
    let why = quote(settings, &failure.message);
    let message = ["cannot ", doing, ": ", failure.kind.name(), ": ", &why].concat();
    error(code, message).hint(hint)
}

/// `Retry-After` in seconds or as a date, which is counted from the response's own `Date`: there is no clock here.
pub(crate) fn retry_after(response: &Response, code: ErrorCode) -> Option<u32> {
    let given = response.header("retry-after").and_then(|text| {
        let text = text.trim();
        let seconds = number(text).or_else(|| {
            let until = http_date::seconds(text)?;
            let now = http_date::seconds(response.header("date")?)?;
            Some(until.saturating_sub(now).max(0))
        })?;
        u32::try_from(seconds).ok()
    });
    match code {
        ErrorCode::RateLimited => Some(given.unwrap_or(DEFAULT_RETRY_SECONDS)),
        ErrorCode::Unavailable | ErrorCode::OutcomeUnknown => given,
        _ => None,
    }
    .map(|seconds| seconds.clamp(1, LONGEST_RETRY_SECONDS))
}
