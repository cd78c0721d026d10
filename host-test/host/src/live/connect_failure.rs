//! Why there is no connection, in words for the operator: an address that is not found, a proxy that refuses, TLS that fails.

use std::error::Error;
use std::fmt;
use std::io;

use crate::live::cause::{causes, find, innermost};
use crate::live::fault::Fault;
use crate::live::proxy::Proxy;
use crate::live::tls_failure::of_tls;
use crate::policy::Authority;

/// Where a request goes, for messages.
#[derive(Clone, Copy)]
pub(crate) struct Target<'a> {
    pub(crate) authority: &'a Authority,
    pub(crate) proxy: Option<&'a Proxy>,
    /// A variable that names a proxy which is not used.
    pub(crate) unused_proxy_variable: Option<&'static str>,
}

/// The proxy is named without user name and password.
impl fmt::Display for Target<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "https://{}", self.authority)?;
        match self.proxy {
            Some(proxy) => write!(out, " through the proxy {}", proxy.shown),
            None => Ok(()),
        }
    }
}

/// Whether a proxy answered, and did not connect.
pub(crate) fn is_refusal_of_a_proxy(error: &reqwest::Error) -> bool {
    // The error has no name outside of its crate.
    causes(error).any(|cause| {
        let text = cause.to_string();
        ["unsuccessful", "proxy authorization required"]
            .iter()
            .any(|end| text == format!("tunnel error: {end}"))
    })
}

/// Of such a refusal, with the status if the proxy said it again.
pub(crate) fn of_refusing_proxy(
    proxy: &Proxy,
    authority: &Authority,
    status: Option<u16>,
) -> Fault {
    let name = &proxy.shown;
    let variable = proxy.variable;
    let refused =
        format!("the proxy {name} (`{variable}`) refused to connect to https://{authority}");
    match status {
        Some(407) => Fault::unreachable(
            format!(
                "{refused}: it answered 407. Put a user name and a password that it accepts into `{variable}`, as in \
                 http://USER:PASSWORD@HOST:PORT"
            ),
            false,
        ),
        // It could not reach the server, and may a moment later.
        Some(status @ (502..=504)) => {
            Fault::unreachable(format!("{refused}: it answered {status}"), true)
        }
        Some(status @ 300..) => Fault::unreachable(
            format!("{refused}: it answered {status}. Ask its operator to allow the host"),
            false,
        ),
        _ => Fault::unreachable(refused, true),
    }
}

/// Of a request for which there was no connection.
pub(crate) fn of_connecting(error: &reqwest::Error, target: Target<'_>) -> Fault {
    if let Some(tls) = find::<rustls::Error>(error) {
        return Fault::unreachable(
            format!("cannot agree on TLS with {target}: {}", of_tls(tls)),
            false,
        );
    }
    let cause = innermost(error);
    let message = if error.is_dns() {
        not_found(target, &cause)
    } else if error.is_timeout() {
        format!("no connection to {target} within the time to connect")
    } else if closed_in_handshake(error) {
        format!(
            "{target} closed the connection while agreeing on TLS; a server whose TLS is older than 1.2 does that"
        )
    } else if let Some(proxy) = target.proxy {
        format!(
            "cannot connect through the proxy {} (`{}`) to https://{}: {cause}",
            proxy.shown, proxy.variable, target.authority
        )
    } else {
        format!("cannot connect to {target}: {cause}")
    };
    Fault::unreachable(message, true)
}

/// A proxy finds the server by itself, so that only its own address can be missing.
fn not_found(target: Target<'_>, cause: &str) -> String {
    if let Some(proxy) = target.proxy {
        return format!(
            "cannot find the address of the proxy {} (`{}`): {cause}",
            proxy.shown, proxy.variable
        );
    }
    let missing = format!("cannot find the address of {target}: {cause}");
    match target.unused_proxy_variable {
        Some(variable) => format!(
            "{missing}. `{variable}` is set and not used: if this network needs the proxy, turn on `use_environment_proxy`"
        ),
        None => missing,
    }
}

fn closed_in_handshake(error: &(dyn Error + 'static)) -> bool {
    causes(error).any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(|error| {
            matches!(
                error.kind(),
                io::ErrorKind::UnexpectedEof
                    | io::ErrorKind::ConnectionReset
                    | io::ErrorKind::ConnectionAborted
                    | io::ErrorKind::BrokenPipe
            )
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::proxy::Proxies;

    #[test]
    fn a_proxy_that_refuses_is_named_with_its_status() {
        let variable = |name: &str| {
            (name == "HTTPS_PROXY").then(|| "http://user:s3cret@proxy.example:3128".into())
        };
        let proxies = Proxies::new(true, &variable).expect("a proxy");
        let authority = Authority {
            host: "psa.example".to_owned(),
            port: 443,
        };
        let proxy = proxies.proxy_for(&authority).expect("a proxy");
        // Its answer, whether the same request may fare better, and a part of the message.
        for (status, is_passing, part) in [
            (Some(403), false, "it answered 403. Ask its operator"),
            (Some(407), false, "it answered 407. Put a user name"),
            (Some(503), true, "it answered 503"),
            (Some(200), true, "refused to connect to https://psa.example"),
            (None, true, "refused to connect to https://psa.example"),
        ] {
            let fault = of_refusing_proxy(proxy, &authority, status);
            let message = &fault.failure.message;
            assert_eq!(fault.is_passing, is_passing, "{message}");
            assert!(message.starts_with("the proxy http://proxy.example:3128 (`HTTPS_PROXY`)"));
            assert!(message.contains(part), "{message}");
            assert!(!message.contains("s3cret"), "{message}");
        }
    }

    #[test]
    fn a_proxy_that_is_set_and_not_used_is_named_if_an_address_cannot_be_found() {
        let authority = Authority {
            host: "psa.example".to_owned(),
            port: 443,
        };
        for (unused_proxy_variable, expected) in [
            (None, "cannot find the address of https://psa.example: why"),
            (Some("HTTPS_PROXY"), "`HTTPS_PROXY` is set and not used"),
        ] {
            let target = Target {
                authority: &authority,
                proxy: None,
                unused_proxy_variable,
            };
            let message = not_found(target, "why");
            assert!(message.contains(expected), "{message}");
            assert_eq!(message.contains("PROXY"), unused_proxy_variable.is_some());
        }
    }
}
