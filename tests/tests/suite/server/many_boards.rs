//! A tenant with hundreds of boards: one call asks for more than the PSA answers in its window.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use psa_host::contract::{BoardSelection, Pacing};
use psa_host::{Limits, NoHttp, PacingSource, PolicyOptions};
use psa_tests::CONNECTWISE;
use psa_tests::mock::RateLimit;
use psa_tests::mock::connectwise::Tenant;

use super::site::{Site, connectors_own, on_loopback};
use super::{COMPANY, server};

const BOARDS: usize = 400;
/// Statuses, types, subtypes, items and combinations.
const LISTS_OF_A_BOARD: u64 = 5;
/// In place of a minute, which the PSA and the connector's advice count by.
const WINDOW_SECONDS: u32 = 3;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_lists_of_400_boards_stay_within_the_rate_of_the_psa() {
    let server = server();
    let count = i64::try_from(BOARDS).expect("a small number");
    server.add_tenant(Tenant::example(COMPANY).with_boards(count));
    server.limit_rate(RateLimit {
        requests: 1_000,
        window: Duration::from_secs(WINDOW_SECONDS.into()),
        says_when: true,
    });
    let connector = CONNECTWISE.connector().expect("the component");
    let description = connector.call(NoHttp, Limits::default()).describe().await;
    let advised = description.expect("a description").pacing;
    assert_eq!(advised.seconds, Some(60), "the window that is shortened");
    let policy = PolicyOptions {
        pacing: PacingSource::Fixed(Pacing {
            seconds: Some(WINDOW_SECONDS),
            ..advised
        }),
        ..on_loopback()
    };
    let site = Site::under(&server, policy).await;
    let started = Instant::now();
    let listing = site
        .call()
        .list_board_metadata(site.settings.clone(), BoardSelection::All);
    let metadata = listing.await.map_err(connectors_own).expect("every list");
    let took = started.elapsed();

    assert_eq!(metadata.boards.len(), BOARDS);
    assert_eq!(metadata.omissions, []);
    let statuses = metadata.statuses.iter().map(|it| &it.choice);
    for choices in [
        statuses.collect(),
        metadata.types.iter().collect::<Vec<_>>(),
    ] {
        let boards: BTreeSet<_> = choices.iter().map(|it| &it.board_id).collect();
        assert_eq!(boards.len(), BOARDS);
    }
    let refused = server.log().into_iter().filter(|it| it.status != Some(200));
    assert_eq!(refused.count(), 0, "requests beyond the rate of the PSA");
    let requests = server.counts().requests;
    let expected = LISTS_OF_A_BOARD * BOARDS as u64;
    assert!((expected..expected + 20).contains(&requests), "{requests}");
    // Three windows' worth of requests: the third of them begins when two have passed.
    let two_windows = Duration::from_secs((2 * WINDOW_SECONDS).into());
    assert!(took >= two_windows, "{took:?}");
}
