//! A product that blocks DNS queries and says so: time stamp, domain, block reasons.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::watch;

use super::SOURCE;
use crate::clock::Clock;

/// How often an alert comes.
const EVERY: Duration = Duration::from_secs(4);
/// How long the relay may take to answer.
const WITHIN: Duration = Duration::from_secs(10);

/// Whose query, for which domain, and why it was blocked. Some come again, the last ones are over.
const QUERIES: [(&str, &str, &str, &[&str], &str); 8] = [
    (
        "Riverside Dental",
        "login-update.example",
        "high",
        &["phishing", "domain is 2 days old"],
        "open",
    ),
    (
        "Harbor Freight Lines, Inc.",
        "c2.malware.example",
        "critical",
        &["command and control"],
        "open",
    ),
    (
        "Riverside Dental",
        "login-update.example",
        "high",
        &["phishing", "domain is 2 days old"],
        "open",
    ),
    (
        "Lakeside Vet",
        "free-prizes.example",
        "medium",
        &["newly observed domain"],
        "open",
    ),
    (
        "Harbor Freight Lines, Inc.",
        "c2.malware.example",
        "critical",
        &["command and control"],
        "open",
    ),
    (
        "Old Mill Bakery",
        "tracker.example",
        "low",
        &["block list"],
        "open",
    ),
    (
        "Riverside Dental",
        "login-update.example",
        "high",
        &["phishing", "domain is 2 days old"],
        "resolved",
    ),
    (
        "Lakeside Vet",
        "free-prizes.example",
        "medium",
        &["newly observed domain"],
        "resolved",
    ),
];

/// Sends alerts to the intake until it is told to stop.
pub async fn send(
    intake: SocketAddr,
    token: String,
    clock: Clock,
    mut stop: watch::Receiver<bool>,
) {
    for query in QUERIES.iter().cycle() {
        if *stop.borrow() {
            return;
        }
        let (client, fqdn, severity, reasons, status) = query;
        let now = clock.now().to_string();
        let body = json!({
            "title": format!("DNS query blocked for {fqdn}"),
            "client": client,
            "fqdn": fqdn,
            "severity": severity,
            "reasons": reasons,
            "status": status,
            "timestamp": now,
        });
        match tokio::time::timeout(WITHIN, post(intake, &token, &body)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "the alert was not taken"),
            Err(_) => tracing::warn!("the relay did not answer the alert in time"),
        }
        tokio::select! {
            _ = stop.changed() => {}
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

async fn post(intake: SocketAddr, token: &str, body: &Value) -> std::io::Result<()> {
    let body = body.to_string();
    let request = format!(
        "POST /in/{SOURCE} HTTP/1.1\r\nHost: {intake}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(intake).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    if answer.starts_with(b"HTTP/1.1 202") {
        return Ok(());
    }
    let answer = String::from_utf8_lossy(&answer).into_owned();
    Err(std::io::Error::other(answer))
}
