//! Everything that the stand-in does wrong on command, seen by a plain client.

use std::time::{Duration, Instant};

use psa_tests::mock::connectwise::{Server, Tenant};
use psa_tests::mock::{ConnectionFault, Misbehaviour, ServerOptions, SilentListener, When};
use serde_json::json;

use super::plain::{client, read, with_credentials};
use super::{API, COMPANY, server};

const TICKETS: &str = "/service/tickets";

/// Opens a ticket; the status, or None where no whole response came.
async fn open(server: &Server) -> Option<u16> {
    let body = json!({"summary": "x", "company": {"id": 2}}).to_string();
    let request = client(server)
        .post(format!("{}{API}{TICKETS}", server.origin))
        .header("content-type", "application/json")
        .body(body);
    let response = with_credentials(server, request).send().await.ok()?;
    let status = response.status().as_u16();
    response.bytes().await.ok()?;
    Some(status)
}

fn tickets(server: &Server) -> usize {
    server.tenant(COMPANY, |tenant| tenant.tickets().count())
}

/// Over HTTP/2 and over HTTP/1.1.
fn both() -> [Server; 2] {
    [true, false].map(|http2| {
        let options = ServerOptions {
            http2,
            ..ServerOptions::default()
        };
        Server::start_with(vec![Tenant::example(COMPANY)], &options).expect("a server")
    })
}

#[tokio::test]
async fn requests_go_wrong_as_they_are_told() {
    use Misbehaviour as M;
    let seconds = || Some("7".to_owned());
    let cases: [(Misbehaviour, Option<u16>, usize); 10] = [
        (M::DropBeforeReading, None, 0),
        (M::DropAfterCommitting, None, 1),
        (M::DropInBody, None, 1),
        (M::RefuseStream, None, 0),
        (M::TooManyRequests(seconds()), Some(429), 0),
        (M::BadGateway, Some(502), 0),
        (M::BadGatewayAfterCommitting, Some(502), 1),
        (M::Unavailable(seconds()), Some(503), 0),
        (
            M::Redirect("https://elsewhere.example/".to_owned()),
            Some(302),
            0,
        ),
        (M::Bomb(1 << 20), Some(201), 1),
    ];
    for server in both() {
        for (how, status, opened) in &cases {
            let before = tickets(&server);
            server.misbehave(When::post(TICKETS).times(1), how.clone());
            assert_eq!(open(&server).await, *status, "{how:?}");
            assert_eq!(tickets(&server) - before, *opened, "{how:?}");
            // Once, and no more.
            assert_eq!(open(&server).await, Some(201), "after {how:?}");
        }
        assert_eq!(server.counts().posts, 20);
        let log = server.log();
        assert_eq!(log[0].misbehaviour.as_deref(), Some("DropBeforeReading"));
        assert_eq!((log[1].status, &log[1].misbehaviour), (Some(201), &None));
        assert_eq!(log[1].asked.tenant.as_deref(), Some(COMPANY));
        assert!(
            log.iter()
                .all(|logged| logged.asked.is_http2 == log[0].asked.is_http2)
        );
        assert!(
            !format!("{log:?}").contains("Basic"),
            "a log may be printed"
        );
    }
}

#[tokio::test]
async fn the_protocol_is_chosen_by_what_is_offered() {
    for (server, is_http2) in both().into_iter().zip([true, false]) {
        open(&server).await;
        assert_eq!(server.log()[0].asked.is_http2, is_http2);
    }
}

#[tokio::test]
async fn a_body_without_end_goes_on_until_the_client_leaves() {
    let server = server();
    server.misbehave(When::get(TICKETS), Misbehaviour::EndlessBody);
    let mut response = read(&server, TICKETS, &[]).await;
    let mut received = 0;
    while received < 5_000_000 {
        let chunk = response.chunk().await.expect("it goes on");
        received += chunk.expect("it does not end").len();
    }
    drop(response);
    tokio::time::sleep(Duration::from_millis(200)).await;
    let sent = server.counts().body_bytes;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(server.counts().body_bytes, sent, "it stops with the client");
}

