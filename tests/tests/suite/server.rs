//! The stand-in for ConnectWise, driven by a plain HTTP client: what it serves, what it refuses, how it misbehaves. The
//! connector and the live backend come in the files below.

mod afterwards; // The commands after the opening of a ticket.
mod agent; // An agent that writes.
mod at_company; // Contacts, configurations, sites and sources.
mod autotask; // Autotask's stand-in, and the connector against it.
mod changed; // Changing a ticket.
mod closed; // Closing, reopening, and a reference on a closed ticket.
mod command; // Every operation, through the command line.
mod connector; // Every operation, through the live backend.
mod cut; // Many writes whose connections are cut.
mod drafts; // A ticket from a file, standard input, and names.
mod endless; // Lists that do not end.
mod everyday; // Settings, verbose lines, files, proxies, completions.
mod found; // Finding tickets.
mod halo; // The stand-in for HaloPSA, and its connector.
mod halo_all; // A listing of twenty thousand.
mod halo_cut; // Many writes at it whose connections are cut.
mod life; // A ticket's life, with the connector.
mod limited; // Pages, lists and requests that a server cuts short.
mod live; // What the live backend makes of faults, and refuses.
mod many; // Many tenants at once.
mod many_boards; // One tenant with hundreds of boards.
mod notes; // Notes of a ticket.
mod of_others; // An archive that another program made.
mod opened; // Opening a ticket, member by member.
mod operator; // Who types the commands.
mod plain; // A plain HTTP client.
mod recorded; // What was recorded answers in the server's place.
mod refused; // How a command ends that cannot do what it is asked.
mod signed_in; // A recording of a connector with an access token.
mod site; // How the connector is set up against the stand-in.
mod tenants; // Several tenants in one settings file.
mod wrong; // What goes wrong on command.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use psa_tests::mock::connectwise::{Access, Function, Level, Role, Server, Table, Tenant};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use plain::{client, get, ids, json_of, post, read, with_credentials};

const COMPANY: &str = "examplemsp";
const API: &str = "/v4_6_release/apis/3.0";

fn server() -> Server {
    Server::start(vec![Tenant::example(COMPANY)]).expect("a server")
}

#[tokio::test]
async fn keys_client_id_and_path_are_checked() {
    let server = server();
    let url = format!("{}{API}/company/companies", server.origin);
    let status = async |request: RequestBuilder| {
        let response = request.send().await.expect("a response");
        response.status().as_u16()
    };
    let client = client(&server);
    let right = || with_credentials(&server, client.get(&url));
    assert_eq!(status(right()).await, 200);
    assert_eq!(status(client.get(&url)).await, 401);
    let basic = |text: &str| format!("Basic {}", STANDARD.encode(text));
    let as_user = |text: &str| {
        let request = client.get(&url).header("authorization", basic(text));
        request.header("clientid", "6f1b7a52-0c3d-4e58-9a76-2d4c8b1e9f30")
    };
    assert_eq!(
        status(as_user("examplemsp+PubKeyOf-examplemsp:wrong")).await,
        401
    );
    assert_eq!(status(as_user("nobody+a:b")).await, 400);
    let no_client_id = client
        .get(&url)
        .header("authorization", basic("examplemsp+a:b"));
    assert_eq!(status(no_client_id).await, 403);
    assert_eq!(get(&server, "/service/nothing", &[]).await.0, 404);
    let page = client.get(format!("{}/elsewhere", server.origin));
    assert_eq!(status(page).await, 404);

    let info = |company: &str| {
        let url = format!("{}/login/companyinfo/{company}", server.origin);
        client.get(url).send()
    };
    let known = json_of(info(COMPANY).await.expect("a response")).await;
    assert_eq!(known["SiteUrl"], server.site.as_str());
    assert_eq!(
        json_of(info("nobody").await.expect("a response")).await,
        Value::Null
    );
    assert_eq!(server.counts().requests, 9);
}

