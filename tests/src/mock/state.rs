//! What the connections of a server share.

use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use super::answer::Answer;
use super::asked::Asked;
use super::certificate::Identities;
use super::log::{Counters, Log};
use super::misbehaviour::Plan;
use super::service::Service;

pub(crate) struct State<S> {
    pub(super) identities: Identities,
    pub(super) counters: Counters,
    service: Mutex<S>,
    plan: Mutex<Plan>,
    log: Mutex<Log>,
}

impl<S: Service> State<S> {
    pub(super) fn new(identities: Identities, service: S) -> Self {
        Self {
            identities,
            counters: Counters::default(),
            service: Mutex::new(service),
            plan: Mutex::default(),
            log: Mutex::default(),
        }
    }

    pub(crate) fn service(&self) -> MutexGuard<'_, S> {
        locked(&self.service)
    }

    pub(super) fn plan(&self) -> MutexGuard<'_, Plan> {
        locked(&self.plan)
    }

    pub(super) fn log(&self) -> MutexGuard<'_, Log> {
        locked(&self.log)
    }

    pub(super) fn act(&self, asked: &Asked, body: &Bytes) -> Answer {
        self.service().answer(asked, body)
    }
}

/// A test that panics while it holds a lock has failed already; the others go on.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
