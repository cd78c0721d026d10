//! The stand-in for HaloPSA: what it serves and refuses to a plain client, and its connector over real TLS, in counted round
//! trips.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use psa_host::contract::{
    BoardSelection, CompanyQuery, Creation, ErrorCode, NoteAudience, NoteDraft, PermissionState,
    Request, TicketDraft, TicketQuery, TicketSelection,
};
use psa_host::{Answers, Call, Http, Live};
use psa_tests::HALOPSA;
use psa_tests::mock::ServerOptions;
use psa_tests::mock::halopsa::{Right, Server, Tenant};
use serde_json::{Value, json};

use super::plain;
use super::site::{Site, connectors_own, on_loopback};

pub(super) fn server_of_http1(tenant: Tenant) -> Server {
    let options = ServerOptions {
        http2: false,
        ..ServerOptions::default()
    };
    Server::start(tenant, &options).expect("a server")
}

fn server(change: impl FnOnce(&mut Tenant)) -> Server {
    let mut tenant = Tenant::example("example");
    change(&mut tenant);
    Server::start(tenant, &ServerOptions::default()).expect("a server")
}

pub(super) async fn site_of(server: &Server) -> Site {
    Site::made(
        &HALOPSA,
        server.settings(),
        &server.ca_pem,
        on_loopback(),
        |_| {},
    )
    .await
}

pub(super) fn draft(reference: Option<&str>) -> TicketDraft {
    TicketDraft {
        company_id: "12".to_owned(),
        summary: "Blocked: bad.example.com".to_owned(),
        reference: reference.map(str::to_owned),
        ..TicketDraft::default()
    }
}

/// The live backend, and how many requests each round had that went over the network: what the host answered with what it
/// kept does not count.
pub(super) struct Counting(pub(super) Live, pub(super) Arc<Mutex<Vec<usize>>>);

impl Http for Counting {
    fn send(&mut self, requests: Vec<Request>, deadline: Instant) -> Answers<'_> {
        Box::pin(async move {
            let answers = self.0.send(requests, deadline).await;
            let is_sent =
                |answer: &psa_host::Answer| !matches!(answer, Ok(it) if it.age_seconds.is_some());
            let sent = answers.iter().filter(|it| is_sent(it)).count();
            if sent > 0 {
                self.1.lock().expect("a count").push(sent);
            }
            answers
        })
    }
}

