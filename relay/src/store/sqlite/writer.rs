//! The thread that writes. It takes whatever waits, up to a number, into one transaction, commits, and only then answers:
//! so one wait for the disk serves many.

use std::sync::{Mutex, PoisonError};
use std::thread;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::store::{Result, StoreError};

/// How many jobs share a commit.
const GROUP: usize = 256;
/// How many jobs wait. Beyond it, senders are told to come again.
const WAITING: usize = 16_384;

/// Does its work on the connection, and hands back how its caller is told.
type Job = Box<dyn FnOnce(&Connection) -> Result<Answer> + Send>;
/// Tells the caller, once it is known whether the work is on disk.
type Answer = Box<dyn FnOnce(Result<()>) + Send>;

pub(super) enum Writer {
    Thread(Mutex<Option<mpsc::Sender<Message>>>),
    Inline(Mutex<Connection>),
}

pub(super) enum Message {
    Work(Work),
    Close(oneshot::Sender<()>),
}

pub(super) struct Work {
    job: Job,
    refusal: Refusal,
    on_failure: OnFailure,
}

/// What is taken back if a job fails after it has written something.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum OnFailure {
    /// The job alone. This costs a copy of each page that it changes.
    TakesBackItself,
    /// Its whole group, whose senders come again: for jobs of which there are many, and which fail only if the database does.
    TakesBackItsGroup,
}

/// Tells the caller that the work itself failed.
type Refusal = Box<dyn FnOnce(StoreError) + Send>;

impl Writer {
    pub(super) fn thread(connection: Connection) -> Result<Self> {
        let (sender, receiver) = mpsc::channel(WAITING);
        thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || write_groups(&connection, receiver))
            .map_err(|error| StoreError::Database(error.to_string()))?;
        Ok(Self::Thread(Mutex::new(Some(sender))))
    }

    pub(super) fn inline(connection: Connection) -> Self {
        Self::Inline(Mutex::new(connection))
    }

    /// Reads on the writer's own connection, if there is no thread.
    pub(super) fn read_inline<T, J: FnOnce(&Connection) -> Result<T>>(
        &self,
        job: J,
    ) -> std::result::Result<Result<T>, J> {
        match self {
            Self::Thread(_) => Err(job),
            Self::Inline(connection) => {
                let connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
                Ok(job(&connection))
            }
        }
    }

    pub(super) async fn run<T: Send + 'static>(
        &self,
        on_failure: OnFailure,
        job: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let sender = match self {
            Self::Inline(connection) => {
                // Where a thread would be waited for, so that whoever is ended while he waits is ended here, too.
                tokio::task::yield_now().await;
                let value = write_one(connection, job)?;
                tokio::task::yield_now().await;
                return Ok(value);
            }
            Self::Thread(sender) => sender
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone(),
        };
        let sender = sender.ok_or(StoreError::Closed)?;
        let (answer, answered) = oneshot::channel();
        // The value of the work and the failure of the work go through one channel, whichever comes.
        let answer = std::sync::Arc::new(Mutex::new(Some(answer)));
        let tell = {
            let answer = std::sync::Arc::clone(&answer);
            move |result: Result<T>| {
                let answer = answer.lock().unwrap_or_else(PoisonError::into_inner).take();
                if let Some(answer) = answer {
                    let _ = answer.send(result);
                }
            }
        };
        let refuse = tell.clone();
        let job: Job = Box::new(move |connection| {
            let value = job(connection)?;
            Ok(Box::new(move |written: Result<()>| tell(written.map(|()| value))) as Answer)
        });
        let refusal: Refusal = Box::new(move |error| refuse(Err(error)));
        sender
            .try_send(Message::Work(Work {
                job,
                refusal,
                on_failure,
            }))
            .map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => StoreError::Busy,
                mpsc::error::TrySendError::Closed(_) => StoreError::Closed,
            })?;
        answered.await.map_err(|_| StoreError::Closed)?
    }

    /// Ends once everything that was asked for before is on disk.
    pub(super) async fn close(&self) {
        let Self::Thread(sender) = self else {
            return;
        };
        let sender = sender.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(sender) = sender {
            let (closed, is_closed) = oneshot::channel();
            let _ = sender.send(Message::Close(closed)).await;
            let _ = is_closed.await;
        }
    }
}

fn write_one<T>(
    connection: &Mutex<Connection>,
    job: impl FnOnce(&Connection) -> Result<T>,
) -> Result<T> {
    let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
    let transaction = connection.transaction()?;
    let value = job(&transaction)?;
    transaction.commit()?;
    Ok(value)
}

