//! What an operator may set of the live backend, with the defaults and the reason for each. Nothing is enforced here.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::live::Event;

/// How a live backend works, and what it lets a connector do. The same for every call that shares it.
#[derive(Clone, Debug, Default)]
pub struct LiveOptions {
    /// How long things may take.
    pub timeouts: Timeouts,
    /// What a call may send and receive.
    pub limits: HttpLimits,
    /// What is sent again, and when.
    pub retries: Retries,
    /// Certificate authorities beside the machine's own: the text of PEM files, each with one certificate or more.
    pub certificate_authorities: Vec<String>,
    /// Addresses to use in place of those that name resolution gives. The address rule holds for them too.
    pub resolve: Vec<Resolution>,
    /// Whether the proxy that `HTTPS_PROXY` or else `ALL_PROXY` names is used, except for the hosts in `NO_PROXY`. Default:
    /// no. The proxy speaks HTTP or HTTPS, and resolves names itself, so that only IP literals are judged by the address
    /// rule if one is used. The variables are read for each call.
    pub use_environment_proxy: bool,
    /// How the PSA's operator reaches you: an email address or a URL. It is sent with each request in the header
    /// User-Agent, after the names and versions of this library and the connector. Printable ASCII without brackets and
    /// backslashes, at most 200 bytes. Default: none.
    pub contact: Option<String>,
    /// Whether every request is sent and no response is kept, whatever the connector asks for: for recordings, which have to
    /// hold each request. Default: no.
    pub ignore_reuse: bool,
    /// A function that is told everything that happens. Default: none.
    pub observer: Option<Observer>,
}

/// Limits of time. The limit of a whole call is the deadline that its caller gives to [`Http::send`](crate::Http::send).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Timeouts {
    /// To resolve the name, to connect and to agree on TLS. Default: 10 seconds.
    pub connect: Duration,
    /// From sending a request to the last byte of its response, connecting included, each attempt by itself.
    /// Default: 60 seconds, a little more than ConnectWise gives a request.
    pub request: Duration,
}

/// What one call may send and receive over HTTP, beside the number of its requests ([`Limits`](crate::Limits)).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HttpLimits {
    /// Requests under way at once. Default: 16.
    pub in_flight: usize,
    /// Bytes of one response's body, content encodings removed, counted while they arrive. Default: 16 MiB.
    pub response_bytes: usize,
    /// Bytes of all bodies of a call, sent and received. Default: 128 MiB.
    pub call_bytes: usize,
    /// Headers of a request or a response. Default: 100.
    pub header_count: usize,
    /// Bytes of the URL and of all names and values of headers together, of a request or a response. Default: 64 KiB.
    pub header_bytes: usize,
}

/// What is sent again. A request that is not a write: if the server was unreachable, answered 429, 502, 503 or 504, or
/// answered 500 and says that its time ran out. A write: only if the server cannot have acted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Retries {
    /// How often one request is sent again. Default: 3.
    pub per_request: u32,
    /// How often requests are sent again in a whole call, after a 429 not counted. Default: 20.
    pub per_call: u32,
    /// The first pause is at most this, the second at most twice, and so on; the length is drawn at random. Default: 500 ms.
    pub first_pause: Duration,
    /// The pause after a 429 whose Retry-After is missing or cannot be read; it doubles each time. Default: 30 seconds.
    pub rate_limit_pause: Duration,
    /// No pause is longer. If a server asks for more with Retry-After, its answer is passed on. Default: 60 seconds.
    ///
    /// After a 429, no request of the tenant is sent until its pause is over, except those of a call that has sent a write.
    pub longest_pause: Duration,
}

/// An override of name resolution: what curl takes as `--resolve HOST:PORT:ADDRESS[,ADDRESS]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Resolution {
    /// In lower case, without a trailing dot.
    pub host: String,
    /// The port of the origin.
    pub port: u16,
    /// At least one.
    pub addresses: Vec<IpAddr>,
}

