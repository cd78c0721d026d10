//! What everything that works shares: the store, the desks, the vault, the clock.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use psa_contract::{ErrorCode, Setting};
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::desk::{Answer, Desk, Desks, own_error};
use crate::policy::Timing;
use crate::secrets::{Vault, VaultError};
use crate::store::{Store, StoreError};
use crate::tenant::Tenant;

/// Shared by intake, workers and service. Cheap to clone.
#[derive(Clone)]
pub struct Office {
    /// What is kept.
    pub store: Arc<dyn Store>,
    /// Who makes calls.
    pub desks: Arc<dyn Desks>,
    /// What decrypts settings.
    pub vault: Vault,
    /// What time it is.
    pub clock: Clock,
    /// How long things take.
    pub timing: Arc<Timing>,
    /// Tells workers that there is work.
    pub bell: Bell,
    /// The name of this process among those that share a store.
    pub owner: Arc<str>,
}

/// Rings when a tenant has work. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Bell {
    bells: Arc<Mutex<HashMap<String, Arc<Notify>>>>,
}

impl Bell {
    /// The bell of a tenant.
    #[must_use]
    pub fn of(&self, tenant: &str) -> Arc<Notify> {
        let mut bells = self.bells.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(bells.entry(tenant.to_owned()).or_default())
    }

    /// Rings it.
    pub fn ring(&self, tenant: &str) {
        self.of(tenant).notify_one();
    }
}

/// Why the settings of a tenant cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The vault.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl Office {
    /// The settings of a tenant in clear: its own, and those that the platform has for its connector.
    ///
    /// # Errors
    /// [`SettingsError`]
    pub async fn settings(&self, tenant: &Tenant) -> Result<Vec<Setting>, SettingsError> {
        let mut settings = Vec::new();
        for (name, sealed) in self.store.settings(&tenant.id).await? {
            let value = self.vault.open_value(&tenant.id, &name, &sealed)?;
            settings.push(Setting { name, value });
        }
        let of_the_platform = self.platform_settings(&tenant.connector, &settings).await?;
        settings.extend(of_the_platform);
        Ok(settings)
    }

    /// The settings in clear that the platform has for all tenants of a connector, but for those that a tenant has itself.
    ///
    /// # Errors
    /// [`SettingsError`]
    pub async fn platform_settings(
        &self,
        connector: &str,
        own: &[Setting],
    ) -> Result<Vec<Setting>, SettingsError> {
        let prefix = format!("{connector}/");
        let mut settings = Vec::new();
        for (place, sealed) in self.store.settings("").await? {
            if let Some(name) = place.strip_prefix(&prefix)
                && own.iter().all(|it| it.name != name)
            {
                let value = self.vault.open_value("", &place, &sealed)?;
                settings.push(Setting {
                    name: name.to_owned(),
                    value,
                });
            }
        }
        Ok(settings)
    }

    /// The desk of a tenant, with its settings as they are now.
    ///
    /// # Errors
    /// `invalid-settings` if they cannot be decrypted or allow no call, `unavailable` if they cannot be read.
    pub async fn desk(&self, tenant: &Tenant) -> Answer<Arc<dyn Desk>> {
        let settings = self.settings(tenant).await.map_err(|error| {
            let code = match error {
                SettingsError::Vault(VaultError::Damaged { .. }) => ErrorCode::InvalidSettings,
                _ => ErrorCode::Unavailable,
            };
            own_error(code, error.to_string())
        })?;
        self.desks.desk(&tenant.connector, settings).await
    }
}
