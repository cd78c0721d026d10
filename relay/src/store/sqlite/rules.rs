//! What the state machine needs of a tenant's choices, which each alert and each call asks for: read from the database each
//! time, so that it is what its transaction sees, and parsed anew only if it has changed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OptionalExtension as _};

use crate::policy::{Rules, Timing};
use crate::store::{Result, StoreError};
use crate::tenant::Tenant;

pub(super) struct TenantRules {
    pub(super) timing: Timing,
    /// By tenant: the text that was read last, and what it says.
    known: Mutex<HashMap<String, (String, Arc<Rules>)>>,
}

impl TenantRules {
    pub(super) fn new(timing: Timing) -> Self {
        Self {
            timing,
            known: Mutex::default(),
        }
    }

    pub(super) fn of(&self, connection: &Connection, tenant: &str) -> Result<Arc<Rules>> {
        let mut select = connection.prepare_cached("SELECT data FROM tenants WHERE id = ?1")?;
        let found = select.query_row([tenant], |row| {
            let text = row.get_ref(0)?.as_str()?;
            Ok(self.parsed(tenant, text))
        });
        let found = found.optional()?;
        found.ok_or_else(|| StoreError::Missing("tenant".to_owned()))?
    }

    fn parsed(&self, tenant: &str, text: &str) -> Result<Arc<Rules>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((before, rules)) = known.get(tenant)
            && before == text
        {
            return Ok(Arc::clone(rules));
        }
        let parsed: Tenant = serde_json::from_str(text)?;
        let rules = Arc::new(parsed.rules(&self.timing));
        known.insert(tenant.to_owned(), (text.to_owned(), Arc::clone(&rules)));
        Ok(rules)
    }
}
