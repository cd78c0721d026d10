//! The worker of one tenant: holds it, finds what is due, has it carried out.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch as channel;
use tokio::task::{Id, JoinError, JoinSet};

use super::call::carry_out;
use super::watch::{self, Round};
use super::{AFTER_FAILURE, CALLS_AT_ONCE, rest};
use crate::case::{Effect, Event};
use crate::desk::Desk;
use crate::office::Office;
use crate::policy::Timing;
use crate::store::{CaseId, Result, StoreError};
use crate::tenant::Tenant;
use crate::time::Time;

/// Each alert rings. Under a rush of them the worker looks at what is due no more often than this, and leaves the processor
/// to the intake.
const BETWEEN_BELLS: Duration = Duration::from_millis(5);
/// How long it waits for a tenant that another relay holds.
const WHILE_HELD: Duration = Duration::from_secs(5);

/// What a worker has in hand.
struct Worker {
    office: Office,
    tenant: String,
    /// With the revision of the store that it was made of.
    desk: Option<(u64, Arc<dyn Desk>)>,
    tasks: JoinSet<Done>,
    /// The cases of the tasks.
    in_hand: HashMap<Id, CaseId>,
    is_watching: bool,
    round: Round,
    /// Until when the tenant is held. None: it is not.
    held_until: Option<Time>,
}

enum Done {
    Case(Result<Option<Effect>>),
    Page(Result<Round>),
}

/// Tends a tenant until it is told to stop or the tenant is deleted.
pub(super) async fn tend(office: Office, tenant: String, mut stop: channel::Receiver<bool>) {
    let bell = office.bell.of(&tenant);
    let mut worker = Worker {
        round: Round::starting(&office),
        office,
        tenant,
        desk: None,
        tasks: JoinSet::new(),
        in_hand: HashMap::new(),
        is_watching: false,
        held_until: None,
    };
    while !*stop.borrow() {
        let until = match worker.turn().await {
            Ok(Some(until)) => until,
            Ok(None) => break,
            Err(StoreError::Closed) => break,
            Err(error) => {
                tracing::error!(%error, tenant = worker.tenant, "the worker cannot go on; trying again");
                worker.office.clock.now().plus(AFTER_FAILURE)
            }
        };
        let looked_at = worker.office.clock.now();
        tokio::select! {
            _ = stop.changed() => break,
            // With its hands full, it hears the bell when a call is done.
            () = async {
                worker.office.clock.sleep_until(looked_at.plus(BETWEEN_BELLS)).await;
                bell.notified().await;
            }, if !worker.has_hands_full() => {}
            () = worker.office.clock.sleep_until(until) => {}
            Some(done) = worker.tasks.join_next_with_id(), if !worker.tasks.is_empty() => {
                worker.done(done).await;
            }
        }
    }
    while let Some(done) = worker.tasks.join_next_with_id().await {
        worker.done(done).await;
    }
}

impl Worker {
    /// Starts what is due. Returns when to look again at the latest. None: the tenant is no more.
    async fn turn(&mut self) -> Result<Option<Time>> {
        let Some(tenant) = self.office.store.tenant(&self.tenant).await? else {
            return Ok(None);
        };
        let now = self.office.clock.now();
        if !self.hold(now).await? {
            return Ok(Some(now.plus(WHILE_HELD)));
        }
        let keep_at = now.plus(slack(&self.office.timing) / 4);
        let desk = match self.desk(&tenant).await? {
            Ok(desk) => desk,
            Err(until) => return Ok(Some(until.min(keep_at))),
        };
        if let Some(until) = rest::resting(&self.office, &tenant, &desk).await? {
            return Ok(Some(until.min(keep_at)));
        }
        let next = self.start_what_is_due(&tenant, &desk).await?;
        if !self.is_watching && self.round.next_at <= self.office.clock.now() {
            self.is_watching = true;
            let (office, round) = (self.office.clone(), self.round);
            self.tasks.spawn(async move {
                Done::Page(watch::page(&office, &tenant.id, &desk, round).await)
            });
        }
        let watch_at = if self.is_watching {
            keep_at
        } else {
            self.round.next_at
        };
        let next = next.unwrap_or(keep_at);
        Ok(Some(next.min(keep_at).min(watch_at)))
    }

