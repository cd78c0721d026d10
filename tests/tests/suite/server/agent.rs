//! An agent's client at `psa-host mcp` that sends to the stand-in: writes that overlap, and a client that goes away.

use std::time::Duration;

use psa_tests::mock::connectwise::Tenant;
use psa_tests::mock::{Misbehaviour, When};
use serde_json::{Value, json};

use crate::mcp::client::Client;

use super::operator::Operator;
use super::{COMPANY, server};

fn draft() -> Value {
    json!({"name": "create-ticket", "arguments": {
        "company-id": "250", "board-id": "5", "summary": "Blocked domain", "reference": "alert-4711",
    }})
}

#[test]
fn calls_at_once_with_a_reference_open_one_ticket() {
    let server = server();
    let operator = Operator::of(&server, "agent-at-once");
    let mut client = Client::connect(operator.command(&operator.live, &["mcp", "--allow-writes"]));
    for _ in 0..3 {
        client.request("tools/call", draft());
    }
    let answers: Vec<Value> = (0..3).map(|_| client.receive()).collect();
    let mut creations: Vec<&Value> = answers
        .iter()
        .map(|answer| &answer["result"]["structuredContent"]["untrusted"]["creation"])
        .collect();
    creations.sort_by_key(|creation| creation.to_string());
    assert_eq!(creations, ["created", "found", "found"]);
    assert_eq!(server.tenant(COMPANY, |tenant| tenant.tickets().count()), 1);
    let ended = client.end();
    assert_eq!(
        (ended.exit_code, &*ended.errors),
        (0, "create-ticket: done\n".repeat(3).as_str())
    );
}

/// The protocol's library gives calls five seconds to end when the client goes.
#[test]
fn a_write_under_way_ends_before_the_program_when_its_client_goes() {
    let server = server();
    server.misbehave(
        When::post("/service/tickets"),
        Misbehaviour::Delay(Duration::from_secs(7)),
    );
    let operator = Operator::of(&server, "agent-goes");
    let mut client = Client::connect(operator.command(&operator.live, &["mcp", "--allow-writes"]));
    client.request("tools/call", draft());
    while server.counts().posts == 0 {
        std::thread::sleep(Duration::from_millis(20));
    }
    let ended = client.end();
    assert_eq!(
        (ended.exit_code, &*ended.errors),
        (0, "create-ticket: done\n")
    );
    assert_eq!(server.tenant(COMPANY, |tenant| tenant.tickets().count()), 1);
}

#[test]
fn a_list_of_many_rows_comes_in_parts_of_one_moment() {
    let server = server();
    server.add_tenant(Tenant::example(COMPANY).with_companies(400, 1));
    let operator = Operator::of(&server, "agent-parts");
    let mut client = Client::connect(operator.command(&operator.live, &["mcp"]));
    let mut ids = Vec::new();
    let mut requests = 0;
    for part in 1.. {
        let answer =
            client.call("list-companies", json!({"part": part}))["structuredContent"].take();
        let companies = answer["untrusted"]["companies"]
            .as_array()
            .expect("companies");
        ids.extend(
            companies
                .iter()
                .filter_map(|company| company["id"].as_str()?.parse::<i64>().ok()),
        );
        assert_eq!(answer["untrusted"]["next-cursor"], Value::Null);
        if part == 1 {
            requests = server.counts().requests;
        }
        let Some(more) = answer["more"].as_str() else {
            break;
        };
        assert!(more.contains(&format!("`part`: {}", part + 1)), "{more}");
    }
    let mut due: Vec<i64> = server.tenant(COMPANY, |tenant| {
        tenant
            .companies
            .iter()
            .filter(|company| !company.is_deleted)
            .map(|company| company.id)
            .collect()
    });
    due.sort_unstable();
    assert_eq!(ids, due);
    assert_eq!(
        server.counts().requests,
        requests,
        "the other parts were kept"
    );
    assert_eq!(client.end().exit_code, 0);
}
