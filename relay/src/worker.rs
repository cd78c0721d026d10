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
use tokio::task::JoinHandle;

use crate::office::Office;

pub(crate) use rest::needed as needed_operations;

/// How many calls of a tenant run at once. Its budget is the connector's advice, which the host keeps.
const CALLS_AT_ONCE: usize = 4;
/// How often a worker looks whether tenants were added.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Tends all tenants until it is told to stop. Then calls that run are finished, up to the limit of a call, and the tenants
/// are given up.
pub async fn run(office: Office, mut stop: channel::Receiver<bool>) {
    let mut workers: HashMap<String, JoinHandle<()>> = HashMap::new();
    let mut seen = None;
    while !*stop.borrow() {
        let revision = office.store.revision();
        if seen != Some(revision) {
            match office.store.tenants().await {
                Ok(tenants) => {
                    seen = Some(revision);
                    hire(
                        &office,
                        &stop,
                        &mut workers,
                        tenants.into_iter().map(|it| it.id),
                    );
                }
                Err(error) => tracing::error!(%error, "the tenants cannot be read"),
            }
        }
        tokio::select! {
            _ = stop.changed() => break,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
    for (_, worker) in workers {
        let _ = worker.await;
    }
    if let Err(error) = office.store.release(&office.owner).await {
        tracing::error!(%error, "the tenants cannot be given up; they are free when their lease ends");
    }
}

/// A worker for each tenant; that of a tenant which was deleted ends.
fn hire(
    office: &Office,
    stop: &channel::Receiver<bool>,
    workers: &mut HashMap<String, JoinHandle<()>>,
    tenants: impl Iterator<Item = String>,
) {
    workers.retain(|_, worker| !worker.is_finished());
    for tenant in tenants {
        workers.entry(tenant.clone()).or_insert_with(|| {
            let worker = tend::tend(office.clone(), tenant, stop.clone());
            tokio::spawn(worker)
        });
    }
}
