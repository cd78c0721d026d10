//! Everything, out and in, for another machine: tenants, sources, mappings, digests of tokens, settings, cases with their
//! tickets, and the trail. Not the samples.

mod checked; // Whether what was checked is what is taken in.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::sources::check_source;
use super::tenants::{known_connector, known_settings, missing_checks, platform_place, tenant_of};
use super::{ServiceError, invalid};
use crate::office::Office;
use crate::store::{PastAlert, SealedSetting, Snapshot, Token, TracedCase};
use crate::tenant::{Checks, Mapping, Source, Tenant, is_id};

/// What was set up, and what came of it. Settings are encrypted, unless a person wrote the file.
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
    /// By tenant, the proof that what is exported is what was checked.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub sealed_checks: BTreeMap<String, String>,
    /// Settings in clear, by tenant and name: only ever written by a person, never exported.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub settings: BTreeMap<String, BTreeMap<String, String>>,
    /// Settings of the platform in clear, by connector and name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub platform_settings: BTreeMap<String, BTreeMap<String, String>>,
    /// Cases with their tickets and trails, the earliest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<TracedCase>,
    /// Alerts, the earliest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alerts: Vec<PastAlert>,
}

/// What was taken in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// How many tenants.
    pub tenants: usize,
    /// How many sources.
    pub sources: usize,
    /// How many cases are new here.
    pub cases: u64,
    /// How many cases were here already, and stayed as they were.
    pub cases_here_already: u64,
    /// The tenants of these that are not enabled.
    pub not_enabled: Vec<String>,
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

/// Everything, as it is at one moment.
///
/// # Errors
/// The store.
pub async fn export(office: &Office) -> Result<Exported, ServiceError> {
    let snapshot = office.store.snapshot().await?;
    let mut exported = Exported {
        tenants: snapshot.tenants,
        sources: snapshot.sources,
        mappings: snapshot.mappings,
        tokens: snapshot.tokens,
        cases: snapshot.cases,
        alerts: snapshot.alerts,
        ..Exported::default()
    };
    for setting in snapshot.settings {
        if let Some(sealed) = setting.sealed {
            let settings = exported.sealed_settings.entry(setting.tenant).or_default();
            settings.insert(setting.name, STANDARD.encode(sealed));
        }
    }
    let mut sealed_checks = BTreeMap::new();
    for tenant in &exported.tenants {
        let sealed = checked::sealed(&office.vault, tenant, &exported)?;
        sealed_checks.insert(tenant.id.clone(), sealed);
    }
    exported.sealed_checks = sealed_checks;
    Ok(exported)
}

/// Takes in what was exported, or what a person wrote in the same form, all or nothing. What is there already and not named
/// stays, and so does a case that is there already. A tenant is enabled if it was, and if what was checked of it is what is
/// taken in.
///
/// # Errors
/// [`ImportError`]. Nothing is kept then.
pub async fn import(office: &Office, exported: Exported) -> Result<Imported, ImportError> {
    let settings = settings(office, &exported).await?;
    let mut tenants = exported.tenants.clone();
    for tenant in &mut tenants {
        known_connector(office, &tenant.connector)?;
        if !is_id(&tenant.id) {
            let message = format!("{:?} is not an id of a tenant", tenant.id);
            return Err(invalid("id", message).into());
        }
        if !checked::is_as_checked(&office.vault, tenant, &exported) {
            tenant.checks = Checks::default();
        }
        tenant.is_enabled &= missing_checks(tenant).is_empty();
    }
    for source in &exported.sources {
        if tenants.iter().all(|tenant| tenant.id != source.tenant) {
            tenant_of(office, &source.tenant).await?;
        }
        check_source(office, source).await?;
    }
    let mut imported = Imported {
        tenants: tenants.len(),
        sources: exported.sources.len(),
        not_enabled: tenants
            .iter()
            .filter(|tenant| !tenant.is_enabled)
            .map(|tenant| tenant.id.clone())
            .collect(),
        ..Imported::default()
    };
    let ids: Vec<String> = tenants.iter().map(|tenant| tenant.id.clone()).collect();
    let snapshot = Snapshot {
        tenants,
        sources: exported.sources,
        mappings: exported.mappings,
        tokens: exported.tokens,
        settings,
        cases: exported.cases,
        alerts: exported.alerts,
    };
    let of_store = |error| ImportError::Service(ServiceError::Store(error));
    let now = office.clock.now();
    let taken = office
        .store
        .take_in(snapshot, now)
        .await
        .map_err(of_store)?;
    imported.cases = taken.cases;
    imported.cases_here_already = taken.cases_here_already;
    for id in ids {
        // What was refused before may be accepted now.
        office.store.set_pause(&id, None).await.map_err(of_store)?;
        office.bell.ring(&id);
    }
    Ok(imported)
}

/// Every setting, encrypted with the key that is used here.
async fn settings(office: &Office, exported: &Exported) -> Result<Vec<SealedSetting>, ImportError> {
    let mut all = Vec::new();
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
            all.push(SealedSetting {
                tenant: tenant.clone(),
                name: name.clone(),
                sealed: Some(sealed),
            });
        }
    }
    for (connector, settings) in &exported.platform_settings {
        for (name, value) in settings {
            let place = platform_place(office, connector, name)?;
            all.push(in_clear(office, "", &place, value)?);
        }
    }
    for (tenant, settings) in &exported.settings {
        let connector = connector_of(office, exported, tenant).await?;
        let settings: Vec<(String, String)> = settings.clone().into_iter().collect();
        known_settings(office, &connector, &settings)?;
        for (name, value) in &settings {
            all.push(in_clear(office, tenant, name, value)?);
        }
    }
    Ok(all)
}

fn in_clear(
    office: &Office,
    tenant: &str,
    name: &str,
    value: &str,
) -> Result<SealedSetting, ServiceError> {
    let sealed = match value.trim() {
        "" => None,
        value => Some(office.vault.seal(tenant, name, value)?),
    };
    Ok(SealedSetting {
        tenant: tenant.to_owned(),
        name: name.to_owned(),
        sealed,
    })
}

/// The connector of a tenant that is taken in, or is here already.
async fn connector_of(
    office: &Office,
    exported: &Exported,
    tenant: &str,
) -> Result<String, ServiceError> {
    let named = exported.tenants.iter().find(|it| it.id == tenant);
    if let Some(named) = named {
        return Ok(named.connector.clone());
    }
    Ok(tenant_of(office, tenant).await?.connector)
}
