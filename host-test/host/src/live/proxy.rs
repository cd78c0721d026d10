//! The proxy that the environment names: whether it can be used, for which hosts, and what it says if it refuses.

use std::ffi::OsString;
use std::sync::Arc;

use hyper::Uri;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use reqwest::Url;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::live::LiveError;
use crate::policy::Authority;

/// Variables that name a proxy for HTTPS, in the order of asking, and of each the form in lower case, which curl prefers.
const PROXY_VARIABLES: [(&str, &str); 2] =
    [("HTTPS_PROXY", "https_proxy"), ("ALL_PROXY", "all_proxy")];
const EXCEPTIONS: (&str, &str) = ("NO_PROXY", "no_proxy");

/// What the environment says of proxies. Equal for all requests of a call.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum Proxies {
    /// No request uses one. The variable: it names one that the options do not use.
    Unused(Option<&'static str>),
    /// Requests use this one, except those to hosts that `NO_PROXY` lists.
    Used(Arc<Proxy>),
}

/// A proxy.
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct Proxy {
    /// With user name and password, if it asks for them.
    url: String,
    exceptions: String,
    /// Without either.
    pub(crate) shown: String,
    /// What names it.
    pub(crate) variable: &'static str,
}

impl Proxies {
    /// Of these variables.
    ///
    /// # Errors
    /// [`LiveError::Proxy`]: the variable is to be used and cannot be read.
    pub(crate) fn new(
        is_used: bool,
        variable: &dyn Fn(&str) -> Option<OsString>,
    ) -> Result<Self, LiveError> {
        let value = |(upper, lower): (&'static str, &str)| {
            let set = [lower, upper].into_iter().filter_map(variable);
            set.into_iter().find(|value| !value.is_empty())
        };
        let named = PROXY_VARIABLES
            .into_iter()
            .find_map(|names| Some((names.0, value(names)?)));
        let Some((name, url)) = named else {
            return Ok(Self::Unused(None));
        };
        if !is_used {
            return Ok(Self::Unused(Some(name)));
        }
        let exceptions = match value(EXCEPTIONS).map(OsString::into_string) {
            None => String::new(),
            Some(Ok(exceptions)) => exceptions,
            Some(Err(_)) => return Err(cannot_be_read(EXCEPTIONS.0, "it is not UTF-8")),
        };
        let url = url
            .into_string()
            .map_err(|_| cannot_be_read(name, "it is not UTF-8"))?;
        Proxy::new(name, url.trim(), exceptions).map(|proxy| Self::Used(Arc::new(proxy)))
    }

    /// The proxy for requests to this origin.
    pub(crate) fn proxy_for(&self, authority: &Authority) -> Option<&Arc<Proxy>> {
        match self {
            Self::Unused(_) => None,
            Self::Used(proxy) => proxy.intercept(authority).map(|_| proxy),
        }
    }

    /// A variable that names a proxy which is not used.
    pub(crate) fn unused_variable(&self) -> Option<&'static str> {
        match self {
            Self::Unused(variable) => *variable,
            Self::Used(_) => None,
        }
    }
}

