//! What calls share: the HTTP clients with their connections, one for every origin, policy and way to connect, and what
//! `tenants.rs` holds. What a client would do on its own is off here: redirects, cookies, referers, proxies, sending again.

use std::collections::HashMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use reqwest::Client;
use reqwest::redirect;
use rustls::crypto::CryptoProvider;
use rustls_platform_verifier::Verifier;

use crate::fingerprint::Fingerprint;
use crate::live::proxy::Proxies;
use crate::live::resolver::CheckedResolver;
use crate::live::tenants::{self, Tenants};
use crate::live::{LiveError, LiveOptions, Resolution, tls};
use crate::policy::{Approvals, Authority, Policy};

/// Origins and policies beyond this many close the connections of the one that was used longest ago.
const MOST_CLIENTS: usize = 256;

/// An origin and policy that was not used for this long closes its connections.
const IDLE_CLIENT: Duration = Duration::from_secs(600);

/// Beyond this many different sets of certificate authorities, all are forgotten and read again when they are next used.
const MOST_VERIFIERS: usize = 16;

/// Shorter than servers keep an idle connection, so that none is closed just as a request leaves on it.
const IDLE_CONNECTION: Duration = Duration::from_secs(30);

/// Idle connections to one origin; with HTTP/2 one is enough.
const MOST_IDLE_CONNECTIONS: usize = 16;

/// A connection that does not answer a ping of HTTP/2 is dead, and its requests need not wait for their time to end.
const PING_EVERY: Duration = Duration::from_secs(15);
const PONG_WITHIN: Duration = Duration::from_secs(10);

/// What all calls share: connections, and for each tenant its kept responses and its pacing. Clones share them. One value
/// per process and Tokio runtime: a connection lives on the runtime that opened it.
///
/// Calls share connections only if they agree in the origin, everything that is approved, the address rule, the
/// certificate authorities, the overrides of name resolution, the proxy and the time to connect.
///
/// They share kept responses and pacing only if they are of the same tenant: the same component and the same settings. Up
/// to 10,000 tenants are remembered, each for two hours after its last call; of each, at most 8 responses with 32 KiB in
/// all, in memory only. What is forgotten is asked for again.
#[derive(Clone, Default)]
pub struct Pools {
    shared: Arc<Mutex<Shared>>,
    tenants: Arc<Tenants>,
}

#[derive(Default)]
struct Shared {
    /// None: that of the process, or of the feature.
    provider: Option<Arc<CryptoProvider>>,
    clients: HashMap<PoolKey, Pooled>,
    verifiers: HashMap<Vec<String>, Arc<Verifier>>,
}

struct Pooled {
    client: Client,
    last_use: Instant,
}

/// Everything that a connection depends on.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct PoolKey {
    pub(crate) authority: Authority,
    pub(crate) way: Arc<Way>,
}

/// Everything that a connection depends on but its origin: the same for all requests of a call.
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct Way {
    approvals: Arc<Approvals>,
    allow_private: bool,
    certificate_authorities: Vec<String>,
    resolve: Vec<Resolution>,
    proxies: Proxies,
    connect_timeout: Duration,
    header_count: usize,
    header_bytes: usize,
}

impl Way {
    pub(crate) fn new(policy: &Policy, options: &LiveOptions, proxies: Proxies) -> Self {
        Self {
            approvals: Arc::clone(&policy.approvals),
            allow_private: policy.allow_private_networks,
            certificate_authorities: options.certificate_authorities.clone(),
            resolve: options.resolve.clone(),
            proxies,
            connect_timeout: options.timeouts.connect,
            header_count: options.limits.header_count,
            header_bytes: options.limits.header_bytes,
        }
    }

    fn overrides(&self, authority: &Authority) -> Vec<IpAddr> {
        self.resolve
            .iter()
            .filter(|resolution| {
                resolution.port == authority.port && resolution.host == authority.host
            })
            .flat_map(|resolution| resolution.addresses.iter().copied())
            .collect()
    }
}

impl Pools {
    /// Pools whose TLS uses this cryptography. [`Pools::default`] takes the default provider of the process, if one is
    /// installed, or that of the feature `ring` or `aws-lc-rs`.
    #[must_use]
    pub fn with_crypto_provider(provider: Arc<CryptoProvider>) -> Self {
        let pools = Self::default();
        pools.lock().provider = Some(provider);
        pools
    }

