//! All that was set up, out and in: tenants, sources, mappings, digests of tokens, settings. Not the cases: a copy of the
//! database has those.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::{ServiceError, put_platform_setting, put_settings};
use crate::office::Office;
use crate::store::{MappingFilter, Token};
use crate::tenant::{Mapping, Source, Tenant};

/// What was set up. Settings are encrypted, unless a person wrote the file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Exported {
    /// Tenants.
    pub tenants: Vec<Tenant>,
    /// Sources.
    pub sources: Vec<Source>,
    /// Companies.
    pub mappings: Vec<Mapping>,
    /// Digests of tokens.
    pub tokens: Vec<Token>,
    /// Encrypted settings in Base64, by tenant and name. They are read with the same key only.
    pub sealed_settings: BTreeMap<String, BTreeMap<String, String>>,
    /// Settings in clear, by tenant and name: only ever written by a person, never exported.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub settings: BTreeMap<String, BTreeMap<String, String>>,
    /// Settings of the platform in clear, by connector and name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub platform_settings: BTreeMap<String, BTreeMap<String, String>>,
}

/// Why something cannot be taken in.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A setting was encrypted with another key.
    #[error(
        "the setting {name} of {tenant} was encrypted with another key: bring the key file with it"
    )]
    OtherKey {
        /// Whose.
        tenant: String,
        /// Which.
        name: String,
    },
    /// Anything else.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// Everything that was set up.
///
/// # Errors
/// The store.
pub async fn export(office: &Office) -> Result<Exported, ServiceError> {
    let store = &office.store;
    let mut exported = Exported {
        tenants: store.tenants().await?,
        sources: store.sources().await?,
        tokens: store.tokens().await?,
        ..Exported::default()
    };
    let mut places: Vec<String> = exported.tenants.iter().map(|it| it.id.clone()).collect();
    for tenant in &places {
        let mappings = store.mappings(tenant, &MappingFilter::default()).await?;
        exported.mappings.extend(mappings);
    }
    places.push(String::new());
    for tenant in places {
        let settings = store.settings(&tenant).await?;
        let sealed = settings
            .into_iter()
            .map(|(name, sealed)| (name, STANDARD.encode(sealed)));
        exported.sealed_settings.insert(tenant, sealed.collect());
    }
    Ok(exported)
}

/// Takes in what was exported, or what a person wrote in the same form. What is there already and not named stays.
///
/// # Errors
/// [`ImportError`]. Nothing is kept if a setting cannot be read.
pub async fn import(office: &Office, exported: Exported) -> Result<(), ImportError> {
    let mut sealed_settings = Vec::new();
    for (tenant, settings) in &exported.sealed_settings {
        for (name, encoded) in settings {
            let sealed = STANDARD
                .decode(encoded)
                .ok()
                .filter(|sealed| office.vault.open_value(tenant, name, sealed).is_ok());
            let sealed = sealed.ok_or_else(|| ImportError::OtherKey {
                tenant: tenant.clone(),
                name: name.clone(),
            })?;
            sealed_settings.push((tenant, name, sealed));
        }
    }
    let store = &office.store;
    let of_store = |error| ImportError::Service(ServiceError::Store(error));
    for tenant in &exported.tenants {
        store.put_tenant(tenant).await.map_err(of_store)?;
    }
    for source in &exported.sources {
        super::put_source(office, source).await?;
    }
    store
        .put_mappings(&exported.mappings)
        .await
        .map_err(of_store)?;
    for token in &exported.tokens {
        store.put_token(token).await.map_err(of_store)?;
    }
    for (tenant, name, sealed) in sealed_settings {
        let kept = store.put_setting(tenant, name, Some(sealed)).await;
        kept.map_err(of_store)?;
    }
    for (connector, settings) in &exported.platform_settings {
        for (name, value) in settings {
            put_platform_setting(office, connector, name, value).await?;
        }
    }
    for (tenant, settings) in exported.settings {
        let checks = store.tenant(&tenant).await.map_err(of_store)?;
        let settings: Vec<(String, String)> = settings.into_iter().collect();
        put_settings(office, &tenant, &settings).await?;
        // What the file says of its checks stands.
        if let Some(tenant) = checks {
            store.put_tenant(&tenant).await.map_err(of_store)?;
        }
    }
    Ok(())
}
