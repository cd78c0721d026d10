//! A request as it arrived, before anything is decided about it.

use std::fmt;

use http::request::Parts;
use http::{Version, header};
use percent_encoding::percent_decode_str;

/// The head of a request.
#[derive(Clone)]
pub struct Asked {
    /// Counted from one, over all connections.
    pub number: u64,
    /// `GET`.
    pub method: String,
    /// Host and port, as the client named them.
    pub authority: String,
    /// Percent-encoded, as it was sent.
    pub path: String,
    /// Names and values of the query, decoded, in order.
    pub query: Vec<(String, String)>,
    /// Lower-case names and values, in order.
    pub headers: Vec<(String, String)>,
    /// Whether it came over HTTP/2.
    pub is_http2: bool,
    /// The tenant of the credentials, as its PSA names it. None: there are none, or they cannot be read.
    pub tenant: Option<String>,
}

impl Asked {
    pub(crate) fn of(number: u64, parts: &Parts) -> Self {
        let query = parts.uri.query().unwrap_or_default();
        let host = || parts.headers.get(header::HOST)?.to_str().ok();
        let authority = parts.uri.authority().map(http::uri::Authority::as_str);
        let headers: Vec<(String, String)> = parts
            .headers
            .iter()
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes());
                (name.as_str().to_owned(), value.into_owned())
            })
            .collect();
        Self {
            number,
            method: parts.method.as_str().to_owned(),
            authority: authority.or_else(host).unwrap_or_default().to_owned(),
            path: parts.uri.path().to_owned(),
            query: form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
            headers,
            is_http2: parts.version == Version::HTTP_2,
            tenant: None,
        }
    }

    /// A header's first value, by its lower-case name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(found, _)| found == name);
        found.map(|(_, value)| value.as_str())
    }

    /// A parameter of the query. The API does not mind the case of its name, and takes an empty one for none.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<&str> {
        let mut query = self.query.iter();
        let found = query.find(|(found, _)| found.eq_ignore_ascii_case(name));
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.trim().is_empty())
    }

    pub(crate) fn decoded_path(&self) -> String {
        percent_decode_str(&self.path)
            .decode_utf8_lossy()
            .into_owned()
    }
}

/// Without headers, which hold credentials.
impl fmt::Debug for Asked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {} {}", self.number, self.method, self.path)?;
        for (name, value) in &self.query {
            write!(formatter, " {name}={value}")?;
        }
        Ok(())
    }
}
