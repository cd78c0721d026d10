//! What one call may spend, with the defaults and the reason for each. Enforcement lives beside what it limits:
//! `meter.rs` for memory, `limited_http.rs` for requests and for the clock of a request, `call.rs` for the rest.

use std::fmt;
use std::time::Duration;

/// What one call of a connector may spend. Every call has its own; nothing is carried over.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// Bytes of linear memory, all memories of the connector together. A guest that asks for more is stopped.
    /// Default: 128 MiB, several times what the longest listing needs.
    pub memory_bytes: usize,
    /// Units of computing, about one for each WebAssembly instruction and for each byte that a bulk instruction moves.
    /// Waiting for a response costs none. A guest that has used it up is stopped.
    /// Default: 10,000,000,000, which is one to ten seconds of one core.
    pub fuel: u64,
    /// Time from the start of the call, waiting included. A guest that is still running then is stopped. Time in the queue,
    /// before the call starts, does not count.
    /// Default: 120 seconds.
    pub wall_clock: Duration,
    /// The end of `wall_clock` that is kept for finding out whether a write went through. Requests that are under way
    /// when it begins are abandoned and reported to the guest as `timed-out`; from then on, writes are not sent. Its last
    /// tenth is kept for the guest to put its answer together. At most half of `wall_clock` is used.
    /// Default: 20 seconds.
    pub reserve_for_lookup: Duration,
    /// Requests of the call. Further requests are answered as failure `denied`.
    /// Default: 5,000, enough for the lists of 900 boards.
    pub requests: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_bytes: 128 << 20,
            fuel: 10_000_000_000,
            wall_clock: Duration::from_secs(120),
            reserve_for_lookup: Duration::from_secs(20),
            requests: 5_000,
        }
    }
}

/// No call takes longer, whatever it is given: a clock cannot be asked for the end of time.
const LONGEST_WALL_CLOCK: Duration = Duration::from_secs(365 * 24 * 60 * 60);

impl Limits {
    pub(crate) fn effective_wall_clock(&self) -> Duration {
        self.wall_clock.min(LONGEST_WALL_CLOCK)
    }

    /// Never more than half of the whole time, so that a short limit leaves time for work.
    pub(crate) fn effective_reserve(&self) -> Duration {
        self.reserve_for_lookup.min(self.effective_wall_clock() / 2)
    }
}

/// The limit that stopped a guest, with its value.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum LimitReached {
    /// [`Limits::memory_bytes`].
    Memory {
        /// The limit.
        bytes: usize,
    },
    /// [`Limits::fuel`].
    Computing {
        /// The limit.
        fuel: u64,
    },
    /// [`Limits::wall_clock`].
    WallClock {
        /// The limit.
        limit: Duration,
    },
}

impl LimitReached {
    /// Which field of [`Limits`] to raise.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Self::Memory { .. } => "memory_bytes",
            Self::Computing { .. } => "fuel",
            Self::WallClock { .. } => "wall_clock",
        }
    }
}

impl fmt::Display for LimitReached {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory { bytes } => write!(out, "it asked for more than {bytes} bytes of memory"),
            Self::Computing { fuel } => {
                write!(out, "it computed for more than {fuel} units of fuel")
            }
            Self::WallClock { limit } => {
                write!(out, "it ran for more than {} seconds", limit.as_secs_f64())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_of_every_board_of_a_large_tenant_fit_into_a_call() {
        // Statuses, types, subtypes, items and what joins them.
        const REQUESTS_OF_A_BOARD: usize = 5;
        assert!(Limits::default().requests > 900 * REQUESTS_OF_A_BOARD);
    }
}
