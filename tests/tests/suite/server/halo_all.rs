//! All of 20,000 clients of HaloPSA, in counted rounds of waiting: of what is sent together, so much at once as the connector
//! advises.

use std::sync::{Arc, Mutex};

use psa_host::{Limits, NoHttp};
use psa_tests::HALOPSA;
use psa_tests::companies::read_all;
use psa_tests::mock::ServerOptions;
use psa_tests::mock::halopsa::{Server, Tenant};

use super::halo::{Counting, site_of};

const CLIENTS: usize = 20_000;
/// The most that Halo returns, whatever is asked for.
const PAGE: usize = 100;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_thousand_clients_need_hardly_more_rounds_than_pages_and_pacing_allow() {
    let mut tenant = Tenant::example("example");
    tenant.clients = i64::try_from(CLIENTS).expect("a few");
    let server = Server::start(tenant, &ServerOptions::default()).expect("a server");
    // Paced as the connector advises.
    let site = site_of(&server).await;
    let connector = HALOPSA.connector().expect("the component");
    let description = connector.call(NoHttp, Limits::default()).describe().await;
    let pacing = description.expect("a description").pacing;
    let number = |advised: Option<u32>| usize::try_from(advised.expect("a limit")).expect("a few");
    let (at_once, budget) = (number(pacing.concurrent_requests), number(pacing.requests));
    assert_eq!((at_once, budget, pacing.seconds), (8, 400, Some(180)));

    let sent: Arc<Mutex<Vec<usize>>> = Arc::default();
    let call = || site.call_over(Counting(site.live(), Arc::clone(&sent)));
    // Every fiftieth is inactive.
    assert_eq!(read_all(&site.settings, call).await, CLIENTS / 50 * 49);
    let sent = sent.lock().expect("no panic").clone();
    let requests: usize = sent.iter().sum();
    assert_eq!(server.counts().requests, requests as u64);
    // Fewer than a window of three minutes takes, so that none of them waited for the next one.
    assert!(requests <= budget, "{requests} requests");
    let rounds: usize = sent.iter().map(|it| it.div_ceil(at_once)).sum();
    // The token, the page that tells how many there are, and the others.
    let fewest = 2 + (CLIENTS / PAGE - 1).div_ceil(at_once);
    println!("{requests} requests in {rounds} rounds of waiting; fewest {fewest}");
    assert!(rounds * 10 <= fewest * 12, "{rounds} rounds: {sent:?}");
}
