//! The life of one alert, and what the program says and does not say.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use super::places::tickets;
use super::relay::{COMPANY, Relay};

const QUICK: &str = "settling = 2\ncall-limit = 20\nlease = 60\nshortest-pause = 0.2\nlongest-pause = 2\n\
                     note-every = 0.5\nsame-event-within = 0\nwatch-every = 1\nverify-every = 1";

fn alert(status: &str, starts_at: &str) -> Value {
    json!({
        "version": "4", "groupKey": "g", "status": status, "receiver": "r", "groupLabels": {},
        "commonLabels": {}, "commonAnnotations": {}, "externalURL": "https://am.example",
        "alerts": [{
            "status": status,
            "labels": {"alertname": "DiskFull", "instance": "srv01", "severity": "critical"},
            "annotations": {"summary": "Disk almost full", "description": "2 % left"},
            "startsAt": starts_at, "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "https://prom.example/graph", "fingerprint": "f1",
        }],
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_alert_becomes_a_ticket_its_repeat_a_note_its_recovery_closes_it_and_it_comes_back() {
    let mut relay = Relay::set_up(QUICK);
    relay.start();
    relay.answers().await;
    let token = relay.token("am").to_owned();
    let within = Duration::from_secs(30);
    let fires = alert("firing", "2026-11-26T10:00:00Z");
    let first = relay.post("/alertmanager", &token, &fires).await;
    assert_eq!(first.status(), 202);
    assert_eq!(first.text().await.expect("a body"), r#"{"accepted":1}"#);
    relay.until_cases(json!({"open": 1}), within).await;
    let notes = || {
        relay.server.tenant(COMPANY, |tenant| {
            let ticket = tenant.ticket(7001).expect("it was opened");
            let notes = ticket.notes.iter().map(|note| note.text.clone());
            (ticket.statuses.clone(), notes.collect::<Vec<_>>())
        })
    };
    tokio::time::sleep(Duration::from_millis(600)).await;
    relay
        .accept(
            "/alertmanager",
            &token,
            &alert("firing", "2026-11-26T10:00:00Z"),
        )
        .await;
    let noted = async |part: &str| {
        for _ in 0..100 {
            if notes().1.iter().any(|text| text.contains(part)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{part}: {:?}\n{}", notes(), relay.tail());
    };
    noted("The alert goes on: once more").await;
    relay
        .accept(
            "/alertmanager",
            &token,
            &alert("resolved", "2026-11-26T10:00:00Z"),
        )
        .await;
    relay.until_cases(json!({"closed": 1}), within).await;
    noted("The alert recovered at").await;
    relay
        .accept(
            "/alertmanager",
            &token,
            &alert("firing", "2026-11-26T11:00:00Z"),
        )
        .await;
    noted("fires again after it had recovered").await;
    relay.until_cases(json!({"open": 1}), within).await;
    let statuses = notes().0;
    assert_eq!(statuses[statuses.len() - 2..], [503, 501], "{statuses:?}");
    // A technician closes it.
    relay
        .server
        .tenant(COMPANY, |tenant| tenant.set_status(7001, 503));
    relay.until_cases(json!({"closed": 1}), within).await;
    relay
        .accept(
            "/alertmanager",
            &token,
            &alert("firing", "2026-11-26T11:00:00Z"),
        )
        .await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(relay.cases(), json!({"closed": 1}), "it stays closed");
    relay
        .server
        .tenant(COMPANY, |tenant| assert_eq!(tenant.tickets().count(), 1));
    relay.stop();
    let log = std::fs::read_to_string(relay.log()).expect("a log");
    for secret in relay.server.settings(COMPANY) {
        if secret.name.contains("key") {
            assert!(
                !log.contains(&secret.value),
                "{} is in the log",
                secret.name
            );
        }
    }
    assert!(!log.contains(&token), "a token is in the log");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_alert_that_comes_back_after_its_case_was_forgotten_gets_a_new_ticket() {
    let mut relay = Relay::set_up(&format!("{QUICK}\nkeep = 0.001"));
    relay.start();
    relay.answers().await;
    let token = relay.token("am").to_owned();
    let within = Duration::from_secs(30);
    for status in ["firing", "resolved"] {
        let sent = alert(status, "2026-11-26T10:00:00Z");
        relay.accept("/alertmanager", &token, &sent).await;
        let state = if status == "firing" { "open" } else { "closed" };
        relay.until_cases(json!({state: 1}), within).await;
    }
    relay.stop();
    // What ended long ago is forgotten at a start.
    relay.start();
    relay.answers().await;
    relay.until_cases(json!({}), within).await;
    let again = alert("firing", "2027-01-26T10:00:00Z");
    relay.accept("/alertmanager", &token, &again).await;
    relay.until_cases(json!({"open": 1}), within).await;
    let tickets = tickets(&relay.server);
    let are_closed: Vec<bool> = tickets.iter().map(|it| it.is_closed).collect();
    assert_eq!(are_closed, [true, false], "{tickets:?}");
    assert_ne!(tickets[0].reference, tickets[1].reference);
    relay.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_dialect_is_taken_and_refused_in_its_own_words() {
    let mut relay = Relay::set_up(QUICK);
    relay.start();
    relay.answers().await;
    let (pd, ce, gj, am) = (
        relay.token("pd").to_owned(),
        relay.token("ce").to_owned(),
        relay.token("gj").to_owned(),
        relay.token("am").to_owned(),
    );
    let status = async |response: reqwest::RequestBuilder| {
        let response = response.send().await.expect("an answer");
        (
            response.status().as_u16(),
            response.text().await.expect("a body"),
        )
    };
    let post = |path: &str| relay.client.post(relay.url(path));
    let event = |key: &str| {
        json!({"routing_key": key, "event_action": "trigger", "dedup_key": "k",
               "payload": {"summary": "x", "source": "y", "severity": "error"}})
    };
    let accepted = status(post("/v2/enqueue").body(event(&pd).to_string())).await;
    assert_eq!(accepted.0, 202);
    assert!(accepted.1.contains(r#""dedup_key":"k""#), "{}", accepted.1);
    let refused = status(post("/v2/enqueue").body(event("nobody").to_string())).await;
    assert_eq!(refused.0, 401);
    assert!(
        refused.1.contains("Routing key is invalid"),
        "{}",
        refused.1
    );
    let of_another = status(post("/v2/enqueue").body(event(&am).to_string())).await;
    assert_eq!(of_another.0, 401, "another dialect's token");
    let structured = json!({"specversion": "1.0", "id": "1", "source": "s", "type": "t"});
    let query = format!("/events?access_token={ce}");
    let sent = post(&query).header("content-type", "application/cloudevents+json");
    assert_eq!(status(sent.body(structured.to_string())).await.0, 202);
    let asked = relay
        .client
        .request(reqwest::Method::OPTIONS, relay.url(&query));
    let asked = asked.header("webhook-request-origin", "events.example");
    let answer = asked.send().await.expect("an answer");
    assert_eq!(answer.headers()["webhook-allowed-origin"], "events.example");
    let secret_path = format!("/in/gj/{gj}");
    let generic = json!({"id": 7, "name": "Blocked"}).to_string();
    assert_eq!(
        status(post(&secret_path).body(generic.clone())).await.0,
        202
    );
    assert_eq!(
        status(post("/in/gj").bearer_auth(&gj).body(generic.clone()))
            .await
            .0,
        202
    );
    assert_eq!(status(post("/in/gj").body(generic.clone())).await.0, 401);
    assert_eq!(
        status(post("/in/nobody").bearer_auth(&gj).body(generic.clone()))
            .await
            .0,
        401
    );
    assert_eq!(
        status(post("/in/gj").bearer_auth(&gj).body("{}")).await.0,
        400
    );
    let large = post("/in/gj")
        .bearer_auth(&gj)
        .body(" ".repeat((1 << 20) + 1));
    assert_eq!(status(large).await.0, 413);
    let text = post("/in/gj")
        .bearer_auth(&gj)
        .header("content-type", "text/plain");
    assert_eq!(status(text.body("x")).await.0, 415);
    let delete = relay.client.delete(relay.url("/in/gj")).bearer_auth(&gj);
    assert_eq!(status(delete).await.0, 405);
    assert_eq!(status(post("/elsewhere")).await.0, 404);
    // Two tokens are valid at once. A relay that runs hears of the second one, which another program made.
    let second = relay.command(&["token", "gj", "--place", "1"]);
    tokio::time::sleep(Duration::from_secs(3)).await;
    for token in [gj.trim(), second.trim()] {
        let sent = post("/in/gj").bearer_auth(token).body(generic.clone());
        assert_eq!(status(sent).await.0, 202);
    }
    relay
        .until_cases(json!({"open": 3}), Duration::from_secs(30))
        .await;
}

/// Also one that sends everything before it reads, as simple senders do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sender_of_too_large_a_body_gets_to_read_the_answer() {
    let mut relay = Relay::set_up(QUICK);
    relay.start();
    relay.answers().await;
    let address = relay.url("").trim_start_matches("http://").to_owned();
    let large = " ".repeat(8 << 20);
    let sent = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address)?;
        let head = format!(
            "POST /in/gj HTTP/1.1\r\nhost: relay\r\ncontent-length: {}\r\n\r\n",
            large.len()
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(large.as_bytes())?;
        let mut answer = [0; 12];
        stream.read_exact(&mut answer)?;
        std::io::Result::Ok(answer)
    });
    let answer = sent.await.expect("no panic").expect("an answer");
    assert_eq!(String::from_utf8_lossy(&answer), "HTTP/1.1 413");
}
