//! Requests and answers: how they are sent, and what an answer means that is not the one hoped for.

use psa_contract::guest::send;
use psa_contract::{
    Body, ConnectorError, ErrorCode, Failure, FailureKind, FieldError, Request, Response,
};
use serde::de::DeserializeOwned;

use crate::draft;
use crate::error::{error, field_error, quote};
use crate::records::{Refusal, RefusalError};
use crate::settings::{SITE, Settings};

const DEFAULT_RETRY_SECONDS: u32 = 30;
const LONGEST_RETRY_SECONDS: u32 = 86_400;

/// One request, and what it is for.
pub(crate) struct Call {
    /// Completes `cannot …`.
    pub(crate) doing: &'static str,
    /// Id of the permission that it needs. None: any key may.
    pub(crate) permission: Option<&'static str>,
    pub(crate) path: String,
    /// None: it reads.
    pub(crate) body: Option<String>,
}

/// What came of one.
pub(crate) struct Answer<'a> {
    settings: &'a Settings,
    call: Call,
    result: Result<Response, Failure>,
}

pub(crate) fn send_all(settings: &Settings, calls: Vec<Call>) -> Vec<Answer<'_>> {
    if calls.is_empty() {
        return Vec::new();
    }
    let requests: Vec<Request> = calls.iter().map(|call| request(settings, call)).collect();
    let results = send(&requests);
    let answers = calls.into_iter().zip(results);
    answers
        .map(|(call, result)| Answer {
            settings,
            call,
            result,
        })
        .collect()
}

pub(crate) fn send_one(settings: &Settings, call: Call) -> Answer<'_> {
    let mut answers = send_all(settings, vec![call]);
    answers
        .pop()
        .expect("the host answers as many requests as it is given")
}

fn request(settings: &Settings, call: &Call) -> Request {
    let mut headers = vec![
        ("accept".to_owned(), "application/json".to_owned()),
        (
            "authorization".to_owned(),
            format!("Bearer {}", settings.api_key),
        ),
    ];
    if call.body.is_some() {
        headers.push(("content-type".to_owned(), "application/json".to_owned()));
    }
    Request {
        method: if call.body.is_some() { "POST" } else { "GET" }.to_owned(),
        url: format!("{}{}", settings.origin(), call.path),
        headers,
        body: call.body.clone().map(Body::Text),
        is_write: call.body.is_some(),
        ..Request::default()
    }
}

