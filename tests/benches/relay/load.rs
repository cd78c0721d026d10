//! Many connections that send as fast as they are answered, in turn with a bare loop on the same disk.

use std::slice::from_ref;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use psa_tests::mock::Misbehaviour;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::bare::{self, Kept};
use super::goal::Goal;
use super::places::{connectwise_place, connectwise_server};
use super::program::{Options, Program};
use super::{QUICK, at_most, median, noted};

pub(crate) const CONNECTIONS: usize = 64;
const ROUNDS: usize = 3;
const HOW_LONG: Duration = Duration::from_secs(4);

pub(crate) async fn goals() -> Vec<Goal> {
    let server = connectwise_server();
    // Only the intake is measured: a PSA that is down, and a budget as ConnectWise has it.
    server.misbehave_as(|_| Some(Misbehaviour::Unavailable(None)));
    let place = connectwise_place(&server);
    // While it is set up, the PSA is there.
    server.behave();
    let options = Options {
        timing: QUICK,
        requests_per_minute: 1_000,
        ..Options::default()
    };
    let mut relay = Program::set_up(&place, &options);
    server.misbehave_as(|_| Some(Misbehaviour::Unavailable(None)));
    relay.start();
    relay.answers().await;
    let folder = relay.path("");
    let bare = [Kept::Bodies, Kept::Cases].map(|kept| bare::Server::start(&folder, kept));
    let bare_targets = bare.each_ref().map(|server| Target {
        address: server.address.clone(),
        source: String::new(),
        token: String::new(),
    });
    let target = Target::of(&relay, "gj");
    let number = Arc::new(AtomicUsize::new(0));
    let mut rounds = Vec::new();
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let of_loop = {
            let (folder, body) = (folder.clone(), body(0));
            tokio::task::spawn_blocking(move || {
                bare::rows_a_second(&folder, CONNECTIONS, &body, HOW_LONG)
            })
        };
        let of_loop = of_loop.await.expect("no panic");
        let (bodies, _) = measured(&bare_targets[..1], CONNECTIONS, &number).await;
        let (cases, _) = measured(&bare_targets[1..], CONNECTIONS, &number).await;
        let (of_relay, took) = measured(from_ref(&target), CONNECTIONS, &number).await;
        println!(
            "a second: a bare loop {of_loop:.0}, a bare server of bodies {bodies:.0}, of cases {cases:.0}, \
             the relay {of_relay:.0}"
        );
        rounds.push([of_loop, bodies, cases, of_relay]);
        times.extend(took);
    }
    times.sort_unstable();
    let middle = |of: fn(&[f64; 4]) -> f64| median(rounds.iter().map(of).collect());
    let per_cent = |part: usize| times[(times.len() - 1) * part / 100].as_secs_f64() * 1e3;
    vec![
        noted(
            "Rows on disk by a bare loop in groups of 64, without HTTP",
            middle(|it| it[0]),
            "a second",
        ),
        noted(
            "Bodies on disk by a bare server, 64 connections",
            middle(|it| it[1]),
            "a second",
        ),
        noted(
            "The same with a case and an alert for each",
            middle(|it| it[2]),
            "a second",
        ),
        noted(
            "Alerts on disk by the relay, 64 connections",
            middle(|it| it[3]),
            "a second",
        ),
        at_most(
            "The bare server of bodies compared with the relay",
            middle(|it| it[1] / it[3]),
            2.0,
            "times",
        ),
        noted(
            "The bare server of cases compared with the relay",
            middle(|it| it[2] / it[3]),
            "times",
        ),
        noted(
            "The bare loop compared with the relay",
            middle(|it| it[0] / it[3]),
            "times",
        ),
        noted("Alert to 202, p50", per_cent(50), "ms"),
        at_most("Alert to 202, p99", per_cent(99), 20.0, "ms"),
    ]
}

/// How many a second, and how long each took.
pub(crate) async fn measured(
    targets: &[Target],
    connections: usize,
    number: &Arc<AtomicUsize>,
) -> (f64, Vec<Duration>) {
    let began = Instant::now();
    let until = began + HOW_LONG;
    let took = send(targets, connections, number, move || Instant::now() < until).await;
    let a_second = took.len() as f64 / began.elapsed().as_secs_f64();
    (a_second, took)
}

/// Where alerts are sent.
#[derive(Clone)]
pub(crate) struct Target {
    address: String,
    source: String,
    token: String,
}

impl Target {
    pub(crate) fn of(relay: &Program, source: &str) -> Self {
        Self {
            address: relay.url("").trim_start_matches("http://").to_owned(),
            source: source.to_owned(),
            token: relay.token(source).to_owned(),
        }
    }
}

/// About a kilobyte, as alerts are. Written by hand, so that the sender takes little of the processors.
fn body(number: usize) -> String {
    let text = "x".repeat(700);
    format!(
        r#"{{"id":"key-{number}","name":"Blocked query for host-{number}.bad.example","company":"Example Dental","#
    ) + r#""reasons":["command and control","new domain","bad reputation"],"#
        + &format!(r#""text":"{text}","#)
        + r#""client":{"name":"srv01","address":"192.0.2.17","user":"somebody@example.com"}}"#
}

/// Each connection sends the next alert as soon as the one before is answered, as long as it shall; the targets share the
/// connections. Returns how long each took.
pub(crate) async fn send(
    targets: &[Target],
    connections: usize,
    number: &Arc<AtomicUsize>,
    goes_on: impl Fn() -> bool + Clone + Send + 'static,
) -> Vec<Duration> {
    let mut senders = JoinSet::new();
    for target in targets.iter().cycle().take(connections) {
        let Target {
            address,
            source,
            token,
        } = target.clone();
        let (number, goes_on) = (Arc::clone(number), goes_on.clone());
        senders.spawn(async move {
            let mut stream = TcpStream::connect(&address).await.expect("a connection");
            stream.set_nodelay(true).expect("set");
            let mut times = Vec::new();
            while goes_on() {
                let body = body(number.fetch_add(1, Ordering::Relaxed));
                let request = format!(
                    "POST /in/{source} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\n\
                     content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                    body.len()
                );
                let began = Instant::now();
                stream.write_all(request.as_bytes()).await.expect("sent");
                let mut answer = [0; 1_024];
                let count = stream.read(&mut answer).await.expect("an answer");
                times.push(began.elapsed());
                let answer = &answer[..count];
                assert!(
                    answer.starts_with(b"HTTP/1.1 202"),
                    "{}",
                    String::from_utf8_lossy(answer)
                );
            }
            times
        });
    }
    senders.join_all().await.concat()
}
