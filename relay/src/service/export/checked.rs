//! Whether what was checked is what is taken in. Whoever writes a file may say that everything was checked; only a relay with
//! the same key can prove it, by encrypting a digest of what it checked.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Exported;
use crate::reference::sha256_hex;
use crate::secrets::{Vault, VaultError};
use crate::tenant::Tenant;

/// No setting is called so.
const NAME: &str = "checks of an export";

/// The proof for a tenant that is exported.
pub(super) fn sealed(
    vault: &Vault,
    tenant: &Tenant,
    exported: &Exported,
) -> Result<String, VaultError> {
    let sealed = vault.seal(&tenant.id, NAME, &digest(tenant, exported))?;
    Ok(STANDARD.encode(sealed))
}

/// Whether the proof is of this tenant with these choices and settings.
pub(super) fn is_as_checked(vault: &Vault, tenant: &Tenant, exported: &Exported) -> bool {
    let in_clear = exported.settings.contains_key(&tenant.id)
        || exported.platform_settings.contains_key(&tenant.connector);
    let proof = exported.sealed_checks.get(&tenant.id);
    let proof = proof.and_then(|encoded| STANDARD.decode(encoded).ok());
    let proof = proof.and_then(|sealed| vault.open_value(&tenant.id, NAME, &sealed).ok());
    !in_clear && proof.is_some_and(|proof| proof == digest(tenant, exported))
}

/// Of everything that a check depends on, and what was checked. Not of the switch.
fn digest(tenant: &Tenant, exported: &Exported) -> String {
    let tenant = Tenant {
        is_enabled: false,
        ..tenant.clone()
    };
    let own = exported.sealed_settings.get(&tenant.id);
    let prefix = format!("{}/", tenant.connector);
    let of_platform: Vec<(&String, &String)> = exported
        .sealed_settings
        .get("")
        .into_iter()
        .flatten()
        .filter(|(place, _)| place.starts_with(&prefix))
        .collect();
    let text = serde_json::to_string(&(&tenant, own, of_platform)).unwrap_or_default();
    sha256_hex(text.as_bytes())
}
