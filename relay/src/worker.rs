//! Carries out what is due. Each tenant has a worker of its own, which holds the tenant by a lease while it works: so one
//! relay at a time calls a tenant's PSA. A worker makes a few calls at once, each of another case.

mod call; // One call, from its start to what came of it.
mod rest; // Pauses, and their end.
mod tend; // The worker of one tenant.
mod watch; // What technicians did.

#[cfg(test)]
mod model;

use std::collections::HashMap;
use std::time::Duration;

use tokio::sync::watch as channel;
use tokio::task::{AbortHandle, JoinSet};

use crate::office::Office;
use crate::store::StoreError;

pub(crate) use rest::needed as needed_operations;

/// How many calls of a tenant run at once. Its budget is the connector's advice, which the host keeps: these are enough to use
/// ConnectWise's up if a request takes half a second.
const CALLS_AT_ONCE: usize = 8;
/// How long to wait after a store that fails.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// If this is dropped, all of them end.
#[derive(Default)]
struct Workers {
    tasks: JoinSet<()>,
    of_tenants: HashMap<String, AbortHandle>,
}

/// Tends all tenants until it is told to stop. Then calls that run are finished, up to the limit of a call, and the tenants
/// are given up.
pub async fn run(office: Office, mut stop: channel::Receiver<bool>) {
    let mut workers = Workers::default();
    let mut revisions = office.store.revisions();
    revisions.mark_changed();
    while !*stop.borrow() {
        tokio::select! {
            _ = stop.changed() => break,
            Ok(()) = revisions.changed() => {
                hire(&office, &stop, &mut workers).await;
            }
            () = tokio::time::sleep(office.timing.look_every) => {
                if let Err(error) = look(&office).await {
                    tracing::error!(%error, "the store does not answer");
                }
            }
        }
    }
    while workers.tasks.join_next().await.is_some() {}
    if let Err(error) = office.store.release(&office.owner).await {
        tracing::error!(%error, "the tenants cannot be given up; they are free when their lease ends");
    }
}

/// Whether another program has set something up, or another relay has taken an alert of a tenant that is held here.
async fn look(office: &Office) -> Result<(), StoreError> {
    office.store.look().await?;
    for tenant in office.store.with_work(office.clock.now()).await? {
        office.bell.ring(&tenant);
    }
    Ok(())
}

/// A worker for each tenant, which hears of every change; that of a tenant which was deleted ends by itself.
async fn hire(office: &Office, stop: &channel::Receiver<bool>, workers: &mut Workers) {
    let tenants = loop {
        match office.store.tenants().await {
            Ok(tenants) => break tenants,
            Err(StoreError::Closed) => return,
            Err(error) => {
                tracing::error!(%error, "the tenants cannot be read; trying again");
                tokio::time::sleep(AFTER_FAILURE).await;
            }
        }
    };
    while workers.tasks.try_join_next().is_some() {}
    workers.of_tenants.retain(|_, worker| !worker.is_finished());
    for tenant in tenants {
        office.bell.ring(&tenant.id);
        if !workers.of_tenants.contains_key(&tenant.id) {
            let worker = tend::tend(office.clone(), tenant.id.clone(), stop.clone());
            let worker = workers.tasks.spawn(worker);
            workers.of_tenants.insert(tenant.id, worker);
        }
    }
}
