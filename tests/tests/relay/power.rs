//! The loss of power: from the log of system calls, the files are put together as they were on disk at the moment of each
//! 202, with what was not synced yet gone. Each alert that was accepted is in them.

mod calls; // The log of system calls.
mod disk; // What of it was on disk.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Duration;

use psa_tests::tool;
use serde_json::json;
use tokio::task::JoinSet;

use super::program::{accept, built, until};
use super::relay::Relay;
use calls::{Call, Moment, moments};
use disk::Disk;

const SHORT: &str =
    "settling = 2\ncall-limit = 15\nlease = 20\nshortest-pause = 0.1\nlongest-pause = 1";
/// So many that the log of the database is written back in between.
const ALERTS: usize = 240;
const SENDERS: usize = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_202_comes_after_its_alert_is_on_disk() {
    let Some((accepted, lost)) = accepted_and_lost(&[]).await else {
        return;
    };
    assert_eq!(accepted, ALERTS);
    assert!(lost.is_empty(), "accepted and not on disk: {lost:?}");
}

/// The same with the library and `synchronous = NORMAL`, which waits for the disk at checkpoints only: the check notices. With
/// FULL it does not, so that it is this that it notices.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_202_before_the_sync_is_noticed() {
    let example = built().join("examples/intake_synchronous");
    assert!(
        example.exists(),
        "run `cargo build --workspace --locked --examples`, then repeat"
    );
    let example = example.display().to_string();
    let Some((accepted, lost)) = accepted_and_lost(&[&example, "normal"]).await else {
        return;
    };
    assert_eq!(accepted, ALERTS);
    assert!(lost.len() > ALERTS / 2, "only {} are missing", lost.len());
    let full = accepted_and_lost(&[&example, "full"]).await;
    assert_eq!(full, Some((ALERTS, BTreeSet::new())));
}

/// How many alerts were accepted, and those that would have been lost with the power. The program, or the words of another
/// one in its place. None: strace is not installed.
async fn accepted_and_lost(instead: &[&str]) -> Option<(usize, BTreeSet<String>)> {
    let strace = tool("strace", "strace")?.display().to_string();
    let mut relay = Relay::set_up(SHORT);
    let data = relay.path("data");
    // Other commands wrote it and have ended.
    let disk = Disk::of_folder(&data);
    let log = relay.path("calls");
    let config = relay.path("relay.toml").display().to_string();
    let log_name = log.display().to_string();
    let calls = "openat,unlink,unlinkat,rename,ftruncate,pwrite64,pwritev,write,writev,sendto,sendmsg,fsync,fdatasync";
    let traced = [
        &*strace,
        "-D",
        "-f",
        "-y",
        "-xx",
        "-s",
        "2097152",
        "--seccomp-bpf",
        "-e",
        "signal=none",
        "-e",
        &format!("trace={calls}"),
        "-o",
        &log_name,
    ];
    if instead.is_empty() {
        relay.start_under(&traced);
    } else {
        relay.start_instead(&[&traced[..], instead, &[&*config]].concat());
    }
    relay.answers().await;
    send(&relay).await;
    relay.stop();
    // strace ends after the program does.
    let mut text = String::new();
    let has_ended = || {
        text = fs::read_to_string(&log).unwrap_or_default();
        let last = text.lines().last();
        last.is_some_and(|line| line.contains("+++ exited with"))
    };
    until("the log of calls", Duration::from_secs(30), has_ended).await;
    Some(held_against(&moments(&text), disk, &data))
}

/// Every alert once, each by its own name, which the answer repeats.
async fn send(relay: &Relay) {
    let token = relay.token("pd").to_owned();
    let mut senders = JoinSet::new();
    for sender in 0..SENDERS {
        let (client, token) = (relay.client.clone(), token.clone());
        let urls = [relay.url("/v2/enqueue")];
        senders.spawn(async move {
            for number in (sender..ALERTS).step_by(SENDERS) {
                let alert = json!({
                    "routing_key": token, "event_action": "trigger", "dedup_key": format!("key-{number}"),
                    "payload": {"summary": "x", "source": "y", "severity": "error"},
                });
                accept(&client, &urls, 0, &token, &alert).await;
            }
        });
    }
    while let Some(sender) = senders.join_next().await {
        sender.expect("no panic");
    }
}

/// Plays the calls, and looks at the disk at each 202.
fn held_against(moments: &[Moment], mut disk: Disk, data: &Path) -> (usize, BTreeSet<String>) {
    let mut accepted = BTreeSet::new();
    let mut lost = BTreeSet::new();
    let mut checkpoints = 0;
    for moment in moments {
        match moment {
            Moment::Began(number, Call::Sync { path }) => disk.sync_began(*number, path),
            Moment::Ended(number, Call::Sync { path }) => {
                checkpoints += usize::from(path.ends_with("relay.db"));
                disk.sync_ended(*number, path);
            }
            Moment::Began(_, Call::Sent(text)) => {
                for key in keys_of_accepted(text) {
                    // With nothing of what was not synced, and with some of it, as the disk likes.
                    let is_there = |disk: &Disk, some| disk.keys(data, some).contains(&key);
                    if !(is_there(&disk, None) && is_there(&disk, Some(accepted.len() as u64))) {
                        lost.insert(key.clone());
                    }
                    accepted.insert(key);
                }
            }
            Moment::Ended(_, call) => disk.ended(call),
            Moment::Began(..) => {}
        }
    }
    println!(
        "{} accepted, {} of them not on disk by then; the database itself was synced {checkpoints} times",
        accepted.len(),
        lost.len()
    );
    (accepted.len(), lost)
}

/// The alerts that an answer of the intake accepts.
fn keys_of_accepted(sent: &str) -> Vec<String> {
    let answers = sent.split("HTTP/1.1 ").filter(|it| it.starts_with("202"));
    let keys = answers.filter_map(|answer| {
        let (_, rest) = answer.split_once(r#""dedup_key":""#)?;
        Some(rest.split_once('"')?.0.to_owned())
    });
    keys.collect()
}