/// A function that is told what happens. It is called on the thread that sends, and must not block.
#[derive(Clone)]
pub struct Observer(Arc<dyn Fn(&Event<'_>) + Send + Sync>);

impl Observer {
    /// Calls this function.
    pub fn new(function: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        Self(Arc::new(function))
    }

    pub(crate) fn tell(&self, event: &Event<'_>) {
        (self.0)(event);
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Observer(..)")
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            request: Duration::from_secs(60),
        }
    }
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self {
            in_flight: 16,
            response_bytes: 16 << 20,
            call_bytes: 128 << 20,
            header_count: 100,
            header_bytes: 64 << 10,
        }
    }
}

impl Default for Retries {
    fn default() -> Self {
        Self {
            per_request: 3,
            per_call: 20,
            first_pause: Duration::from_millis(500),
            rate_limit_pause: Duration::from_secs(30),
            longest_pause: Duration::from_secs(60),
        }
    }
}

impl Resolution {
    /// Reads `HOST:PORT:ADDRESS[,ADDRESS]`, an IPv6 address with or without brackets.
    ///
    /// # Errors
    /// What is wrong with the text, in words for whoever typed it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let form = "the form is HOST:PORT:ADDRESS[,ADDRESS]";
        let mut parts = text.splitn(3, ':');
        let (Some(host), Some(port), Some(addresses)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(format!("`{text}` has no port or no address; {form}"));
        };
        if host.is_empty() || host.contains(['[', ']', '/', '*']) {
            return Err(format!("`{host}` is not a host name; {form}"));
        }
        let port = port
            .parse::<u16>()
            .ok()
            .filter(|port| *port != 0)
            .ok_or_else(|| format!("`{port}` is not a port; {form}"))?;
        let addresses = addresses
            .split(',')
            .map(|address| {
                let bare = address
                    .strip_prefix('[')
                    .and_then(|rest| rest.strip_suffix(']'))
                    .unwrap_or(address);
                bare.parse::<IpAddr>()
                    .map_err(|_| format!("`{address}` is not an IP address; {form}"))
            })
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            host: host.trim_end_matches('.').to_ascii_lowercase(),
            port,
            addresses,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overrides_are_read_as_curl_has_them() {
        /// The text, and the override or a part of the message.
        type Case<'a> = (&'a str, Result<(&'a str, u16, &'a [&'a str]), &'a str>);
        let cases: &[Case<'_>] = &[
            (
                "a.example:443:192.0.2.1",
                Ok(("a.example", 443, &["192.0.2.1"])),
            ),
            (
                "A.Example.:8443:::1,192.0.2.1",
                Ok(("a.example", 8443, &["::1", "192.0.2.1"])),
            ),
            (
                "a.example:443:[2001:db8::1]",
                Ok(("a.example", 443, &["2001:db8::1"])),
            ),
            ("a.example:443", Err("no address")),
            ("a.example", Err("no port")),
            (":443:192.0.2.1", Err("not a host name")),
            ("*:443:192.0.2.1", Err("not a host name")),
            ("a.example:0:192.0.2.1", Err("not a port")),
            ("a.example:https:192.0.2.1", Err("not a port")),
            ("a.example:443:b.example", Err("not an IP address")),
            ("a.example:443:", Err("not an IP address")),
        ];
        for (text, expected) in cases {
            match (Resolution::parse(text), expected) {
                (Ok(found), Ok((host, port, addresses))) => {
                    let found_addresses: Vec<String> =
                        found.addresses.iter().map(IpAddr::to_string).collect();
                    assert_eq!(
                        (found.host.as_str(), found.port, found_addresses),
                        (
                            *host,
                            *port,
                            addresses.iter().map(|text| (*text).to_owned()).collect()
                        ),
                        "{text}"
                    );
                }
                (Err(message), Err(part)) => assert!(message.contains(part), "{text}: {message}"),
                (found, _) => panic!("{text}: {found:?}"),
            }
        }
    }
}
