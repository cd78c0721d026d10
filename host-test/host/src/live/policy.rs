//! Which origins one tenant's connector may reach, what of its settings may not be shown, and which tenant it is. No address
//! is judged here (`address.rs`), and nothing here knows any vendor: its domains are what the connector's description says.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use psa_contract::{ConnectorDescription, Pacing, Setting, SettingKind};
use reqwest::Url;

use crate::live::fingerprint::Fingerprint;
use crate::live::{LiveError, LiveOptions, PacingSource};
use crate::placeholder::Placeholders;

/// What one tenant's connector may reach, and how fast. Cheap to clone.
///
/// Approved are: an origin that the operator typed in a setting of kind `host`; a host under a vendor domain of the
/// description which also covers a typed host, on port 443 or the port typed; an entry of [`LiveOptions::allow_hosts`].
/// A domain that everybody can register under (`com`, `co.uk`) covers nothing.
#[derive(Clone)]
pub struct Policy {
    pub(crate) approvals: Arc<Approvals>,
    secrets: Arc<Placeholders>,
    pub(crate) tenant: Fingerprint,
    /// None: not paced.
    pub(crate) pacing: Option<Pacing>,
}

/// What is approved, and nothing else: pools are shared only between equal ones.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Approvals {
    /// Typed in settings of kind `host`.
    typed: Vec<Authority>,
    /// Domains, with the ports on which hosts under them may be reached.
    domains: Vec<(String, Vec<u16>)>,
    /// What the operator allows beside those.
    allowed: Vec<Authority>,
}

/// Host and port of an https origin.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Authority {
    /// In the one form that a URL has for it: lower case, Punycode, an IPv6 address in brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
}

const HTTPS_PORT: u16 = 443;

impl Policy {
    /// The policy for a connector with this digest ([`Connector::digest`](crate::Connector::digest)) and description, and
    /// these settings. Calls share kept responses and pacing if they agree in the digest and all settings.
    ///
    /// A setting of kind `host` whose value is no host approves nothing: the connector will say what is wrong with it.
    ///
    /// # Errors
    /// [`LiveError::AllowedHost`]. [`LiveError::Client`]: the system has no randomness.
    pub fn new(
        component_digest: &[u8; 32],
        description: &ConnectorDescription,
        settings: &[Setting],
        options: &LiveOptions,
    ) -> Result<Self, LiveError> {
        let of_kind = |kind: SettingKind| {
            settings.iter().filter(move |setting| {
                description
                    .settings
                    .iter()
                    .any(|known| known.name == setting.name && known.kind == kind)
            })
        };
        let typed: Vec<Authority> = of_kind(SettingKind::Host)
            .filter_map(|setting| Authority::typed(&setting.value))
            .collect();
        let domains = description
            .vendor_domains
            .iter()
            .filter_map(|domain| covering(domain, &typed))
            .collect();
        let allowed = options
            .allow_hosts
            .iter()
            .map(|host| Authority::typed(host).ok_or_else(|| LiveError::AllowedHost(host.clone())))
            .collect::<Result<_, _>>()?;
        let secrets: Vec<Setting> = of_kind(SettingKind::Secret)
            .flat_map(with_other_forms)
            .collect();
        Ok(Self {
            approvals: Arc::new(Approvals {
                typed,
                domains,
                allowed,
            }),
            secrets: Arc::new(Placeholders::new(&secrets)),
            tenant: Fingerprint::of_tenant(component_digest, settings)?,
            pacing: match &options.pacing {
                PacingSource::Connector => Some(description.pacing.clone()),
                PacingSource::Fixed(pacing) => Some(pacing.clone()),
                PacingSource::Off => None,
            },
        })
    }

    /// Those of the origins that a connector names (its `origins`) which this policy does not approve: requests to them
    /// would be denied. A text that is no https origin is one of them.
    #[must_use]
    pub fn not_approved(&self, origins: &[String]) -> Vec<String> {
        let is_approved = |origin: &&String| match origin.strip_prefix("https://*.") {
            Some(parent) => Authority::typed(parent).is_some_and(|parent| {
                self.approvals
                    .domains
                    .iter()
                    .any(|domain| is_under(domain, &parent))
            }),
            None => {
                origin.starts_with("https://")
                    && Authority::typed(origin).is_some_and(|origin| self.approves(&origin))
            }
        };
        origins
            .iter()
            .filter(|origin| !is_approved(origin))
            .cloned()
            .collect()
    }

    /// The rule that the origin of a URL breaks, if it does.
    pub(crate) fn refusal(&self, authority: &Authority) -> Option<String> {
        (!self.approves(authority)).then(|| {
            format!(
                "the origin https://{authority} is not approved: it is neither typed in a setting nor under a domain \
                 of the vendor that covers what is typed. The operator can allow it (--allow-host {authority})"
            )
        })
    }

    /// The text without the values of secret settings.
    pub(crate) fn without_secrets(&self, text: &str) -> String {
        self.secrets.mask(text)
    }

    fn approves(&self, authority: &Authority) -> bool {
        let approvals = &self.approvals;
        approvals.typed.contains(authority)
            || approvals.allowed.contains(authority)
            || approvals
                .domains
                .iter()
                .any(|domain| is_under(domain, authority))
    }
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
    fn typed(text: &str) -> Option<Self> {
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

    /// The host as an address, where it is one. A URL has an address in its usual form, whatever form was written.
    pub(crate) fn address(&self) -> Option<IpAddr> {
        self.host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse()
            .ok()
    }
}

/// Never shows a secret.
impl fmt::Debug for Policy {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Policy")
            .field("approvals", &self.approvals)
            .finish_non_exhaustive()
    }
}

/// As in an origin: the port only where it is not 443.
impl fmt::Display for Authority {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            HTTPS_PORT => write!(out, "{}", self.host),
            port => write!(out, "{}:{port}", self.host),
        }
    }
}

/// The domain with the ports to which it extends what was typed, if it covers any of it.
fn covering(domain: &str, typed: &[Authority]) -> Option<(String, Vec<u16>)> {
    let domain = Authority::typed(domain)
        .filter(|authority| authority.address().is_none())?
        .host;
    if is_open_to_everybody(&domain) {
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

/// Whether anybody can register a name under the domain: a single label, or a country's second level such as `co.uk` or
/// `com.au`. The list of all such domains is long and changes; these are the ones that cover companies' own hosts.
fn is_open_to_everybody(domain: &str) -> bool {
    let labels: Vec<&str> = domain.split('.').collect();
    match labels.as_slice() {
        [_] => true,
        [second, country] if country.len() == 2 => {
            second.len() <= 3 || matches!(*second, "asso" | "gouv" | "info" | "name" | "firm")
        }
        _ => false,
    }
}

fn is_under((domain, ports): &(String, Vec<u16>), authority: &Authority) -> bool {
    ports.contains(&authority.port) && is_host_under(domain, authority)
}

fn is_host_under(domain: &str, authority: &Authority) -> bool {
    authority.address().is_none()
        && authority
            .host
            .strip_suffix(domain)
            .is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

/// A secret as it is, and as it stands in a URL or, in lower case, in a host name.
fn with_other_forms(setting: &Setting) -> Vec<Setting> {
    let value = setting.value.trim();
    let encoded: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
    let mut forms = vec![setting.clone()];
    for (form, value) in [
        ("encoded", encoded),
        ("lower case", value.to_ascii_lowercase()),
    ] {
        // A name of its own, since the first of a repeated name counts.
        forms.push(Setting {
            name: format!("{}, {form}", setting.name),
            value,
        });
    }
    forms
}

#[cfg(test)]
mod tests;
