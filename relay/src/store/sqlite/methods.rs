//! The trait, on the functions of the files beside this one.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::watch;

use super::writer::OnFailure;
use super::{Sqlite, alerts, cases, moved, people, row};
use crate::alert::Alert;
use crate::case::{Event, Step};
use crate::store::{
    AlertFilter, Capture, CaseFilter, CaseId, KeptAlert, MappingFilter, NewCapture, Receipt,
    Result, Snapshot, Store, StoredCase, TakenIn, Token, TrailLine, Watched, learn,
};
use crate::tenant::{Mapping, Pause, Source, Tenant};
use crate::time::Time;

impl Sqlite {
    /// A write that others in this process should hear of.
    async fn set_up<T: Send + 'static>(
        &self,
        job: impl FnOnce(&rusqlite::Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let written = self.write(move |it| {
            let value = job(it)?;
            Ok((value, people::new_revision(it)?))
        });
        let (value, revision) = written.await?;
        learn(&self.revision, revision);
        Ok(value)
    }
}

#[async_trait]
impl Store for Sqlite {
    async fn receive(
        &self,
        source: &str,
        received: Vec<Alert>,
        sample: Option<NewCapture>,
        now: Time,
    ) -> Result<Vec<Receipt>> {
        let (source, rules) = (source.to_owned(), Arc::clone(&self.rules));
        let job = move |it: &rusqlite::Connection| {
            alerts::receive_all(it, &source, received, sample.as_ref(), now, &rules)
        };
        self.writer.run(OnFailure::TakesBackItsGroup, job).await
    }

    async fn capture(&self, source: &str, capture: NewCapture, now: Time) -> Result<()> {
        let source = source.to_owned();
        self.write(move |it| alerts::capture(it, &source, &capture, now))
            .await
    }

    async fn captures(&self, source: &str) -> Result<Vec<Capture>> {
        let source = source.to_owned();
        self.read(move |it| alerts::captures(it, &source)).await
    }

    async fn lease(&self, tenant: &str, owner: &str, until: Time, now: Time) -> Result<bool> {
        let (tenant, owner) = (tenant.to_owned(), owner.to_owned());
        self.write(move |it| cases::lease(it, &tenant, &owner, until, now))
            .await
    }

    async fn release(&self, owner: &str) -> Result<()> {
        let owner = owner.to_owned();
        self.write(move |it| cases::release(it, &owner)).await
    }

    async fn due(&self, tenant: &str, now: Time, limit: usize) -> Result<Vec<StoredCase>> {
        let tenant = tenant.to_owned();
        self.read(move |it| cases::due(it, &tenant, now, limit))
            .await
    }

    async fn next_due(&self, tenant: &str) -> Result<Option<Time>> {
        let tenant = tenant.to_owned();
        self.read(move |it| cases::next_due(it, &tenant)).await
    }

    async fn with_work(&self, now: Time) -> Result<Vec<String>> {
        self.read(move |it| cases::with_work(it, now)).await
    }

    async fn calling(&self, tenant: &str) -> Result<Vec<CaseId>> {
        let tenant = tenant.to_owned();
        self.read(move |it| cases::calling(it, &tenant)).await
    }

    async fn start(
        &self,
        case: CaseId,
        company_id: Option<String>,
        owner: &str,
        holds_until: Time,
        now: Time,
    ) -> Result<Option<StoredCase>> {
        let (owner, rules) = (owner.to_owned(), Arc::clone(&self.rules));
        self.write(move |it| cases::start(it, case, company_id, (&owner, holds_until), now, &rules))
            .await
    }

    async fn finish(
        &self,
        case: CaseId,
        event: Event,
        owner: &str,
        now: Time,
    ) -> Result<Option<Step>> {
        let (owner, rules) = (owner.to_owned(), Arc::clone(&self.rules));
        self.write(move |it| cases::finish(it, case, event, &owner, now, &rules))
            .await
    }

    async fn apply(&self, case: CaseId, event: Event, now: Time) -> Result<Option<Step>> {
        let rules = Arc::clone(&self.rules);
        self.write(move |it| cases::apply(it, case, event, now, &rules))
            .await
    }

    async fn watched(&self, tenant: &str, after: CaseId, limit: usize) -> Result<Vec<Watched>> {
        let tenant = tenant.to_owned();
        self.read(move |it| cases::watched(it, &tenant, after, limit))
            .await
    }

    async fn pause(&self, tenant: &str) -> Result<Option<Pause>> {
        let tenant = tenant.to_owned();
        self.read(move |it| cases::pause(it, &tenant)).await
    }

    async fn set_pause(&self, tenant: &str, pause: Option<Pause>) -> Result<()> {
        let tenant = tenant.to_owned();
        self.write(move |it| cases::set_pause(it, &tenant, pause.as_ref()))
            .await
    }

    fn revisions(&self) -> watch::Receiver<u64> {
        self.revision.subscribe()
    }

    async fn look(&self) -> Result<()> {
        let revision = self.read(people::revision).await?;
        learn(&self.revision, revision);
        Ok(())
    }

    async fn tenants(&self) -> Result<Vec<Tenant>> {
        self.read(people::tenants).await
    }

    async fn tenant(&self, id: &str) -> Result<Option<Tenant>> {
        let id = id.to_owned();
        self.read(move |it| row::tenant_of(it, &id)).await
    }

