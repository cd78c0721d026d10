//! Many cases while the PSA is down: what they take, how long a start with them takes, and how they are worked off.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use psa_tests::mock::Misbehaviour;

use super::goal::Goal;
use super::load::send;
use super::places::{COMPANY, connectwise_place, connectwise_server};
use super::program::{Options, Program};
use super::{QUICK, at_most, noted};

const CASES: usize = 100_000;
/// How many of them are worked off here: enough to see how fast.
const WORKED_OFF: usize = 5_000;

pub(crate) async fn goals() -> Vec<Goal> {
    let server = connectwise_server();
    let place = connectwise_place(&server);
    let options = Options {
        timing: QUICK,
        ..Options::default()
    };
    let mut relay = Program::set_up(&place, &options);
    server.misbehave_as(|_| Some(Misbehaviour::Unavailable(None)));
    relay.start();
    relay.answers().await;
    let number = Arc::new(AtomicUsize::new(0));
    let sent = Arc::clone(&number);
    send(&relay, &number, move || {
        sent.load(Ordering::Relaxed) < CASES
    })
    .await;
    tokio::time::sleep(Duration::from_secs(10)).await;
    let waiting = resident_megabytes(relay.process_id());
    relay.stop();
    let began = Instant::now();
    relay.start();
    relay.answers().await;
    let restart = began.elapsed();
    tokio::time::sleep(Duration::from_secs(5)).await;
    let restarted = resident_megabytes(relay.process_id());
    let before = server.counts();
    server.behave();
    let began = Instant::now();
    let tickets = || server.tenant(COMPANY, |tenant| tenant.tickets().count());
    while tickets() < WORKED_OFF {
        assert!(
            began.elapsed() < Duration::from_secs(600),
            "{}",
            relay.tail()
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let took = began.elapsed().as_secs_f64();
    let requests = server.counts().requests - before.requests;
    vec![
        at_most("Memory with 100,000 waiting cases", waiting, 64.0, "MB"),
        at_most("The same after a restart", restarted, 64.0, "MB"),
        at_most(
            "A start with them",
            restart.as_secs_f64() * 1e3,
            1_000.0,
            "ms",
        ),
        noted(
            "Tickets, once the PSA is back",
            tickets() as f64 / took,
            "a second",
        ),
        noted("Requests for them", requests as f64 / took, "a second"),
    ]
}

fn resident_megabytes(process: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("a process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|it| it.trim().split(' ').next());
    let kilobytes: f64 = kilobytes.and_then(|it| it.parse().ok()).expect("a number");
    kilobytes * 1_024.0 / 1e6
}
