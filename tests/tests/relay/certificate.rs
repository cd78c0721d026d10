//! A certificate that is renewed while the program runs.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use reqwest::Client;
use serde_json::json;

use super::program::{Options, client, until};
use super::relay::Relay;

const SHORT: &str = "settling = 2\ncall-limit = 15\nlease = 20";
/// The files are looked at every ten seconds.
const WITHIN: Duration = Duration::from_secs(40);

/// A certificate of its own authority for this machine, and its key.
fn certificate() -> (String, String) {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]);
    let made = made.expect("a certificate");
    (made.cert.pem(), made.signing_key.serialize_pem())
}

/// Whoever renews it may keep the times of its files.
fn put(path: &Path, content: &str, age: Duration) {
    fs::write(path, content).expect("written");
    let file = fs::File::options().write(true).open(path).expect("a file");
    let time = SystemTime::now() - age;
    file.set_modified(time).expect("a time");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_renewed_certificate_is_taken_without_a_restart_and_half_of_one_is_not() {
    let (old, new) = (certificate(), certificate());
    let mut relay = Relay::with(&Options {
        timing: SHORT,
        certificate: Some((&old.0, &old.1)),
        ..Options::default()
    });
    let hour = Duration::from_secs(3_600);
    relay.start();
    relay.answers().await;
    let url = relay.url("/in/gj");
    assert!(url.starts_with("https://"));
    let token = relay.token("gj").to_owned();
    let answered = async |client: &Client, id: u32| {
        let request = client.post(&url).bearer_auth(&token);
        let body = json!({"id": id}).to_string();
        let sent = request
            .header("content-type", "application/json")
            .body(body);
        sent.send()
            .await
            .ok()
            .map(|answer| answer.status().as_u16())
    };
    let kept = relay.client.clone();
    assert_eq!(answered(&kept, 1).await, Some(202));
    assert_eq!(answered(&client(Some(&new.0)), 2).await, None, "not yet");

    put(&relay.path("intake.pem"), &new.0, hour);
    let log = relay.log();
    let says = |words: &str| {
        let log = fs::read_to_string(&log).unwrap_or_default();
        log.contains(words)
    };
    let refused = "the certificate has changed and cannot be used; the old one stays";
    until(refused, WITHIN, || says(refused)).await;
    assert_eq!(answered(&client(Some(&old.0)), 3).await, Some(202));

    put(&relay.path("intake.key"), &new.1, hour);
    let began = Instant::now();
    while !says("the certificate was read again") {
        assert!(
            began.elapsed() < WITHIN,
            "it is not taken: {}",
            relay.tail()
        );
        // So that its connection is not closed as one that nobody uses.
        assert_eq!(answered(&kept, 4).await, Some(202));
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    assert_eq!(answered(&kept, 4).await, Some(202), "it was not cut");
    assert_eq!(answered(&client(Some(&new.0)), 5).await, Some(202));
    assert_eq!(answered(&client(Some(&old.0)), 6).await, None, "no longer");
    relay.until_cases(json!({"open": 4}), WITHIN).await;
    relay.stop();
}
