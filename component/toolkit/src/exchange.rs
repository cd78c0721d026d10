//! Requests, and the one way to send them. What comes back is read in [`crate::json`] and judged in [`crate::status`].

use std::mem::take;

use psa_contract::{Body, ErrorCode, Failure, FailureKind, Request, Response};
use serde::de::DeserializeOwned;

use crate::body::is_web_page;
use crate::error::Error;
use crate::json::{self, Record, Unreadable};
use crate::permission::RequiredPermission;
use crate::secrets::Secrets;
pub use crate::status::Subject;
use crate::status::{Refusal, hint_of, refused, unsent};
use crate::url;
use crate::web_page::refusal_in_front_of_the_psa;

/// Sends the requests, all of them in flight at once, and returns a result for each, in their order. The only way out of
/// a connector: the component passes its import, a native program whatever speaks HTTP. A layer before it may complete the
/// requests, as [`crate::token::sign_in`] does.
pub type HttpSend<'a> = dyn FnMut(&mut [Request]) -> Vec<HttpResult> + 'a;

/// What came of a request: a response with whatever status, or a failure of the host.
pub type HttpResult = Result<Response, Failure>;

/// The parsed settings of a connector, as far as the toolkit has to know them.
pub trait Tenant {
    /// What must never be shown.
    fn secrets(&self) -> &Secrets;

    /// What a response other than a 2xx means. Texts of the PSA are given as they are: the toolkit quotes them.
    fn refusal(&self, subject: &Subject, response: &Response) -> Refusal;

    /// What to do about an error with this code, if the refusal says nothing better: which clicks make a new key, say.
    fn hint(&self, _code: ErrorCode) -> Option<&'static str> {
        None
    }

    /// The PSA's own id of a request, from its response.
    fn request_id<'a>(&self, response: &'a Response) -> Option<&'a str> {
        response.header("x-request-id")
    }

    /// What to do if a web page came in place of the API's answer.
    fn web_page_hint(&self) -> &'static str {
        "the site returned a web page instead of an API response: check the site, and check that no proxy answers in its \
         place"
    }
}

/// A request, and what is needed to explain its failure.
pub struct Call {
    /// What it is about.
    pub subject: Subject,
    /// What is sent.
    pub request: Request,
}

impl Call {
    /// A read. `doing` completes "cannot …".
    pub fn get(doing: impl Into<String>, url: impl Into<String>) -> Self {
        Self::new(doing.into(), "GET", url.into())
    }

    /// A POST that writes nothing, such as a query, until [`Call::write`] says otherwise.
    pub fn post(doing: impl Into<String>, url: impl Into<String>) -> Self {
        Self::new(doing.into(), "POST", url.into())
    }

    /// With any method.
    #[must_use]
    pub fn new(doing: String, method: &str, url: String) -> Self {
        Self {
            subject: Subject {
                doing,
                permission: None,
                names_a_record: false,
                is_write: false,
            },
            request: Request {
                method: method.to_owned(),
                url,
                ..Request::default()
            },
        }
    }

    /// One more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.request.headers.push((name.to_owned(), value.into()));
        self
    }

    /// With a body of JSON.
    #[must_use]
    pub fn json(self, body: String) -> Self {
        self.header("content-type", "application/json").body(body)
    }

    /// With a body of form fields.
    #[must_use]
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        self.header("content-type", "application/x-www-form-urlencoded")
            .body(url::form(fields))
    }

    fn body(mut self, body: String) -> Self {
        self.request.body = Some(Body::Text(body));
        self
    }

    /// It needs this permission.
    #[must_use]
    pub fn needs(mut self, permission: Option<&'static RequiredPermission>) -> Self {
        self.subject.permission = permission;
        self
    }

    /// Its URL names a record.
    #[must_use]
    pub fn names_a_record(mut self, does: bool) -> Self {
        self.subject.names_a_record = does;
        self
    }

    /// A person can see its effect in the PSA.
    #[must_use]
    pub fn write(mut self) -> Self {
        self.subject.is_write = true;
        self.request.is_write = true;
        self
    }

    /// Its body, or the response's headers or body, hold credentials.
    #[must_use]
    pub fn secret(mut self) -> Self {
        self.request.is_secret = true;
        self
    }

    /// The host may answer with a kept response of this age. Zero: with a new one, which it keeps.
    #[must_use]
    pub fn reuse_seconds(mut self, seconds: u32) -> Self {
        self.request.reuse_seconds = Some(seconds);
        self
    }
}

/// What came of a [`Call`].
pub struct Answer<'a> {
    tenant: &'a dyn Tenant,
    /// What it was about.
    pub subject: Subject,
    /// What was sent.
    pub request: Request,
    /// What came back.
    pub result: HttpResult,
}

/// Sends the calls in one round. One answer for each, whatever the host returns; nothing is sent for no calls.
pub fn exchange<'a>(
    tenant: &'a dyn Tenant,
    send: &mut HttpSend,
    calls: Vec<Call>,
) -> Vec<Answer<'a>> {
    if calls.is_empty() {
        return Vec::new();
    }
    let (subjects, mut requests): (Vec<Subject>, Vec<Request>) = calls
        .into_iter()
        .map(|call| (call.subject, call.request))
        .unzip();
    let mut results = send(&mut requests).into_iter();
    subjects
        .into_iter()
        .zip(requests)
        .map(|(subject, request)| Answer {
            tenant,
            subject,
            request,
            result: results.next().unwrap_or_else(|| Err(no_result())),
        })
        .collect()
}

