//! Connections that read: a few, made when they are needed.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::{Result, open_reader};
use crate::store::StoreError;

/// How many reads run at once.
const MOST: usize = 4;

pub(super) struct Readers {
    /// None: the writer's connection reads, too.
    path: Option<PathBuf>,
    idle: Arc<Mutex<Vec<Connection>>>,
    turns: Semaphore,
}

impl Readers {
    pub(super) fn of_file(path: PathBuf) -> Self {
        Self {
            path: Some(path),
            ..Self::of_writer()
        }
    }

    pub(super) fn of_writer() -> Self {
        Self {
            path: None,
            idle: Arc::default(),
            turns: Semaphore::new(MOST),
        }
    }

    pub(super) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let _turn = self.turns.acquire().await.map_err(|_| StoreError::Closed)?;
        let idle = Arc::clone(&self.idle);
        let path = self.path.clone().ok_or(StoreError::Closed)?;
        let work = tokio::task::spawn_blocking(move || {
            let kept = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let connection = match kept {
                Some(connection) => connection,
                None => open_reader(&path)?,
            };
            let result = job(&connection);
            let mut idle = idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.push(connection);
            result
        });
        work.await.map_err(|_| StoreError::Closed)?
    }
}
