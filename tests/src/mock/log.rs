//! What the server saw, for tests: counts that are exact, and the latest requests.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::asked::Asked;

/// More requests than a test looks at one by one.
const KEPT: usize = 20_000;

/// How often things happened since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// TCP connections that were accepted.
    pub connections: u64,
    /// TLS handshakes that were completed.
    pub handshakes: u64,
    /// Requests whose head arrived.
    pub requests: u64,
    /// Those of method POST.
    pub posts: u64,
    /// Those of method PATCH.
    pub patches: u64,
    /// Bytes of bodies that left, compressed ones as they left.
    pub body_bytes: u64,
}

/// One request, and what became of it.
#[derive(Clone, Debug)]
pub struct Logged {
    /// The request.
    pub asked: Asked,
    /// What it got in place of an ordinary answer.
    pub misbehaviour: Option<String>,
    /// The answer's status. None: it got none, or none yet.
    pub status: Option<u16>,
}

#[derive(Default)]
pub(super) struct Counters {
    pub(super) connections: AtomicU64,
    pub(super) handshakes: AtomicU64,
    pub(super) requests: AtomicU64,
    pub(super) posts: AtomicU64,
    pub(super) patches: AtomicU64,
    pub(super) body_bytes: Arc<AtomicU64>,
}

impl Counters {
    pub(super) fn counts(&self) -> Counts {
        let read = |counter: &AtomicU64| counter.load(Ordering::SeqCst);
        Counts {
            connections: read(&self.connections),
            handshakes: read(&self.handshakes),
            requests: read(&self.requests),
            posts: read(&self.posts),
            patches: read(&self.patches),
            body_bytes: read(&self.body_bytes),
        }
    }
}

#[derive(Default)]
pub(super) struct Log {
    latest: VecDeque<Logged>,
}

impl Log {
    pub(super) fn add(&mut self, asked: Asked, misbehaviour: Option<String>) {
        if self.latest.len() >= KEPT {
            self.latest.pop_front();
        }
        self.latest.push_back(Logged {
            asked,
            misbehaviour,
            status: None,
        });
    }

    pub(super) fn answered(&mut self, number: u64, status: u16) {
        let mut latest = self.latest.iter_mut().rev();
        if let Some(logged) = latest.find(|logged| logged.asked.number == number) {
            logged.status = Some(status);
        }
    }

    pub(super) fn all(&self) -> Vec<Logged> {
        self.latest.iter().cloned().collect()
    }

    pub(super) fn clear(&mut self) {
        self.latest.clear();
    }
}
