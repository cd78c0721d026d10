//! Host and port, of a URL or as a person typed them.

use std::fmt;
use std::net::IpAddr;

use url::Url;

pub(super) const HTTPS_PORT: u16 = 443;

/// Host and port of an https origin.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Authority {
    /// In the one form that a URL has for it: lower case, Punycode, an IPv6 address in brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
}

impl Authority {
    /// Of a URL that was parsed.
    pub(crate) fn of(url: &Url) -> Option<Self> {
        Some(Self {
            host: url.host_str().filter(|host| !host.is_empty())?.to_owned(),
            port: url.port_or_known_default()?,
        })
    }

    /// Of what a person typed or pasted: a host, with or without a port, `https://` before it or a path behind it.
    pub(super) fn typed(text: &str) -> Option<Self> {
        let text = text.trim();
        let without_scheme = match text.get(..8) {
            Some(scheme) if scheme.eq_ignore_ascii_case("https://") => text.get(8..)?,
            _ => text,
        };
        let authority = without_scheme.split(['/', '?', '#', '\\']).next()?;
        if authority.contains(['@', '*']) || authority.contains(char::is_whitespace) {
            return None;
        }
        Self::of(&Url::parse(&format!("https://{}/", authority.trim_end_matches('.'))).ok()?)
    }

    /// The host as an address, if it is one. A URL has an address in its usual form, whatever form was written.
    pub(crate) fn address(&self) -> Option<IpAddr> {
        self.host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse()
            .ok()
    }
}

/// As in an origin: the port only if it is not 443.
impl fmt::Display for Authority {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            HTTPS_PORT => write!(out, "{}", self.host),
            port => write!(out, "{}:{port}", self.host),
        }
    }
}
