//! How fast the calls of one tenant send, all together: so many requests at once, so many within a window of time. Nothing
//! is sent here.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use psa_contract::Pacing;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until, timeout_at};

/// Into how many spans a window is divided: how much is remembered of a tenant, and by which part of a window a request may
/// wait longer than it must.
const SPANS_OF_A_WINDOW: u32 = 64;

/// Paces one tenant.
#[derive(Default)]
pub(crate) struct Pacer {
    /// Held by the request whose turn is next. It is handed on in the order of asking.
    turn: tokio::sync::Mutex<()>,
    /// A request has ended.
    ended: Notify,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    in_flight: u32,
    sent: VecDeque<Span>,
    /// Nothing is sent before: the server said that it had too much.
    held_until: Option<Instant>,
}

/// Requests that were sent shortly after one another.
struct Span {
    first: Instant,
    last: Instant,
    count: u32,
}

/// A request in flight, which ends when this is dropped.
pub(crate) struct InFlight<'a>(&'a Pacer);

/// Why a request has to wait.
enum Blocked {
    UntilOneEnds,
    Until(Instant),
}

impl Pacer {
    /// Waits until a request may be sent, in the order of asking, and counts it. None: that would be after the deadline.
    pub(crate) async fn wait(&self, pacing: &Pacing, deadline: Instant) -> Option<InFlight<'_>> {
        let _turn = timeout_at(deadline, self.turn.lock()).await.ok()?;
        loop {
            let ended = self.ended.notified();
            match self.try_begin(pacing) {
                Ok(in_flight) => return Some(in_flight),
                Err(Blocked::UntilOneEnds) => timeout_at(deadline, ended).await.ok()?,
                // Those behind it need not wait to learn the same.
                Err(Blocked::Until(time)) if time >= deadline => return None,
                Err(Blocked::Until(time)) => sleep_until(time).await,
            }
        }
    }

    /// Holds back all requests that wait for their turn.
    pub(crate) fn hold_until(&self, time: Instant) {
        let mut state = self.lock();
        state.held_until = state.held_until.max(Some(time));
    }

    /// Counts a request that is sent at once.
    pub(crate) fn without_waiting(&self, pacing: &Pacing) -> InFlight<'_> {
        self.lock().begin(window(pacing));
        InFlight(self)
    }

    fn try_begin(&self, pacing: &Pacing) -> Result<InFlight<'_>, Blocked> {
        let mut state = self.lock();
        if let Some(time) = state.held_until.filter(|time| *time > Instant::now()) {
            return Err(Blocked::Until(time));
        }
        // None at all would be no pacing but a ban.
        if let Some(most) = pacing.concurrent_requests
            && state.in_flight >= most.max(1)
        {
            return Err(Blocked::UntilOneEnds);
        }
        if let Some((most, window)) = window(pacing)
            && let Some(time) = state.full_until(most, window)
        {
            return Err(Blocked::Until(time));
        }
        state.begin(window(pacing));
        Ok(InFlight(self))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves plain numbers behind, which stay usable.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// When the window has room again, if it is full: when the last request of the oldest span is as old as the window.
    fn full_until(&mut self, most: u32, window: Duration) -> Option<Instant> {
        while let Some(oldest) = self.sent.front()
            && oldest.last.elapsed() >= window
        {
            self.sent.pop_front();
        }
        let sent: u64 = self.sent.iter().map(|span| u64::from(span.count)).sum();
        let oldest = self.sent.front()?;
        (sent >= u64::from(most)).then(|| oldest.last + window)
    }

    fn begin(&mut self, window: Option<(u32, Duration)>) {
        self.in_flight += 1;
        let Some((_, window)) = window else {
            return;
        };
        let now = Instant::now();
        match self.sent.back_mut() {
            Some(span) if now - span.first < window / SPANS_OF_A_WINDOW => {
                span.last = now;
                span.count = span.count.saturating_add(1);
            }
            _ => self.sent.push_back(Span {
                first: now,
                last: now,
                count: 1,
            }),
        }
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.lock().in_flight -= 1;
        self.0.ended.notify_one();
    }
}

/// How many requests within which time, if that is limited.
fn window(pacing: &Pacing) -> Option<(u32, Duration)> {
    let (requests, seconds) = pacing.requests.zip(pacing.seconds)?;
    (seconds > 0).then(|| (requests, Duration::from_secs(seconds.into())))
}

#[cfg(test)]
mod tests;