#[tokio::test]
async fn conditions_order_pages_and_fields_are_served() {
    let server = server();
    server.add_tenant(Tenant::example(COMPANY).with_companies(60, 2));
    let companies = async |query: &[(&str, &str)]| get(&server, "/company/companies", query).await;
    let found = async |conditions: &str| {
        let query = [
            ("conditions", conditions),
            ("fields", "id"),
            ("pageSize", "1000"),
        ];
        let (status, rows) = companies(&query).await;
        assert_eq!(status, 200, "{conditions}: {rows}");
        ids(&rows)
    };
    assert_eq!(found("id in (2,250,9)").await, [2, 250]);
    assert_eq!(found("id=2 or id=251").await, [2, 251]);
    assert_eq!(
        found("deletedFlag=false and id>2 and id<=253").await,
        [250, 253]
    );
    assert_eq!(found("deletedFlag=True").await, [251]);
    assert_eq!(found("status/name=\"ACTIVE\" and id<3").await, [2]);
    assert_eq!(
        found("(name like \"*dental*\" or identifier like \"*goneb*\")").await,
        [2, 251]
    );
    let (_, rows) = companies(&[
        ("childConditions", "types/name=\"client\""),
        ("pageSize", "2"),
    ])
    .await;
    assert_eq!(ids(&rows), [2, 250]);
    for refused in [
        "types/name=\"Client\"",
        "nickname=\"x\"",
        "id>",
        "id=\"2\"",
        "name=\"a\\\"b\"",
        "name=\"a",
        "(id=2",
        "id=2 id=3",
        "id!=2",
        "not id=2",
    ] {
        let (status, body) = companies(&[("conditions", refused)]).await;
        assert_eq!(
            (status, &body["code"]),
            (400, &json!("ApiFindCondition")),
            "{refused}"
        );
    }
    let (_, rows) = companies(&[
        ("orderBy", "id desc"),
        ("pageSize", "1"),
        ("fields", "id,status/name"),
    ])
    .await;
    assert_eq!(rows, json!([{"id": 371, "status": {"name": "Active"}}]));
    assert_eq!(companies(&[("orderBy", "shoe asc")]).await.0, 400);

    let first = read(&server, "/company/companies", &[("orderBy", "id asc")]).await;
    let link = first.headers()["link"].to_str().expect("ASCII").to_owned();
    assert!(
        link.contains("page=2>; rel=\"next\"") && link.contains("page=3>; rel=\"last\""),
        "{link}"
    );
    assert_eq!(ids(&json_of(first).await).len(), 25);
    let last = read(&server, "/company/companies", &[("page", "3")]).await;
    let link = last.headers()["link"].to_str().expect("ASCII").to_owned();
    assert!(!link.contains("next"), "{link}");
    assert_eq!(ids(&json_of(last).await).len(), 13);
    assert_eq!(companies(&[("page", "4")]).await, (200, json!([])));
    let (_, count) = get(
        &server,
        "/company/companies/count",
        &[("conditions", "deletedFlag=false")],
    )
    .await;
    assert_eq!(count, json!({"count": 62}));
}

/// What clients are measured with: a record as long as those of cloud servers, for whoever does not say what is wanted.
#[tokio::test]
async fn a_full_company_has_about_4_600_bytes_and_fields_are_chosen_of_it() {
    let server = server();
    server.tenant(COMPANY, |tenant| tenant.companies[0].is_full = true);
    let company = read(&server, "/company/companies", &[("pageSize", "1")]).await;
    let length = company.bytes().await.expect("a body").len();
    assert!((4_500..4_800).contains(&length), "{length} bytes");
    let fields = [("pageSize", "1"), ("fields", "id,currency/name")];
    let (_, chosen) = get(&server, "/company/companies", &fields).await;
    assert_eq!(
        chosen,
        json!([{"id": 2, "currency": {"name": "US Dollars"}}])
    );
}

#[tokio::test]
async fn a_role_allows_what_it_allows() {
    let server = server();
    let reads = [
        "/system/mySecurity",
        "/company/companies",
        "/company/companies/count",
        "/service/info/boards",
        "/service/priorities",
        "/service/boards/5/types",
        "/service/boards/5/statuses",
        "/service/boards/5/subtypes",
        "/service/boards/5/items",
        "/service/boards/5/typeSubTypeItemAssociations",
        "/service/tickets",
    ];
    let refused = async |role: Role| {
        server.tenant(COMPANY, |tenant| tenant.role = role);
        let mut refused = Vec::new();
        for path in reads {
            match get(&server, path, &[]).await {
                (200, _) => {}
                (403, body) if body["code"] == "Security" => refused.push(path),
                other => panic!("{path}: {other:?}"),
            }
        }
        refused
    };
    let role = Role::sufficient;
    let none = |function| role().with(function, Access::Inquire, Level::None);
    assert!(refused(role()).await.is_empty());
    assert_eq!(refused(none(Function::MemberMaintenance)).await, reads[..1]);
    assert_eq!(
        refused(none(Function::CompanyMaintenance)).await,
        reads[1..3]
    );
    assert_eq!(
        refused(none(Function::ServiceTickets)).await,
        [reads[3], reads[10]]
    );
    assert_eq!(refused(none(Function::TableSetup)).await, reads[4..10]);
    assert_eq!(
        refused(role().without_table(Table::Types)).await,
        [reads[5]]
    );
    let no_add = role().with(Function::ServiceTickets, Access::Add, Level::None);
    server.tenant(COMPANY, |tenant| tenant.role = no_add);
    let ticket = json!({"summary": "x", "company": {"id": 2}});
    assert_eq!(post(&server, &ticket).await.0, 403);
    let (_, rows) = get(&server, "/system/mySecurity", &[("pageSize", "1000")]).await;
    let of = |name: &str| {
        let rows = rows.as_array().expect("rows");
        let row = rows.iter().find(|row| row["moduleFunctionName"] == name);
        row.expect("a row")["addLevel"].clone()
    };
    assert_eq!(of("Service Tickets"), "None");
    assert_eq!(
        get(&server, "/service/boards/99/types", &[]).await.1["code"],
        "NotFound"
    );
    assert_eq!(
        get(&server, "/service/tickets/1", &[]).await.1["code"],
        "NotFound"
    );
}
