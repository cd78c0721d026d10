//! A request as it arrived, before anything is decided about it.

use std::fmt;

use http::request::Parts;
use http::{Version, header};
use percent_encoding::percent_decode_str;

/// Where the API is on every server.
const API: &str = "/v4_6_release/apis/3.0";

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
    /// The company of the credentials; None where there are none that can be read.
    pub company: Option<String>,
}

impl Asked {
    pub(super) fn of(number: u64, parts: &Parts) -> Self {
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
        let mut asked = Self {
            number,
            method: parts.method.as_str().to_owned(),
            authority: authority.or_else(host).unwrap_or_default().to_owned(),
            path: parts.uri.path().to_owned(),
            query: form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
            headers,
            is_http2: parts.version == Version::HTTP_2,
            company: None,
        };
        asked.company = super::credential::company(&asked);
        asked
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

    /// What follows the API's base path; None for a request that is not to the API.
    #[must_use]
    pub fn api_path(&self) -> Option<&str> {
        self.path.strip_prefix(API)
    }

    /// The URL under which this request found the API.
    pub(super) fn base(&self) -> String {
        format!("https://{}{API}", self.authority)
    }

    pub(super) fn decoded_path(&self) -> String {
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
