//! What a company has, with a plain client: contacts, configurations, sites; and the sources of tickets.

use psa_tests::mock::connectwise::{Access, Function, Level, Role, Server, Table};
use reqwest::Method;
use serde_json::{Value, json};

use super::plain::{get, ids, post, refusal, write};
use super::{COMPANY, server};

const ATTACHED: &str = "/service/tickets/7001/configurations";

async fn listed(server: &Server, path: &str, query: &[(&str, &str)]) -> Vec<i64> {
    let (status, rows) = get(server, path, query).await;
    assert_eq!(status, 200, "{path} {query:?}: {rows}");
    ids(&rows)
}

#[tokio::test]
async fn contacts_are_found_by_company_and_address() {
    let server = server();
    let contacts = async |query: &[(&str, &str)]| listed(&server, "/company/contacts", query).await;
    let company = ("conditions", "company/id=2 and inactiveFlag=false");
    assert_eq!(contacts(&[company]).await, [31, 32]);
    let address = (
        "childConditions",
        "communicationItems/value=\"ADA@examplemsp.example\" and communicationItems/communicationType=\"Email\"",
    );
    // One address, contacts of two companies.
    assert_eq!(contacts(&[address]).await, [31, 33]);
    assert_eq!(contacts(&[company, address]).await, [31]);
    let (_, contact) = get(&server, "/company/contacts/31", &[]).await;
    assert_eq!(
        contact["communicationItems"][0]["value"],
        "Ada@examplemsp.example"
    );
    assert_eq!(
        (&contact["name"], &contact["email"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(
        (&contact["defaultFlag"], &contact["site"]["id"]),
        (&json!(true), &json!(3))
    );
    let refused = [
        ("conditions", "communicationItems/value=\"x\""),
        ("conditions", "name=\"x\""),
        ("conditions", "types/name=\"x\""),
    ];
    for query in refused {
        assert_eq!(
            get(&server, "/company/contacts", &[query]).await.0,
            400,
            "{query:?}"
        );
    }
    let (status, body) = get(&server, "/company/contacts/9", &[]).await;
    assert_eq!(
        (status, &body["message"]),
        (404, &json!("Contact 9 not found"))
    );
}

#[tokio::test]
async fn configurations_are_found_by_company_name_and_number() {
    let server = server();
    let path = "/company/configurations";
    for (conditions, expected) in [
        ("company/id=2", &[41, 42][..]),
        ("name=\"srv-01\"", &[41, 43]),
        (
            "name=\"SRV-01\" and company/id=2 and activeFlag=true",
            &[41],
        ),
        ("serialNumber=\"sn-42-examplemsp\"", &[42]),
        ("type/name=\"Managed Server\" and id in (42,43)", &[42, 43]),
    ] {
        let found = listed(&server, path, &[("conditions", conditions)]).await;
        assert_eq!(found, expected, "{conditions}");
    }
    let (_, row) = get(
        &server,
        "/company/configurations/41",
        &[("fields", "name,contact/id")],
    )
    .await;
    assert_eq!(row, json!({"name": "SRV-01", "contact": {"id": 31}}));
    assert_eq!(
        get(&server, path, &[("conditions", "companyName=\"x\"")])
            .await
            .0,
        400
    );
}

#[tokio::test]
async fn a_configuration_is_attached_once() {
    let server = server();
    post(&server, &json!({"summary": "x", "company": {"id": 2}})).await;
    let attach = async |body: Value| write(&server, Method::POST, ATTACHED, &body).await;
    assert_eq!(listed(&server, ATTACHED, &[]).await, Vec::<i64>::new());
    let (status, attached) = attach(json!({"id": 41})).await;
    assert_eq!(
        (status, &attached["id"], &attached["deviceIdentifier"]),
        (201, &json!(41), &json!("41"))
    );
    assert_eq!(listed(&server, ATTACHED, &[]).await, [41]);
    for (body, code, message) in [
        (json!({"id": 41}), "ObjectExists", "already"),
        (json!({"id": 9}), "NotFound", "Configuration 9 not found"),
        (
            json!({}),
            "MissingRequiredField",
            "id or deviceIdentifier is required.",
        ),
        (
            json!({"name": "SRV-01"}),
            "ConnectWiseApi",
            "Could not find member 'name'",
        ),
    ] {
        let (status, answer) = attach(body.clone()).await;
        let refused = refusal(&answer);
        assert_eq!((status, &*refused.0), (400, code), "{body}");
        assert!(refused.2.contains(message), "{body}: {answer}");
    }
    assert_eq!(listed(&server, ATTACHED, &[]).await, [41]);
}

#[tokio::test]
async fn sites_and_sources_are_listed() {
    let server = server();
    let sites = "/company/companies/2/sites";
    assert_eq!(listed(&server, sites, &[]).await, [3, 4]);
    let active = [(
        "conditions",
        "inactiveFlag=false and primaryAddressFlag=true",
    )];
    assert_eq!(listed(&server, sites, &active).await, [3]);
    assert_eq!(
        get(&server, sites, &[("conditions", "defaultFlag=true")])
            .await
            .0,
        400
    );
    assert_eq!(get(&server, "/company/companies/9/sites", &[]).await.0, 404);
    let (_, sources) = get(
        &server,
        "/service/sources",
        &[("fields", "name,defaultFlag")],
    )
    .await;
    assert_eq!(
        sources,
        json!([{"name": "Call", "defaultFlag": true}, {"name": "Monitoring", "defaultFlag": false}])
    );
}

#[tokio::test]
async fn a_ticket_is_opened_for_a_contact_at_a_site_from_a_source() {
    let server = server();
    let body = |member: &str, id: i64| {
        let mut body = json!({"summary": "x", "company": {"id": 2}});
        body[member] = json!({"id": id});
        body
    };
    for (member, id, expected) in [("contact", 32, 32), ("site", 4, 4), ("source", 2, 2)] {
        let (status, ticket) = post(&server, &body(member, id)).await;
        assert_eq!(
            (status, &ticket[member]["id"]),
            (201, &json!(expected)),
            "{member}"
        );
    }
    let (_, ticket) = post(&server, &json!({"summary": "x", "company": {"id": 2}})).await;
    assert_eq!(
        (&ticket["site"]["id"], &ticket["source"]["id"]),
        (&json!(3), &json!(1))
    );
    assert_eq!(ticket["contact"], Value::Null);
    // A contact or site of company 250 is none of company 2.
    for (member, id) in [("contact", 33), ("site", 251), ("source", 9)] {
        let (status, answer) = post(&server, &body(member, id)).await;
        let (code, field, _) = refusal(&answer);
        assert_eq!(
            (status, &*code, field),
            (400, "NotFound", format!("{member}/id"))
        );
    }
}

#[tokio::test]
async fn each_of_them_needs_a_right() {
    let server = server();
    post(&server, &json!({"summary": "x", "company": {"id": 2}})).await;
    let reads = [
        "/company/contacts",
        "/company/configurations",
        "/company/companies/2/sites",
        "/service/sources",
    ];
    let none = |function| Role::sufficient().with(function, Access::Inquire, Level::None);
    for (role, refused) in [
        (none(Function::Contacts), "/company/contacts"),
        (none(Function::Configurations), "/company/configurations"),
        (
            none(Function::CompanyMaintenance),
            "/company/companies/2/sites",
        ),
        (
            Role::sufficient().without_table(Table::Sources),
            "/service/sources",
        ),
    ] {
        server.tenant(COMPANY, |tenant| tenant.role = role);
        for path in reads {
            let expected = if path == refused { 403 } else { 200 };
            assert_eq!(
                get(&server, path, &[]).await.0,
                expected,
                "{path} without {refused}"
            );
        }
    }
    for role in [
        none(Function::Configurations),
        Role::sufficient().with(Function::ServiceTickets, Access::Edit, Level::None),
    ] {
        server.tenant(COMPANY, |tenant| tenant.role = role);
        let (status, _) = write(&server, Method::POST, ATTACHED, &json!({"id": 41})).await;
        assert_eq!(status, 403);
    }
}
