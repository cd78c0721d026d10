//! The `site` setting: what people paste, and the host that answers API requests. Nothing is looked up here.
//!
//! Cloud: the browser uses `na.myconnectwise.net`, the API `api-na.myconnectwise.net`; a call to the former answers
//! `SSL is required.` (ConnectWise Developer Guide, "Cloud URL Formatting"). On premises: any host, any port.

use crate::text::{find, number};

/// A host that answers API requests.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Site {
    /// Host, and port where it is not 443: `api-na.myconnectwise.net`, `psa.example.com:8443`.
    pub(crate) authority: String,
}

const WHAT_TO_ENTER: &str =
    "enter the host name only, for example api-na.myconnectwise.net or psa.example.com";

impl Site {
    /// Reads what was pasted. The error says what to enter.
    pub(crate) fn parse(pasted: &str) -> Result<Self, String> {
        let refuse = |why: &str| Err([why, "; ", WHAT_TO_ENTER].concat());
        let text = pasted.trim();
        if text
            .chars()
            .any(|letter| letter.is_whitespace() || letter.is_control())
        {
            return refuse("it holds a space or a control character");
        }
        let text = match find(text, "://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => rest,
            Some((scheme, _)) if scheme.eq_ignore_ascii_case("http") => {
                return refuse("http:// would send the keys unencrypted");
            }
            Some(_) => return refuse("it starts with a scheme other than https://"),
            None => text,
        };
        let has = |sign: u8| text.bytes().any(|letter| letter == sign);
        if has(b'@') {
            return refuse("it holds a user name");
        }
        if has(b'?') || has(b'#') {
            return refuse("it holds a query or a fragment");
        }
        let (authority, path) = text.split_once('/').unwrap_or((text, ""));
        if !is_api_path(path) {
            return refuse("it holds a path that is not the API's");
        }
        let (host, port) = match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        };
        if !is_host_name(host) {
            return refuse("it is not a host name");
        }
        let host = api_host(&host.to_ascii_lowercase());
        let port = match port.map(parse_port) {
            None | Some(Some(443)) => None,
            Some(Some(port)) => Some(port),
            Some(None) => return refuse("its port is not a number from 1 to 65535"),
        };
        Ok(Self {
            authority: port.map_or_else(
                || host.clone(),
                |port| [&host, ":", &port.to_string()].concat(),
            ),
        })
    }

    /// The authority that a person's browser uses.
    pub(crate) fn browser_authority(&self) -> &str {
        match self.authority.strip_prefix("api-") {
            Some(rest) if is_cloud(rest) => rest,
            _ => &self.authority,
        }
    }
}

/// Nothing, or what people copy from the API's own examples: `v4_6_release`, `v4_6_release/apis/3.0`, `v2025_1/apis/3.0`.
/// The codebase itself is not kept: `v4_6_release` is served everywhere and routes to the current one.
fn is_api_path(path: &str) -> bool {
    let path = path.trim_end_matches('/');
    let (codebase, rest) = path.split_once('/').unwrap_or((path, ""));
    let is_codebase = codebase.is_empty()
        || codebase.strip_prefix(['v', 'V']).is_some_and(|version| {
            version.starts_with(|first: char| first.is_ascii_digit())
                && version
                    .chars()
                    .all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        });
    is_codebase && matches!(rest, "" | "apis" | "apis/3.0")
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

fn parse_port(text: &str) -> Option<i64> {
    number(text).filter(|port| (1..=65_535).contains(port))
}

fn api_host(host: &str) -> String {
    if is_cloud(host) {
        ["api-", host].concat()
    } else {
        host.to_owned()
    }
}

/// The browser's host of a cloud region. `sandbox-na` is used as it is, and so is a host that has its `api-` already.
fn is_cloud(host: &str) -> bool {
    let region = host.strip_suffix(".myconnectwise.net");
    region.is_some_and(|region| {
        (2..=3).contains(&region.len()) && region.chars().all(|letter| letter.is_ascii_alphabetic())
    }) || host == "staging.connectwisedev.com"
}

#[cfg(test)]
mod tests {
    use super::Site;

    #[test]
    fn what_people_paste_becomes_the_api_host() {
        for (pasted, authority) in [
            ("api-na.myconnectwise.net", "api-na.myconnectwise.net"),
            ("na.myconnectwise.net", "api-na.myconnectwise.net"),
            ("aus.myconnectwise.net", "api-aus.myconnectwise.net"),
            (
                "staging.connectwisedev.com",
                "api-staging.connectwisedev.com",
            ),
            (
                "sandbox-na.myconnectwise.net",
                "sandbox-na.myconnectwise.net",
            ),
            (
                "  https://NA.myconnectwise.net/  ",
                "api-na.myconnectwise.net",
            ),
            (
                "https://api-eu.myconnectwise.net/v4_6_release/apis/3.0/",
                "api-eu.myconnectwise.net",
            ),
            (
                "eu.myconnectwise.net/v2025_1/apis/3.0",
                "api-eu.myconnectwise.net",
            ),
            ("psa.example.com:8443", "psa.example.com:8443"),
            (
                "https://psa.example.com:443/v4_6_release",
                "psa.example.com",
            ),
            ("10.0.0.7", "10.0.0.7"),
        ] {
            assert_eq!(
                Site::parse(pasted).map(|site| site.authority),
                Ok(authority.to_owned()),
                "{pasted:?}"
            );
        }
    }

    #[test]
    fn what_is_no_host_is_refused_with_what_to_enter() {
        for (pasted, why) in [
            ("http://na.myconnectwise.net", "unencrypted"),
            ("ftp://na.myconnectwise.net", "scheme"),
            ("user:key@na.myconnectwise.net", "user name"),
            ("na.myconnectwise.net?x=1", "query"),
            ("na.myconnectwise.net#top", "fragment"),
            ("na.myconnectwise.net /", "space"),
            ("na.my\u{7}connectwise.net", "control"),
            ("na.myconnectwise.net/login", "path"),
            ("na.myconnectwise.net/v4_6_release/ConnectWise.aspx", "path"),
            ("na.myconnectwise.net/vendor/apis/3.0", "path"),
            ("na.myconnectwise.net/v4.6/apis/3.0", "path"),
            ("na.myconnectwise.net:0", "port"),
            ("na.myconnectwise.net:+443", "port"),
            ("na.myconnectwise.net:70000", "port"),
            ("na.myconnectwise.net:", "port"),
            ("na..net", "not a host name"),
            ("-na.net", "not a host name"),
            ("münchen.example", "not a host name"),
            ("[::1]", "not a host name"),
            ("https://", "not a host name"),
        ] {
            let message = Site::parse(pasted).expect_err(pasted);
            assert!(message.contains(why), "{pasted:?}: {message}");
            assert!(message.contains("enter the host name only"), "{message}");
        }
    }

    #[test]
    fn a_person_is_sent_to_the_browsers_host() {
        for (pasted, browser) in [
            ("api-na.myconnectwise.net", "na.myconnectwise.net"),
            ("psa.example.com", "psa.example.com"),
            ("api-psa.example.com", "api-psa.example.com"),
        ] {
            let site = Site::parse(pasted).expect(pasted);
            assert_eq!(site.browser_authority(), browser);
        }
    }
}
