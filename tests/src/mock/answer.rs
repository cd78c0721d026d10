//! A response before it is sent, and what any web server may answer. The errors of a PSA are with its mock.

use bytes::Bytes;
use serde_json::Value;

/// A response that is not yet on its way.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self {
            status,
            headers: vec![("content-type", "application/json; charset=utf-8".to_owned())],
            body: body.to_string().into(),
        }
    }

    pub(crate) fn text(status: u16, content_type: &str, body: &str) -> Self {
        Self {
            status,
            headers: vec![("content-type", content_type.to_owned())],
            body: Bytes::copy_from_slice(body.as_bytes()),
        }
    }

    pub(crate) fn with_header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The page of a gateway that does not reach the API.
    pub(crate) fn bad_gateway() -> Self {
        let page = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>";
        Self::text(502, "text/html", page)
    }

    /// The page of a firewall or content network that lets nobody through who is not on its list: 401, 403, 406, 429 or 503.
    #[must_use]
    pub fn of_a_firewall(status: u16) -> Self {
        let page = "<!DOCTYPE html><html><head><title>Access denied | psa.example.com</title></head><body>\
             <h1>Access denied</h1><p>Your address is not allowed to reach this site. Request ID: 8f2c0d51ab</p></body></html>";
        Self::text(status, "text/html; charset=utf-8", page)
    }

    /// The page of a web server that does not know the path.
    pub(crate) fn no_such_page() -> Self {
        let page = "<html><head><title>404 - File or directory not found.</title></head><body></body></html>";
        Self::text(404, "text/html", page)
    }
}
