//! What came of a request: the record or the list that it holds, or the error that it means.

use psa_contract::{ErrorCode, Failure, Request, Response};
use serde::de::DeserializeOwned;

use super::{HttpResult, Subject, Tenant};
use crate::body::is_web_page;
use crate::error::Error;
use crate::json::{self, Record, Unreadable};
use crate::status::{Refusal, hint_of, refused, unsent};
use crate::web_page::refusal_in_front_of_the_psa;

/// What came of a [`Call`].
pub struct Answer<'a> {
    pub(super) tenant: &'a dyn Tenant,
    /// What it was about.
    pub subject: Subject,
    /// What was sent.
    pub request: Request,
    /// What came back.
    pub result: HttpResult,
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
