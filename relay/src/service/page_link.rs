//! Links to the page that work once: whoever can read the data of the relay can make one.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::RngExt as _;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use super::{NewSecret, Result};
use crate::office::Office;
use crate::reference::sha256_hex;
use crate::store::StoreError;
use crate::time::Time;

/// How long a link works.
const VALID: Duration = Duration::from_secs(600);
/// The note in the store that has the digest of the latest link.
const NOTE: &str = "page-link";

#[derive(Serialize, Deserialize)]
struct Link {
    digest: String,
    until: Time,
}

/// Makes the secret of a link. The one that was made before no longer works.
///
/// # Errors
/// The store.
pub async fn make_page_link(office: &Office) -> Result<NewSecret> {
    let token = URL_SAFE_NO_PAD.encode(rand::rng().random::<[u8; 32]>());
    let link = Link {
        digest: sha256_hex(token.as_bytes()),
        until: office.clock.now().plus(VALID),
    };
    let text = serde_json::to_string(&link).map_err(StoreError::from)?;
    office.store.put_note(NOTE, &text).await?;
    Ok(NewSecret(token))
}

/// Whether this is the secret of a link that still works. It no longer does after that.
///
/// # Errors
/// The store.
pub async fn use_page_link(office: &Office, token: &str) -> Result<bool> {
    let Some(text) = office.store.take_note(NOTE).await? else {
        return Ok(false);
    };
    let link: Link = serde_json::from_str(&text).map_err(StoreError::from)?;
    let digest = sha256_hex(token.as_bytes());
    let is_same = bool::from(digest.as_bytes().ct_eq(link.digest.as_bytes()));
    if !is_same && link.until > office.clock.now() {
        // Whoever guesses does not spend the link of another.
        office.store.put_note(NOTE, &text).await?;
    }
    Ok(is_same && link.until > office.clock.now())
}
