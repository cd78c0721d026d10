//! What people do: set up tenants and sources, map companies, look at cases, correct and retry. Functions over the office, for
//! a page and for commands. Nothing here draws or prints.

mod cases; // Cases and alerts.
mod companies; // Companies of sources and of the PSA.
mod export; // All that was set up, out and in.
mod names; // Names of companies, compared.
mod page_link; // Links to the page that work once.
mod sources; // Sources, their tokens and samples.
mod tenants; // Tenants, settings, checks.

#[cfg(test)]
mod tests;

use psa_contract::ConnectorError;

use crate::office::SettingsError;
use crate::secrets::VaultError;
use crate::store::StoreError;
use crate::tenant::{is_id, not_among};

pub use cases::{Health, adopt, drop_case, health, retry, retry_all};
pub use companies::{
    company_names, import_companies, map_company, propose_mappings, psa_companies,
    set_default_company, vanished_mappings,
};
pub use export::{Exported, ImportError, Imported, export, import};
pub use names::{CompanyNames, Proposal};
pub use page_link::{make_page_link, use_page_link};
pub use sources::{
    NewSecret, Preview, make_token, preview, put_source, read_sample, revoke_token,
    set_signing_secret, signing_secret,
};
pub use tenants::{
    MissingCheck, board_metadata, check_ticket, enable, mark_ticket_read, missing_checks, needed,
    put_platform_setting, put_services, put_settings, put_tenant, read_ticket, sample_alert,
    sample_draft, sample_ticket, tenant_of, verify,
};

/// Why something cannot be done.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// What a person entered.
    #[error("{message}")]
    Invalid {
        /// Which field.
        field: &'static str,
        /// What is wrong with it, and what would be right.
        message: String,
    },
    /// There is no such thing.
    #[error("{0}")]
    Missing(String),
    /// The PSA, or the connector.
    #[error("{}: {}", .0.code.name(), .0.message)]
    Psa(Box<ConnectorError>),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The vault.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// A result of the service.
pub type Result<T> = std::result::Result<T, ServiceError>;

impl From<Box<ConnectorError>> for ServiceError {
    fn from(error: Box<ConnectorError>) -> Self {
        Self::Psa(error)
    }
}

impl From<SettingsError> for ServiceError {
    fn from(error: SettingsError) -> Self {
        match error {
            SettingsError::Store(error) => Self::Store(error),
            SettingsError::Vault(error) => Self::Vault(error),
        }
    }
}

/// Whether this can be the id of a tenant or a source.
fn check_id(id: &str) -> Result<()> {
    if is_id(id) {
        return Ok(());
    }
    let message = "an id has 1 to 60 of a-z, 0-9 and -, and begins with a letter or digit";
    Err(invalid("id", message))
}

/// No such thing among those that there are.
fn missing(what: &str, id: &str, known: &[String]) -> ServiceError {
    ServiceError::Missing(not_among(what, id, known))
}

fn invalid(field: &'static str, message: impl Into<String>) -> ServiceError {
    ServiceError::Invalid {
        field,
        message: message.into(),
    }
}
