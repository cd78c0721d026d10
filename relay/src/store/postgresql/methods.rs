//! The trait, on the functions of the files beside this one.

use async_trait::async_trait;
use tokio::sync::watch;
use tokio_postgres::IsolationLevel;

use super::intake::Delivery;
use super::{PostgreSql, cases, kept, lease, moved, people};
use crate::alert::Alert;
use crate::case::{Event, Step};
use crate::store::{
    AlertFilter, Capture, CaseFilter, CaseId, KeptAlert, MappingFilter, NewCapture, Receipt,
    Result, Snapshot, Store, StoredCase, TakenIn, Token, TrailLine, Watched, learn,
};
use crate::tenant::{Mapping, Pause, Source, Tenant};
use crate::time::Time;

/// A job in a transaction. It ends once what it wrote is on disk.
macro_rules! change {
    ($store:ident, $($function:ident)::+ ( $($argument:expr),* )) => {{
        let mut connection = $store.connection().await?;
        let transaction = connection.transaction().await?;
        let value = $($function)::+(&transaction, $($argument),*).await?;
        transaction.commit().await?;
        Ok(value)
    }};
}

/// The same with one that others should hear of.
macro_rules! set_up {
    ($store:ident, $($function:ident)::+ ( $($argument:expr),* )) => {{
        let mut connection = $store.connection().await?;
        let transaction = connection.transaction().await?;
        let value = $($function)::+(&transaction, $($argument),*).await?;
        let revision = people::new_revision(&transaction).await?;
        transaction.commit().await?;
        learn(&$store.revision, revision);
        Ok(value)
    }};
}

/// A single statement.
macro_rules! ask {
    ($store:ident, $($function:ident)::+ ( $($argument:expr),* )) => {{
        let connection = $store.connection().await?;
        $($function)::+(&connection, $($argument),*).await
    }};
}

#[async_trait]
impl Store for PostgreSql {
    async fn receive(
        &self,
        source: &str,
        alerts: Vec<Alert>,
        sample: Option<NewCapture>,
        now: Time,
    ) -> Result<Vec<Receipt>> {
        let delivery = Delivery {
            source: source.to_owned(),
            alerts,
            sample,
            now,
        };
        self.intake.keep(delivery).await
    }

    async fn capture(&self, source: &str, capture: NewCapture, now: Time) -> Result<()> {
        ask!(self, kept::capture(source, &capture, now))
    }

    async fn captures(&self, source: &str) -> Result<Vec<Capture>> {
        ask!(self, kept::captures(source))
    }

    async fn lease(&self, tenant: &str, owner: &str, until: Time, now: Time) -> Result<bool> {
        let connection = self.connection().await?;
        lease::check_clock(&connection, self.clock).await?;
        lease::take(&connection, tenant, owner, until.since(now)).await
    }

    async fn release(&self, owner: &str) -> Result<()> {
        ask!(self, lease::release(owner))
    }

    async fn due(&self, tenant: &str, now: Time, limit: usize) -> Result<Vec<StoredCase>> {
        ask!(self, cases::due_cases(tenant, now, limit))
    }

    async fn next_due(&self, tenant: &str) -> Result<Option<Time>> {
        ask!(self, cases::next_due(tenant))
    }

    async fn with_work(&self, now: Time) -> Result<Vec<String>> {
        ask!(self, cases::with_work(now))
    }

    async fn calling(&self, tenant: &str) -> Result<Vec<CaseId>> {
        ask!(self, cases::calling(tenant))
    }

    async fn start(
        &self,
        case: CaseId,
        company_id: Option<String>,
        owner: &str,
        holds_until: Time,
        now: Time,
    ) -> Result<Option<StoredCase>> {
        let holder = Some((owner, holds_until.since(now)));
        let event = Event::Started { company_id };
        let step: Result<Option<Step>> =
            change!(self, cases::apply(case, event, holder, now, &self.timing));
        Ok(step?.map(|step| StoredCase {
            id: case,
            due_at: None,
            case: step.case,
        }))
    }

    async fn finish(
        &self,
        case: CaseId,
        event: Event,
        owner: &str,
        now: Time,
    ) -> Result<Option<Step>> {
        let holder = Some((owner, std::time::Duration::ZERO));
        change!(self, cases::apply(case, event, holder, now, &self.timing))
    }

    async fn apply(&self, case: CaseId, event: Event, now: Time) -> Result<Option<Step>> {
        change!(self, cases::apply(case, event, None, now, &self.timing))
    }

    async fn watched(&self, tenant: &str, after: CaseId, limit: usize) -> Result<Vec<Watched>> {
        ask!(self, cases::watched(tenant, after, limit))
    }

