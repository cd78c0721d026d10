//! How little a listing waits for the network: over TLS to the stand-in, which takes 50 ms for each response, with 16
//! requests in flight. Connections are open before.

use std::time::{Duration, Instant};

use psa_host::contract::{BoardSelection, CompanyQuery};
use psa_host::{
    Call, Limits, Live, LiveOptions, NoHttp, PacingSource, Policy, PolicyOptions, Pools,
};
use psa_tests::CONNECTWISE;
use psa_tests::companies::read_all;
use psa_tests::mock::connectwise::{Board, ConnectWise, Entry, EntryKind, Server, Tenant};
use psa_tests::mock::{Misbehaviour, ServerOptions};
use tokio::runtime::Runtime;

use crate::at_most;
use crate::goal::Goal;

const RESPONSE: Duration = Duration::from_millis(50);
const COMPANY: &str = "examplemsp";
const BOARDS: i64 = 40;
const COMPANIES: i64 = 20_000;
/// How often each is done; the median counts.
const TURNS: usize = 5;

pub(crate) fn goals(runtime: &Runtime) -> Vec<Goal> {
    let mut tenant = Tenant::example(COMPANY);
    tenant.boards = (1..=BOARDS).map(board).collect();
    tenant.companies.clear();
    // What is measured is the client: the server makes each answer once, in the turn that does not count.
    let tenants = vec![tenant.with_companies(COMPANIES, 1)];
    let server = Server::serve(
        ConnectWise::new(tenants).keeping_answers(),
        &ServerOptions::default(),
    )
    .expect("a server");
    let (boards_requests, boards) = median(&server, || runtime.block_on(read_boards(&server)));
    let (_, companies) = median(&server, || runtime.block_on(read_companies(&server)));
    // The lists of boards and priorities, then those of every board.
    let in_flight = LiveOptions::default().limits.in_flight;
    let rounds = 1 + (boards_requests - 2).div_ceil(in_flight);
    vec![
        at_most(
            &format!(
                "{BOARDS} boards' metadata, {boards_requests} requests, against 1 + ⌈requests / {in_flight}⌉ responses"
            ),
            boards.as_secs_f64() / (RESPONSE * u32::try_from(rounds).expect("a few")).as_secs_f64(),
            1.2,
            "times",
        ),
        at_most(
            "20,000 companies, in the time of so many responses",
            companies.as_secs_f64() / RESPONSE.as_secs_f64(),
            6.0,
            "responses",
        ),
    ]
}

fn board(id: i64) -> Board {
    let entry = |number: i64, kind| Entry {
        id: id * 100 + number,
        name: format!("Entry {number}"),
        kind,
        is_inactive: false,
        is_default: number == 1,
    };
    Board {
        id,
        name: format!("Board {id}"),
        statuses: (1..=8)
            .map(|number| entry(number, EntryKind::Status(number == 8)))
            .collect(),
        types: (11..=20)
            .map(|number| entry(number, EntryKind::Type))
            .collect(),
        ..Board::default()
    }
}

/// Requests of a turn, and the median of the times.
fn median(server: &Server, mut read: impl FnMut() -> Duration) -> (usize, Duration) {
    let mut times = Vec::new();
    let mut requests = 0;
    read();
    for _ in 0..TURNS {
        server.clear_log();
        times.push(read());
        requests = server.log().len();
    }
    times.sort();
    (requests - WARMING_REQUESTS, times[TURNS / 2])
}

/// What [`site`] sends.
const WARMING_REQUESTS: usize = 1;

/// A way to make calls over one connection, which is open.
async fn site(server: &Server) -> impl Fn() -> Call {
    let connector = CONNECTWISE.connector().expect("the component");
    let options = LiveOptions {
        certificate_authorities: vec![server.ca_pem.clone()],
        ..LiveOptions::default()
    };
    let policy_options = PolicyOptions {
        allow_private_networks: true,
        // What is measured is the time that sending takes, not the time that is waited.
        pacing: PacingSource::Off,
        ..PolicyOptions::default()
    };
    let settings = server.settings(COMPANY);
    let description = connector.call(NoHttp, Limits::default()).describe().await;
    let description = description.expect("a description");
    let policy = Policy::new(connector.digest(), &description, &settings, &policy_options)
        .expect("a policy");
    let pools = Pools::default();
    let call = move || {
        let live = Live::new(&policy, &options, &pools).expect("a backend");
        connector.call(live, Limits::default())
    };
    server.behave();
    let one = CompanyQuery {
        limit: Some(1),
        ..CompanyQuery::default()
    };
    let page = call().list_companies(settings, one).await;
    assert_eq!(page.expect("a page").companies.len(), 1);
    server.misbehave_as(|_| Some(Misbehaviour::Delay(RESPONSE)));
    call
}

async fn read_boards(server: &Server) -> Duration {
    let call = site(server).await;
    let started = Instant::now();
    let all = call().list_board_metadata(server.settings(COMPANY), BoardSelection::All);
    let metadata = all.await.expect("metadata");
    let time = started.elapsed();
    assert_eq!(metadata.types.len(), 10 * metadata.boards.len());
    time
}

async fn read_companies(server: &Server) -> Duration {
    let call = site(server).await;
    let settings = server.settings(COMPANY);
    let started = Instant::now();
    let count = read_all(&settings, call).await;
    let time = started.elapsed();
    assert_eq!(i64::try_from(count).ok(), Some(COMPANIES));
    time
}
