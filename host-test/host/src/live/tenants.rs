//! What calls of one tenant share in a process beside connections: kept responses and pacing. Tenants that are not heard of
//! are forgotten.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lru::LruCache;
use tokio::time::Instant;

use crate::fingerprint::Fingerprint;
use crate::live::kept_responses::KeptResponses;
use crate::live::pacing::Pacer;

/// Beyond this many, the tenant whose last call began first is forgotten: its next call asks for a new token, and is not
/// paced by what went before.
const MOST_TENANTS: usize = 10_000;

/// Longer than a response is kept, and than connectors pace.
const IDLE_TENANT: Duration = Duration::from_secs(7_200);

/// The shared state of one tenant's calls.
#[derive(Default)]
pub(crate) struct Shared {
    pub(crate) kept: KeptResponses,
    pub(crate) pacer: Pacer,
}

/// Of all tenants.
pub(crate) struct Tenants(Mutex<LruCache<Fingerprint, Entry>>);

struct Entry {
    shared: Arc<Shared>,
    last_call: Instant,
}

impl Tenants {
    /// What the calls of this tenant share.
    pub(crate) fn get(&self, tenant: Fingerprint) -> Arc<Shared> {
        let now = Instant::now();
        // A panic elsewhere leaves a plain map behind, which stays usable.
        let mut tenants = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = tenants.get_or_insert_mut(tenant, || Entry {
            shared: Arc::default(),
            last_call: now,
        });
        entry.last_call = now;
        let shared = Arc::clone(&entry.shared);
        while tenants.len() > MOST_TENANTS
            || tenants
                .peek_lru()
                .is_some_and(|(_, oldest)| now - oldest.last_call > IDLE_TENANT)
        {
            tenants.pop_lru();
        }
        shared
    }
}

impl Default for Tenants {
    fn default() -> Self {
        Self(Mutex::new(LruCache::unbounded()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenant(number: usize) -> Fingerprint {
        let name = psa_contract::Setting {
            name: "tenant".to_owned(),
            value: number.to_string(),
        };
        Fingerprint::of_tenant(&[0; 32], &[name]).expect("randomness")
    }

    fn len(tenants: &Tenants) -> usize {
        tenants.0.lock().expect("no panic").len()
    }

    #[tokio::test(start_paused = true)]
    async fn calls_share_by_tenant_and_idle_tenants_are_forgotten() {
        let tenants = Tenants::default();
        let first = tenants.get(tenant(0));
        assert!(Arc::ptr_eq(&first, &tenants.get(tenant(0))));
        assert!(!Arc::ptr_eq(&first, &tenants.get(tenant(1))));
        tokio::time::advance(IDLE_TENANT).await;
        assert!(Arc::ptr_eq(&first, &tenants.get(tenant(0))));
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(Arc::ptr_eq(&first, &tenants.get(tenant(0))));
        assert_eq!(len(&tenants), 1, "the other one was idle for longer");
    }

    #[tokio::test(start_paused = true)]
    async fn the_number_of_tenants_is_bounded_and_the_oldest_goes() {
        let tenants = Tenants::default();
        let first = tenants.get(tenant(0));
        let second = tenants.get(tenant(1));
        for number in 2..MOST_TENANTS {
            tenants.get(tenant(number));
        }
        assert!(Arc::ptr_eq(&first, &tenants.get(tenant(0))));
        tenants.get(tenant(MOST_TENANTS));
        assert_eq!(len(&tenants), MOST_TENANTS);
        assert!(Arc::ptr_eq(&first, &tenants.get(tenant(0))));
        assert!(!Arc::ptr_eq(&second, &tenants.get(tenant(1))));
    }
}