#[tokio::test]
async fn the_stand_in_serves_and_refuses_as_halo_is_known_to() {
    let server = server(|_| {});
    let client = plain::client(&server);
    let settings = server.settings();
    let value = |name: &str| {
        settings
            .iter()
            .find(|it| it.name == name)
            .expect(name)
            .value
            .clone()
    };
    let token = async |scope: &str, secret: String, tenant: &str| {
        let form = format!(
            "grant_type=client_credentials&client_id={}&client_secret={secret}{scope}",
            value("client-id")
        );
        let url = format!("{}/auth/token?tenant={tenant}", server.origin);
        let request = client
            .post(url)
            .header("content-type", "application/x-www-form-urlencoded");
        let response = request.body(form).send().await.expect("a response");
        let status = response.status().as_u16();
        let body: Value =
            serde_json::from_str(&response.text().await.expect("a body")).expect("JSON");
        (status, body)
    };
    assert_eq!(
        token("&scope=all", "wrong-secret".to_owned(), "example")
            .await
            .0,
        401
    );
    assert_eq!(
        token("&scope=all", value("client-secret"), "nobody")
            .await
            .0,
        400
    );
    let (_, scopeless) = token("", value("client-secret"), "example").await;
    let (status, good) = token("&scope=all", value("client-secret"), "example").await;
    assert_eq!(status, 200);
    let bearer = |token: &Value| {
        format!(
            "Bearer {}",
            token["access_token"].as_str().expect("a token")
        )
    };
    let get = async |authorization: String, path: &str| {
        let url = format!("{}/api/{path}", server.origin);
        let request = client.get(url).header("authorization", authorization);
        let response = request.send().await.expect("a response");
        let status = response.status().as_u16();
        (status, response.text().await.expect("a body"))
    };
    let json_of = async |path: &str| {
        let (status, body) = get(bearer(&good), path).await;
        assert_eq!(status, 200, "{path}: {body}");
        serde_json::from_str::<Value>(&body).expect("JSON")
    };
    // A token without a scope, and none, are refused with nothing in the answer.
    assert_eq!(get(bearer(&scopeless), "Team").await, (401, String::new()));
    assert_eq!(get(String::new(), "Team").await, (401, String::new()));
    assert_eq!(get(String::new(), "authinfo").await.0, 200);
    // 100 rows a page, whatever is asked for; by name, unless told otherwise; parameters that are unknown are ignored.
    let page = json_of("Client?pageinate=true&page_size=1000&page_no=1&assigned_to=37").await;
    let names: Vec<&str> = page["clients"]
        .as_array()
        .expect("rows")
        .iter()
        .filter_map(|it| it["name"].as_str())
        .collect();
    assert_eq!(
        (names.len(), page["record_count"].as_u64()),
        (100, Some(245))
    );
    assert!(names.is_sorted());
    let page = json_of(
        "client?pageinate=true&page_no=3&page_size=100&order=id&orderdesc=1&includeinactive=true",
    )
    .await;
    let ids: Vec<i64> = page["clients"]
        .as_array()
        .expect("rows")
        .iter()
        .filter_map(|it| it["id"].as_i64())
        .collect();
    assert_eq!(
        (ids.first(), ids.len()),
        (Some(&212), 50),
        "only `true` is descending"
    );
    assert_eq!(get(bearer(&good), "Tickets/1").await, (404, String::new()));
    assert_eq!(get(bearer(&good), "Tickets/probe").await.0, 400);
    assert_eq!(get(bearer(&good), "Actions").await.0, 504);
    let post = async |path: &str, body: Value| {
        let url = format!("{}/api/{path}", server.origin);
        let request = client.post(url).header("authorization", bearer(&good));
        let response = request
            .body(body.to_string())
            .send()
            .await
            .expect("a response");
        let status = response.status().as_u16();
        (status, response.text().await.expect("a body"))
    };
    assert_eq!(
        post("Tickets", json!({"summary": "S"})).await.0,
        400,
        "an object is not the form"
    );
    assert_eq!(post("Tickets", json!([{"summary": "S"}])).await.0, 201);
    assert_eq!(
        post("Tickets", json!([{"id": 9499, "status_id": 9}]))
            .await
            .0,
        201
    );
    assert_eq!(server.tenant(|it| it.tickets()[0].statuses.clone()), [1, 9]);
    let (status, refusal) = post("Actions", json!([{"ticket_id": 9499, "note_html": "N"}])).await;
    assert!(
        status == 400 && refusal.contains("An Outcome must be entered"),
        "{refusal}"
    );
}

#[tokio::test]
async fn with_a_kept_token_each_call_takes_so_many_round_trips() {
    let server = server(|_| {});
    let site = site_of(&server).await;
    let trips = Arc::default();
    let call = || -> Call { site.call_over(Counting(site.live(), Arc::clone(&trips))) };
    let counted = || std::mem::take(&mut *trips.lock().expect("a count")).len();
    let settings = || site.settings.clone();
    // The token is asked for once.
    call()
        .get_ticket(settings(), "1".to_owned())
        .await
        .expect("no ticket");
    assert_eq!(counted(), 2);
    call().verify(settings(), Vec::new()).await.expect("verify");
    assert_eq!(counted(), 1);
    let companies = call().list_companies(settings(), CompanyQuery::default());
    assert_eq!(companies.await.expect("companies").companies.len(), 245);
    assert_eq!(counted(), 2);
    let metadata = call().list_board_metadata(settings(), BoardSelection::All);
    assert_eq!(metadata.await.expect("metadata").boards.len(), 2);
    assert_eq!(counted(), 1);
    let created = call()
        .create_ticket(settings(), draft(Some("alert-1")))
        .await
        .expect("a ticket");
    assert_eq!(created.creation, Creation::Created);
    // The answer shows that the reference was kept: otherwise a third one asks.
    assert_eq!(counted(), 2);
    let found = call()
        .create_ticket(settings(), draft(Some("alert-1")))
        .await
        .expect("a ticket");
    assert_eq!((found.creation, counted()), (Creation::Found, 1));
    server.tenant(|tenant| tenant.keeps_reference = false);
    let created = call()
        .create_ticket(settings(), draft(Some("alert-2")))
        .await
        .expect("a ticket");
    assert_eq!((created.not_applied.len(), counted()), (1, 3));
    let found = call()
        .create_ticket(settings(), draft(Some("alert-2")))
        .await
        .expect("a ticket");
    assert_eq!((found.creation, counted()), (Creation::Found, 1));
    let note = NoteDraft {
        ticket_id: created.ticket.id,
        text: "Seen again.".to_owned(),
        details: Vec::new(),
        links: Vec::new(),
        audience: NoteAudience::Staff,
        reference: Some("alert-2:1".to_owned()),
        vendor_fields: None,
    };
    call().add_note(settings(), note).await.expect("a note");
    assert_eq!(counted(), 2);
    assert_eq!(server.tokens_given(), 1);
}

