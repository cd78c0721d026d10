//! The host that people paste into a settings form.

use crate::text::number;

/// A host, its port, and the path behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Host {
    /// A DNS name or an IPv4 address, in lower case.
    pub name: String,
    /// None: 443.
    pub port: Option<u16>,
    /// What stood behind it, without the slashes at its ends. Whether that is good is the vendor's to say.
    pub path: String,
}

impl Host {
    /// Reads what was pasted: a host name or an `https` URL. The error says why it is neither; append what to enter.
    ///
    /// # Errors
    /// White space inside it, another scheme, a user name, a query, no host name, no port that exists.
    pub fn parse(pasted: &str) -> Result<Self, &'static str> {
        let text = pasted.trim();
        if text
            .chars()
            .any(|letter| letter.is_whitespace() || letter.is_control())
        {
            return Err("it holds a space or a control character");
        }
        let text = match text.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => rest,
            Some((scheme, _)) if scheme.eq_ignore_ascii_case("http") => {
                return Err("http:// would send the keys unencrypted");
            }
            Some(_) => return Err("it starts with a scheme other than https://"),
            None => text,
        };
        if text.contains('@') {
            return Err("it holds a user name");
        }
        if text.contains(['?', '#']) {
            return Err("it holds a query or a fragment");
        }
        let (authority, path) = text.split_once('/').unwrap_or((text, ""));
        let (name, port) = match authority.split_once(':') {
            Some((name, port)) => (name, Some(port)),
            None => (authority, None),
        };
        if !is_host_name(name) {
            return Err("it is not a host name");
        }
        let port = match port.map(parse_port) {
            None | Some(Some(443)) => None,
            Some(Some(port)) => Some(port),
            Some(None) => return Err("its port is not a number from 1 to 65535"),
        };
        Ok(Self {
            name: name.to_ascii_lowercase(),
            port,
            path: path.trim_matches('/').to_owned(),
        })
    }

    /// `psa.example.com`, or `psa.example.com:8443`.
    #[must_use]
    pub fn authority(&self) -> String {
        match self.port {
            Some(port) => format!("{}:{port}", self.name),
            None => self.name.clone(),
        }
    }
}

/// A DNS name or an IPv4 address. An internationalised name has to be entered in its `xn--` form.
fn is_host_name(host: &str) -> bool {
    (1..=253).contains(&host.len())
        && host.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .chars()
                    .all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
        })
}

fn parse_port(text: &str) -> Option<u16> {
    number(text)
        .and_then(|port| u16::try_from(port).ok())
        .filter(|port| *port > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_paste_is_read() {
        for (pasted, authority, path) in [
            ("psa.example.com", "psa.example.com", ""),
            ("  https://PSA.example.com/  ", "psa.example.com", ""),
            (
                "https://psa.example.com/v1/api/",
                "psa.example.com",
                "v1/api",
            ),
            ("HTTPS://psa.example.com:443/v1", "psa.example.com", "v1"),
            ("psa.example.com:8443", "psa.example.com:8443", ""),
            ("10.0.0.7", "10.0.0.7", ""),
        ] {
            let host = Host::parse(pasted).expect(pasted);
            assert_eq!(
                (host.authority().as_str(), host.path.as_str()),
                (authority, path)
            );
        }
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for (pasted, why) in [
            ("http://psa.example.com", "unencrypted"),
            ("ftp://psa.example.com", "scheme"),
            ("user:key@psa.example.com", "user name"),
            ("psa.example.com?x=1", "query"),
            ("psa.example.com#top", "fragment"),
            ("psa.example.com /", "space"),
            ("psa.exa\u{7}mple.com", "control"),
            ("psa.example.com:0", "port"),
            ("psa.example.com:+443", "port"),
            ("psa.example.com:70000", "port"),
            ("psa.example.com:", "port"),
            ("psa..com", "not a host name"),
            ("-psa.com", "not a host name"),
            ("münchen.example", "not a host name"),
            ("[::1]", "not a host name"),
            ("https://", "not a host name"),
            ("", "not a host name"),
        ] {
            let message = Host::parse(pasted).expect_err(pasted);
            assert!(message.contains(why), "{pasted:?}: {message}");
        }
    }
}
