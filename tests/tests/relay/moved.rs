//! From one machine to another: what is exported there is taken in here, and goes on.

use std::time::Duration;

use psa_tests::postgresql::PostgreSql;
use serde_json::{Value, json};

use super::places::{connectwise_place, tickets};
use super::program::{Options, Program, until};
use super::relay::Relay;

const QUICK: &str = "settling = 2\ncall-limit = 20\nlease = 60\nshortest-pause = 0.2\nlongest-pause = 2\n\
                     note-every = 0.5\nsame-event-within = 0\nwatch-every = 1\nverify-every = 1";
const WITHIN: Duration = Duration::from_secs(30);

fn event(routing_key: &str, action: &str, key: &str) -> Value {
    json!({"routing_key": routing_key, "event_action": action, "dedup_key": key,
           "payload": {"summary": key, "source": "y", "severity": "error"}})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cases_go_on_at_another_machine_with_their_tickets() {
    go_on(None, None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cases_go_on_in_a_database_that_several_share_and_back_in_a_file() {
    let Some(server) = PostgreSql::shared() else {
        return;
    };
    let url = server.new_database();
    go_on(None, Some(&url)).await;
    go_on(Some(&server.new_database()), None).await;
}

/// From one relay to another, each with its own file or with a database.
async fn go_on(from: Option<&str>, database: Option<&str>) {
    let mut old = Relay::with(&Options {
        timing: QUICK,
        database: from,
        ..Options::default()
    });
    old.start();
    old.answers().await;
    let token = old.token("pd").to_owned();
    let send = async |program: &Program, action: &str, key: &str| {
        let event = event(&token, action, key);
        program.accept("/v2/enqueue", &token, &event).await;
    };
    send(&old, "trigger", "open").await;
    send(&old, "trigger", "over").await;
    old.until_cases(json!({"open": 2}), WITHIN).await;
    send(&old, "resolve", "over").await;
    old.until_cases(json!({"closed": 1, "open": 1}), WITHIN)
        .await;
    old.stop();
    let exported: Value = serde_json::from_str(&old.command(&["export"])).expect("JSON");

    let options = Options {
        timing: QUICK,
        database,
        ..Options::default()
    };
    let new = Program::configured(&connectwise_place(&old.server), &options);
    let mut new = new.with_key_of(&old);
    new.import(&exported);
    let again: Value = serde_json::from_str(&new.command(&["export"])).expect("JSON");
    let without_proof = |mut exported: Value| {
        // Encrypted anew.
        exported["sealed-checks"] = json!(null);
        exported
    };
    assert_eq!(without_proof(again), without_proof(exported));
    new.start();
    new.answers().await;
    assert_eq!(new.cases(), json!({"closed": 1, "open": 1}));
    send(&new, "trigger", "open").await;
    let notes = |words: &str| {
        let tickets = tickets(&old.server).into_iter();
        let notes = tickets.flat_map(|ticket| ticket.notes);
        notes.filter(|note| note.contains(words)).count()
    };
    until("a note", WITHIN, || notes("The alert goes on") == 1).await;
    send(&new, "trigger", "over").await;
    until("a reopened ticket", WITHIN, || notes("fires again") == 1).await;
    for key in ["open", "over"] {
        send(&new, "resolve", key).await;
    }
    new.until_cases(json!({"closed": 2}), WITHIN).await;
    let tickets = tickets(&old.server);
    assert_eq!(tickets.len(), 2, "{tickets:?}");
    assert!(tickets.iter().all(|ticket| ticket.is_closed), "{tickets:?}");
    new.stop();
}

/// Whoever writes a file cannot say of it that everything was checked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_does_not_turn_tickets_on() {
    let relay = Relay::set_up(QUICK);
    let mut exported: Value = serde_json::from_str(&relay.command(&["export"])).expect("JSON");
    assert_eq!(exported["tenants"][0]["is-enabled"], true);
    let enabled = || {
        let status: Value =
            serde_json::from_str(&relay.command(&["status", "--json"])).expect("JSON");
        status[0]["is-enabled"].clone()
    };
    relay.import(&exported);
    assert_eq!(enabled(), true, "as it was exported");
    exported["tenants"][0]["services"]["board-id"] = json!("1");
    let said = relay.import(&exported);
    assert_eq!(enabled(), false, "nobody has checked these services");
    assert!(said.contains("psa-relay check t1"), "{said}");
}

/// As the documentation says.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_key_costs_the_settings_and_no_case() {
    let document = psa_tests::workspace().join("docs/relay.md");
    let document = std::fs::read_to_string(document).expect("the document");
    let (_, advice) = document.split_once("relay.db \"DELETE").expect("advice");
    let advice = format!("DELETE{}", advice.split('"').next().expect("an end"));
    let mut relay = Relay::set_up(QUICK);
    relay.start();
    relay.answers().await;
    let token = relay.token("pd").to_owned();
    let event = event(&token, "trigger", "open");
    relay.accept("/v2/enqueue", &token, &event).await;
    relay.until_cases(json!({"open": 1}), WITHIN).await;
    relay.stop();
    std::fs::remove_file(relay.path("data/key")).expect("the key is lost");
    let refused = relay.refused(&["status"]);
    assert!(refused.contains("the key is not the one"), "{refused}");
    std::fs::remove_file(relay.path("data/key")).expect("the key of that start");
    let database = rusqlite::Connection::open(relay.path("data/relay.db")).expect("a database");
    database.execute_batch(&advice).expect("done");
    drop(database);
    relay.enter(&connectwise_place(&relay.server));
    relay.start();
    relay.answers().await;
    relay.accept("/v2/enqueue", &token, &event).await;
    let noted = || tickets(&relay.server).iter().any(|it| !it.notes.is_empty());
    until("a note", WITHIN, noted).await;
    assert_eq!(tickets(&relay.server).len(), 1);
    relay.stop();
}
