//! The connector's operations over real TLS: the component, the live backend, the stand-in.

use std::time::Duration;

use psa_host::contract::{BoardSelection, Creation, ErrorCode, PermissionState, TicketDraft};
use psa_host::{LiveOptions, Pools, TenantError, TenantOptions};
use psa_tests::CONNECTWISE;
use psa_tests::mock::connectwise::{Access, Function, Level, Role, Server, Tenant};
use psa_tests::mock::{Misbehaviour, ServerOptions, When};

use super::site::{Site, draft, on_loopback};
use super::{COMPANY, server};

const TICKETS: &str = "/service/tickets";

fn tickets(server: &Server) -> usize {
    server.tenant(COMPANY, |tenant| tenant.tickets().count())
}

#[tokio::test]
async fn every_operation_works_over_either_protocol() {
    for http2 in [true, false] {
        let options = ServerOptions {
            http2,
            ..ServerOptions::default()
        };
        let tenant = Tenant::example(COMPANY).with_companies(2_500, 3);
        let server = Server::start_with(vec![tenant], &options).expect("a server");
        let site = Site::of(&server, |_| {}).await;
        let settings = || site.settings.clone();

        let verification = site
            .call()
            .verify(settings(), Vec::new())
            .await
            .expect("verify");
        assert!(verification.is_complete, "{verification:?}");
        assert_eq!(verification.visible_companies, Some(2_502));
        assert_eq!(verification.visible_boards, Some(2));
        assert_eq!(
            verification.account.as_deref(),
            Some("ApiMemberOf-examplemsp")
        );

        let mut companies = site.companies(10_000).await.expect("companies");
        assert_eq!(companies.len(), 2_502);
        companies.dedup();
        assert_eq!(companies.len(), 2_502);

        let metadata = site
            .call()
            .list_board_metadata(settings(), BoardSelection::All);
        let metadata = metadata.await.expect("boards");
        assert_eq!(metadata.boards.len(), 2);
        assert_eq!((metadata.statuses.len(), metadata.items.len()), (6, 2));
        assert!(metadata.omissions.is_empty());

        let full = TicketDraft {
            board_id: Some("5".to_owned()),
            status_id: Some("502".to_owned()),
            type_id: Some("511".to_owned()),
            subtype_id: Some("521".to_owned()),
            item_id: Some("531".to_owned()),
            priority_id: Some("6".to_owned()),
            ..draft(Some("ref-1"))
        };
        let objections = site.call().check_ticket(settings(), full.clone()).await;
        assert_eq!(objections.expect("check").objections, []);
        let created = site.create(full.clone()).await.expect("create");
        assert_eq!(created.creation, Creation::Created);
        let again = site.create(full).await.expect("create");
        assert_eq!(again.creation, Creation::Found);
        assert_eq!(again.ticket, created.ticket);
        let read = site
            .call()
            .get_ticket(settings(), created.ticket.id.clone())
            .await;
        assert_eq!(read.expect("read").ticket, Some(created.ticket));
        let none = site.call().get_ticket(settings(), "9999".to_owned()).await;
        assert_eq!(none.expect("read").ticket, None);

        assert_eq!(server.counts().posts, 1);
        assert!(
            server
                .log()
                .iter()
                .all(|logged| logged.asked.is_http2 == http2)
        );
        assert!(server.log().iter().all(|logged| logged.status != Some(400)));
    }
}

