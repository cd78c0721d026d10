//! The interfaces of `connector.wit` as plain Rust types, for connectors and hosts.
//!
//! In scope: one type for each type of the contract, with the contract's own documentation, which `build.rs` takes from the
//! text. They serialise to JSON under the contract's names. With the feature `wasmtime` they cross the component boundary on
//! the host's side, with the feature `guest` on the connector's.
//!
//! [`http`] has the trait that a host's HTTP implements, and the contract's rules for requests.
//!
//! Out of scope: any other behaviour, and anything about a vendor.
//!
//! A host's HTTP that answers every request with an empty list:
//!
//! ```
//! use std::time::Instant;
//!
//! use psa_contract::http::{Answers, Http};
//! use psa_contract::{Request, Response};
//!
//! struct EmptyLists;
//!
//! impl Http for EmptyLists {
//!     fn send(&mut self, requests: Vec<Request>, _deadline: Instant) -> Answers<'_> {
//!         let empty_list = Response { status: 200, body: "[]".into(), ..Response::default() };
//!         Box::pin(async move { requests.iter().map(|_| Ok(empty_list.clone())).collect() })
//!     }
//! }
//! ```
#![deny(missing_docs)]

#[cfg(feature = "guest")]
pub mod guest;
pub mod http;

use std::borrow::Cow;
use std::fmt;

include!(concat!(env!("OUT_DIR"), "/types.rs"));

/// The one interface that a host provides to a connector.
pub const HTTP_INTERFACE: &str = "psa:connector/http@0.2.0";

/// The interface that a connector provides to a host.
pub const SERVICE_DESK_INTERFACE: &str = "psa:connector/service-desk@0.2.0";

/// The text of the contract, for hosts that print it and for tests that compare it.
pub const CONNECTOR_WIT: &str = include_str!("../connector.wit");

/// Shows neither headers, which hold the credentials, nor the body.
impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Request({} {})", self.method, self.url)
    }
}

/// Shows neither headers nor the body, which may hold an access token.
impl fmt::Debug for Response {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Response({})", self.status)
    }
}

/// Shows the name only: the value may be a key.
impl fmt::Debug for Setting {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Setting({})", self.name)
    }
}

impl ConnectorError {
    /// An error without details. The message starts with what failed: `cannot list companies: …`.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
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
}

impl Response {
    /// The first value of a header, its name compared without case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(header, _)| header.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

impl Body {
    /// The bytes, in whichever form they are.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }

    /// The bytes, taken out.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        match self {
            Self::Text(text) => text.into_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }

    /// How many bytes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.as_bytes().len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.as_bytes().is_empty()
    }

    /// The text, with U+FFFD for what is not UTF-8.
    #[must_use]
    pub fn to_text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Bytes(bytes) => String::from_utf8_lossy(bytes),
        }
    }
}

/// `text` if and only if they are valid UTF-8, as the contract says.
impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Self::Text(text),
            Err(error) => Self::Bytes(error.into_bytes()),
        }
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Body {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// Empty.
impl Default for Body {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_secret() {
        let key = "QrStUvWxYz012345";
        let setting = Setting {
            name: "private-key".to_owned(),
            value: key.to_owned(),
        };
        let request = Request {
            method: "GET".to_owned(),
            url: "https://psa.example.com/".to_owned(),
            headers: vec![("authorization".to_owned(), format!("Basic {key}"))],
            body: Some(key.into()),
            ..Request::default()
        };
        let response = Response {
            status: 200,
            body: key.into(),
            ..Response::default()
        };
        assert_eq!(
            format!("{setting:?} {request:?} {response:?}"),
            "Setting(private-key) Request(GET https://psa.example.com/) Response(200)"
        );
    }

    #[test]
    fn a_body_is_text_exactly_if_it_is_utf_8() {
        for (bytes, is_text) in [
            (b"".as_slice(), true),
            ("\u{feff}é".as_bytes(), true),
            (b"\xe9", false),
            (b"\xed\xa0\x80", false),
        ] {
            let body = Body::from(bytes.to_vec());
            assert_eq!(matches!(body, Body::Text(_)), is_text, "{bytes:?}");
            assert_eq!(body.as_bytes(), bytes);
        }
    }
}
