//! Many tenants at once: nothing of one of them is in another's results.

use std::sync::Arc;

use psa_host::Pools;
use psa_host::contract::{BoardSelection, CompanyQuery};
use psa_tests::mock::connectwise::{Server, Tenant};
use tokio::task::JoinSet;

use super::site::{Site, draft};

const TENANTS: usize = 200;

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
