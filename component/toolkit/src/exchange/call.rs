//! A request, and what explains its failure.

use psa_contract::{Body, Request};

use super::Subject;
use crate::input::InputRow;
use crate::permission::RequiredPermission;
use crate::url;

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
                fields: &[],
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

    /// The fields that are written, which a refusal may name by the PSA's names for them.
    #[must_use]
    pub fn fields(mut self, fields: &'static [InputRow]) -> Self {
        self.subject.fields = fields;
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
