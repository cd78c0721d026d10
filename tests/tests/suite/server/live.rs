//! What the live backend makes of a server that goes wrong, and what it does not let a connector do.

use std::time::{Duration, Instant};

use psa_host::contract::{ErrorCode, FailureKind, Request};
use psa_host::{Http as _, PolicyOptions, Resolution};
use psa_tests::mock::{ConnectionFault, Misbehaviour, OTHER_NAME, SilentListener, When};

use super::site::Site;
use super::{COMPANY, server};

const TICKETS: &str = "/service/tickets";

/// What the backend says of a write that went wrong.
#[tokio::test]
async fn whether_the_server_may_have_acted_is_told() {
    use ConnectionFault as F;
    use Misbehaviour as M;
    let server = server();
    let site = Site::of(&server, |options| {
        options.timeouts.request = Duration::from_millis(1500);
        options.limits.response_bytes = 1 << 20;
        options.retries.per_request = 0;
    })
    .await;
    let write = async || {
        let request = Request {
            method: "POST".to_owned(),
            url: format!("{}/v4_6_release/apis/3.0{TICKETS}", server.origin),
            headers: Vec::new(),
            body: Some("{}".into()),
            is_write: true,
            ..Request::default()
        };
        let deadline = Instant::now() + Duration::from_secs(20);
        let mut answers = site
            .with_new_connections()
            .send(vec![request], deadline)
            .await;
        let failure = answers.pop().expect("an answer").expect_err("a failure");
        (failure.kind, failure.may_have_acted, failure.message)
    };
    for (how, kind, may_have_acted) in [
        (M::DropBeforeReading, FailureKind::Interrupted, true),
        (M::DropAfterCommitting, FailureKind::Interrupted, true),
        (M::DropInBody, FailureKind::Interrupted, true),
        (M::RefuseStream, FailureKind::Unreachable, false),
        (
            M::Delay(Duration::from_secs(6)),
            FailureKind::TimedOut,
            true,
        ),
        (M::EndlessBody, FailureKind::TooLarge, true),
        (M::Bomb(64 << 20), FailureKind::TooLarge, true),
    ] {
        server.misbehave(When::post(TICKETS).times(1), how.clone());
        let (found, acted, message) = write().await;
        assert_eq!((found, acted), (kind, may_have_acted), "{how:?}: {message}");
    }
    for (fault, told) in [
        (F::RefuseTls, "closed the connection"),
        (F::OldTlsAlert, "TLS is too old"),
        (F::OldTlsHello, "TLS is too old"),
        (F::PlainHttp, "does not speak TLS"),
        (F::CertificateOfAnother, "for another name"),
    ] {
        server.misbehave_connections(fault, 1);
        let (kind, may_have_acted, message) = write().await;
        assert_eq!(
            (kind, may_have_acted),
            (FailureKind::Unreachable, false),
            "{fault:?}: {message}"
        );
        assert!(message.contains(told), "{fault:?}: {message}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let server = server();
    let silent = SilentListener::start().expect("a port");
    let site = Site::of(&server, |_| {}).await;
    for url in [
        format!("https://{}/", silent.address),
        format!("http://{}/", silent.address),
        format!("https://localhost:{}/", silent.address.port()),
    ] {
        server.misbehave(When::any("").times(1), Misbehaviour::Redirect(url));
        let error = site.companies(10).await.expect_err("a redirect");
        assert_eq!(
            (error.code, error.http_status),
            (ErrorCode::UnexpectedResponse, Some(302))
        );
    }
    assert_eq!(server.counts().requests, 3);
    assert_eq!(silent.connections(), 0);
}

#[tokio::test]
async fn a_body_that_is_too_large_stops_at_the_limit() {
    for (how, most_sent) in [
        (Misbehaviour::EndlessBody, 32 << 20),
        // A gigabyte of spaces is a megabyte in gzip; it is not unpacked beyond the limit.
        (Misbehaviour::Bomb(1 << 30), 2 << 20),
    ] {
        // One server each: what is still under way of one body would count for the next.
        let server = server();
        let site = Site::of(&server, |options| options.limits.response_bytes = 1 << 20).await;
        server.misbehave(When::get("/company/companies").times(1), how.clone());
        let started = Instant::now();
        let error = site.companies(10).await.expect_err("too large");
        assert_eq!(error.code, ErrorCode::Denied, "{how:?}: {}", error.message);
        assert!(
            error.message.contains("response_bytes"),
            "{how:?}: {}",
            error.message
        );
        assert!(started.elapsed() < Duration::from_secs(20), "{how:?}");
        let sent = server.counts().body_bytes;
        assert!(sent < most_sent, "{how:?}: {sent} bytes were sent");
    }
}

#[tokio::test]
async fn a_certificate_of_another_name_or_authority_is_unreachable() {
    let server = server();
    let strangers = super::server();
    let site = Site::of(&server, |options| options.retries.per_request = 0).await;
    server.misbehave_connections(ConnectionFault::CertificateOfAnother, 1);
    let error = site.companies(10).await.expect_err("another's certificate");
    assert_eq!(error.code, ErrorCode::Unavailable, "{}", error.message);

    let site = Site::of(&server, |options| {
        options.certificate_authorities = vec![strangers.ca_pem.clone()];
    })
    .await;
    let error = site.companies(10).await.expect_err("another authority");
    assert_eq!(error.code, ErrorCode::Unavailable, "{}", error.message);
    assert_eq!(server.counts().requests, 0);
}

#[tokio::test]
async fn loopback_needs_leave_and_a_name_can_be_given_an_address() {
    let server = server();
    let site = Site::under(&server, PolicyOptions::default()).await;
    let error = site.companies(10).await.expect_err("a private address");
    assert_eq!(error.code, ErrorCode::Denied, "{}", error.message);
    assert_eq!(server.counts().connections, 0);

    let port = server.address.port();
    let name = format!("{OTHER_NAME}:{port}");
    let settings = server.tenant(COMPANY, |tenant| tenant.settings(&name));
    let site = Site::with(settings, &server, |options| {
        options.resolve = vec![Resolution {
            host: OTHER_NAME.to_owned(),
            port,
            addresses: vec![server.address.ip()],
        }];
    })
    .await;
    assert_eq!(site.companies(10).await.expect("companies").len(), 2);
    assert_eq!(server.log()[0].asked.authority, name);
}
