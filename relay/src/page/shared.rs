//! What is remembered between requests: the office, who is signed in, and what the PSA said last.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::HeaderValue;
use psa_contract::{ConnectorError, TicketCheck, TicketDraft, Verification};
use tokio::sync::Semaphore;

use super::PageOptions;
use super::session::{Sessions, Visitor};
use crate::office::Office;
use crate::service::{self, CompanyNames};
use crate::time::Time;

/// How long the companies of a PSA are remembered.
const COMPANIES_FOR: std::time::Duration = std::time::Duration::from_secs(300);

/// The cookie.
pub(super) const COOKIE: &str = "psa-relay";

/// The page. Cheap to clone.
#[derive(Clone)]
pub struct Page(Arc<Shared>);

/// What all requests share.
pub struct Shared {
    pub(super) office: Office,
    pub(super) options: PageOptions,
    pub(super) sessions: Sessions,
    /// One password at a time.
    pub(super) turnstile: Semaphore,
    said: Mutex<HashMap<String, Said>>,
}

/// What the PSA of a tenant said last.
#[derive(Clone, Default)]
pub(super) struct Said {
    pub(super) verification: Option<(Time, Result<Verification, Box<ConnectorError>>)>,
    pub(super) check: Option<Checked>,
    companies: Option<(Time, Arc<CompanyNames>)>,
}

/// What came of checking a sample ticket.
#[derive(Clone)]
pub(super) struct Checked {
    pub(super) at: Time,
    pub(super) company: crate::tenant::PsaCompany,
    pub(super) result: Result<(TicketDraft, TicketCheck), Box<ConnectorError>>,
}

impl Page {
    pub(super) fn of(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }
}

impl std::ops::Deref for Page {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl Shared {
    pub(super) fn new(office: Office, options: PageOptions) -> Self {
        Self {
            sessions: Sessions::new(office.clock),
            office,
            options,
            turnstile: Semaphore::new(1),
            said: Mutex::default(),
        }
    }

    /// Signs somebody in, and makes the cookie.
    pub(super) fn begin(&self) -> (HeaderValue, Visitor) {
        let (name, visitor) = self.sessions.begin();
        let secure = if self.options.is_secure {
            "; Secure"
        } else {
            ""
        };
        let cookie = format!("{COOKIE}={name}; Path=/; HttpOnly; SameSite=Strict{secure}");
        // Letters of Base64 only.
        let cookie = HeaderValue::try_from(cookie).unwrap_or(HeaderValue::from_static(""));
        (cookie, visitor)
    }

    pub(super) fn now(&self) -> Time {
        self.office.clock.now()
    }

    pub(super) fn said(&self, tenant: &str) -> Said {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.get(tenant).cloned().unwrap_or_default()
    }

    pub(super) fn hear(&self, tenant: &str, hear: impl FnOnce(&mut Said)) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        hear(said.entry(tenant.to_owned()).or_default());
    }

    /// The names of the PSA's companies, read again after a while.
    pub(super) async fn companies(&self, tenant: &str) -> service::Result<Arc<CompanyNames>> {
        let kept = self.said(tenant).companies;
        if let Some((at, names)) = kept
            && self.now().since(at) < COMPANIES_FOR
        {
            return Ok(names);
        }
        let names = Arc::new(service::company_names(&self.office, tenant).await?);
        let kept = (self.now(), Arc::clone(&names));
        self.hear(tenant, |said| said.companies = Some(kept));
        Ok(names)
    }

    pub(super) fn forget_companies(&self, tenant: &str) {
        self.hear(tenant, |said| said.companies = None);
    }
}
