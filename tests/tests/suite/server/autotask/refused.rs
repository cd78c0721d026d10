//! What the stand-in refuses, and how: with a plain client, so that it is known to be as strict as Autotask is said to be.

use psa_tests::mock::autotask::{HOSTS, Server};
use reqwest::{Client, Method};
use serde_json::{Value, json};

use super::USER;
use crate::server::plain::builder;

/// A client that trusts the server and finds it under Autotask's names.
fn client(server: &Server) -> Client {
    let mut client = builder(&server.ca_pem);
    for host in HOSTS {
        client = client.resolve(host, server.address);
    }
    client.build().expect("a client")
}

async fn send(server: &Server, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
    let (secret, code) = server.tenant(USER, |it| (it.secret.clone(), it.integration_code.clone()));
    let url = format!(
        "https://{}:{}/ATServicesRest/V1.0/{path}",
        HOSTS[1],
        server.address.port()
    );
    let mut request = client(server)
        .request(method, url)
        .header("UserName", USER)
        .header("Secret", secret)
        .header("ApiIntegrationCode", code);
    if let Some(body) = body {
        request = request
            .header("content-type", "application/json")
            .body(body.to_string());
    }
    let response = request.send().await.expect("a response");
    let status = response.status().as_u16();
    let text = response.text().await.expect("a body");
    (status, serde_json::from_str(&text).unwrap_or_default())
}

async fn query(server: &Server, entity: &str, body: Value) -> (u16, Value) {
    send(server, Method::POST, &format!("{entity}/query"), Some(body)).await
}

fn ids(page: &Value) -> Vec<i64> {
    let rows = page["items"].as_array().into_iter().flatten();
    rows.filter_map(|row| row["id"].as_i64()).collect()
}

#[tokio::test]
async fn queries_are_served_and_refused_as_reported() {
    let server = super::server();
    let all = json!([{"op": "exist", "field": "id"}]);
    let (_, page) = query(&server, "Companies", json!({"filter": all})).await;
    assert_eq!(ids(&page), [0, 250, 251]);
    let one = json!({"MaxRecords": 1, "IncludeFields": ["id"], "filter": all});
    let (_, page) = query(&server, "Companies", one).await;
    assert_eq!(
        (ids(&page), page["items"][0].get("companyName")),
        (vec![0], None)
    );
    assert!(page["pageDetails"]["nextPageUrl"].is_string(), "{page}");
    for (filter, expected) in [
        (
            json!([{"op": "gt", "field": "id", "value": 0}]),
            vec![250, 251],
        ),
        (
            json!([{"op": "in", "field": "id", "value": [0, 251]}]),
            vec![0, 251],
        ),
        (
            json!([{"op": "contains", "field": "companyName", "value": "DENTAL"}]),
            vec![250],
        ),
        // A wrong operator is dropped.
        (
            json!([{"op": "ne", "field": "id", "value": 250}]),
            vec![0, 250, 251],
        ),
    ] {
        let (_, page) = query(&server, "Companies", json!({"filter": filter})).await;
        assert_eq!(ids(&page), expected, "{filter}");
    }
    for (body, error) in [
        (json!({"filter": []}), "Parameter name: filters"),
        (
            json!({"MaxRecords": 501, "filter": all}),
            "between 1 and 500",
        ),
        (
            json!({"filter": [{"op": "eq", "field": "projectID", "value": 1}]}),
            "Unable to find projectID in the Companies Entity",
        ),
        (
            json!({"filter": [{"op": "eq", "field": "id", "value": "material"}]}),
            "Conversion failed",
        ),
    ] {
        let (status, answer) = query(&server, "Companies", body).await;
        assert_eq!(status, 500, "{answer}");
        assert!(answer["errors"][0].to_string().contains(error), "{answer}");
    }
    server.tenant(USER, |tenant| {
        tenant.missing_rights = vec!["Companies/Query".to_owned()];
    });
    let (status, page) = query(&server, "Companies", json!({"filter": all})).await;
    assert_eq!(
        (status, ids(&page)),
        (200, vec![]),
        "rows are absent, and nothing says so"
    );
    assert_eq!(send(&server, Method::GET, "Companies", None).await.0, 405);
    assert_eq!(
        send(&server, Method::PATCH, "Tickets/7", Some(json!({})))
            .await
            .0,
        405
    );
    assert_eq!(
        send(&server, Method::POST, "TicketNotes", Some(json!({})))
            .await
            .0,
        404
    );
    let absent = send(&server, Method::GET, "Tickets/7", None).await;
    assert_eq!(absent, (200, json!({"item": null})));
}

