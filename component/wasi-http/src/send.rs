//! All requests of a `send`: as many at once as the limit allows, and an answer for each in their order.

use std::collections::BTreeMap;
use std::iter;

use psa_contract::Request;
use psa_contract::http::{Answer, refusal};
use wasi::clocks::monotonic_clock::{Instant, now, subscribe_instant};
use wasi::io::poll::{Pollable, poll};

use crate::exchange::{Exchange, Step};
use crate::{failure, limits};

/// Sends the requests, no more at once than the connector advises, and waits for all of them.
pub(crate) fn send(requests: Vec<Request>, advised: u32) -> Vec<Answer> {
    let in_flight = advised.clamp(1, limits::IN_FLIGHT);
    let last_start = now().saturating_add(limits::SEND);
    let mut queue = requests.into_iter().enumerate();
    let mut answers = BTreeMap::new();
    let mut bytes_left = limits::ALL_BYTES;
    let first: Vec<(usize, Exchange)> =
        iter::from_fn(|| next(&mut queue, last_start, &mut answers))
            .take(usize::try_from(in_flight).unwrap_or(usize::MAX))
            .collect();
    let mut under_way = first;
    while !under_way.is_empty() {
        wait(under_way.iter().map(|(_, exchange)| exchange));
        let proceed = |(place, exchange): (usize, Exchange)| match exchange.step(&mut bytes_left) {
            Step::Pending(exchange) => Some((place, exchange)),
            Step::Done(answer) => {
                answers.insert(place, answer);
                next(&mut queue, last_start, &mut answers)
            }
        };
        under_way = under_way.into_iter().filter_map(proceed).collect();
    }
    answers.into_values().collect()
}

/// Starts the next request that can be sent. Those that cannot be have their answers at once.
fn next(
    queue: &mut impl Iterator<Item = (usize, Request)>,
    last_start: Instant,
    answers: &mut BTreeMap<usize, Answer>,
) -> Option<(usize, Exchange)> {
    for (place, request) in queue {
        let started = match refusal(&request) {
            Some(refusal) => Err(refusal),
            None if now() >= last_start => Err(failure::no_time_left()),
            None => Exchange::start(&request),
        };
        match started {
            Ok(exchange) => return Some((place, exchange)),
            Err(failure) => {
                answers.insert(place, Err(failure));
            }
        }
    }
    None
}

/// Until one of them can go on, or its time is over.
fn wait<'a>(under_way: impl Iterator<Item = &'a Exchange>) {
    let mut pollables: Vec<Pollable> = Vec::new();
    let mut first_end = Instant::MAX;
    for exchange in under_way {
        first_end = first_end.min(exchange.ends());
        pollables.extend(exchange.pollables());
    }
    pollables.push(subscribe_instant(first_end));
    let pollables: Vec<&Pollable> = pollables.iter().collect();
    poll(&pollables);
}