#[tokio::test]
async fn a_missing_right_and_a_refused_ticket_are_told() {
    let server = server();
    let site = Site::of(&server, |_| {}).await;
    let role = Role::sufficient().with(Function::ServiceTickets, Access::Add, Level::None);
    server.tenant(COMPANY, |tenant| tenant.role = role);
    let verification = site.call().verify(site.settings.clone(), Vec::new()).await;
    let missing: Vec<String> = verification
        .expect("verify")
        .checks
        .into_iter()
        .filter(|check| check.state == PermissionState::Missing)
        .map(|check| check.permission_id)
        .collect();
    assert_eq!(missing, ["service-tickets-add"]);
    let error = site.create(draft(Some("ref"))).await.expect_err("no right");
    assert_eq!(error.code, ErrorCode::Forbidden);

    server.tenant(COMPANY, |tenant| tenant.role = Role::sufficient());
    let foreign_status = TicketDraft {
        board_id: Some("5".to_owned()),
        status_id: Some("601".to_owned()),
        ..draft(None)
    };
    let error = site
        .create(foreign_status)
        .await
        .expect_err("another board's");
    assert_eq!(
        (error.code, error.field_errors[0].field.as_deref()),
        (ErrorCode::Rejected, Some("status-id"))
    );
    let unknown = TicketDraft {
        vendor_fields: Some(r#"{"enteredBy": "me"}"#.to_owned()),
        ..draft(None)
    };
    let error = site.create(unknown).await.expect_err("unknown member");
    assert_eq!(error.code, ErrorCode::Rejected);
    assert_eq!(tickets(&server), 0);
}

#[tokio::test]
async fn a_read_is_sent_again_and_a_write_is_not() {
    let server = server();
    let site = Site::of(&server, |_| {}).await;
    for how in [
        Misbehaviour::TooManyRequests(Some("0".to_owned())),
        Misbehaviour::BadGateway,
        Misbehaviour::Unavailable(None),
    ] {
        let before = server.counts();
        server.misbehave(When::get("/company/companies").times(2), how.clone());
        assert_eq!(
            site.companies(10).await.expect("companies").len(),
            2,
            "{how:?}"
        );
        // Two refusals, the companies, and the empty page after them.
        assert_eq!(server.counts().requests - before.requests, 4, "{how:?}");

        server.misbehave(When::post(TICKETS).times(1), how.clone());
        let error = site.create(draft(None)).await.expect_err("refused");
        let due = match how {
            Misbehaviour::TooManyRequests(_) => ErrorCode::RateLimited,
            _ => ErrorCode::OutcomeUnknown,
        };
        assert_eq!(error.code, due, "{how:?}");
        assert_eq!(server.counts().posts - before.posts, 1, "{how:?}");
    }
    assert_eq!(tickets(&server), 0);
}

#[tokio::test]
async fn a_ticket_whose_answer_was_lost_is_found() {
    let server = server();
    let site = Site::of(&server, |_| {}).await;
    let cases = [
        Misbehaviour::DropAfterCommitting,
        Misbehaviour::DropInBody,
        Misbehaviour::BadGatewayAfterCommitting,
        Misbehaviour::EndlessBody,
        Misbehaviour::Bomb(64 << 20),
    ];
    for (number, how) in cases.iter().enumerate() {
        server.misbehave(When::post(TICKETS).times(1), how.clone());
        let found = site.create(draft(Some(&format!("ref-{number}")))).await;
        assert_eq!(
            found.expect("it is found").creation,
            Creation::Found,
            "{how:?}"
        );
        server.misbehave(When::post(TICKETS).times(1), how.clone());
        let error = site.create(draft(None)).await.expect_err("in doubt");
        assert_eq!(error.code, ErrorCode::OutcomeUnknown, "{how:?}");
    }
    assert_eq!(tickets(&server), 2 * cases.len());
    assert_eq!(server.counts().posts, 2 * cases.len() as u64);
}

#[tokio::test]
async fn a_late_commit_is_unknown_then_found_or_a_conflict_that_names_both() {
    let server = server();
    let site = Site::of(&server, |_| {}).await;
    let late = Duration::from_millis(500);
    let commit_late =
        || server.misbehave(When::post(TICKETS).times(1), Misbehaviour::CommitLate(late));

    commit_late();
    let error = site
        .create(draft(Some("patient")))
        .await
        .expect_err("in doubt");
    assert_eq!(error.code, ErrorCode::OutcomeUnknown);
    assert!(error.retry_after_seconds >= Some(60));
    tokio::time::sleep(late * 2).await;
    let found = site.create(draft(Some("patient"))).await.expect("found");
    assert_eq!(found.creation, Creation::Found);

    commit_late();
    let error = site
        .create(draft(Some("hasty")))
        .await
        .expect_err("in doubt");
    assert_eq!(error.code, ErrorCode::OutcomeUnknown);
    let hasty = site.create(draft(Some("hasty"))).await.expect("too early");
    assert_eq!(hasty.creation, Creation::Created);
    tokio::time::sleep(late * 2).await;
    let error = site.create(draft(Some("hasty"))).await.expect_err("two");
    assert_eq!(error.code, ErrorCode::Conflict);
    let both = server.tenant(COMPANY, |tenant| {
        let tickets = tenant.tickets_with("hasty");
        tickets
            .iter()
            .map(|ticket| ticket.id.to_string())
            .collect::<Vec<_>>()
    });
    assert_eq!(both.len(), 2);
    assert!(
        both.iter().all(|id| error.message.contains(id)),
        "{}",
        error.message
    );
}

#[tokio::test]
async fn a_tenant_makes_calls_without_being_told_again_what_they_have_in_common() {
    let server = Server::start_with(vec![Tenant::example(COMPANY)], &ServerOptions::default())
        .expect("a server");
    let options = TenantOptions {
        policy: on_loopback(),
        live: LiveOptions {
            certificate_authorities: vec![server.ca_pem.clone()],
            ..LiveOptions::default()
        },
        ..TenantOptions::default()
    };
    let connector = CONNECTWISE.connector().expect("the component");
    let pools = Pools::default();
    let tenant = psa_host::Tenant::new(&connector, server.settings(COMPANY), options, &pools);
    let tenant = tenant.await.expect("a tenant");
    for creation in [Creation::Created, Creation::Found] {
        let ticket = tenant.create_ticket(draft(Some("ref-1"))).await;
        assert_eq!(ticket.expect("a ticket").creation, creation);
    }
    assert_eq!(tickets(&server), 1);

    let refused = TenantOptions {
        live: LiveOptions {
            certificate_authorities: vec!["no certificate".to_owned()],
            ..LiveOptions::default()
        },
        ..TenantOptions::default()
    };
    let refused = psa_host::Tenant::new(&connector, Vec::new(), refused, &pools).await;
    assert!(matches!(refused.err(), Some(TenantError::Live(_))));
}