impl Answer<'_> {
    /// A success that is understood; everything else is an error.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, ConnectorError> {
        let response = match &self.result {
            Ok(response) if (200..300).contains(&response.status) => response,
            Ok(response) => return Err(self.refused(response)),
            Err(failure) => return Err(self.failed(failure)),
        };
        let mut body = response.body.as_bytes();
        let is_page = body.trim_ascii_start().starts_with(b"<");
        // Wrong: a web page is taken for an empty list.
        if cfg!(feature = "empty-list-on-html") && is_page {
            body = br#"{"rows": [], "more": false}"#;
        }
        // Wrong: it waits for a body that is empty to be filled.
        if cfg!(feature = "loops") && body.is_empty() {
            endless(|| ());
        }
        serde_json::from_slice(body).map_err(|fault| {
            // Wrong: a body that ends too early is filled up until it is whole, which it never is.
            if cfg!(feature = "allocates-without-end") && fault.is_eof() {
                let mut filled = vec![b' '];
                endless(|| filled.extend_from_within(..));
            }
            let (line, column) = (fault.line(), fault.column());
            match body {
                [] => self.not_understood("an empty body"),
                _ if is_page => self.not_understood("a web page"),
                _ => {
                    self.not_understood(&format!("something else at line {line}, column {column}"))
                }
            }
        })
    }

    /// A success that is not what was asked for. `found` is in our own words.
    pub(crate) fn not_understood(&self, found: &str) -> ConnectorError {
        let doing = self.call.doing;
        let message = format!("cannot {doing}: Sample Desk's answer holds {found}");
        ConnectorError {
            hint: Some(
                "check that no proxy answers in place of the site, then report it".to_owned(),
            ),
            http_status: self.result.as_ref().ok().map(|response| response.status),
            ..error(ErrorCode::UnexpectedResponse, message)
        }
    }

    /// Whether a write may have been carried out, where it was not answered with a ticket. What Sample Desk answers with a
    /// 4xx it has not carried out, except 408, which also comes from gateways.
    pub(crate) fn may_have_acted(&self) -> bool {
        match &self.result {
            Ok(response) => !matches!(response.status, 400..=407 | 409..=499),
            Err(failure) => failure.may_have_acted,
        }
    }

    /// Sample Desk's own word that there is no such record: any other 404 speaks of the site.
    pub(crate) fn says(&self, status: u16, code: &str) -> bool {
        self.result.as_ref().is_ok_and(|response| {
            response.status == status && refusal(response).is_some_and(|said| said.code == code)
        })
    }

    fn refused(&self, response: &Response) -> ConnectorError {
        let said = refusal(response);
        let is_write = self.call.body.is_some();
        let (code, hint) = match response.status {
            401 => (ErrorCode::Unauthorized, "enter another key"),
            // A key that may not even ask for itself is as good as none.
            403 if self.call.permission.is_none() => (ErrorCode::Unauthorized, "enter another key"),
            403 => (
                ErrorCode::Forbidden,
                "grant the key the right that is missing",
            ),
            404 if said.is_none() => (ErrorCode::InvalidSettings, "check the site"),
            429 => (ErrorCode::RateLimited, "wait, then repeat"),
            408 | 500..600 => (ErrorCode::Unavailable, "repeat later"),
            400..500 if is_write => (ErrorCode::Rejected, "correct what is named"),
            _ => (ErrorCode::UnexpectedResponse, "report it"),
        };
        let mut message = format!(
            "cannot {}: Sample Desk answered {}",
            self.call.doing, response.status
        );
        // Wrong: the key is shown to whoever reads the message.
        if cfg!(feature = "leaks-the-key-in-an-error") && response.status == 401 {
            message += &format!(" to the key {}", self.settings.api_key);
        }
        if let Some(words) = said.as_ref().and_then(|said| said.message.as_deref()) {
            message += &format!(": {}", quote(self.settings, words));
        }
        let retry_after = retry_after(response);
        ConnectorError {
            hint: Some(hint.to_owned()),
            field_errors: match code {
                ErrorCode::InvalidSettings => {
                    vec![field_error(SITE, "Sample Desk does not answer there")]
                }
                ErrorCode::Rejected => self.field_errors(said.as_ref()),
                _ => Vec::new(),
            },
            permission_ids: match code {
                ErrorCode::Forbidden => self
                    .call
                    .permission
                    .map(str::to_owned)
                    .into_iter()
                    .collect(),
                _ => Vec::new(),
            },
            retry_after_seconds: match code {
                ErrorCode::RateLimited => retry_after.or(Some(DEFAULT_RETRY_SECONDS)),
                ErrorCode::Unavailable => retry_after,
                _ => None,
            },
            http_status: Some(response.status),
            vendor_code: said.map(|said| quote(self.settings, &said.code)),
            ..error(code, message)
        }
    }

    fn field_errors(&self, said: Option<&RefusalError>) -> Vec<FieldError> {
        let fields = said.and_then(|said| said.fields.as_deref());
        let fields = fields.unwrap_or_default().iter();
        fields
            .map(|fault| FieldError {
                field: draft::field_of_member(&fault.name).map(str::to_owned),
                vendor_field: Some(quote(self.settings, &fault.name)),
                message: quote(self.settings, &fault.message),
            })
            .collect()
    }

    fn failed(&self, failure: &Failure) -> ConnectorError {
        let (code, hint) = match failure.kind {
            FailureKind::Denied | FailureKind::TooLarge => {
                (ErrorCode::Denied, "the host's operator has to allow more")
            }
            _ => (ErrorCode::Unavailable, "check the site, or repeat later"),
        };
        let message = format!(
            "cannot {}: {}",
            self.call.doing,
            quote(self.settings, &failure.message)
        );
        ConnectorError {
            hint: Some(hint.to_owned()),
            ..error(code, message)
        }
    }
}

fn refusal(response: &Response) -> Option<RefusalError> {
    let refusal: Result<Refusal, _> = serde_json::from_slice(response.body.as_bytes());
    refusal.ok().map(|refusal| refusal.error)
}

/// Sample Desk gives seconds, never a date.
fn retry_after(response: &Response) -> Option<u32> {
    let seconds: u32 = response.header("retry-after")?.trim().parse().ok()?;
    Some(seconds.clamp(1, LONGEST_RETRY_SECONDS))
}

/// For what is wrong on purpose; a compiler may not look through it.
fn endless(mut step: impl FnMut()) -> ! {
    loop {
        std::hint::black_box(&mut step)();
    }
}