    /// The client for this key, with its open connections.
    pub(crate) fn client(&self, key: &PoolKey) -> Result<Client, LiveError> {
        let verifier = self.verifier(&key.way.certificate_authorities)?;
        let now = Instant::now();
        let mut shared = self.lock();
        if let Some(pooled) = shared.clients.get_mut(key) {
            pooled.last_use = now;
            return Ok(pooled.client.clone());
        }
        let client = build(key, verifier, shared.provider()?)?;
        shared.make_room(now);
        let pooled = Pooled {
            client: client.clone(),
            last_use: now,
        };
        shared.clients.insert(key.clone(), pooled);
        Ok(client)
    }

    /// The check of certificates with these authorities beside the machine's. Reads files the first time.
    pub(crate) fn verifier(&self, authorities: &[String]) -> Result<Arc<Verifier>, LiveError> {
        let mut shared = self.lock();
        if let Some(verifier) = shared.verifiers.get(authorities) {
            return Ok(Arc::clone(verifier));
        }
        let verifier = Arc::new(tls::verifier(authorities, shared.provider()?)?);
        if shared.verifiers.len() >= MOST_VERIFIERS {
            shared.verifiers.clear();
        }
        shared
            .verifiers
            .insert(authorities.to_vec(), Arc::clone(&verifier));
        Ok(verifier)
    }

    pub(crate) fn tenant(&self, tenant: Fingerprint) -> Arc<tenants::Shared> {
        self.tenants.get(tenant)
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.lock().clients.len()
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        // A panic elsewhere leaves plain maps behind, which stay usable.
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    /// Given to rustls with every configuration, so that nothing in the process is chosen or installed by this crate.
    fn provider(&self) -> Result<Arc<CryptoProvider>, LiveError> {
        self.provider
            .clone()
            .or_else(|| CryptoProvider::get_default().cloned())
            .or_else(tls::provider_of_the_feature)
            .ok_or(LiveError::NoCryptoProvider)
    }

    fn make_room(&mut self, now: Instant) {
        self.clients
            .retain(|_, pooled| now.duration_since(pooled.last_use) < IDLE_CLIENT);
        if self.clients.len() >= MOST_CLIENTS {
            let oldest = self
                .clients
                .iter()
                .min_by_key(|(_, pooled)| pooled.last_use)
                .map(|(key, _)| key.clone());
            if let Some(oldest) = oldest {
                self.clients.remove(&oldest);
            }
        }
    }
}

impl fmt::Debug for Pools {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Pools").finish_non_exhaustive()
    }
}

/// The clients of one call: each is looked up once among those of all calls.
pub(crate) struct Clients {
    pools: Pools,
    way: Arc<Way>,
    found: Mutex<HashMap<Authority, Client>>,
}

impl Clients {
    pub(crate) fn new(pools: &Pools, way: Way) -> Self {
        Self {
            pools: pools.clone(),
            way: Arc::new(way),
            found: Mutex::default(),
        }
    }

    pub(crate) fn client(&self, authority: &Authority) -> Result<Client, LiveError> {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = found.get(authority) {
            return Ok(client.clone());
        }
        let client = self.pools.client(&PoolKey {
            authority: authority.clone(),
            way: Arc::clone(&self.way),
        })?;
        found.insert(authority.clone(), client.clone());
        Ok(client)
    }
}

fn build(
    key: &PoolKey,
    verifier: Arc<Verifier>,
    provider: Arc<CryptoProvider>,
) -> Result<Client, LiveError> {
    let way = &key.way;
    let proxy = way.proxies.proxy_for(&key.authority);
    let resolver = CheckedResolver {
        overrides: way.overrides(&key.authority),
        authority: key.authority.clone(),
        allow_private: way.allow_private,
        uses_proxy: proxy.is_some(),
    };
    let mut builder = Client::builder()
        .no_proxy()
        .tls_backend_preconfigured(tls::config(verifier, provider)?)
        .dns_resolver(Arc::new(resolver))
        .https_only(true)
        .redirect(redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .connect_timeout(way.connect_timeout)
        .pool_idle_timeout(IDLE_CONNECTION)
        .pool_max_idle_per_host(MOST_IDLE_CONNECTIONS)
        .http1_max_headers(way.header_count)
        .http2_max_header_list_size(u32::try_from(way.header_bytes).unwrap_or(u32::MAX))
        .http2_keep_alive_interval(PING_EVERY)
        .http2_keep_alive_timeout(PONG_WITHIN);
    if let Some(proxy) = proxy {
        builder = builder.proxy(proxy.of_client()?);
    }
    builder
        .build()
        .map_err(|error| LiveError::Client(format!("{error:?}")))
}
