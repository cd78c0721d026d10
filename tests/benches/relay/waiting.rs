//! Many cases while the PSA is down: what they take, how long a start with them takes, and how they are worked off.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use psa_tests::mock::Misbehaviour;

use super::goal::Goal;
use super::load::{CONNECTIONS, Target, send};
use super::places::{COMPANY, connectwise_place, connectwise_server};
use super::program::{Options, Program};
use super::{QUICK, at_most, noted};

const CASES: usize = 100_000;
/// How many requests a second the PSA allows.
const BUDGET: u32 = 1_000;
/// How long they are worked off here: two of the windows in which requests are counted.
const WORKED_OFF: Duration = Duration::from_secs(120);

pub(crate) async fn goals() -> Vec<Goal> {
    let server = connectwise_server();
    let place = connectwise_place(&server);
    let options = Options {
        timing: QUICK,
        requests_per_minute: 60 * BUDGET,
        ..Options::default()
    };
    let mut relay = Program::set_up(&place, &options);
    server.misbehave_as(|_| Some(Misbehaviour::Unavailable(None)));
    relay.start();
    relay.answers().await;
    let number = Arc::new(AtomicUsize::new(0));
    let sent = Arc::clone(&number);
    send(
        &[Target::of(&relay, "gj")],
        CONNECTIONS,
        &number,
        move || sent.load(Ordering::Relaxed) < CASES,
    )
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
    relay.stop();
    server.behave();
    let before = server.counts().requests;
    relay.start();
    tokio::time::sleep(WORKED_OFF).await;
    let requests = (server.counts().requests - before) as f64;
    let tickets = server.tenant(COMPANY, |tenant| tenant.tickets().count()) as f64;
    let seconds = WORKED_OFF.as_secs_f64();
    let allowed = f64::from(BUDGET) * seconds;
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
            tickets / seconds,
            "a second",
        ),
        noted("Requests for them", requests / seconds, "a second"),
        at_most(
            "What a budget of 1,000 requests a second allows, compared with those",
            allowed / requests,
            1.1,
            "times",
        ),
    ]
}

fn resident_megabytes(process: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("a process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|it| it.trim().split(' ').next());
    let kilobytes: f64 = kilobytes.and_then(|it| it.parse().ok()).expect("a number");
    kilobytes * 1_024.0 / 1e6
}
