//! Secrets at rest: each value is encrypted for its place, with one key of the relay. The key is outside the database; a copy
//! of the database alone tells nothing. Losing the key loses the secrets, so a changed key stops the start.

mod key;

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rand::RngExt as _;

pub use key::{Key, KeyError, KeySource};

use crate::store::{Store, StoreError};

/// The note in the store that tells keys apart.
const FINGERPRINT: &str = "key-fingerprint";
/// How many bytes a nonce has.
const NONCE: usize = 24;

/// Encrypts and decrypts with the relay's key.
#[derive(Clone)]
pub struct Vault {
    cipher: XChaCha20Poly1305,
}

/// Why a secret cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The key is another one than the database was made with.
    #[error(
        "the key is not the one that the secrets of this database were encrypted with (fingerprint {found}, the database \
         has {expected}): start with the old key, or restore it from a backup"
    )]
    OtherKey {
        /// Of the key that was given.
        found: String,
        /// Of the key that the database was made with.
        expected: String,
    },
    /// The value was changed, or moved from another place.
    #[error("the secret {name} cannot be decrypted: enter it again")]
    Damaged {
        /// Which.
        name: String,
    },
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Vault {
    /// Opens the vault of a store: the first key is its key for ever.
    ///
    /// # Errors
    /// [`VaultError::OtherKey`], or the store cannot be read.
    pub async fn open(key: &Key, store: &dyn Store) -> Result<Self, VaultError> {
        let found = key.fingerprint();
        let expected = match store.note(FINGERPRINT).await? {
            Some(expected) => expected,
            // Several relays may start at once.
            None => store.put_first_note(FINGERPRINT, &found).await?,
        };
        if expected == found {
            Ok(Self::of(key))
        } else {
            Err(VaultError::OtherKey { found, expected })
        }
    }

    /// The vault of a key.
    #[must_use]
    pub fn of(key: &Key) -> Self {
        Self {
            cipher: XChaCha20Poly1305::new(key.bytes().into()),
        }
    }

    /// Encrypts a value for its place: the nonce, then what came of it.
    ///
    /// # Errors
    /// Never with values of a sensible length.
    pub fn seal(&self, tenant: &str, name: &str, value: &str) -> Result<Vec<u8>, VaultError> {
        let nonce: [u8; NONCE] = rand::rng().random();
        let place = place(tenant, name);
        let payload = Payload {
            msg: value.as_bytes(),
            aad: &place,
        };
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| damaged(name))?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// Decrypts the value of a place.
    ///
    /// # Errors
    /// [`VaultError::Damaged`]
    pub fn open_value(
        &self,
        tenant: &str,
        name: &str,
        sealed: &[u8],
    ) -> Result<String, VaultError> {
        let (nonce, sealed) = sealed
            .split_first_chunk::<NONCE>()
            .ok_or_else(|| damaged(name))?;
        let place = place(tenant, name);
        let payload = Payload {
            msg: sealed,
            aad: &place,
        };
        let value = self
            .cipher
            .decrypt(&XNonce::from(*nonce), payload)
            .map_err(|_| damaged(name))?;
        String::from_utf8(value).map_err(|_| damaged(name))
    }
}

fn damaged(name: &str) -> VaultError {
    VaultError::Damaged {
        name: name.to_owned(),
    }
}

/// Tenant and name, so that no two places are one row of bytes.
fn place(tenant: &str, name: &str) -> Vec<u8> {
    let length = u64::try_from(tenant.len()).unwrap_or(u64::MAX);
    [
        &length.to_be_bytes()[..],
        tenant.as_bytes(),
        name.as_bytes(),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Timing;
    use crate::store::Sqlite;

    #[test]
    fn a_secret_is_read_in_its_own_place_with_its_own_key_only() {
        let vault = Vault::of(&Key::random());
        let sealed = vault.seal("t1", "private-key", "s3cret").expect("sealed");
        assert!(!sealed.windows(6).any(|it| it == b"s3cret"));
        let open = |vault: &Vault, tenant, name, sealed: &[u8]| {
            vault.open_value(tenant, name, sealed).ok()
        };
        assert_eq!(
            open(&vault, "t1", "private-key", &sealed).as_deref(),
            Some("s3cret")
        );
        assert_eq!(open(&vault, "t2", "private-key", &sealed), None);
        assert_eq!(open(&vault, "t1p", "rivate-key", &sealed), None);
        assert_eq!(
            open(&Vault::of(&Key::random()), "t1", "private-key", &sealed),
            None
        );
        assert_eq!(open(&vault, "t1", "private-key", &sealed[..20]), None);
        let mut changed = sealed.clone();
        changed[30] ^= 1;
        assert_eq!(open(&vault, "t1", "private-key", &changed), None);
        let again = vault.seal("t1", "private-key", "s3cret").expect("sealed");
        assert_ne!(again, sealed, "each has a nonce of its own");
    }

    #[tokio::test]
    async fn another_key_stops_the_start_and_says_so() {
        let store = Sqlite::in_memory(Timing::default()).expect("a store");
        let key = Key::random();
        Vault::open(&key, &store).await.expect("the first key");
        Vault::open(&key, &store).await.expect("the same key");
        let other = Vault::open(&Key::random(), &store).await;
        let message = other.err().expect("another key").to_string();
        assert!(message.contains("start with the old key"), "{message}");
    }
}