impl Proxy {
    fn new(variable: &'static str, text: &str, exceptions: String) -> Result<Self, LiveError> {
        // As curl has it: a proxy without a scheme speaks HTTP.
        let with_scheme = if text.contains("://") {
            text.to_owned()
        } else {
            format!("http://{text}")
        };
        let url = Url::parse(&with_scheme)
            .map_err(|error| cannot_be_read(variable, &error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(cannot_be_read(
                variable,
                &format!("its scheme is `{}`", url.scheme()),
            ));
        }
        let host = url.host_str().unwrap_or_default();
        let port = url.port_or_known_default().unwrap_or_default();
        Ok(Self {
            shown: format!("{}://{host}:{port}", url.scheme()),
            url: url.to_string(),
            exceptions,
            variable,
        })
    }

    /// For the HTTP client.
    pub(crate) fn of_client(&self) -> Result<reqwest::Proxy, LiveError> {
        reqwest::Proxy::all(self.url.as_str())
            .map_err(|error| cannot_be_read(self.variable, &error.without_url().to_string()))
    }

    /// What this proxy answers to a CONNECT to the origin. The HTTP client does not tell it, so it is asked once more. None:
    /// nothing that can be read, or the proxy speaks TLS.
    pub(crate) async fn status_of_connect(&self, authority: &Authority) -> Option<u16> {
        let intercept = self.intercept(authority)?;
        let proxy = intercept.uri();
        if proxy.scheme_str() != Some("http") {
            return None;
        }
        let host = proxy.host()?.trim_matches(['[', ']']);
        let mut stream = TcpStream::connect((host, proxy.port_u16().unwrap_or(80)))
            .await
            .ok()?;
        let target = format!("{}:{}", authority.host, authority.port);
        let mut head = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n").into_bytes();
        if let Some(credentials) = intercept.basic_auth() {
            head.extend_from_slice(b"Proxy-Authorization: ");
            head.extend_from_slice(credentials.as_bytes());
            head.extend_from_slice(b"\r\n");
        }
        head.extend_from_slice(b"\r\n");
        stream.write_all(&head).await.ok()?;
        status_in(&mut stream).await
    }

    fn intercept(&self, authority: &Authority) -> Option<Intercept> {
        let matcher = Matcher::builder()
            .all(self.url.as_str())
            .no(self.exceptions.as_str())
            .build();
        let uri: Uri = format!("https://{}:{}/", authority.host, authority.port)
            .parse()
            .ok()?;
        matcher.intercept(&uri)
    }
}

/// The status in the first line of an answer: `HTTP/1.1 403 Forbidden`.
async fn status_in(stream: &mut TcpStream) -> Option<u16> {
    const LONGEST_LINE_BYTES: u64 = 1_024;
    let mut line = Vec::new();
    let mut limited = stream.take(LONGEST_LINE_BYTES);
    while !line.contains(&b'\n') {
        if limited.read_buf(&mut line).await.ok()? == 0 {
            break;
        }
    }
    let line = String::from_utf8_lossy(&line).into_owned();
    let status = line.strip_prefix("HTTP/")?.split_whitespace().nth(1)?;
    status.parse().ok()
}

fn cannot_be_read(variable: &'static str, reason: &str) -> LiveError {
    LiveError::Proxy {
        variable,
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(is_used: bool, variables: &[(&str, &str)]) -> Result<Proxies, LiveError> {
        let variable = |name: &str| {
            let mut set = variables.iter();
            let (_, value) = set.find(|(set, _)| *set == name)?;
            Some(OsString::from(*value))
        };
        Proxies::new(is_used, &variable)
    }

    #[test]
    fn the_variables_say_which_proxy_for_which_host_and_what_cannot_be_read() {
        /// Variables, and the proxy for `psa.example`, none, or a part of the error.
        type Case<'a> = (&'a [(&'a str, &'a str)], Result<Option<&'a str>, &'a str>);
        let cases: &[Case<'_>] = &[
            (&[], Ok(None)),
            (&[("HTTPS_PROXY", "")], Ok(None)),
            (
                &[("HTTPS_PROXY", "http://user:pass@127.0.0.1:9")],
                Ok(Some("http://127.0.0.1:9")),
            ),
            (
                &[("https_proxy", "proxy.example:3128")],
                Ok(Some("http://proxy.example:3128")),
            ),
            (
                &[("ALL_PROXY", "https://[::1]"), ("HTTPS_PROXY", "")],
                Ok(Some("https://[::1]:443")),
            ),
            (
                &[("HTTPS_PROXY", "http://a.example"), ("ALL_PROXY", "::::")],
                Ok(Some("http://a.example:80")),
            ),
            (
                &[
                    ("HTTPS_PROXY", "http://a.example"),
                    ("NO_PROXY", "b.example, .example"),
                ],
                Ok(None),
            ),
            (
                &[
                    ("HTTPS_PROXY", "http://a.example"),
                    ("no_proxy", "b.example"),
                ],
                Ok(Some("http://a.example:80")),
            ),
            (&[("HTTPS_PROXY", "::::")], Err("`HTTPS_PROXY`")),
            (&[("HTTPS_PROXY", "not a url")], Err("`HTTPS_PROXY`")),
            (&[("https_proxy", "http://")], Err("`HTTPS_PROXY`")),
            (&[("ALL_PROXY", "socks5://a.example")], Err("`socks5`")),
        ];
        let origin = Authority {
            host: "psa.example".to_owned(),
            port: 443,
        };
        for (variables, expected) in cases {
            match (proxies(true, variables), expected) {
                (Ok(found), Ok(expected)) => {
                    let shown = found.proxy_for(&origin).map(|proxy| proxy.shown.as_str());
                    assert_eq!(shown, *expected, "{variables:?}");
                    assert_eq!(found.unused_variable(), None);
                }
                (Err(error), Err(part)) => {
                    assert!(error.to_string().contains(part), "{variables:?}: {error}");
                }
                (found, _) => panic!("{variables:?}: {:?}", found.err()),
            }
        }
    }

    #[test]
    fn a_proxy_that_is_not_used_is_known_and_not_read() {
        for (value, expected) in [("::::", Some("HTTPS_PROXY")), ("", None)] {
            let found = proxies(false, &[("HTTPS_PROXY", value)]).expect("it is not read");
            assert_eq!(found.unused_variable(), expected);
        }
    }
}
