//! An office from a configuration: the data's folder, the key, the store, the connectors.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use psa_contract::Pacing;
use psa_host::{CodeCache, Limits, LiveOptions, PacingSource, PolicyOptions, TenantOptions};
use rand::RngExt as _;

use crate::clock::Clock;
use crate::configuration::{Configuration, ConfigurationError, DatabaseConfiguration};
use crate::connectors::{Connectors, ConnectorsError};
use crate::office::{Bell, Office};
use crate::policy::Timing;
use crate::secrets::{Key, KeyError, KeySource, Vault, VaultError};
use crate::store::{PostgreSql, PostgreSqlOptions, Sqlite, SqliteOptions, Store, StoreError};

/// The least time that a call has before the relay gives up on it: the host ends it first, and says what is known.
const BEFORE_THE_LIMIT: Duration = Duration::from_secs(5);

/// Why a relay cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration.
    #[error(transparent)]
    Configuration(#[from] ConfigurationError),
    /// The folder of the data.
    #[error("{path} cannot be made: {error}. Set `data` to a folder that this user can write to")]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// Another relay of this machine uses the folder.
    #[error("another relay uses {path}: stop it, or give this one a folder of its own with `data`")]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// The key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The vault.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// A connector.
    #[error(transparent)]
    Connectors(#[from] ConnectorsError),
    /// A file that the configuration names.
    #[error("{path} cannot be read: {error}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
}

/// An office, and where its key came from.
#[derive(Clone)]
pub struct Opened {
    /// The office.
    pub office: Office,
    /// Where its key came from.
    pub key: KeySource,
    /// The folder of its data.
    pub folder: PathBuf,
}

/// Opens the office of a configuration.
///
/// # Errors
/// [`StartError`]
pub async fn open(configuration: &Configuration) -> Result<Opened, StartError> {
    configuration.check()?;
    let folder = configuration.data_folder();
    make_private(&folder)?;
    let (key, from) = Key::find(configuration.key_file.as_deref(), &folder)?;
    let (store, clock) = match &configuration.database {
        Some(database) => shared(database, &configuration.timing).await?,
        None => own(&folder, &configuration.timing)?,
    };
    let vault = Vault::open(&key, &*store).await?;
    let mut connectors = Connectors::new(tenant_options(configuration)?);
    let cache = CodeCache::of_the_user();
    for (name, path) in &configuration.connectors {
        connectors.load(name, path, cache.as_ref()).await?;
    }
    let owner = URL_SAFE_NO_PAD.encode(rand::rng().random::<[u8; 9]>());
    let office = Office {
        store,
        desks: Arc::new(connectors),
        vault,
        clock,
        timing: Arc::new(configuration.timing.clone()),
        bell: Bell::default(),
        owner: owner.into(),
    };
    Ok(Opened {
        office,
        key: from,
        folder,
    })
}

/// In a file of this relay.
fn own(folder: &Path, timing: &Timing) -> Result<(Arc<dyn Store>, Clock), StartError> {
    let options = SqliteOptions {
        timing: timing.clone(),
        ..SqliteOptions::default()
    };
    let store = Sqlite::open(&folder.join("relay.db"), options)?;
    Ok((Arc::new(store), Clock::system()))
}

/// In a database that several relays share, and by its clock.
async fn shared(
    database: &DatabaseConfiguration,
    timing: &Timing,
) -> Result<(Arc<dyn Store>, Clock), StartError> {
    let password = database.password_file.as_deref().map(text_of).transpose()?;
    let authority = database.certificate_authority.as_deref();
    let options = PostgreSqlOptions {
        url: database.url.clone(),
        password: password.map(|it| it.trim_end_matches(['\r', '\n']).to_owned()),
        certificate_authorities: authority.map(text_of).transpose()?,
        timing: timing.clone(),
    };
    let store = PostgreSql::open(options).await?;
    let clock = store.clock();
    Ok((Arc::new(store), clock))
}

fn text_of(path: &Path) -> Result<String, StartError> {
    std::fs::read_to_string(path).map_err(|error| StartError::File {
        path: path.to_owned(),
        error,
    })
}

fn make_private(folder: &Path) -> Result<(), StartError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder).map_err(|error| StartError::Folder {
        path: folder.to_owned(),
        error,
    })?;
    // The name of the folder, too: without it, all that is in it would be gone with the power. Not every file system does it.
    if let Some(parent) = folder.parent()
        && let Ok(parent) = std::fs::File::open(parent)
    {
        let _ = parent.sync_all();
    }
    Ok(())
}

fn tenant_options(configuration: &Configuration) -> Result<TenantOptions, StartError> {
    let psa = &configuration.psa;
    let mut live = LiveOptions::default();
    live.contact.clone_from(&psa.contact);
    live.use_environment_proxy = psa.use_environment_proxy;
    if let Some(path) = &psa.certificate_authority {
        live.certificate_authorities = vec![text_of(path)?];
    }
    let limit = configuration.timing.call_limit;
    let wall_clock = limit.saturating_sub(BEFORE_THE_LIMIT).max(limit / 2);
    let limits = Limits::default();
    Ok(TenantOptions {
        policy: PolicyOptions {
            allow_hosts: psa.allow_hosts.clone(),
            allow_private_networks: psa.allow_private_networks,
            pacing: pacing(psa.requests_per_minute),
        },
        live,
        limits: Limits {
            wall_clock,
            reserve_for_lookup: limits.reserve_for_lookup.min(wall_clock / 4),
            ..limits
        },
    })
}

fn pacing(requests_per_minute: Option<u32>) -> PacingSource {
    match requests_per_minute {
        None => PacingSource::Connector,
        Some(0) => PacingSource::Off,
        Some(requests) => PacingSource::Fixed(Pacing {
            concurrent_requests: Some(16),
            requests: Some(requests),
            seconds: Some(60),
        }),
    }
}

/// Holds the folder for one relay of this machine at a time. Kept open as long as the relay runs.
///
/// # Errors
/// [`StartError::InUse`]
pub fn hold(folder: &Path) -> Result<std::fs::File, StartError> {
    let path = folder.join("relay.lock");
    let opened = std::fs::OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path);
    let file = opened.map_err(|error| StartError::Folder {
        path: path.clone(),
        error,
    })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(_) => Err(StartError::InUse {
            path: folder.to_owned(),
        }),
    }
}