    async fn put_tenant(&self, tenant: &Tenant) -> Result<()> {
        let (tenant, rules) = (tenant.clone(), Arc::clone(&self.rules));
        self.set_up(move |it| people::put_tenant(it, &tenant, &rules.timing))
            .await
    }

    async fn delete_tenant(&self, id: &str) -> Result<()> {
        let id = id.to_owned();
        self.set_up(move |it| people::delete_tenant(it, &id)).await
    }

    async fn settings(&self, tenant: &str) -> Result<Vec<(String, Vec<u8>)>> {
        let tenant = tenant.to_owned();
        self.read(move |it| people::settings(it, &tenant)).await
    }

    async fn put_setting(&self, tenant: &str, name: &str, sealed: Option<Vec<u8>>) -> Result<()> {
        let (tenant, name) = (tenant.to_owned(), name.to_owned());
        self.set_up(move |it| people::put_setting(it, &tenant, &name, sealed.as_deref()))
            .await
    }

    async fn sources(&self) -> Result<Vec<Source>> {
        self.read(people::sources).await
    }

    async fn source(&self, id: &str) -> Result<Option<Source>> {
        let id = id.to_owned();
        self.read(move |it| people::source(it, &id)).await
    }

    async fn put_source(&self, source: &Source) -> Result<()> {
        let source = source.clone();
        self.set_up(move |it| people::put_source(it, &source)).await
    }

    async fn delete_source(&self, id: &str) -> Result<()> {
        let id = id.to_owned();
        self.set_up(move |it| {
            it.execute("DELETE FROM sources WHERE id = ?1", [id])?;
            Ok(())
        })
        .await
    }

    async fn tokens(&self) -> Result<Vec<Token>> {
        self.read(people::tokens).await
    }

    async fn put_token(&self, token: &Token) -> Result<()> {
        let token = token.clone();
        self.set_up(move |it| people::put_token(it, &token)).await
    }

    async fn delete_token(&self, source: &str, place: u8) -> Result<()> {
        let source = source.to_owned();
        self.set_up(move |it| {
            it.execute(
                "DELETE FROM tokens WHERE source = ?1 AND place = ?2",
                rusqlite::params![source, place],
            )?;
            Ok(())
        })
        .await
    }

    async fn mappings(&self, tenant: &str, filter: &MappingFilter) -> Result<Vec<Mapping>> {
        let (tenant, filter) = (tenant.to_owned(), filter.clone());
        self.read(move |it| people::mappings(it, &tenant, &filter))
            .await
    }

    async fn mapping(&self, tenant: &str, company: &str) -> Result<Option<Mapping>> {
        let (tenant, company) = (tenant.to_owned(), company.to_owned());
        self.read(move |it| people::mapping(it, &tenant, &company))
            .await
    }

    async fn put_mappings(&self, mappings: &[Mapping]) -> Result<()> {
        let mappings = mappings.to_vec();
        self.set_up(move |it| people::put_mappings(it, &mappings))
            .await
    }

    async fn cases(&self, filter: &CaseFilter) -> Result<Vec<StoredCase>> {
        let filter = filter.clone();
        self.read(move |it| cases::cases(it, &filter)).await
    }

    async fn case(&self, id: CaseId) -> Result<Option<StoredCase>> {
        self.read(move |it| cases::case(it, id)).await
    }

    async fn counts(&self) -> Result<Vec<(String, String, u64)>> {
        self.read(cases::counts).await
    }

    async fn trail(&self, case: CaseId) -> Result<Vec<TrailLine>> {
        self.read(move |it| alerts::trail(it, case)).await
    }

    async fn alerts(&self, filter: &AlertFilter) -> Result<Vec<KeptAlert>> {
        let filter = filter.clone();
        self.read(move |it| alerts::alerts(it, &filter)).await
    }

    async fn snapshot(&self) -> Result<Snapshot> {
        self.read(moved::snapshot).await
    }

    async fn take_in(&self, snapshot: Snapshot, now: Time) -> Result<TakenIn> {
        let rules = Arc::clone(&self.rules);
        self.set_up(move |it| moved::take_in(it, snapshot, now, &rules.timing))
            .await
    }

    async fn forget(&self, ended_before: Time) -> Result<u64> {
        self.write(move |it| alerts::forget(it, ended_before)).await
    }

    async fn note(&self, name: &str) -> Result<Option<String>> {
        let name = name.to_owned();
        self.read(move |it| people::note(it, &name)).await
    }

    async fn put_note(&self, name: &str, value: &str) -> Result<()> {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.write(move |it| people::put_note(it, &name, &value))
            .await
    }

    async fn put_first_note(&self, name: &str, value: &str) -> Result<String> {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.write(move |it| match people::note(it, &name)? {
            Some(first) => Ok(first),
            None => people::put_note(it, &name, &value).map(|()| value),
        })
        .await
    }

    async fn take_note(&self, name: &str) -> Result<Option<String>> {
        let name = name.to_owned();
        self.write(move |it| {
            let value = people::note(it, &name)?;
            it.execute("DELETE FROM notes WHERE name = ?1", [name])?;
            Ok(value)
        })
        .await
    }

    async fn close(&self) {
        self.writer.close().await;
    }
}
