//! How many rounds a call needs: one for the zone if the host has not kept it, and as many as its answers need one after
//! another.

use std::collections::BTreeMap;

use psa_host::contract::{BoardSelection, CompanyQuery, Request};
use psa_tests::AUTOTASK;
use psa_tests::companies::read_all;
use psa_tests::mock::autotask::{Server, Tenant};

use super::USER;
use super::site::{draft, site_of};

#[tokio::test]
async fn the_zone_is_looked_up_once_and_then_kept() {
    let server = super::server();
    let (site, rounds) = site_of(&server).await;
    for expected in [vec![1, 1], vec![1, 1]] {
        let all = BoardSelection::All;
        let boards = site.call().list_board_metadata(site.settings.clone(), all);
        assert_eq!(boards.await.expect("boards").boards.len(), 2);
        // Each call asks for its zone; the host answers the second one itself.
        assert_eq!(rounds.take(), expected);
    }
    assert_eq!(server.zone_lookups(), 1);
}

#[tokio::test]
async fn every_call_needs_as_many_rounds_as_promised() {
    let server = Server::start(vec![Tenant::example(USER).with_companies(1_100, 3)]);
    let server = server.expect("a server");
    let (mut site, rounds) = site_of(&server).await;
    let with_zone = |settings: &mut Vec<_>| {
        settings.push(psa_host::contract::Setting {
            name: "zone".to_owned(),
            value: "ww5.autotask.net".to_owned(),
        });
    };
    for zone_rounds in [1, 0] {
        let settings = site.settings.clone();
        let verified = site.call().verify(settings.clone(), Vec::new()).await;
        assert!(verified.expect("a verification").is_complete);
        assert_eq!(rounds.take().len(), zone_rounds + 2, "verify");

        let query = CompanyQuery {
            limit: Some(2_000),
            ..CompanyQuery::default()
        };
        let page = site.call().list_companies(settings.clone(), query).await;
        assert_eq!(page.expect("companies").companies.len(), 1_103);
        // Three pages of 500; the second with the names of types.
        assert_eq!(rounds.take()[zone_rounds..], [1, 2, 1]);

        let all = BoardSelection::All;
        let boards = site.call().list_board_metadata(settings.clone(), all);
        boards.await.expect("boards");
        assert_eq!(rounds.take()[zone_rounds..], [1]);

        let reference = format!("alert-{zone_rounds}");
        let created = site
            .call()
            .create_ticket(settings.clone(), draft(Some(&reference)));
        created.await.expect("a ticket");
        assert_eq!(rounds.take()[zone_rounds..], [1, 1, 3], "create-ticket");
        with_zone(&mut site.settings);
    }
}

/// A round in which nothing is sent, since the host has kept the answer, waits for nothing: there are no more rounds of waiting
/// than requests.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_thousand_companies_need_no_more_than_forty_three_rounds_of_waiting() {
    let own = Tenant::example(USER).rows("Companies").count();
    let tenant = Tenant::example(USER).with_companies(20_000 - own, 3);
    let server = Server::start(vec![tenant]).expect("a server");
    let (site, rounds) = site_of(&server).await;
    assert_eq!(read_all(&site.settings, || site.call()).await, 20_000);
    // The zone, 41 pages, the names of types. Of 5,000 in an hour.
    let requests = server.counts().requests;
    assert!(requests <= 43, "{requests} requests");
    let rounds = rounds.take();
    assert!(rounds.iter().all(|sent| *sent <= 2), "{rounds:?}");
}

/// A third request at once for one entity is slowed down, a fourth refused, and somebody is mailed. And until one request was
/// answered, the credentials may be wrong: each of those that went is a failed login, and a few of them lock the user.
#[test]
fn no_round_has_more_than_two_requests_for_an_entity_and_every_call_starts_with_one() {
    let entity = |request: &Request| {
        let (_, path) = request.url.split_once("/V1.0/").unwrap_or_default();
        // A child is limited under its own name.
        let path = path.trim_start_matches("Tickets/7001/");
        path.split('/').next().unwrap_or_default().to_owned()
    };
    let mut most = 0;
    for (name, case) in AUTOTASK.cases().expect("the cases") {
        let replay = AUTOTASK.run_natively(&case).replay;
        let rounds = replay.requests();
        let signed = |request: &&Request| request.headers.iter().any(|(name, _)| name == "Secret");
        let mut first = rounds
            .iter()
            .map(|round| round.iter().filter(signed).count());
        let first = first.find(|count| *count > 0).unwrap_or_default();
        assert!(
            first <= 1,
            "{name}: {first} requests before one was answered"
        );
        for round in &rounds {
            let mut counts: BTreeMap<String, usize> = BTreeMap::new();
            for request in round {
                *counts.entry(entity(request)).or_default() += 1;
            }
            most = counts.values().copied().fold(most, usize::max);
            assert!(
                counts.values().all(|count| *count <= 2),
                "{name}: {counts:?}"
            );
        }
    }
    assert_eq!(most, 2);
}
