//! The responses of one tenant that its connector asks the host to reuse, and who of several that ask the same thing sends
//! it. Nothing is sent here. What is kept may be a credential: it is in memory only and never shown.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lru::LruCache;
use psa_contract::Response;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::fingerprint::Fingerprint;
use crate::http::Answer;

/// Of one tenant. A connector needs one or two: an access token, the server that serves the tenant.
const MOST_RESPONSES: usize = 8;

/// Of one tenant's responses, headers and bodies together.
const MOST_BYTES: usize = 32 << 10;

/// Kept responses of one tenant, and its requests under way whose responses may be kept.
#[derive(Default)]
pub(crate) struct KeptResponses {
    state: Mutex<State>,
}

struct State {
    kept: LruCache<Fingerprint, Kept>,
    bytes: usize,
    under_way: HashMap<Fingerprint, watch::Receiver<()>>,
}

struct Kept {
    response: Response,
    bytes: usize,
    /// When the request left: the server made its answer later than that.
    asked: Instant,
}

/// What becomes of a request that may be answered with a kept response.
pub(crate) enum Turn<'a> {
    /// This answers it.
    Kept(Response),
    /// It is to be sent, and [`Sending::end`] to be told its answer.
    Send(Sending<'a>),
}

/// A request that is sent. Dropped without an end, it leaves nothing behind, and whoever waited for it goes on.
pub(crate) struct Sending<'a> {
    responses: &'a KeptResponses,
    request: Fingerprint,
    reuse_seconds: u32,
    /// Closed at its end. None: another one is under way, for which the next ones wait.
    under_way: Option<watch::Sender<()>>,
}

/// What a look at the state finds.
enum Found<'a> {
    Turn(Turn<'a>),
    UnderWay(watch::Receiver<()>),
}

impl KeptResponses {
    /// Looks for a response that is at most so many seconds old. If the same request is under way, waits for its end, once:
    /// after one that failed, all that waited are sent, so that a slow failure is not gone through one by one. 0 seconds
    /// never wait, and what is kept goes at once, since the caller was refused with it.
    pub(crate) async fn turn(&self, request: Fingerprint, reuse_seconds: u32) -> Turn<'_> {
        let mut waits = reuse_seconds > 0;
        loop {
            match self.look(request, reuse_seconds, waits) {
                Found::Turn(turn) => return turn,
                Found::UnderWay(mut end) => {
                    // Nothing is ever sent through it: it is closed.
                    let _ = end.changed().await;
                    waits = false;
                }
            }
        }
    }

    fn look(&self, request: Fingerprint, reuse_seconds: u32, waits: bool) -> Found<'_> {
        let mut state = self.lock();
        if reuse_seconds == 0 {
            state.remove(&request);
        } else if let Some(response) = state.find(&request, reuse_seconds) {
            return Found::Turn(Turn::Kept(response));
        }
        let under_way = match state.under_way.get(&request) {
            Some(end) if waits => return Found::UnderWay(end.clone()),
            Some(_) => None,
            None => {
                let (sender, end) = watch::channel(());
                state.under_way.insert(request, end);
                Some(sender)
            }
        };
        Found::Turn(Turn::Send(Sending {
            responses: self,
            request,
            reuse_seconds,
            under_way,
        }))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves plain maps behind, which stay usable.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sending<'_> {
    /// Keeps a 2xx response to a request that left at this time. Any other answer to a request for a new response removes
    /// what is kept.
    pub(crate) fn end(self, answer: &Answer, asked: Instant) {
        let mut state = self.responses.lock();
        match answer {
            Ok(response) if (200..=299).contains(&response.status) => {
                state.keep(self.request, response, asked);
            }
            _ if self.reuse_seconds == 0 => state.remove(&self.request),
            _ => {}
        }
    }
}

impl Drop for Sending<'_> {
    fn drop(&mut self) {
        if self.under_way.is_some() {
            self.responses.lock().under_way.remove(&self.request);
        }
    }
}

impl State {
    fn find(&mut self, request: &Fingerprint, reuse_seconds: u32) -> Option<Response> {
        let kept = self.kept.get(request)?;
        let age = kept.asked.elapsed();
        if age > Duration::from_secs(reuse_seconds.into()) {
            return None;
        }
        Some(Response {
            age_seconds: Some(u32::try_from(age.as_secs()).unwrap_or(u32::MAX)),
            ..kept.response.clone()
        })
    }

    fn keep(&mut self, request: Fingerprint, response: &Response, asked: Instant) {
        self.remove(&request);
        let bytes = size(response);
        if bytes > MOST_BYTES {
            return;
        }
        while self.kept.len() >= MOST_RESPONSES || self.bytes + bytes > MOST_BYTES {
            let Some((_, oldest)) = self.kept.pop_lru() else {
                break;
            };
            self.bytes -= oldest.bytes;
        }
        self.bytes += bytes;
        let response = response.clone();
        self.kept.put(
            request,
            Kept {
                response,
                bytes,
                asked,
            },
        );
    }

    fn remove(&mut self, request: &Fingerprint) {
        if let Some(removed) = self.kept.pop(request) {
            self.bytes -= removed.bytes;
        }
    }
}

impl Default for State {
    fn default() -> Self {
        Self {
            kept: LruCache::unbounded(),
            bytes: 0,
            under_way: HashMap::new(),
        }
    }
}

fn size(response: &Response) -> usize {
    let headers: usize = response
        .headers
        .iter()
        .map(|(name, value)| name.len() + value.len())
        .sum();
    headers + response.body.len()
}

#[cfg(test)]
mod tests;
