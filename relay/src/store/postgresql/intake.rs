//! Alerts, taken in groups: whatever waits, up to a number, goes into one transaction, and is answered once that is committed.
//! So one commit, and one round of statements, serves many.

use std::sync::{Arc, Mutex, PoisonError};

use deadpool_postgres::Pool;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::receive;
use crate::alert::Alert;
use crate::policy::Timing;
use crate::store::{NewCapture, Receipt, Result, StoreError};
use crate::time::Time;

/// How many deliveries share a commit.
const GROUP: usize = 256;
/// How many deliveries wait. Beyond it, senders are told to come again.
const WAITING: usize = 16_384;

/// What a sender sent at once: all of it is kept, or none.
pub(super) struct Delivery {
    pub(super) source: String,
    pub(super) alerts: Vec<Alert>,
    pub(super) sample: Option<NewCapture>,
    pub(super) now: Time,
}

type Answer = oneshot::Sender<Result<Vec<Receipt>>>;

/// The task that keeps them.
pub(super) struct Intake {
    sender: Mutex<Option<mpsc::Sender<(Delivery, Answer)>>>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Intake {
    pub(super) fn start(pool: Pool, timing: Arc<Timing>) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        Self {
            sender: Mutex::new(Some(sender)),
            task: Mutex::new(Some(tokio::spawn(keep_groups(pool, timing, receiver)))),
        }
    }

    pub(super) async fn keep(&self, delivery: Delivery) -> Result<Vec<Receipt>> {
        let sender = self
            .sender
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let (answer, answered) = oneshot::channel();
        let sent = sender
            .ok_or(StoreError::Closed)?
            .try_send((delivery, answer));
        sent.map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => StoreError::Busy,
            mpsc::error::TrySendError::Closed(_) => StoreError::Closed,
        })?;
        answered.await.map_err(|_| StoreError::Closed)?
    }

    /// Ends when all that waited is kept.
    pub(super) async fn close(&self) {
        self.sender
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let task = self
            .task
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(task) = task {
            let _ = task.await;
        }
    }
}

async fn keep_groups(
    pool: Pool,
    timing: Arc<Timing>,
    mut receiver: mpsc::Receiver<(Delivery, Answer)>,
) {
    let mut waiting = Vec::with_capacity(GROUP);
    while receiver.recv_many(&mut waiting, GROUP).await > 0 {
        let (group, answers): (Vec<Delivery>, Vec<Answer>) = waiting.drain(..).unzip();
        for (answer, kept) in answers
            .into_iter()
            .zip(keep_group(&pool, &timing, &group).await)
        {
            let _ = answer.send(kept);
        }
    }
}

/// What came of each. One that the database does not take does not keep the others out.
async fn keep_group(pool: &Pool, timing: &Timing, group: &[Delivery]) -> Vec<Result<Vec<Receipt>>> {
    match keep_together(pool, timing, group).await {
        Ok(kept) => kept,
        Err(StoreError::Refused(_)) if group.len() > 1 => {
            let mut kept = Vec::with_capacity(group.len());
            for delivery in group {
                let alone = keep_together(pool, timing, std::slice::from_ref(delivery)).await;
                kept.push(
                    alone.and_then(|it| it.into_iter().next().unwrap_or(Err(StoreError::Closed))),
                );
            }
            kept
        }
        Err(error) => {
            let again = |error: &StoreError| match error {
                StoreError::Busy => StoreError::Busy,
                StoreError::Closed => StoreError::Closed,
                other => StoreError::Database(other.to_string()),
            };
            group.iter().map(|_| Err(again(&error))).collect()
        }
    }
}

/// If the connection is lost while this commits, nobody knows whether it did: senders are told that it did not, and what they
/// repeat is the same event again.
async fn keep_together(
    pool: &Pool,
    timing: &Timing,
    group: &[Delivery],
) -> Result<Vec<Result<Vec<Receipt>>>> {
    let mut connection = pool.get().await?;
    let transaction = connection.transaction().await?;
    let kept = receive::keep(&transaction, group, timing).await?;
    transaction.commit().await?;
    Ok(kept)
}
