//! Changing a ticket with a plain client: the forms of an operation, what a status does, and what is refused.

use psa_tests::mock::connectwise::{Access, Function, Level, Role, Server, Ticket};
use psa_tests::mock::{Misbehaviour, When};
use reqwest::Method;
use serde_json::{Value, json};

use super::plain::{client, get, post, refusal, with_credentials, write};
use super::{API, COMPANY, server};

const TICKET: &str = "/service/tickets/7001";

/// Ticket 7001 on board 5, new: status 501. 502 is in progress, 503 closed.
async fn with_a_ticket() -> Server {
    let server = server();
    post(&server, &json!({"summary": "x", "company": {"id": 2}})).await;
    server
}

async fn patch(server: &Server, operations: &Value) -> (u16, Value) {
    write(server, Method::PATCH, TICKET, operations).await
}

fn status(id: i64) -> Value {
    json!([{"op": "replace", "path": "status", "value": {"id": id}}])
}

fn ticket(server: &Server) -> Ticket {
    server.tenant(COMPANY, |tenant| {
        tenant.ticket(7001).expect("it was opened").clone()
    })
}

#[tokio::test]
async fn every_form_of_an_operation_acts() {
    for operation in [
        json!({"op": "replace", "path": "status", "value": {"id": 502}}),
        json!({"op": "replace", "path": "/status", "value": {"id": 502}}),
        json!({"op": "add", "path": "status", "value": {"name": "In Progress"}}),
        json!({"op": "replace", "path": "status/id", "value": 502}),
        json!({"op": "replace", "path": "/status/name", "value": "In Progress"}),
    ] {
        let server = with_a_ticket().await;
        let (code, answer) = patch(&server, &json!([operation])).await;
        assert_eq!(
            (code, &answer["status"]["id"]),
            (200, &json!(502)),
            "{operation}"
        );
        assert_eq!(ticket(&server).statuses, [501, 502], "{operation}");
        assert_eq!(server.counts().patches, 1);
    }
    let server = with_a_ticket().await;
    let several = json!([
        {"op": "replace", "path": "summary", "value": "y"},
        {"op": "replace", "path": "priority", "value": {"id": 6}},
        {"op": "add", "path": "poNumber", "value": "PO-1"},
        {"op": "replace", "path": "externalXRef", "value": "a:1"},
        {"op": "replace", "path": "closedFlag", "value": true},
    ]);
    let (code, answer) = patch(&server, &several).await;
    assert_eq!(code, 200, "{answer}");
    let chosen = [
        &answer["summary"],
        &answer["priority"]["id"],
        &answer["poNumber"],
        &answer["externalXRef"],
    ];
    assert_eq!(
        chosen,
        [&json!("y"), &json!(6), &json!("PO-1"), &json!("a:1")]
    );
    assert_eq!(answer["closedFlag"], false, "closing is what a status does");
    server.tenant(COMPANY, |tenant| {
        assert_eq!(tenant.tickets_with("a:1").len(), 1);
    });
    let (_, answer) = patch(&server, &json!([{"op": "remove", "path": "poNumber"}])).await;
    assert_eq!(answer["poNumber"], Value::Null);
}