    async fn pause(&self, tenant: &str) -> Result<Option<Pause>> {
        ask!(self, cases::pause(tenant))
    }

    async fn set_pause(&self, tenant: &str, pause: Option<Pause>) -> Result<()> {
        ask!(self, cases::set_pause(tenant, pause.as_ref()))
    }

    fn revisions(&self) -> watch::Receiver<u64> {
        self.revision.subscribe()
    }

    async fn look(&self) -> Result<()> {
        let connection = self.connection().await?;
        learn(&self.revision, people::revision(&connection).await?);
        Ok(())
    }

    async fn tenants(&self) -> Result<Vec<Tenant>> {
        ask!(self, people::tenants())
    }

    async fn tenant(&self, id: &str) -> Result<Option<Tenant>> {
        ask!(self, people::tenant(id))
    }

    async fn put_tenant(&self, tenant: &Tenant) -> Result<()> {
        set_up!(self, people::put_tenant(tenant, &self.timing))
    }

    async fn delete_tenant(&self, id: &str) -> Result<()> {
        set_up!(self, people::delete_tenant(id))
    }

    async fn settings(&self, tenant: &str) -> Result<Vec<(String, Vec<u8>)>> {
        ask!(self, people::settings(tenant))
    }

    async fn put_setting(&self, tenant: &str, name: &str, sealed: Option<Vec<u8>>) -> Result<()> {
        set_up!(self, people::put_setting(tenant, name, sealed.as_deref()))
    }

    async fn sources(&self) -> Result<Vec<Source>> {
        ask!(self, people::sources())
    }

    async fn source(&self, id: &str) -> Result<Option<Source>> {
        ask!(self, people::source(id))
    }

    async fn put_source(&self, source: &Source) -> Result<()> {
        set_up!(self, people::put_source(source))
    }

    async fn delete_source(&self, id: &str) -> Result<()> {
        set_up!(self, people::delete_source(id))
    }

    async fn tokens(&self) -> Result<Vec<Token>> {
        ask!(self, people::tokens())
    }

    async fn put_token(&self, token: &Token) -> Result<()> {
        set_up!(self, people::put_token(token))
    }

    async fn delete_token(&self, source: &str, place: u8) -> Result<()> {
        set_up!(self, people::delete_token(source, place))
    }

    async fn mappings(&self, tenant: &str, filter: &MappingFilter) -> Result<Vec<Mapping>> {
        ask!(self, people::mappings(tenant, filter))
    }

    async fn mapping(&self, tenant: &str, company: &str) -> Result<Option<Mapping>> {
        ask!(self, people::mapping(tenant, company))
    }

    async fn put_mappings(&self, mappings: &[Mapping]) -> Result<()> {
        set_up!(self, people::put_mappings(mappings))
    }

    async fn cases(&self, filter: &CaseFilter) -> Result<Vec<StoredCase>> {
        ask!(self, cases::cases(filter))
    }

    async fn case(&self, id: CaseId) -> Result<Option<StoredCase>> {
        ask!(self, cases::case(id))
    }

    async fn counts(&self) -> Result<Vec<(String, String, u64)>> {
        ask!(self, cases::counts())
    }

    async fn trail(&self, case: CaseId) -> Result<Vec<TrailLine>> {
        ask!(self, kept::trail(case))
    }

    async fn alerts(&self, filter: &AlertFilter) -> Result<Vec<KeptAlert>> {
        ask!(self, kept::alerts(filter))
    }

    async fn snapshot(&self) -> Result<Snapshot> {
        let mut connection = self.connection().await?;
        let transaction = connection
            .build_transaction()
            .isolation_level(IsolationLevel::RepeatableRead)
            .read_only(true);
        moved::snapshot(&transaction.start().await?).await
    }

    async fn take_in(&self, snapshot: Snapshot, now: Time) -> Result<TakenIn> {
        set_up!(self, moved::take_in(snapshot, now, &self.timing))
    }

    async fn forget(&self, ended_before: Time) -> Result<u64> {
        ask!(self, kept::forget(ended_before))
    }

    async fn note(&self, name: &str) -> Result<Option<String>> {
        ask!(self, people::note(name))
    }

    async fn put_note(&self, name: &str, value: &str) -> Result<()> {
        ask!(self, people::put_note(name, value))
    }

    async fn put_first_note(&self, name: &str, value: &str) -> Result<String> {
        ask!(self, people::put_first_note(name, value))
    }

    async fn take_note(&self, name: &str) -> Result<Option<String>> {
        ask!(self, people::take_note(name))
    }

    async fn close(&self) {
        self.intake.close().await;
        self.pool.close();
    }
}
