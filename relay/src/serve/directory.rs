//! Sources, tokens and signing secrets, as the intake knows them: read again when something was set up.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use subtle::ConstantTimeEq as _;

use crate::office::Office;
use crate::reference::sha256_hex;
use crate::service::{self, ServiceError};
use crate::tenant::Source;

pub(super) struct Directory {
    office: Office,
    known: RwLock<Option<Arc<Known>>>,
}

pub(super) struct Known {
    revision: u64,
    sources: HashMap<String, Entry>,
    by_digest: HashMap<String, String>,
}

pub(super) struct Entry {
    pub(super) source: Source,
    digests: Vec<String>,
    pub(super) signing_secret: Option<String>,
}

impl Directory {
    pub(super) fn new(office: Office) -> Self {
        Self {
            office,
            known: RwLock::new(None),
        }
    }

    /// What is known now. If it cannot be read, what was known before.
    pub(super) async fn known(&self) -> Result<Arc<Known>, ServiceError> {
        let revision = self.office.store.revision();
        let before = self
            .known
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some(known) = &before
            && known.revision == revision
        {
            return Ok(Arc::clone(known));
        }
        match (self.read(revision).await, before) {
            (Ok(known), _) => {
                let known = Arc::new(known);
                let mut kept = self.known.write().unwrap_or_else(PoisonError::into_inner);
                *kept = Some(Arc::clone(&known));
                Ok(known)
            }
            (Err(error), Some(before)) => {
                tracing::error!(%error, "the sources cannot be read");
                Ok(before)
            }
            (Err(error), None) => Err(error),
        }
    }

    async fn read(&self, revision: u64) -> Result<Known, ServiceError> {
        let mut known = Known {
            revision,
            sources: HashMap::new(),
            by_digest: HashMap::new(),
        };
        for source in self.office.store.sources().await? {
            let signing_secret = service::signing_secret(&self.office, &source.id).await?;
            let entry = Entry {
                source,
                digests: Vec::new(),
                signing_secret,
            };
            known.sources.insert(entry.source.id.clone(), entry);
        }
        for token in self.office.store.tokens().await? {
            if let Some(entry) = known.sources.get_mut(&token.source) {
                entry.digests.push(token.digest.clone());
                known.by_digest.insert(token.digest, token.source);
            }
        }
        Ok(known)
    }
}

impl Known {
    pub(super) fn source(&self, id: &str) -> Option<&Entry> {
        self.sources.get(id)
    }

    /// Whose token this is. What is looked up is its digest, which tells nothing about other tokens however long it takes.
    pub(super) fn of_token(&self, token: &str) -> Option<&Entry> {
        let digest = sha256_hex(token.as_bytes());
        let entry = self.sources.get(self.by_digest.get(&digest)?)?;
        entry.has_token(token).then_some(entry)
    }
}

impl Entry {
    /// Whether this is one of the source's tokens.
    pub(super) fn has_token(&self, token: &str) -> bool {
        let digest = sha256_hex(token.as_bytes());
        self.digests.iter().fold(false, |found, it| {
            found | bool::from(it.as_bytes().ct_eq(digest.as_bytes()))
        })
    }
}
