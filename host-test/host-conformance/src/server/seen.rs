//! What the server saw.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::script::Script;

/// What the server saw since it was last asked.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// In the order of arrival.
    pub(crate) arrived: Vec<Script>,
    /// The most requests that were answered at once.
    pub(crate) most_at_once: usize,
    /// Whether two calls were under way at once.
    pub(crate) has_overlapping_calls: bool,
    pub(crate) at_once: usize,
    pub(crate) calls: usize,
    pub(crate) counts: BTreeMap<String, u64>,
}

/// It, as the threads of the server share it.
#[derive(Default)]
pub(super) struct Log {
    seen: Mutex<Seen>,
    /// Of all requests since the start: no number comes twice.
    number: AtomicU64,
}

impl Log {
    /// A request arrived. Returns how many have arrived at this path, itself included, and its number among all.
    pub(super) fn begin(&self, script: &Script) -> (u64, u64) {
        self.with(|seen| {
            seen.arrived.push(script.clone());
            if counts_as_in_flight(script) {
                seen.at_once += 1;
                seen.most_at_once = seen.most_at_once.max(seen.at_once);
            }
            if script.duty == "call" {
                seen.calls += 1;
                seen.has_overlapping_calls |= seen.calls > 1;
            }
            let count = seen.counts.entry(script.name()).or_default();
            *count += 1;
            (*count, self.number.fetch_add(1, Ordering::Relaxed))
        })
    }

    /// It is about to be answered.
    pub(super) fn end(&self, script: &Script) {
        self.with(|seen| {
            // It may have begun before the last look.
            seen.at_once = seen
                .at_once
                .saturating_sub(usize::from(counts_as_in_flight(script)));
            seen.calls = seen
                .calls
                .saturating_sub(usize::from(script.duty == "call"));
        });
    }

    /// What was seen, which is then forgotten.
    pub(super) fn take(&self) -> Seen {
        self.with(std::mem::take)
    }

    fn with<T>(&self, look: impl FnOnce(&mut Seen) -> T) -> T {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        look(&mut seen)
    }
}

/// A host may have given up what is held for long.
fn counts_as_in_flight(script: &Script) -> bool {
    script.get("hold").is_none()
}
