//! Requests and answers: how they are sent, and what an answer means that is not the one hoped for.

use psa_contract::{ConnectorError, ErrorCode, Failure, FailureKind, FieldError, Response};
use serde::de::DeserializeOwned;

use crate::draft;
use crate::error::{error, field_error, quote};
use crate::records::{Refusal, RefusalError, TokenRefusal};
use crate::settings::SITE;

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
    /// It asks for the access token.
    pub(crate) is_sign_in: bool,
}

/// What came of one.
pub(crate) struct Answer {
    pub(crate) call: Call,
    pub(crate) result: Result<Response, Failure>,
    /// What no message may hold, the access token among them.
    pub(crate) secrets: Vec<String>,
    /// Why the access token that was refused could not be renewed.
    pub(crate) not_renewed: Option<ConnectorError>,
}

impl Answer {
    /// A success that is understood; everything else is an error.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, ConnectorError> {
        if let Some(error) = &self.not_renewed {
            return Err(error.clone());
        }
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
        let is_write = self.call.body.is_some() && !self.call.is_sign_in;
        let (code, hint) = match response.status {
            401 => (
                ErrorCode::Unauthorized,
                "enter another client id and client secret",
            ),
            // RFC 6749, section 5.2: the token's request has errors of its own, with this status.
            400 if self.call.is_sign_in => (
                ErrorCode::Unauthorized,
                "enter another client id and client secret",
            ),
            // An integration that may not even ask for itself is as good as none.
            403 if self.call.permission.is_none() => (
                ErrorCode::Unauthorized,
                "enter another client id and client secret",
            ),
            403 => (
                ErrorCode::Forbidden,
                "grant the integration the right that is missing",
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
        // Wrong: the client secret is shown to whoever reads the message.
        if cfg!(feature = "leaks-the-key-in-an-error") && response.status == 401 {
            message += &format!(" to the secret {}", self.secrets[0]);
        }
        // Wrong: a token is as good as the client secret while it lives.
        if cfg!(feature = "leaks-the-token-in-an-error") && !self.call.is_sign_in {
            message += &format!(" to the token {}", self.secrets[2]);
        }
        if let Some(words) = said.as_ref().and_then(|said| said.message.as_deref()) {
            message += &format!(": {}", quote(&self.secrets, words));
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
            vendor_code: said.map(|said| quote(&self.secrets, &said.code)),
            ..error(code, message)
        }
    }

    fn field_errors(&self, said: Option<&RefusalError>) -> Vec<FieldError> {
        let fields = said.and_then(|said| said.fields.as_deref());
        let fields = fields.unwrap_or_default().iter();
        fields
            .map(|fault| FieldError {
                field: draft::field_of_member(&fault.name).map(str::to_owned),
                vendor_field: Some(quote(&self.secrets, &fault.name)),
                message: quote(&self.secrets, &fault.message),
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
            quote(&self.secrets, &failure.message)
        );
        ConnectorError {
            hint: Some(hint.to_owned()),
            ..error(code, message)
        }
    }
}

fn refusal(response: &Response) -> Option<RefusalError> {
    let body = response.body.as_bytes();
    let refusal: Result<Refusal, _> = serde_json::from_slice(body);
    let of_a_token = || {
        let refusal: TokenRefusal = serde_json::from_slice(body).ok()?;
        Some(RefusalError {
            message: refusal
                .error_description
                .or_else(|| Some(refusal.error.clone())),
            code: refusal.error,
            fields: None,
        })
    };
    refusal
        .ok()
        .map(|refusal| refusal.error)
        .or_else(of_a_token)
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
