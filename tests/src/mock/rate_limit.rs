//! A limit on the requests of each tenant: those beyond it are answered 429 and count for nothing.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use super::{Asked, Misbehaviour, Server, Service};

/// So many requests in any span of this length.
#[derive(Clone, Copy, Debug)]
pub struct RateLimit {
    /// How many of a tenant are answered.
    pub requests: usize,
    /// Within so long.
    pub window: Duration,
    /// Whether the refusal says in a `Retry-After` when the next one is answered.
    pub says_when: bool,
}

impl<S: Service> Server<S> {
    /// From now on, requests beyond the limit are refused. What was asked for first is decided first.
    pub fn limit_rate(&self, limit: RateLimit) {
        let mut answered: HashMap<Option<String>, VecDeque<Instant>> = HashMap::new();
        self.misbehave_as(move |asked: &Asked| {
            let times = answered.entry(asked.tenant.clone()).or_default();
            let now = Instant::now();
            while times
                .front()
                .is_some_and(|time| now - *time >= limit.window)
            {
                times.pop_front();
            }
            let Some(first) = times.front().filter(|_| times.len() >= limit.requests) else {
                times.push_back(now);
                return None;
            };
            let wait = limit.window - (now - *first);
            let seconds = || (wait.as_secs() + 1).to_string();
            Some(Misbehaviour::TooManyRequests(limit.says_when.then(seconds)))
        });
    }
}