#[tokio::test]
async fn a_status_closes_and_opens() {
    let server = with_a_ticket().await;
    let (_, closed) = patch(&server, &status(503)).await;
    assert_eq!(closed["closedFlag"], true);
    assert!(closed["closedDate"].is_string(), "{closed}");
    let (_, opened) = patch(&server, &status(501)).await;
    assert_eq!(opened["closedFlag"], false);
    // Whether the date goes is not known: the flag counts.
    assert_eq!(opened["closedDate"], closed["closedDate"]);
    assert!(opened["_info"]["lastUpdated"].as_str() > closed["_info"]["lastUpdated"].as_str());
    // A status that the ticket has already is still a write.
    patch(&server, &status(501)).await;
    assert_eq!(ticket(&server).statuses, [501, 503, 501, 501]);
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_as_a_whole() {
    let server = with_a_ticket().await;
    let replace =
        |path: &str, value: Value| json!([{"op": "replace", "path": path, "value": value}]);
    for (operations, code, field, message) in [
        (
            status(603),
            "NotFound",
            "status/id",
            "Service Status 603 not found for Service Board 5",
        ),
        (
            replace("status/name", json!("Done")),
            "NotFound",
            "status/name",
            "Service Status Done not found for Service Board 5",
        ),
        (
            replace("priority", json!({"id": 1})),
            "NotFound",
            "priority/id",
            "Priority 1 not found",
        ),
        (
            replace("status", json!("Closed")),
            "InvalidPatch",
            "",
            "Could not cast or convert from System.String to",
        ),
        (
            replace("Status", json!({"id": 502})),
            "InvalidPatch",
            "",
            "'Status' was not found",
        ),
        (
            replace("status/board/id", json!(6)),
            "InvalidPatch",
            "",
            "'status/board/id' was not found",
        ),
        (
            replace("state", json!(1)),
            "InvalidPatch",
            "",
            "'state' was not found",
        ),
        (
            json!([{"op": "increment", "path": "status", "value": 1}]),
            "InvalidPatch",
            "",
            "increment",
        ),
        (
            json!({"op": "replace", "path": "status", "value": {"id": 502}}),
            "InvalidPatch",
            "",
            "",
        ),
        (
            replace("summary", json!("s".repeat(101))),
            "MaxLengthField",
            "summary",
            "100",
        ),
        (
            json!([{"op": "replace", "path": "summary", "value": "y"}, {"op": "replace", "path": "status", "value": {"id": 9}}]),
            "NotFound",
            "status/id",
            "9",
        ),
    ] {
        let (found, answer) = patch(&server, &operations).await;
        let refused = refusal(&answer);
        assert_eq!(
            (found, &*refused.0, &*refused.1),
            (400, code, field),
            "{operations}: {answer}"
        );
        assert!(refused.2.contains(message), "{operations}: {answer}");
    }
    let missing = write(&server, Method::PATCH, "/service/tickets/9", &status(502)).await;
    assert_eq!(
        (missing.0, &missing.1["message"]),
        (404, &json!("Service Ticket 9 not found"))
    );
    assert_eq!(write(&server, Method::PUT, TICKET, &json!({})).await.0, 405);
    let unchanged = ticket(&server);
    assert_eq!((unchanged.statuses, &*unchanged.summary), (vec![501], "x"));
}

/// Into and out of a closed status it takes Close Service Tickets, whatever the level of Service Tickets.
#[tokio::test]
async fn closing_is_a_right_of_its_own() {
    use Function::{CloseServiceTickets, ServiceTickets};
    for (function, from, to, expected) in [
        (CloseServiceTickets, 501, 502, 200),
        (CloseServiceTickets, 501, 503, 403),
        (CloseServiceTickets, 503, 501, 403),
        (ServiceTickets, 501, 502, 403),
        (ServiceTickets, 501, 503, 403),
    ] {
        let server = with_a_ticket().await;
        server.tenant(COMPANY, |tenant| {
            tenant.set_status(7001, from);
            tenant.role = Role::sufficient().with(function, Access::Edit, Level::None);
        });
        let (code, answer) = patch(&server, &status(to)).await;
        assert_eq!(code, expected, "{function:?} {from} {to}: {answer}");
        let now = ticket(&server).status.id;
        assert_eq!(now, if code == 200 { to } else { from });
    }
}

#[tokio::test]
async fn an_answer_of_200_may_have_changed_nothing() {
    let server = with_a_ticket().await;
    server.misbehave(When::patch(TICKET).times(1), Misbehaviour::FalseSuccess);
    let (code, answer) = patch(&server, &status(502)).await;
    assert_eq!((code, &answer["status"]["id"]), (200, &json!(501)));
    server.tenant(COMPANY, |tenant| tenant.heeds_inner_paths = false);
    let inside = json!([{"op": "replace", "path": "status/id", "value": 502}]);
    let (code, answer) = patch(&server, &inside).await;
    assert_eq!((code, &answer["status"]["id"]), (200, &json!(501)));
    assert_eq!(ticket(&server).statuses, [501]);
    assert_eq!(patch(&server, &status(502)).await.1["status"]["id"], 502);
}

#[tokio::test]
async fn rules_and_people_change_tickets_too() {
    let server = with_a_ticket().await;
    server.tenant(COMPANY, |tenant| tenant.moves_on = vec![(502, 503)]);
    let (_, answer) = patch(&server, &status(502)).await;
    assert_eq!(
        (&answer["status"]["id"], &answer["closedFlag"]),
        (&json!(503), &json!(true))
    );
    assert_eq!(ticket(&server).statuses, [501, 502, 503]);

    server.tenant(COMPANY, |tenant| tenant.move_ticket(7001, 6));
    let (_, moved) = get(&server, TICKET, &[]).await;
    assert_eq!(
        (&moved["board"]["id"], &moved["status"]["id"]),
        (&json!(6), &json!(601))
    );
    let (code, answer) = patch(&server, &status(502)).await;
    assert_eq!(code, 400);
    assert!(
        refusal(&answer)
            .2
            .ends_with("not found for Service Board 6"),
        "{answer}"
    );
}

#[tokio::test]
async fn a_merged_ticket_is_served_closed_and_not_changed() {
    let server = with_a_ticket().await;
    post(
        &server,
        &json!({"summary": "the parent", "company": {"id": 2}}),
    )
    .await;
    server.tenant(COMPANY, |tenant| tenant.merge_ticket(7001, 7002));
    let (code, merged) = get(&server, TICKET, &[]).await;
    assert_eq!((code, &merged["closedFlag"]), (200, &json!(true)));
    assert_eq!(
        merged["mergedParentTicket"],
        json!({"id": 7002, "summary": "the parent"})
    );
    let (_, parent) = get(&server, "/service/tickets/7002", &[]).await;
    assert_eq!(parent["hasMergedChildTicketFlag"], true);
    let (code, answer) = patch(&server, &status(501)).await;
    assert_eq!(code, 400);
    assert!(refusal(&answer).2.contains("merged"), "{answer}");
}

#[tokio::test]
async fn a_body_of_another_media_type_is_refused() {
    let server = with_a_ticket().await;
    let url = format!("{}{API}{TICKET}", server.origin);
    let request = client(&server).patch(url).body(status(502).to_string());
    let response = with_credentials(&server, request).send().await;
    assert_eq!(response.expect("a response").status(), 415);
    assert_eq!(ticket(&server).statuses, [501]);
}