/// Whatever a version does with references, one ticket bears each.
#[tokio::test]
async fn a_reference_is_found_at_every_version() {
    type Change = fn(&mut Tenant);
    let versions: [Change; 5] = [
        |it| it.knows_reference_filter = false,
        |it| it.knows_text_search = false,
        |it| it.lists_show_references = false,
        |it| {
            it.keeps_reference = false;
            it.lists_show_references = false;
        },
        |it| it.shows_whole_type = true,
    ];
    for (number, change) in versions.into_iter().enumerate() {
        let server = server(change);
        let site = site_of(&server).await;
        for reference in ["alert-000001", "alert-000002"] {
            for creation in [Creation::Created, Creation::Found] {
                let created = site.create(draft(Some(reference))).await.expect("a ticket");
                assert_eq!(created.creation, creation, "version {number}, {reference}");
            }
        }
        assert_eq!(
            server.tenant(|it| it.tickets().len()),
            2,
            "version {number}"
        );
        let query = TicketQuery {
            selection: TicketSelection::References(vec!["alert-000002".to_owned()]),
            limit: None,
            cursor: None,
        };
        let found = site.call().find_tickets(site.settings.clone(), query).await;
        // By the text, if the member did not keep it.
        assert_eq!(found.expect("a page").tickets.len(), 1, "version {number}");
    }
}

/// With more tickets than are looked at one by one, and no search that works, nothing is known, and nothing is written.
#[tokio::test]
async fn nothing_is_written_if_no_search_works() {
    let server = server(|tenant| {
        tenant.knows_reference_filter = false;
        tenant.knows_text_search = false;
    });
    let site = site_of(&server).await;
    for _ in 0..10 {
        site.create(draft(None)).await.expect("a ticket");
    }
    let error = site
        .create(draft(Some("alert-1")))
        .await
        .expect_err("not known");
    assert_eq!(
        error.code,
        ErrorCode::UnexpectedResponse,
        "{}",
        error.message
    );
    assert_eq!(server.tenant(|it| it.tickets().len()), 10);
}

#[tokio::test]
async fn rights_that_are_missing_and_tokens_that_have_ended_are_told_apart() {
    let server = server(|tenant| {
        tenant.lacks = vec![(Right::Read("team"), 401), (Right::Write("tickets"), 403)];
    });
    let site = site_of(&server).await;
    let settings = || site.settings.clone();
    let verified = site
        .call()
        .verify(settings(), Vec::new())
        .await
        .expect("verify");
    let missing = verified
        .checks
        .iter()
        .filter(|it| it.state == PermissionState::Missing);
    let missing: Vec<&str> = missing.map(|it| it.permission_id.as_str()).collect();
    assert_eq!(missing, ["teams-read"]);
    let error = site
        .create(draft(Some("alert-1")))
        .await
        .expect_err("a right is missing");
    assert_eq!(
        (error.code, error.permission_ids),
        (ErrorCode::Forbidden, vec!["tickets-add".to_owned()])
    );
    assert_eq!(server.tokens_given(), 1);
    // A kept token that has ended is renewed once; one that is refused while fresh is not.
    server.end_tokens();
    server.tenant(|tenant| tenant.lacks.clear());
    site.create(draft(Some("alert-1"))).await.expect("a ticket");
    assert_eq!(server.tokens_given(), 2);
    server.end_tokens();
    server.tenant(|tenant| tenant.client_secret = "another-secret".to_owned());
    let ended = site.call().get_ticket(settings(), "9499".to_owned()).await;
    let error = connectors_own(ended.expect_err("the secret has changed"));
    assert_eq!(error.code, ErrorCode::Unauthorized, "{}", error.message);
}
