//! The host that people paste into a settings form.

use core::net::Ipv6Addr;

use crate::text::number;

/// A host, its port, and the path behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Host {
    /// A DNS name in lower case without a final dot, an IPv4 address, or an IPv6 address in brackets.
    pub name: String,
    /// None: 443.
    pub port: Option<u16>,
    /// What stood behind it, without the slashes at its ends. Whether that is good is the vendor's to say.
    pub path: String,
}

impl Host {
    /// Reads what was pasted: a host name or an `https` URL, such as the address of a page. Its query and fragment are left
    /// out. The error says why it is neither; append what to enter.
    ///
    /// # Errors
    /// White space inside it, another scheme, a user name, no host name, no port that exists.
    pub fn parse(pasted: &str) -> Result<Self, &'static str> {
        let text = pasted.trim();
        if text
            .chars()
            .any(|letter| letter.is_whitespace() || letter.is_control())
        {
            return Err("it contains a space or a control character");
        }
        let text = match text.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => rest,
            Some((scheme, _)) if scheme.eq_ignore_ascii_case("http") => {
                return Err("http:// would send the keys unencrypted");
            }
            Some(_) => return Err("it starts with a scheme other than https://"),
            None => text,
        };
        let text = text.split(['?', '#']).next().unwrap_or_default();
        let (authority, path) = text.split_once('/').unwrap_or((text, ""));
        if authority.contains('@') {
            return Err("it contains a user name");
        }
        let (name, port) = name_and_port(authority);
        let name = host_name(name).ok_or("it is not a host name")?;
        let port = match port.map(parse_port) {
            None | Some(Some(443)) => None,
            Some(Some(port)) => Some(port),
            Some(None) => return Err("its port is not a number from 1 to 65535"),
        };
        Ok(Self {
            name,
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

/// The colons of an IPv6 address are inside brackets.
fn name_and_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, Some(port)),
        _ => (authority, None),
    }
}

/// In the form in which it is kept. An internationalised name has to be entered in its `xn--` form.
fn host_name(text: &str) -> Option<String> {
    if let Some(address) = text.strip_prefix('[') {
        let address: Ipv6Addr = address.strip_suffix(']')?.parse().ok()?;
        return Some(format!("[{address}]"));
    }
    // The dot that ends a name in full is no part of it in certificates.
    let name = text.strip_suffix('.').unwrap_or(text);
    // Windows allows `_` in the names of machines; alone, such a name is more likely the company's.
    let is_letter = |letter: char| {
        letter.is_ascii_alphanumeric() || letter == '-' || (letter == '_' && name.contains('.'))
    };
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(is_letter)
    };
    let is_name = (1..=253).contains(&name.len()) && name.split('.').all(is_label);
    is_name.then(|| name.to_ascii_lowercase())
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
            ("psa.example.com.", "psa.example.com", ""),
            ("psa_01.example.com:8443", "psa_01.example.com:8443", ""),
            ("[2001:DB8:0::5]:8443", "[2001:db8::5]:8443", ""),
            ("https://[::1]/v1", "[::1]", "v1"),
            (
                "https://psa.example.com/a/?x=a@b://c#/d",
                "psa.example.com",
                "a",
            ),
            ("psa.example.com?x=1", "psa.example.com", ""),
            ("psa.example.com#top", "psa.example.com", ""),
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
            ("psa.example.com /", "space"),
            ("psa.exa\u{7}mple.com", "control"),
            ("psa.example.com:0", "port"),
            ("psa.example.com:+443", "port"),
            ("psa.example.com:70000", "port"),
            ("psa.example.com:", "port"),
            ("psa..com", "not a host name"),
            ("-psa.com", "not a host name"),
            ("münchen.example", "not a host name"),
            ("[::1", "not a host name"),
            ("[::1]x", "not a host name"),
            ("[::1%25eth0]", "not a host name"),
            ("[10.0.0.7]", "not a host name"),
            ("2001:db8::5", "not a host name"),
            ("psa_01", "not a host name"),
            ("psa.example.com..", "not a host name"),
            (".", "not a host name"),
            (":8443", "not a host name"),
            ("https://", "not a host name"),
            ("", "not a host name"),
        ] {
            let message = Host::parse(pasted).expect_err(pasted);
            assert!(message.contains(why), "{pasted:?}: {message}");
        }
    }
}
