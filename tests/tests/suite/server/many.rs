//! Many calls at once: none of their tickets lost or twice, and nothing of one tenant in another's results.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use psa_host::contract::{BoardSelection, CompanyQuery, ErrorCode};
use psa_host::{PacingSource, PolicyOptions, Pools};
use psa_tests::mock::connectwise::{Server, Tenant};
use psa_tests::mock::{Misbehaviour, ServerOptions};
use tokio::task::JoinSet;

use super::COMPANY;
use super::site::{Site, draft, on_loopback};

const CREATES: usize = 10_000;
const AT_ONCE: usize = 16;
const TENANTS: usize = 200;

/// Over HTTP/1.1, where a connection that is cut takes one request with it. One of HTTP/2 takes all that share it, and those
/// the server may carry out afterwards: that is a late commit, which is another test.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn creates_that_are_cut_and_repeated_open_exactly_one_ticket_each() {
    let options = ServerOptions {
        http2: false,
        ..ServerOptions::default()
    };
    let server = Server::start_with(vec![Tenant::example(COMPANY)], &options).expect("a server");
    // A multiplication spreads the numbers; the upper bits are as good as chance, and the same in each run.
    server.misbehave_as(|asked| {
        let chance = asked.number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 60;
        match chance {
            0 => Some(Misbehaviour::DropBeforeReading),
            1 => Some(Misbehaviour::DropAfterCommitting),
            2 => Some(Misbehaviour::DropInBody),
            _ => None,
        }
    });
    // Paced as the connector advises, they would take half an hour.
    let unpaced = PolicyOptions {
        pacing: PacingSource::Off,
        ..on_loopback()
    };
    let site = Arc::new(Site::under(&server, unpaced).await);
    let next = Arc::new(AtomicUsize::new(0));
    let mut callers = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (site, next) = (Arc::clone(&site), Arc::clone(&next));
        callers.spawn(async move {
            let mut opened = Vec::new();
            let mut repeats = 0;
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= CREATES {
                    return (opened, repeats);
                }
                let reference = format!("ref-{number}");
                loop {
                    match site.create(draft(Some(&reference))).await {
                        Ok(created) => {
                            assert_eq!(created.ticket.reference.as_deref(), Some(&*reference));
                            opened.push(created.ticket.id);
                            break;
                        }
                        Err(error) => assert!(
                            matches!(
                                error.code,
                                ErrorCode::OutcomeUnknown | ErrorCode::Unavailable
                            ),
                            "{error:?}"
                        ),
                    }
                    repeats += 1;
                }
            }
        });
    }
    let mut opened = HashSet::new();
    let mut repeats = 0;
    for (ids, repeated) in callers.join_all().await {
        opened.extend(ids);
        repeats += repeated;
    }
    assert_eq!(opened.len(), CREATES);
    assert!(repeats > CREATES / 10, "only {repeats} calls were repeated");
    server.tenant(COMPANY, |tenant| {
        assert_eq!(tenant.tickets().count(), CREATES);
        for number in 0..CREATES {
            assert_eq!(
                tenant.tickets_with(&format!("ref-{number}")).len(),
                1,
                "{number}"
            );
        }
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tenants_at_once_see_nothing_of_each_other() {
    let name = |number: usize| format!("tenant{number:03}x");
    let tenants = (0..TENANTS).map(|number| Tenant::example(&name(number)));
    let server = Arc::new(Server::start(tenants.collect()).expect("a server"));
    let pools = Pools::default();
    let mut calls = JoinSet::new();
    for number in 0..TENANTS {
        let (server, pools) = (Arc::clone(&server), pools.clone());
        calls.spawn(async move {
            let own = name(number);
            let mut site = Site::with(server.settings(&own), &server, |_| {}).await;
            site.pools = pools;
            let settings = || site.settings.clone();
            let verified = site
                .call()
                .verify(settings(), Vec::new())
                .await
                .expect("verify");
            let query = CompanyQuery::default();
            let companies = site.call().list_companies(settings(), query).await;
            let boards = site
                .call()
                .list_board_metadata(settings(), BoardSelection::All);
            // The same reference everywhere: each tenant has a ticket of its own with it.
            let created = site.create(draft(Some("shared"))).await.expect("create");
            let all = format!(
                "{verified:?} {:?} {:?} {created:?}",
                companies.expect("companies"),
                boards.await.expect("boards"),
            );
            (own, all)
        });
    }
    for (own, all) in calls.join_all().await {
        assert!(all.matches(&own).count() > 5, "{all}");
        let of_others = all.split("tenant").skip(1).filter(|rest| {
            let is_a_name = rest.as_bytes().get(3) == Some(&b'x');
            is_a_name && !format!("tenant{rest}").starts_with(&own)
        });
        assert_eq!(of_others.count(), 0, "{own}: {all}");
        let tickets = server.tenant(&own, |tenant| tenant.tickets().count());
        assert_eq!(tickets, 1, "{own}");
    }
    for logged in server.log() {
        let is_of_one = logged
            .asked
            .tenant
            .is_some_and(|company| company.starts_with("tenant"));
        assert!(
            is_of_one,
            "every request carries a tenant's own credentials"
        );
    }
}
