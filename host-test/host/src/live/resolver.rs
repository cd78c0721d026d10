//! Name resolution for one origin. It hands out only addresses that the address rule admits, and those are what the
//! client connects to: there is no second look-up between the check and the connection.

use std::net::{IpAddr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::address;
use crate::policy::Authority;

/// Resolves the host of one origin, and of the proxy if one is used.
pub(crate) struct CheckedResolver {
    pub(crate) authority: Authority,
    /// In place of what name resolution gives. Empty: none.
    pub(crate) overrides: Vec<IpAddr>,
    pub(crate) allow_private: bool,
    pub(crate) uses_proxy: bool,
}

/// Every address of a host breaks the address rule.
#[derive(Debug, thiserror::Error)]
#[error("the address of {host} is {rule}")]
pub(crate) struct AddressDenied {
    host: String,
    rule: String,
}

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_owned();
        let is_of_origin = host.eq_ignore_ascii_case(&self.authority.host);
        let overrides = if is_of_origin {
            self.overrides.clone()
        } else {
            Vec::new()
        };
        // The operator named the proxy, and it stands in the operator's own network.
        let allow_any = !is_of_origin && self.uses_proxy;
        let allow_private = self.allow_private;
        Box::pin(async move {
            let found: Vec<IpAddr> = if overrides.is_empty() {
                tokio::net::lookup_host((host.as_str(), 0))
                    .await?
                    .map(|address| address.ip())
                    .collect()
            } else {
                overrides
            };
            let admitted = if allow_any {
                found
            } else {
                admitted(&host, found, allow_private)?
            };
            // Port 0: the client puts in the port of the URL.
            let addresses: Addrs = Box::new(
                admitted
                    .into_iter()
                    .map(|address| SocketAddr::new(address, 0)),
            );
            Ok(addresses)
        })
    }
}

/// The addresses that pass. None of them: the rule that the first one breaks.
fn admitted(
    host: &str,
    found: Vec<IpAddr>,
    allow_private: bool,
) -> Result<Vec<IpAddr>, AddressDenied> {
    let mut first_rule = None;
    let mut admitted = Vec::with_capacity(found.len());
    for found in found {
        match address::refusal(found, allow_private) {
            None => admitted.push(found),
            Some(rule) => first_rule = first_rule.or(Some(rule)),
        }
    }
    match first_rule {
        Some(rule) if admitted.is_empty() => Err(AddressDenied {
            host: host.to_owned(),
            rule,
        }),
        _ => Ok(admitted),
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use super::*;

    #[tokio::test]
    async fn only_admitted_addresses_are_handed_out() {
        /// Overrides, whether private networks are allowed, and the addresses or a part of the message.
        type Case<'a> = (&'a [&'a str], bool, Result<&'a [&'a str], &'a str>);
        let cases: &[Case<'_>] = &[
            (&["8.8.8.8"], false, Ok(&["8.8.8.8:0"])),
            (&["10.0.0.1", "8.8.8.8"], false, Ok(&["8.8.8.8:0"])),
            (
                &["10.0.0.1", "::1"],
                false,
                Err("10.0.0.1, a private address"),
            ),
            (&["10.0.0.1", "::1"], true, Ok(&["10.0.0.1:0", "[::1]:0"])),
            (&["169.254.169.254"], true, Err("metadata")),
        ];
        for (overrides, allow_private, expected) in cases {
            let resolver = CheckedResolver {
                authority: Authority {
                    host: "a.example".to_owned(),
                    port: 443,
                },
                overrides: overrides
                    .iter()
                    .map(|address| address.parse().expect("an address"))
                    .collect(),
                allow_private: *allow_private,
                uses_proxy: false,
            };
            let name = Name::from_str("A.example").expect("a name");
            match (resolver.resolve(name).await, expected) {
                (Ok(found), Ok(expected)) => {
                    let found: Vec<String> = found.map(|address| address.to_string()).collect();
                    assert_eq!(found, *expected, "{overrides:?}");
                }
                (Err(error), Err(part)) => {
                    assert!(error.is::<AddressDenied>(), "{error}");
                    assert!(error.to_string().contains(part), "{error}");
                }
                (found, _) => panic!("{overrides:?}: {:?}", found.map(Iterator::count)),
            }
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_to_this_machine_is_denied_and_a_proxys_is_not() {
        for (uses_proxy, is_denied) in [(false, true), (true, false)] {
            let resolver = CheckedResolver {
                authority: Authority {
                    host: "a.example".to_owned(),
                    port: 443,
                },
                overrides: vec!["8.8.8.8".parse().expect("an address")],
                allow_private: false,
                uses_proxy,
            };
            let name = Name::from_str("localhost").expect("a name");
            let found = resolver.resolve(name).await;
            assert_eq!(
                found.err().is_some_and(|error| error.is::<AddressDenied>()),
                is_denied
            );
        }
    }
}