#[tokio::test]
async fn answers_and_commits_can_be_late() {
    let server = server();
    let late = Duration::from_millis(300);
    server.misbehave(When::post(TICKETS).times(1), Misbehaviour::Delay(late));
    let started = Instant::now();
    assert_eq!(open(&server).await, Some(201));
    assert!(started.elapsed() >= late);
    server.misbehave(When::post(TICKETS).times(1), Misbehaviour::CommitLate(late));
    assert_eq!(open(&server).await, None);
    assert_eq!(tickets(&server), 1);
    tokio::time::sleep(late * 2).await;
    assert_eq!(tickets(&server), 2);
    // A client that gives up does not stop the server.
    server.misbehave(When::post(TICKETS).times(1), Misbehaviour::Delay(late));
    let impatient = tokio::time::timeout(late / 3, open(&server)).await;
    assert!(impatient.is_err());
    tokio::time::sleep(late * 2).await;
    assert_eq!(tickets(&server), 3);
}

#[tokio::test]
async fn connections_go_wrong_before_any_request() {
    use ConnectionFault as F;
    let server = server();
    for (fault, is_greeted) in [
        (F::RefuseTls, false),
        (F::OldTlsAlert, false),
        (F::OldTlsHello, false),
        (F::PlainHttp, false),
        (F::CertificateOfAnother, false),
        (F::CloseAfterHandshake, true),
    ] {
        let before = server.counts();
        server.misbehave_connections(fault, 1);
        let error = client(&server).get(&server.origin).send().await;
        let error = format!("{:?}", error.expect_err("no response"));
        let told = match fault {
            F::OldTlsAlert => "ProtocolVersion",
            F::OldTlsHello => "PeerIncompatible",
            F::PlainHttp => "InvalidMessage",
            F::CertificateOfAnother => "NotValidForName",
            F::RefuseTls | F::CloseAfterHandshake => "",
        };
        assert!(error.contains(told), "{fault:?}: {error}");
        let after = server.counts();
        assert_eq!(after.requests, before.requests, "{fault:?}");
        assert_eq!(
            after.handshakes - before.handshakes,
            u64::from(is_greeted),
            "{fault:?}"
        );
    }
    assert_eq!(
        open(&server).await,
        Some(201),
        "the fault was for one connection"
    );
}

#[tokio::test]
async fn which_requests_are_meant_can_be_said() {
    let server = server();
    let how = || Misbehaviour::BadGateway;
    server.misbehave(When::post(TICKETS).skip(1).times(1), how());
    server.misbehave(When::any("").of("another"), how());
    let statuses = [
        open(&server).await,
        open(&server).await,
        open(&server).await,
    ];
    assert_eq!(statuses, [Some(201), Some(502), Some(201)]);
    server.misbehave_as(|asked| {
        asked
            .query("fields")
            .is_some()
            .then_some(Misbehaviour::BadGateway)
    });
    assert_eq!(read(&server, TICKETS, &[]).await.status(), 200);
    assert_eq!(
        read(&server, TICKETS, &[("fields", "id")]).await.status(),
        502
    );
    server.behave();
    assert_eq!(
        read(&server, TICKETS, &[("fields", "id")]).await.status(),
        200
    );
}

#[tokio::test]
async fn a_silent_listener_counts_what_reaches_it() {
    let silent = SilentListener::start().expect("a port");
    assert_eq!(silent.connections(), 0);
    let url = format!("https://{}/", silent.address);
    let request = client(&server()).get(url).send();
    let given_up = tokio::time::timeout(Duration::from_millis(200), request).await;
    assert!(given_up.is_err());
    assert_eq!(silent.connections(), 1);
    assert!(silent.bytes() > 0);
}
