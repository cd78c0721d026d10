//! Opening a ticket with a plain client: what is filled in, and what is refused.

use serde_json::{Value, json};

use super::plain::{get, ids, post};
use super::{COMPANY, server};

#[tokio::test]
async fn a_ticket_is_opened_or_refused_member_by_member() {
    let server = server();
    let whole = json!({
        "summary": "s".repeat(100), "company": {"id": 2}, "board": {"id": 6}, "status": {"id": 602},
        "type": {"id": 611}, "subType": {"id": 621}, "item": {"id": 631}, "priority": {"id": 6},
        "initialDescription": "once", "externalXRef": "ref-1", "poNumber": "PO-1", "severity": "High",
    });
    let (status, ticket) = post(&server, &whole).await;
    assert_eq!(status, 201, "{ticket}");
    assert_eq!(ticket["status"]["name"], "In Progress");
    assert_eq!(ticket["poNumber"], "PO-1");
    assert_eq!(ticket["initialDescription"], Value::Null);
    let few = json!({"summary": "x", "company": {"identifier": "RiversideDental-2"}});
    let (status, ticket) = post(&server, &few).await;
    assert_eq!(
        (status, &ticket["board"]["id"], &ticket["status"]["id"]),
        (201, &json!(5), &json!(501))
    );
    assert_eq!(ticket["priority"]["id"], 8);
    let (_, found) = get(
        &server,
        "/service/tickets",
        &[("conditions", "externalXRef=\"REF-1\"")],
    )
    .await;
    assert_eq!(ids(&found), [7001]);

    let refused = async |member: &str, value: Value| {
        let mut body = whole.clone();
        body[member] = value;
        let (status, answer) = post(&server, &body).await;
        let error = answer["errors"].get(0).unwrap_or(&answer).clone();
        (
            status,
            error["code"].clone(),
            error["field"].clone(),
            error["message"].to_string(),
        )
    };
    for (member, value, status, code, field, message) in [
        (
            "summary",
            json!("é".repeat(101)),
            400,
            "MaxLengthField",
            "summary",
            "maximum length of 100",
        ),
        (
            "summary",
            json!("\u{1f600}".repeat(51)),
            400,
            "MaxLengthField",
            "summary",
            "100",
        ),
        (
            "summary",
            Value::Null,
            400,
            "MissingRequiredField",
            "summary",
            "required",
        ),
        (
            "company",
            Value::Null,
            400,
            "MissingRequiredField",
            "company",
            "required",
        ),
        (
            "company",
            json!({"id": 9}),
            400,
            "NotFound",
            "company/id",
            "company 9 not found",
        ),
        (
            "board",
            json!({"id": 9}),
            400,
            "NotFound",
            "board/id",
            "Service Board 9 not found",
        ),
        (
            "status",
            json!({"id": 501}),
            400,
            "NotFound",
            "status/id",
            "Service Status 501 not found for Service Board 6",
        ),
        (
            "type",
            json!({"id": 511}),
            400,
            "NotFound",
            "type/id",
            "for Service Board 6",
        ),
        (
            "priority",
            json!({"id": 99}),
            400,
            "NotFound",
            "priority/id",
            "Priority 99 not found",
        ),
        (
            "externalXRef",
            json!("r".repeat(101)),
            400,
            "MaxLengthField",
            "externalXRef",
            "100",
        ),
        (
            "enteredBy",
            json!("x"),
            400,
            "ConnectWiseApi",
            "",
            "Could not find member 'enteredBy'",
        ),
        (
            "board",
            json!({"id": "six"}),
            500,
            "ConnectWiseApi",
            "",
            "Error converting value",
        ),
        (
            "board",
            json!(6),
            500,
            "ConnectWiseApi",
            "",
            "Error converting value",
        ),
        (
            "severity",
            json!("Huge"),
            500,
            "ConnectWiseApi",
            "",
            "Error converting value",
        ),
        (
            "company",
            json!({"id": 3_000_000_000_i64}),
            500,
            "ConnectWiseApi",
            "",
            "Error converting value",
        ),
    ] {
        let found = refused(member, value.clone()).await;
        assert_eq!(
            (found.0, found.1.as_str()),
            (status, Some(code)),
            "{member} {value}: {}",
            found.3
        );
        assert_eq!(found.2.as_str().unwrap_or(""), field, "{member} {value}");
        assert!(found.3.contains(message), "{member} {value}: {}", found.3);
    }
    assert_eq!(server.tenant(COMPANY, |tenant| tenant.tickets().count()), 2);
}
