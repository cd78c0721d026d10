//! Alerts of many senders while writes are cut, the PSA is down for a while, and the program is killed again and again. With
//! `PSA_FULL_SIZE` set 10,000 alerts, otherwise a tenth.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use psa_tests::mock::Misbehaviour;
use psa_tests::mock::connectwise::Server;
use psa_tests::repeats;
use reqwest::Client;
use serde_json::json;
use tokio::task::JoinSet;

use super::places::tickets;
use super::relay::{Relay, accept};

const ALERTS: usize = 10_000;
const SENDERS: usize = 64;
/// Each alert is sent by two senders: the other one of a pair, or one that did not hear the answer.
pub(crate) const TIMES: usize = 2;

const SHORT: &str = "settling = 2\ncall-limit = 15\nlease = 20\nshortest-pause = 0.1\nlongest-pause = 1\n\
                     rate-limited = 0.5\nverify-every = 1\nwatch-every = 5";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_and_nothing_is_done_twice() {
    let alerts = repeats(ALERTS) / TIMES;
    let mut relay = Relay::set_up(SHORT);
    let is_down = Arc::new(AtomicBool::new(false));
    cut_writes(&relay.server, Arc::clone(&is_down));
    relay.start();
    relay.answers().await;
    let began = Instant::now();
    let (sent, is_sent) = send(Load {
        alerts,
        senders: SENDERS,
        pause: Duration::from_millis(100),
        client: relay.client.clone(),
        urls: vec![relay.url("/in/gj")],
        token: relay.token("gj").to_owned(),
    });
    let mut kills = 0;
    // Until everything is accepted, and at least a few times.
    while !is_sent.load(Ordering::Acquire) || kills < 4 {
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        is_down.store(kills % 3 == 1, Ordering::Release);
        relay.kill();
        kills += 1;
        relay.start();
        relay.answers().await;
    }
    is_down.store(false, Ordering::Release);
    let again = sent.await.expect("all are accepted");
    let accepted = began.elapsed();
    // Now and then it is killed while it works through what is left.
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_millis(2_500)).await;
        relay.kill();
        kills += 1;
        relay.start();
    }
    relay.server.behave();
    relay.answers().await;
    let within = Duration::from_secs(120 + alerts as u64 / 10);
    relay.until_cases(json!({"open": alerts}), within).await;
    let (tickets, doubled) = count(&relay.server);
    println!(
        "{alerts} alerts sent {TIMES} times by {SENDERS} senders, accepted in {accepted:?} after {again} repeats; \
         {kills} kills; {tickets} tickets after {:?}, {doubled} doubled",
        began.elapsed()
    );
    assert_eq!((tickets, doubled), (alerts, 0));
    relay.stop();
}

/// By the stand-in's own count: how many references have a ticket, and how many have more than one.
pub(crate) fn count(server: &Server) -> (usize, usize) {
    let mut by_reference: HashMap<String, usize> = HashMap::new();
    for ticket in tickets(server) {
        *by_reference.entry(ticket.reference).or_default() += 1;
    }
    let doubled = by_reference.values().filter(|count| **count > 1).count();
    (by_reference.len(), doubled)
}

/// Every third write goes wrong in one way or another, and everything while it is down.
pub(crate) fn cut_writes(server: &Server, is_down: Arc<AtomicBool>) {
    let count = AtomicUsize::new(0);
    server.misbehave_as(move |asked| {
        if is_down.load(Ordering::Acquire) {
            return Some(Misbehaviour::Unavailable(None));
        }
        if asked.method != "POST" {
            return None;
        }
        match count.fetch_add(1, Ordering::Relaxed) % 21 {
            0 | 7 => Some(Misbehaviour::DropAfterCommitting),
            2 => Some(Misbehaviour::DropInBody),
            5 => Some(Misbehaviour::DropBeforeReading),
            9 => Some(Misbehaviour::CommitLate(Duration::from_millis(700))),
            12 => Some(Misbehaviour::BadGatewayAfterCommitting),
            16 => Some(Misbehaviour::Delay(Duration::from_millis(900))),
            19 => Some(Misbehaviour::TooManyRequests(Some("1".to_owned()))),
            _ => None,
        }
    });
}

/// So many alerts of the source `gj`, for these relays.
pub(crate) struct Load {
    pub(crate) alerts: usize,
    pub(crate) senders: usize,
    /// What a sender waits after each, so that relays are killed in the middle.
    pub(crate) pause: Duration,
    pub(crate) client: Client,
    pub(crate) urls: Vec<String>,
    pub(crate) token: String,
}

/// Sends all of them [`TIMES`] times, to different relays, each until it is accepted. The result is how often one had to be
/// repeated.
pub(crate) fn send(load: Load) -> (tokio::task::JoinHandle<usize>, Arc<AtomicBool>) {
    let is_sent = Arc::new(AtomicBool::new(false));
    let next = Arc::new(AtomicUsize::new(0));
    let load = Arc::new(load);
    let mut senders = JoinSet::new();
    for _ in 0..load.senders {
        let (load, next) = (Arc::clone(&load), Arc::clone(&next));
        senders.spawn(async move {
            let mut again = 0;
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= load.alerts * TIMES {
                    return again;
                }
                let key = number % load.alerts;
                let first = number + number / load.alerts;
                let body = json!({"id": format!("key-{key}"), "name": format!("Alert {key}")});
                again += accept(&load.client, &load.urls, first, &load.token, &body).await;
                tokio::time::sleep(load.pause).await;
            }
        });
    }
    let done = Arc::clone(&is_sent);
    let all = tokio::spawn(async move {
        let mut again = 0;
        while let Some(sender) = senders.join_next().await {
            again += sender.expect("no panic");
        }
        done.store(true, Ordering::Release);
        again
    });
    (all, is_sent)
}