fn write_groups(connection: &Connection, mut receiver: mpsc::Receiver<Message>) {
    while let Some(first) = receiver.blocking_recv() {
        let mut group = Vec::new();
        let mut closing = Vec::new();
        let mut next = Some(first);
        while let Some(message) = next {
            match message {
                Message::Work(work) => group.push(work),
                Message::Close(closed) => closing.push(closed),
            }
            next = if group.len() < GROUP {
                receiver.try_recv().ok()
            } else {
                None
            };
        }
        if !group.is_empty() {
            write_group(connection, group);
        }
        if !closing.is_empty() {
            // What was sent before the end is in this group or the ones before it: the channel keeps the order.
            let _ = connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
            for closed in closing {
                let _ = closed.send(());
            }
            return;
        }
    }
}

fn write_group(connection: &Connection, group: Vec<Work>) {
    if let Err(error) = connection.execute_batch("BEGIN IMMEDIATE") {
        let message = error.to_string();
        for work in group {
            (work.refusal)(StoreError::Database(message.clone()));
        }
        return;
    }
    let mut answers = Vec::with_capacity(group.len());
    let mut failure = None;
    for work in group {
        if let Some(message) = &failure {
            (work.refusal)(StoreError::Database(String::clone(message)));
            continue;
        }
        let changes = connection.total_changes();
        let done = match work.on_failure {
            OnFailure::TakesBackItself => within_savepoint(connection, work.job),
            OnFailure::TakesBackItsGroup => (work.job)(connection),
        };
        match done {
            Ok(answer) => answers.push(answer),
            Err(error) => {
                // On a full disk SQLite may take back the whole transaction. What came before is gone then, and what comes
                // after would be kept by itself, which nobody is told.
                let is_left_by_half = work.on_failure == OnFailure::TakesBackItsGroup
                    && connection.total_changes() != changes;
                if is_left_by_half || connection.is_autocommit() {
                    failure = Some(error.to_string());
                }
                (work.refusal)(error);
            }
        }
    }
    if failure.is_none() {
        let committed = connection.execute_batch("COMMIT");
        failure = committed.err().map(|error| error.to_string());
    }
    if failure.is_some() && !connection.is_autocommit() {
        // A full disk: nothing of this group is kept, and everybody is told so.
        let _ = connection.execute_batch("ROLLBACK");
    }
    for answer in answers {
        answer(match &failure {
            None => Ok(()),
            Some(message) => Err(StoreError::Database(message.clone())),
        });
    }
}

/// The failure of one job takes back what it did, and nothing of the others.
fn within_savepoint(connection: &Connection, job: Job) -> Result<Answer> {
    connection.prepare_cached("SAVEPOINT job")?.execute([])?;
    let result = job(connection);
    if result.is_err() && connection.is_autocommit() {
        return result;
    }
    if result.is_err() {
        connection.prepare_cached("ROLLBACK TO job")?.execute([])?;
    }
    connection.prepare_cached("RELEASE job")?.execute([])?;
    result
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    /// What each of three jobs of a group is told, of which the second fails after it wrote or before; and what is kept.
    fn group(on_failure: OnFailure, writes_first: bool) -> (Vec<bool>, Vec<i64>) {
        let connection = Connection::open_in_memory().expect("a database");
        connection
            .execute_batch("CREATE TABLE rows (number INTEGER)")
            .expect("a table");
        let told = Arc::new(Mutex::new(vec![None; 3]));
        let work = |number: usize| {
            let (of_job, of_refusal) = (Arc::clone(&told), Arc::clone(&told));
            let tell = move |told: &Mutex<Vec<_>>, is_kept| {
                told.lock().expect("no panic")[number] = Some(is_kept);
            };
            let job: Job = Box::new(move |it| {
                if number != 1 || writes_first {
                    it.execute("INSERT INTO rows VALUES (?1)", [number.to_string()])?;
                }
                if number == 1 {
                    return Err(StoreError::Missing("row".to_owned()));
                }
                Ok(Box::new(move |written: Result<()>| tell(&of_job, written.is_ok())) as Answer)
            });
            Work {
                job,
                refusal: Box::new(move |_| tell(&of_refusal, false)),
                on_failure,
            }
        };
        write_group(&connection, (0..3).map(work).collect());
        let mut select = connection
            .prepare("SELECT number FROM rows")
            .expect("a query");
        let rows = select
            .query_map([], |row| row.get::<_, i64>(0))
            .expect("rows");
        let kept = rows.map(|it| it.expect("a row")).collect();
        let told = told.lock().expect("no panic").clone();
        let told = told.into_iter().map(|it| it.expect("told")).collect();
        (told, kept)
    }

    #[test]
    fn a_job_that_fails_takes_back_itself_or_its_group_and_everybody_is_told() {
        let alone = (vec![true, false, true], vec![0, 2]);
        let all = (vec![false; 3], vec![]);
        for (on_failure, writes_first, expected) in [
            (OnFailure::TakesBackItself, true, &alone),
            (OnFailure::TakesBackItself, false, &alone),
            (OnFailure::TakesBackItsGroup, true, &all),
            // Nothing to take back.
            (OnFailure::TakesBackItsGroup, false, &alone),
        ] {
            assert_eq!(group(on_failure, writes_first), *expected);
        }
    }
}