/// The same for so many calls: one answer for each, without a place for one that is missing.
pub fn exchange_array<'a, const COUNT: usize>(
    tenant: &'a dyn Tenant,
    send: &mut HttpSend,
    mut calls: [Call; COUNT],
) -> [Answer<'a>; COUNT] {
    let mut requests = calls.each_mut().map(|call| take(&mut call.request));
    let mut results = send(&mut requests).into_iter();
    let mut requests = requests.into_iter();
    calls.map(|call| Answer {
        tenant,
        subject: call.subject,
        request: requests.next().unwrap_or_default(),
        result: results.next().unwrap_or_else(|| Err(no_result())),
    })
}

/// Sends one call.
pub fn exchange_one<'a>(tenant: &'a dyn Tenant, send: &mut HttpSend, call: Call) -> Answer<'a> {
    let [answer] = exchange_array(tenant, send, [call]);
    answer
}

fn no_result() -> Failure {
    Failure {
        kind: FailureKind::Interrupted,
        message: "the host returned no result for this request".to_owned(),
        may_have_acted: true,
    }
}

impl Answer<'_> {
    /// The record that a success holds.
    ///
    /// # Errors
    /// As for [`Answer::read`].
    pub fn record<T: DeserializeOwned>(&self) -> Result<T, Error> {
        self.read().map(|Record(record)| record)
    }

    /// The records of the list that a success holds.
    ///
    /// # Errors
    /// As for [`Answer::read`].
    pub fn records<T: DeserializeOwned>(&self) -> Result<Vec<T>, Error> {
        let records: Vec<Record<T>> = self.read()?;
        Ok(records.into_iter().map(|Record(record)| record).collect())
    }

    /// The body of a success, read as a type.
    ///
    /// # Errors
    /// The host's failure, the PSA's refusal, or `unexpected-response` for a body that is not what was asked for.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let response = self.success()?;
        json::read(&response.body).map_err(|fault| self.not_understood(response, &fault))
    }

    /// The response, if it is a 2xx.
    ///
    /// # Errors
    /// The host's failure, or the PSA's refusal.
    pub fn success(&self) -> Result<&Response, Error> {
        match &self.result {
            Ok(response) if (200..300).contains(&response.status) => Ok(response),
            Ok(response) => Err(self.refused(response)),
            Err(failure) => Err(self.unsent(failure)),
        }
    }

    /// The error that a response other than a 2xx means. What stands in front of the PSA outweighs the vendor's own table.
    #[must_use]
    pub fn refused(&self, response: &Response) -> Error {
        self.refused_in_front(response).unwrap_or_else(|| {
            let refusal = self.tenant.refusal(&self.subject, response);
            self.refused_by("the PSA", response, refusal)
        })
    }

    /// The same for a response that the vendor's own table is not about.
    #[must_use]
    pub fn refused_as(&self, response: &Response, refusal: Refusal) -> Error {
        self.refused_in_front(response)
            .unwrap_or_else(|| self.refused_by("the PSA", response, refusal))
    }

    fn refused_in_front(&self, response: &Response) -> Option<Error> {
        let page = refusal_in_front_of_the_psa(response)?;
        Some(self.refused_by("something in front of the PSA", response, page))
    }

    fn refused_by(&self, who: &str, response: &Response, mut refusal: Refusal) -> Error {
        refusal.hint = refusal.hint.or_else(|| self.tenant.hint(refusal.code));
        let quote = |text: &str| self.quote(text);
        let error = refused(&self.subject, who, response, refusal, &quote);
        self.of_response(response, error)
    }

    /// The error that a failure of the host means, for a request that has no effect.
    #[must_use]
    pub fn unsent(&self, failure: &Failure) -> Error {
        unsent(&self.subject, failure, &self.quote(&failure.message))
    }

    /// The error of a success that is not what was asked for. `fault` may quote the answer.
    #[must_use]
    pub fn unexpected(&self, fault: &str) -> Error {
        let message = format!("cannot {}: {}", self.subject.doing, self.quote(fault));
        let error = Error::new(ErrorCode::UnexpectedResponse, message);
        match &self.result {
            Ok(response) => {
                let hint = if is_web_page(&response.body) {
                    self.tenant.web_page_hint()
                } else {
                    hint_of(ErrorCode::UnexpectedResponse)
                };
                self.of_response(response, error.hint(hint))
            }
            Err(_) => error,
        }
    }

    /// Text of the answer, fit for a message: without the secrets of the settings and the credential of the request.
    #[must_use]
    pub fn quote(&self, text: &str) -> String {
        let credential = self
            .request
            .headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("authorization"))
            .map(|(_, value)| {
                value
                    .split_once(' ')
                    .map_or(value.as_str(), |(_, rest)| rest)
            });
        self.tenant.secrets().quote_without(credential, text)
    }

    fn not_understood(&self, response: &Response, fault: &Unreadable) -> Error {
        self.unexpected(&fault.describe(&response.body))
    }

    fn of_response(&self, response: &Response, error: Error) -> Error {
        let id = self.tenant.request_id(response);
        error
            .http_status(response.status)
            .vendor_request_id(id.map(|id| self.quote(id)).filter(|id| !id.is_empty()))
    }
}

#[cfg(test)]
mod tests;
