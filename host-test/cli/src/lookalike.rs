//! A host in the settings that looks like the vendor's and is not: it counts as a server of one's own, so nothing else would
//! say that the keys go elsewhere.

use psa_host::contract::{ConnectorDescription, Setting, SettingKind};
use strsim::normalized_damerau_levenshtein;

/// From 0 to 1. One letter too few or an end of another country is above it.
const LEAST_SIMILARITY: f64 = 0.8;

/// What to warn about, before anything is sent.
pub(crate) fn warnings(description: &ConnectorDescription, settings: &[Setting]) -> Vec<String> {
    let hosts = description.settings.iter();
    let hosts = hosts.filter(|described| described.kind == SettingKind::Host);
    let entered = hosts.filter_map(|host| settings.iter().find(|it| it.name == host.name));
    let warnings = entered.filter_map(|setting| {
        let host = host_of(&setting.value);
        let domain = resembled(&host, &description.vendor_domains)?;
        Some(format!(
            "`{}` is {host}, which does not belong to {domain}: keys are sent to it as to a server of your own. If it is \
             misspelt, correct it",
            setting.name
        ))
    });
    warnings.collect()
}

/// The host in whatever a person pastes.
fn host_of(value: &str) -> String {
    let value = value.trim();
    let after_scheme = value.split_once("://").map_or(value, |(_, rest)| rest);
    let authority = after_scheme
        .split(['/', '?', '#'])
        .next()
        .unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    host.trim_end_matches('.').to_ascii_lowercase()
}

/// The domain of the vendor that a host is like, if it is under none of them.
fn resembled<'a>(host: &str, domains: &'a [String]) -> Option<&'a String> {
    let is_under = |domain: &String| {
        host.strip_suffix(domain.as_str())
            .is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    if domains.iter().any(is_under) {
        return None;
    }
    domains.iter().find(|domain| {
        let end = last_labels(host, domain.split('.').count());
        let similarity = normalized_damerau_levenshtein(end, domain);
        similarity >= LEAST_SIMILARITY || host.contains(domain.as_str())
    })
}

/// So many parts of a name, from its end.
fn last_labels(host: &str, count: usize) -> &str {
    let dots: Vec<usize> = host.match_indices('.').map(|(at, _)| at).collect();
    let before = dots
        .len()
        .checked_sub(count)
        .and_then(|index| dots.get(index));
    before.map_or(host, |at| &host[at + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_that_is_like_the_vendors_and_not_under_it_is_noticed() {
        let domains = ["mydesk-cloud.net", "desk-dev.example.com"].map(str::to_owned);
        for (value, expected) in [
            ("na.mydesk-cloud.net", None),
            ("https://NA.mydesk-cloud.net:443/login?x#y", None),
            ("mydesk-cloud.net.", None),
            ("na.mydesc-cloud.net", Some("mydesk-cloud.net")),
            ("https://na.mydesk-clod.net/login", Some("mydesk-cloud.net")),
            ("na.mydesk-cloud.com", Some("mydesk-cloud.net")),
            ("namydesk-cloud.net", Some("mydesk-cloud.net")),
            ("mydesk-cloud.net.example.org", Some("mydesk-cloud.net")),
            ("na.desk-dv.example.com", Some("desk-dev.example.com")),
            // Servers of one's own.
            ("psa.example.com", None),
            ("desk.example.net:8443", None),
            ("localhost", None),
            ("192.0.2.7", None),
            ("", None),
        ] {
            let found = resembled(&host_of(value), &domains).map(String::as_str);
            assert_eq!(found, expected, "{value}");
        }
    }
}