#[tokio::test]
async fn business_rules_are_a_500_and_write_nothing() {
    let server = super::server();
    let good = json!({"companyID": 250, "queueID": 8, "status": 1, "priority": 2, "title": "x"});
    let with = |member: &str, value: Value| {
        let mut ticket = good.clone();
        ticket[member] = value;
        ticket
    };
    let without = |member: &str| {
        let mut ticket = good.clone();
        ticket.as_object_mut().expect("an object").remove(member);
        ticket
    };
    for (ticket, error) in [
        (with("contactID", Value::Null), "Object reference"),
        (with("description", json!("")), "Object reference"),
        (without("title"), "Missing Required Field: title"),
        (without("queueID"), "queueID cannot all be empty"),
        (with("status", json!(14)), "picklist: status"),
        (with("status", json!("1")), "picklist: status"),
        (
            with("subIssueType", json!(11)),
            "child picklist: subIssueType",
        ),
        (
            with("title", json!("x".repeat(256))),
            "exceeds maximum length (field:title)",
        ),
        (
            with("companyID", json!(9)),
            "companyID of type: Company does not exist",
        ),
        (
            with("contactID", json!(32)),
            "contactID of type: Contact does not exist",
        ),
        (
            with("companyLocationID", json!(72)),
            "companyLocationID[72]",
        ),
        (with("shoe", json!(1)), "Unable to find shoe"),
    ] {
        let (status, answer) = send(&server, Method::POST, "Tickets", Some(ticket)).await;
        assert_eq!(status, 500, "{error}: {answer}");
        assert!(
            answer["errors"][0].to_string().contains(error),
            "{error}: {answer}"
        );
    }
    assert_eq!(
        server.tenant(USER, |tenant| tenant.rows("Tickets").count()),
        0
    );
    let (status, answer) = send(&server, Method::POST, "Tickets", Some(good.clone())).await;
    assert_eq!((status, answer), (200, json!({"itemId": 7001})));
    server.tenant(USER, |tenant| tenant.merges_duplicates = true);
    let (_, answer) = send(&server, Method::POST, "Tickets", Some(good)).await;
    assert_eq!(
        answer,
        json!({"itemId": 7001}),
        "an older ticket, with a note"
    );
    server.tenant(USER, |tenant| {
        assert_eq!(
            (
                tenant.rows("Tickets").count(),
                tenant.rows("TicketNotes").count()
            ),
            (1, 1)
        );
        tenant.ignored_changes = 1;
    });
    let change = || Some(json!({"id": 7001, "status": 8}));
    for expected in [vec![1], vec![1, 8]] {
        let (status, answer) = send(&server, Method::PATCH, "Tickets", change()).await;
        assert_eq!((status, answer), (200, json!({"itemId": 7001})));
        assert_eq!(
            server.tenant(USER, |tenant| tenant.statuses_of(7001)),
            expected
        );
    }
}

#[tokio::test]
async fn five_failed_logins_lock_the_user() {
    let server = super::server();
    server.tenant(USER, |tenant| tenant.failed_logins = 4);
    let right = server.tenant(USER, |tenant| tenant.secret.clone());
    server.tenant(USER, |tenant| tenant.secret = "another".to_owned());
    let url = format!(
        "https://{}:{}/ATServicesRest/V1.0/Version",
        HOSTS[1],
        server.address.port()
    );
    let status = async |secret: &str| {
        let request = client(&server).get(&url).header("UserName", USER);
        let request = request
            .header("Secret", secret)
            .header("ApiIntegrationCode", "EXAMPLEIDENTIFIEROFNOBODY27");
        let response = request.send().await.expect("a response");
        (
            response.status().as_u16(),
            response.text().await.expect("a body"),
        )
    };
    assert_eq!(status(&right).await, (401, String::new()));
    assert_eq!(status("another").await.0, 401, "locked");
}
