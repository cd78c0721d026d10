//! Everything that a relay keeps: tenants, sources, mappings, cases, the trail. One trait with two implementations: SQLite for
//! one relay, PostgreSQL for several; [`suite`] holds what both have to do.
//!
//! What is decided about a case is decided by [`crate::case`]; a store loads, decides and saves in one transaction. When a
//! method that writes returns, what it wrote is on disk.

mod postgresql;
mod sqlite;
#[cfg(test)]
mod suite;
mod types;

use async_trait::async_trait;
use tokio::sync::watch;

use crate::alert::Alert;
use crate::case::{Event, Step};
use crate::tenant::{Mapping, Pause, Source, Tenant};
use crate::time::Time;

pub use postgresql::{PostgreSql, PostgreSqlOptions};
pub use sqlite::{Sqlite, SqliteOptions, Synchronous};
pub use types::{
    AlertFilter, Capture, CaseFilter, CaseId, KeptAlert, MappingFilter, NewCapture, PastAlert,
    Receipt, SealedSetting, Snapshot, StoreError, StoredCase, TakenIn, Token, TracedCase,
    TrailLine, Watched,
};

/// A result of a store.
pub type Result<T> = std::result::Result<T, StoreError>;

/// What a relay keeps.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    // What arrives.

    /// Keeps alerts of a source, each with what it did to its case, and the sample if there is one. All or none.
    async fn receive(
        &self,
        source: &str,
        alerts: Vec<Alert>,
        sample: Option<NewCapture>,
        now: Time,
    ) -> Result<Vec<Receipt>>;
    /// Keeps a body that was not understood: of each source the latest hundred.
    async fn capture(&self, source: &str, capture: NewCapture, now: Time) -> Result<()>;
    /// The bodies that are kept of a source, the latest first.
    async fn captures(&self, source: &str) -> Result<Vec<Capture>>;

    // What is worked on.

    /// Takes or keeps a tenant for this owner until a time. False: another one holds it. A store that several relays share
    /// takes from the times only how long that is, and goes by its own clock.
    async fn lease(&self, tenant: &str, owner: &str, until: Time, now: Time) -> Result<bool>;
    /// Gives up every tenant of this owner.
    async fn release(&self, owner: &str) -> Result<()>;
    /// Cases with work that is due, those that have waited longest first.
    async fn due(&self, tenant: &str, now: Time, limit: usize) -> Result<Vec<StoredCase>>;
    /// When the next case of a tenant has work.
    async fn next_due(&self, tenant: &str) -> Result<Option<Time>>;
    /// The tenants with cases that are due: another relay, or another program, may have made them so.
    async fn with_work(&self, now: Time) -> Result<Vec<String>>;
    /// The cases of a tenant in a call.
    async fn calling(&self, tenant: &str) -> Result<Vec<CaseId>>;
    /// Starts the work of a case that is due, if the owner holds the tenant until then at least. None: it does not, or
    /// nothing is due.
    async fn start(
        &self,
        case: CaseId,
        company_id: Option<String>,
        owner: &str,
        holds_until: Time,
        now: Time,
    ) -> Result<Option<StoredCase>>;
    /// What came of a call, if its owner still holds the tenant. None: it does not, or no such call is under way.
    async fn finish(
        &self,
        case: CaseId,
        event: Event,
        owner: &str,
        now: Time,
    ) -> Result<Option<Step>>;
    /// What an event makes of a case. None: it does not fit its state, or there is no such case.
    async fn apply(&self, case: CaseId, event: Event, now: Time) -> Result<Option<Step>>;
    /// Open tickets of a tenant, by ascending case, those after this one.
    async fn watched(&self, tenant: &str, after: CaseId, limit: usize) -> Result<Vec<Watched>>;
    /// Whether the calls of a tenant rest.
    async fn pause(&self, tenant: &str) -> Result<Option<Pause>>;
    /// Lets the calls of a tenant rest, or not.
    async fn set_pause(&self, tenant: &str, pause: Option<Pause>) -> Result<()>;

    // What people set up.

    /// A number that changes with every change of tenants, sources, settings, mappings and tokens: of this process at once, of
    /// others after [`Store::look`].
    fn revisions(&self) -> watch::Receiver<u64>;
    /// The number as it is known here.
    fn revision(&self) -> u64 {
        *self.revisions().borrow()
    }
    /// Looks whether another process has set something up.
    async fn look(&self) -> Result<()>;
    /// All tenants, by id.
    async fn tenants(&self) -> Result<Vec<Tenant>>;
    /// One tenant.
    async fn tenant(&self, id: &str) -> Result<Option<Tenant>>;
    /// Keeps a tenant.
    async fn put_tenant(&self, tenant: &Tenant) -> Result<()>;
    /// Deletes a tenant with all that is its own.
    async fn delete_tenant(&self, id: &str) -> Result<()>;
    /// The sealed settings of a tenant, or of the platform if the tenant is empty, by name.
    async fn settings(&self, tenant: &str) -> Result<Vec<(String, Vec<u8>)>>;
    /// Keeps or deletes a sealed setting.
    async fn put_setting(&self, tenant: &str, name: &str, sealed: Option<Vec<u8>>) -> Result<()>;
    /// All sources, by id.
    async fn sources(&self) -> Result<Vec<Source>>;
    /// One source.
    async fn source(&self, id: &str) -> Result<Option<Source>>;
    /// Keeps a source.
    async fn put_source(&self, source: &Source) -> Result<()>;
    /// Deletes a source with its tokens and samples. Its cases stay.
    async fn delete_source(&self, id: &str) -> Result<()>;
    /// The tokens of all sources.
    async fn tokens(&self) -> Result<Vec<Token>>;
    /// Keeps a token in one of the two places of its source, in place of the one that was there.
    async fn put_token(&self, token: &Token) -> Result<()>;
    /// Deletes the token in a place.
    async fn delete_token(&self, source: &str, place: u8) -> Result<()>;
    /// Companies of a tenant's sources, by name.
    async fn mappings(&self, tenant: &str, filter: &MappingFilter) -> Result<Vec<Mapping>>;
    /// One of them.
    async fn mapping(&self, tenant: &str, company: &str) -> Result<Option<Mapping>>;
    /// Keeps companies, with their targets. The number of their alerts stays as it is.
    async fn put_mappings(&self, mappings: &[Mapping]) -> Result<()>;

    // What people look at.

    /// Cases, the latest first.
    async fn cases(&self, filter: &CaseFilter) -> Result<Vec<StoredCase>>;
    /// One case.
    async fn case(&self, id: CaseId) -> Result<Option<StoredCase>>;
    /// How many cases of each tenant are in each state.
    async fn counts(&self) -> Result<Vec<(String, String, u64)>>;
    /// What happened to a case, in order.
    async fn trail(&self, case: CaseId) -> Result<Vec<TrailLine>>;
    /// Alerts, the latest first.
    async fn alerts(&self, filter: &AlertFilter) -> Result<Vec<KeptAlert>>;

    // What moves to another machine.

    /// Everything at one moment.
    async fn snapshot(&self) -> Result<Snapshot>;
    /// Takes in what a snapshot holds, all or nothing. Cases that are here already stay as they are, with their alerts; a call
    /// that was under way there is in doubt here.
    async fn take_in(&self, snapshot: Snapshot, now: Time) -> Result<TakenIn>;

    // What keeps it in order.

    /// Deletes what ended before this time. Returns how many cases that was.
    async fn forget(&self, ended_before: Time) -> Result<u64>;
    /// A value of the relay itself.
    async fn note(&self, name: &str) -> Result<Option<String>>;
    /// Keeps a value of the relay itself.
    async fn put_note(&self, name: &str, value: &str) -> Result<()>;
    /// Keeps a value of the relay itself unless there is one. Returns what is there then.
    async fn put_first_note(&self, name: &str, value: &str) -> Result<String>;
    /// A value of the relay itself, which is gone then.
    async fn take_note(&self, name: &str) -> Result<Option<String>>;
    /// Ends when everything that was asked for is written.
    async fn close(&self);
}

/// Tells those who listen of a revision that they do not know.
fn learn(known: &watch::Sender<u64>, revision: u64) {
    known.send_if_modified(|known| {
        let is_new = *known != revision;
        *known = revision;
        is_new
    });
}
