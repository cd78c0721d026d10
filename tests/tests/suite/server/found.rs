//! Finding tickets with a plain client.

use psa_tests::mock::connectwise::{Access, Function, Level, Role, Server};
use serde_json::{Value, json};

use super::plain::{get, ids, post};
use super::{COMPANY, server};

/// Tickets 7001 to 7003 of company 2, and 7004 of company 250. 7002 is closed.
async fn with_tickets() -> Server {
    let server = server();
    for (company, reference) in [(2, "a:1"), (2, "a:2"), (2, "A:1"), (250, "b:1")] {
        let body = json!({"summary": "x", "company": {"id": company}, "externalXRef": reference});
        assert_eq!(post(&server, &body).await.0, 201);
    }
    server.tenant(COMPANY, |tenant| tenant.set_status(7002, 503));
    server
}

async fn found(server: &Server, query: &[(&str, &str)]) -> Value {
    let (status, rows) = get(server, "/service/tickets", query).await;
    assert_eq!(status, 200, "{query:?}: {rows}");
    rows
}

#[tokio::test]
async fn tickets_are_found_by_reference_by_id_and_by_company() {
    let server = with_tickets().await;
    for (conditions, expected) in [
        ("externalXRef=\"a:1\"", &[7001, 7003][..]),
        ("externalXRef in (\"a:2\",\"b:1\",\"c\")", &[7002, 7004]),
        (
            "externalXRef=\"a:2\" or externalXRef=\"b:1\"",
            &[7002, 7004],
        ),
        ("id in (7004,7001,9)", &[7001, 7004]),
        ("closedFlag=false and company/id=2", &[7001, 7003]),
        ("closedFlag=false AND company/id=2 AND id>7001", &[7003]),
    ] {
        let rows = found(&server, &[("conditions", conditions)]).await;
        assert_eq!(ids(&rows), expected, "{conditions}");
    }
    let query = [
        ("conditions", "company/id=2"),
        ("orderBy", "id asc"),
        ("pageSize", "1"),
        ("page", "2"),
        ("fields", "id,closedFlag,status/name"),
    ];
    let row = json!([{"id": 7002, "closedFlag": true, "status": {"name": "Closed"}}]);
    assert_eq!(found(&server, &query).await, row);
    let (_, count) = get(&server, "/service/tickets/count", &query[..1]).await;
    assert_eq!(count, json!({"count": 3}));
    let wrong = [("conditions", "ticket=1")];
    let (status, body) = get(&server, "/service/tickets", &wrong).await;
    assert_eq!((status, &body["code"]), (400, &json!("ApiFindCondition")));
}

/// The size of a page is 25 unless it is asked for.
#[tokio::test]
async fn thirty_ids_in_one_condition_are_two_pages() {
    let server = server();
    for _ in 0..30 {
        post(&server, &json!({"summary": "x", "company": {"id": 2}})).await;
    }
    let all: Vec<String> = (7001..7031).map(|id| id.to_string()).collect();
    let conditions = format!("id in ({})", all.join(","));
    let rows = found(&server, &[("conditions", &conditions)]).await;
    assert_eq!(ids(&rows).len(), 25);
    let rows = found(&server, &[("conditions", &conditions), ("pageSize", "50")]).await;
    assert_eq!(ids(&rows).len(), 30);
}

#[tokio::test]
async fn tickets_of_others_are_hidden_from_a_member_who_sees_their_own() {
    let server = with_tickets().await;
    server.tenant(COMPANY, |tenant| {
        tenant.role = Role::sufficient().with(Function::ServiceTickets, Access::Inquire, Level::My);
        tenant.change_ticket(7001, |ticket| {
            "Technician1".clone_into(&mut ticket.entered_by);
        });
    });
    assert_eq!(ids(&found(&server, &[]).await), [7002, 7003, 7004]);
    let (status, body) = get(&server, "/service/tickets/7001", &[]).await;
    assert_eq!(
        (status, &body["message"]),
        (404, &json!("Service Ticket 7001 not found"))
    );
}
