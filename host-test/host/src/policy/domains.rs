//! Which hosts a vendor's domain covers. The list of domains under which anybody can get a name is the public suffix list
//! (<https://publicsuffix.org>), as of the version of the crate `psl` in `Cargo.lock`.

use super::authority::{Authority, HTTPS_PORT};

/// The domain with the ports to which it extends what was typed, if it covers any of it.
pub(super) fn covering(domain: &str, typed: &[Authority]) -> Option<(String, Vec<u16>)> {
    let domain = Authority::typed(domain)
        .filter(|authority| authority.address().is_none())?
        .host;
    if is_public_suffix(&domain) {
        return None;
    }
    let mut ports: Vec<u16> = typed
        .iter()
        .filter(|typed| is_host_under(&domain, typed))
        .map(|typed| typed.port)
        .collect();
    if ports.is_empty() {
        return None;
    }
    ports.push(HTTPS_PORT);
    ports.sort_unstable();
    ports.dedup();
    Some((domain, ports))
}

/// What stands behind the `*.` of an entry: a domain under which not anybody can get a name.
pub(super) fn parent_of_hosts(text: &str) -> Option<Authority> {
    Authority::typed(text)
        .filter(|parent| parent.address().is_none() && !is_public_suffix(&parent.host))
}

/// Whether a host is one label, and no more, under the domain, on its port.
pub(super) fn is_one_label_under(parent: &Authority, authority: &Authority) -> bool {
    let under = authority.host.split_once('.');
    authority.port == parent.port
        && authority.address().is_none()
        && under.is_some_and(|(label, rest)| !label.is_empty() && rest == parent.host)
}

/// Whether anybody can get a name under the domain: an end such as `co.uk`, or what a provider gives to its customers, such
/// as `azurewebsites.net`. An end that the list does not know counts as one.
fn is_public_suffix(domain: &str) -> bool {
    psl::suffix_str(domain).is_none_or(|suffix| suffix == domain)
}

pub(super) fn is_under((domain, ports): &(String, Vec<u16>), authority: &Authority) -> bool {
    ports.contains(&authority.port) && is_host_under(domain, authority)
}

fn is_host_under(domain: &str, authority: &Authority) -> bool {
    authority.address().is_none()
        && authority
            .host
            .strip_suffix(domain)
            .is_some_and(|before| before.is_empty() || before.ends_with('.'))
}
