//! Which requests one tenant's connector may send, and which tenant it is. What an address is, `address.rs` knows. Nothing
//! here knows any vendor: its domains are what the connector's description says.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use psa_contract::{ConnectorDescription, Failure, Pacing, Request, Setting, SettingKind};
use url::Url;

use crate::address;
use crate::fingerprint::Fingerprint;
use crate::http::{denied, refusal};

mod authority;
mod domains;
mod options;
mod secrets;

pub(crate) use authority::Authority;
pub use options::{PacingSource, PolicyOptions};

use domains::{covering, is_one_label_under, is_under, parent_of_hosts};
use secrets::Secrets;

/// What one tenant's connector may reach, and how fast. Cheap to clone.
///
/// Approved are: an origin that the operator typed in a setting of kind `host`; a host under a vendor domain of the
/// description which also covers a typed host, on port 443 or the port typed; an entry of [`PolicyOptions::allow_hosts`], in
/// which `*.` stands for one label.
/// A domain under which anybody can get a name (`co.uk`, `azurewebsites.net`: the public suffix list) covers nothing.
#[derive(Clone)]
pub struct Policy {
    pub(crate) approvals: Arc<Approvals>,
    secrets: Arc<Secrets>,
    pub(crate) allow_private_networks: bool,
    #[cfg_attr(
        not(feature = "live"),
        allow(dead_code, reason = "what Live shares by it")
    )]
    pub(crate) tenant: Fingerprint,
    #[cfg_attr(not(feature = "live"), allow(dead_code, reason = "Live keeps it"))]
    pub(crate) pacing: Pacing,
    /// The PSA and the version, as the connector's description names them.
    #[cfg_attr(not(feature = "live"), allow(dead_code, reason = "Live sends it"))]
    pub(crate) connector: Arc<(String, String)>,
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
    /// Of those, what any one label may stand before: a PSA tells by its first answer which host serves a tenant.
    parents: Vec<Authority>,
}

/// Why a policy cannot be made. The text says what to correct.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// An entry of [`PolicyOptions::allow_hosts`].
    #[error("`{0}` in `allow_hosts` is not a host: enter a host name, and a port if it is not 443")]
    AllowedHost(String),
    /// Tenants are told apart by digests with a random key.
    #[error("the system has no randomness: {0}")]
    Randomness(String),
}

impl Policy {
    /// The policy for a connector with this digest ([`Connector::digest`](crate::Connector::digest)) and description, and
    /// these settings. Calls share kept responses and pacing if they agree in the digest and all settings.
    ///
    /// A setting of kind `host` whose value is no host approves nothing: the connector will say what is wrong with it.
    ///
    /// # Errors
    /// [`PolicyError`]
    pub fn new(
        component_digest: &[u8; 32],
        description: &ConnectorDescription,
        settings: &[Setting],
        options: &PolicyOptions,
    ) -> Result<Self, PolicyError> {
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
        let (mut allowed, mut parents) = (Vec::new(), Vec::new());
        for host in &options.allow_hosts {
            let refused = || PolicyError::AllowedHost(host.clone());
            let trimmed = host.trim();
            match trimmed
                .strip_prefix("https://")
                .unwrap_or(trimmed)
                .strip_prefix("*.")
            {
                Some(parent) => parents.push(parent_of_hosts(parent).ok_or_else(refused)?),
                None => allowed.push(Authority::typed(host).ok_or_else(refused)?),
            }
        }
        Ok(Self {
            approvals: Arc::new(Approvals {
                typed,
                domains,
                allowed,
                parents,
            }),
            secrets: Arc::new(Secrets::new(of_kind(SettingKind::Secret))),
            allow_private_networks: options.allow_private_networks,
            tenant: Fingerprint::of_tenant(component_digest, settings)
                .map_err(PolicyError::Randomness)?,
            pacing: match &options.pacing {
                PacingSource::Connector => description.pacing.clone(),
                PacingSource::Fixed(pacing) => pacing.clone(),
                PacingSource::Off => Pacing::default(),
            },
            connector: Arc::new((description.vendor.clone(), description.version.clone())),
        })
    }

    /// Those of the origins that a connector names (its `origins`) which this policy does not approve: requests to them
    /// would be denied. They include texts that are not https origins.
    #[must_use]
    pub fn not_approved(&self, origins: &[String]) -> Vec<String> {
        let is_approved = |origin: &&String| match origin.strip_prefix("https://*.") {
            Some(parent) => Authority::typed(parent).is_some_and(|parent| {
                let approvals = &self.approvals;
                let is_under = |domain| is_under(domain, &parent);
                approvals.parents.contains(&parent) || approvals.domains.iter().any(is_under)
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

    /// Whether the request may be sent: it keeps the contract's rules, and its origin is approved. A host that is an IP
    /// address must be one that may be reached; to what addresses a name leads is for whoever connects to see, as
    /// [`address_rule`](Self::address_rule) says.
    ///
    /// A [`Call::under`](crate::Call::under) this policy asks this of every request, whatever its [`Http`](crate::Http).
    ///
    /// # Errors
    /// A failure of kind `denied` that names the rule and holds no secret.
    pub fn check(&self, request: &Request) -> Result<(), Failure> {
        match refusal(request) {
            Some(failure) => Err(failure),
            None => self
                .admitted(&request.url)
                .map(|_| ())
                .map_err(|rule| self.denied(&rule)),
        }
    }

    /// Why an address may not be connected to, in words that follow "its address is". None: it may. For an
    /// [`Http`](crate::Http) that resolves names itself.
    #[must_use]
    pub fn address_rule(&self, address: IpAddr) -> Option<String> {
        address::refusal(address, self.allow_private_networks)
    }

    /// The URL as it is used, and its origin; or the rule that it breaks.
    pub(crate) fn admitted(&self, url: &str) -> Result<(Url, Authority), String> {
        let url = Url::parse(url).map_err(|error| format!("its URL: {error}"))?;
        // Asked again of the parsed URL, which is the one that is used.
        if url.scheme() != "https" || !url.username().is_empty() || url.password().is_some() {
            return Err("only https without user information is allowed".to_owned());
        }
        let authority = Authority::of(&url).ok_or("its URL has no host")?;
        if !self.approves(&authority) {
            return Err(format!(
                "the origin https://{authority} is not approved: it is neither typed in a setting nor under a domain \
                 of the vendor that covers what is typed. The operator can allow it: add `{authority}`, or what `origins` \
                 lists for it, to `allow_hosts`"
            ));
        }
        // An address in a URL is connected to without asking a resolver.
        match authority.address().and_then(|it| self.address_rule(it)) {
            Some(rule) => Err(format!("its address is {rule}")),
            None => Ok((url, authority)),
        }
    }

    /// A host name can be made of a secret, and the rule repeats it.
    pub(crate) fn denied(&self, rule: &str) -> Failure {
        denied(format!(
            "the request was not sent: {}",
            self.without_secrets(rule)
        ))
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
                .parents
                .iter()
                .any(|it| is_one_label_under(it, authority))
            || approvals
                .domains
                .iter()
                .any(|domain| is_under(domain, authority))
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

#[cfg(test)]
mod tests;
