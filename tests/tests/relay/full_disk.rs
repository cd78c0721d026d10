//! A disk that is full, and one that has room again: files that may not grow any more have the same effect, and need no disk.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use std::time::Duration;

use psa_tests::tool;
use reqwest::Client;
use rusqlite::{Connection, OpenFlags};
use serde_json::json;
use tokio::task::JoinSet;

use super::places::tickets;
use super::relay::Relay;

const SHORT: &str = "settling = 2\ncall-limit = 15\nlease = 20\nshortest-pause = 0.1\nlongest-pause = 1\n\
                     same-event-within = 0\nnote-every = 0.5";
const AT_ONCE: usize = 8;
/// How much the files may grow when the disk becomes full.
const ROOM: u64 = 300_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_alerts_keeps_none_by_half_and_recovers_without_a_restart() {
    let Some(prlimit) = tool("prlimit", "util-linux") else {
        return;
    };
    let mut relay = Relay::set_up(SHORT);
    // Who writes too much is told so, and not ended.
    relay.start_under(&["/bin/sh", "-c", r#"trap "" XFSZ; exec "$0" "$@""#]);
    relay.answers().await;
    let process = relay.process_id();
    let limit = |bytes: String| {
        let process = format!("--pid={process}");
        let size = format!("--fsize={bytes}:");
        let status = Command::new(&prlimit).args([process, size]).status();
        assert!(status.expect("it runs").success());
    };
    let mut accepted = Accepted::default();
    assert_eq!(accepted.send(&relay, 0..50).await, 0);
    assert_eq!(relay.health().await, (200, "ok\n".to_owned()));

    let log = fs::metadata(relay.path("data/relay.db-wal")).expect("the log of the database");
    limit((log.len() + ROOM).to_string());
    let mut next = 50;
    let mut refused = 0;
    // Until none of a batch is accepted.
    while refused < AT_ONCE {
        refused = accepted.send(&relay, next..next + AT_ONCE).await;
        next += AT_ONCE;
        assert!(next < 10_000, "it is never full: {}", relay.tail());
    }
    let (status, text) = relay.health().await;
    assert_eq!(status, 503, "{text}");
    assert!(text.starts_with("alerts cannot be kept: "), "{text}");
    // Those that are open already, too.
    assert_eq!(accepted.send(&relay, 0..AT_ONCE).await, AT_ONCE);
    // Calls that are under way cannot be kept either, and are not forgotten.
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(kept(&relay), accepted.0, "while it is full");

    limit("unlimited".to_owned());
    // The first may come before a failure is over.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let before = accepted.0.len();
    let missing: Vec<usize> = (0..next)
        .filter(|it| !accepted.0.contains_key(&key(*it)))
        .collect();
    println!(
        "{next} alerts, {before} accepted before the disk was full, {} refused",
        missing.len()
    );
    assert!(missing.len() >= AT_ONCE);
    for number in missing {
        assert_eq!(accepted.send(&relay, number..number + 1).await, 0);
    }
    assert_eq!(kept(&relay), accepted.0, "with room again");
    assert_eq!(relay.health().await.0, 200, "with room again");
    relay
        .until_cases(json!({"open": next}), Duration::from_secs(120))
        .await;
    let mut references: Vec<String> = tickets(&relay.server)
        .into_iter()
        .map(|it| it.reference)
        .collect();
    assert_eq!(references.len(), next, "a ticket each");
    references.sort_unstable();
    references.dedup();
    assert_eq!(references.len(), next, "and none twice");
    relay.stop();
}

fn key(number: usize) -> String {
    format!("key-{number:05}")
}

/// How often the alert with each key was accepted.
#[derive(Default)]
struct Accepted(BTreeMap<String, u64>);

impl Accepted {
    /// Sends each of them once, a few at a time. Returns how many were refused, as senders understand it.
    async fn send(&mut self, relay: &Relay, numbers: std::ops::Range<usize>) -> usize {
        let mut refused = 0;
        for some in numbers.collect::<Vec<_>>().chunks(AT_ONCE) {
            let mut sent = JoinSet::new();
            for number in some {
                let (url, token) = (relay.url("/in/gj"), relay.token("gj").to_owned());
                sent.spawn(send(relay.client.clone(), url, token, key(*number)));
            }
            while let Some(sent) = sent.join_next().await {
                match sent.expect("no panic") {
                    (key, 202, _) => *self.0.entry(key).or_default() += 1,
                    (_, 503, Some(seconds)) => {
                        assert!((1..=60).contains(&seconds));
                        refused += 1;
                    }
                    other => panic!("{other:?}"),
                }
            }
        }
        refused
    }
}

/// The key, the status, and after how many seconds the sender may come again.
async fn send(
    client: Client,
    url: String,
    token: String,
    key: String,
) -> (String, u16, Option<u32>) {
    let request = client.post(url).bearer_auth(token);
    let request = request.header("content-type", "application/json");
    let body = json!({"id": key}).to_string();
    let answer = request.body(body).send().await.expect("an answer");
    let retry_after = answer.headers().get("retry-after");
    let seconds = retry_after.and_then(|it| it.to_str().ok()?.parse().ok());
    (key, answer.status().as_u16(), seconds)
}

/// How many alerts of each key are in the database, which have to be those that their cases count.
fn kept(relay: &Relay) -> BTreeMap<String, u64> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let database = Connection::open_with_flags(relay.path("data/relay.db"), flags);
    let database = database.expect("a database");
    let select = database.prepare(
        "SELECT key, json_extract(data, '$.count'), (SELECT count(*) FROM alerts WHERE case_id = cases.id) FROM cases",
    );
    let mut select = select.expect("a query");
    let rows = select.query_map([], |row| {
        Ok((
            row.get::<_, String>(0)?,
            row.get::<_, i64>(1)?,
            row.get::<_, i64>(2)?,
        ))
    });
    let rows = rows.expect("rows").map(|row| {
        let (key, counted, alerts) = row.expect("a row");
        assert_eq!(counted, alerts, "{key}");
        (key, alerts.unsigned_abs())
    });
    let kept = rows.collect();
    let loose: i64 = database
        .query_row(
            "SELECT count(*) FROM alerts WHERE case_id IS NULL",
            [],
            |row| row.get(0),
        )
        .expect("a number");
    assert_eq!(loose, 0, "alerts without a case");
    kept
}