    /// Takes the tenant, or goes on holding it. What its owner before left in the middle of a call is in doubt.
    async fn hold(&mut self, now: Time) -> Result<bool> {
        let timing = &self.office.timing;
        let enough = timing.lease.saturating_sub(slack(timing) / 2);
        let is_fresh = self
            .held_until
            .is_some_and(|until| until.since(now) > enough);
        if is_fresh {
            return Ok(true);
        }
        let until = now.plus(timing.lease);
        let store = &self.office.store;
        let is_held = store
            .lease(&self.tenant, &self.office.owner, until, now)
            .await?;
        if !is_held {
            self.held_until = None;
            return Ok(false);
        }
        let was_held = self.held_until.is_some_and(|until| until > now);
        if !was_held {
            for case in store.calling(&self.tenant).await? {
                if !self.is_in_hand(case) {
                    store.apply(case, Event::Interrupted, now).await?;
                }
            }
        }
        self.held_until = Some(until);
        Ok(true)
    }

    /// The desk, made anew when something was set up. Else until when to wait.
    async fn desk(&mut self, tenant: &Tenant) -> Result<std::result::Result<Arc<dyn Desk>, Time>> {
        let revision = self.office.store.revision();
        if let Some((made_at, desk)) = &self.desk
            && *made_at == revision
        {
            return Ok(Ok(Arc::clone(desk)));
        }
        match self.office.desk(tenant).await {
            Ok(desk) => {
                self.desk = Some((revision, Arc::clone(&desk)));
                Ok(Ok(desk))
            }
            Err(error) => {
                self.desk = None;
                rest::without_desk(&self.office, &tenant.id, &error).await?;
                let now = self.office.clock.now();
                Ok(Err(now.plus(self.office.timing.verify_every)))
            }
        }
    }

    /// Returns when the next case is due, if all of those that are due now were started.
    async fn start_what_is_due(
        &mut self,
        tenant: &Tenant,
        desk: &Arc<dyn Desk>,
    ) -> Result<Option<Time>> {
        let now = self.office.clock.now();
        let limit = CALLS_AT_ONCE + self.in_hand.len();
        let due = self.office.store.due(&tenant.id, now, limit).await?;
        for stored in due {
            if self.has_hands_full() {
                break;
            }
            let case = stored.id;
            if self.is_in_hand(case) {
                continue;
            }
            let (office, tenant, desk) = (self.office.clone(), tenant.clone(), Arc::clone(desk));
            let task = self
                .tasks
                .spawn(async move { Done::Case(carry_out(&office, &tenant, &desk, stored).await) });
            self.in_hand.insert(task.id(), case);
        }
        if self.has_hands_full() {
            return Ok(None);
        }
        // Those in hand are looked at again when they are done.
        let next = self.office.store.next_due(&tenant.id).await?;
        Ok(next.filter(|at| *at > now))
    }

    fn has_hands_full(&self) -> bool {
        self.in_hand.len() >= CALLS_AT_ONCE
    }

    fn is_in_hand(&self, case: CaseId) -> bool {
        self.in_hand.values().any(|it| *it == case)
    }

    async fn done(&mut self, done: std::result::Result<(Id, Done), JoinError>) {
        let result = match done {
            Ok((task, Done::Case(result))) => {
                self.in_hand.remove(&task);
                self.follow(result).await
            }
            Ok((_, Done::Page(round))) => {
                self.is_watching = false;
                self.round = match &round {
                    Ok(round) => *round,
                    Err(_) => Round::starting(&self.office),
                };
                round.map(|_| ())
            }
            Err(error) => self.panicked(&error).await,
        };
        if let Err(error) = result {
            // Perhaps its start was kept and nobody knows of it: what is in a call then is found when the tenant is taken again.
            self.held_until = None;
            tracing::error!(%error, tenant = self.tenant, "a call could not be prepared; it is tried again");
            tokio::time::sleep(AFTER_FAILURE).await;
        }
    }

    async fn follow(&mut self, result: Result<Option<Effect>>) -> Result<()> {
        match result? {
            Some(effect) => rest::follow(&self.office, &self.tenant, effect).await,
            // Perhaps another relay holds the tenant: that is found out before anything else is started.
            None => {
                self.held_until = None;
                Ok(())
            }
        }
    }

    /// Nobody knows what a call did that panicked.
    async fn panicked(&mut self, error: &JoinError) -> Result<()> {
        tracing::error!(%error, tenant = self.tenant, "a call panicked");
        match self.in_hand.remove(&error.id()) {
            Some(case) => {
                let now = self.office.clock.now();
                self.office
                    .store
                    .apply(case, Event::Interrupted, now)
                    .await?;
            }
            None => {
                self.is_watching = false;
                self.round = Round::starting(&self.office);
            }
        }
        Ok(())
    }
}

/// How much longer a tenant is held than a call needs.
fn slack(timing: &Timing) -> Duration {
    let needed = timing.call_limit.saturating_add(timing.settling);
    timing.lease.saturating_sub(needed)
}
