//! Many tenants, again and again, in a process of its own: what a round takes, it gives back. The allocator of the process
//! counts, so nothing else may run here.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use psa_host::contract::{BoardSelection, CompanyQuery, Request, TicketDraft};
use psa_host::{
    Answers, Call, Connector, Http, Limits, Live, LiveOptions, NoHttp, Policy, PolicyOptions,
    Pools, Resolution,
};
use psa_tests::CONNECTWISE;
use psa_tests::mock::ServerOptions;
use psa_tests::mock::connectwise::{Server, Tenant};
use tokio::task::JoinSet;

const TENANTS: usize = 200;
/// After these, every tenant has its connections, its ticket, and buffers of the size that they come to.
const WARM_UP: usize = 2;
const ROUNDS: usize = 2;
/// For a connection more here or there. The rounds make 2,000 calls, so that one which leaves 600 bytes behind shows.
const SPARE_BYTES: usize = 1 << 20;

/// Bytes that are in use.
static IN_USE: AtomicUsize = AtomicUsize::new(0);

struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

// SAFETY: everything is the system allocator's; only a number changes beside it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        IN_USE.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        IN_USE.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        IN_USE.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// A backend that can be counted as long as the call lives that it was lent to.
struct Counted {
    live: Live,
    _token: Arc<()>,
}

impl Http for Counted {
    fn send(&mut self, requests: Vec<Request>, deadline: Instant) -> Answers<'_> {
        self.live.send(requests, deadline)
    }
}

/// What the calls of all tenants share.
#[derive(Clone)]
struct Host {
    connector: Connector,
    server: Arc<Server>,
    pools: Pools,
    /// One more for each call that is not over.
    token: Arc<()>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_tenants_leave_nothing_behind() {
    let tenants = (0..TENANTS).map(|number| Tenant::example(&name(number)));
    // HTTP/2 fills tables of its own, some kilobytes a connection, over many requests.
    let options = ServerOptions {
        http2: false,
        ..ServerOptions::default()
    };
    let server = Server::start_with(tenants.collect(), &options);
    let host = Host {
        connector: CONNECTWISE.connector().expect("the component"),
        server: Arc::new(server.expect("a server")),
        pools: Pools::default(),
        token: Arc::default(),
    };
    let mut after = Vec::new();
    for _ in 0..WARM_UP + ROUNDS {
        round(&host).await;
        assert_eq!(Arc::strong_count(&host.token), 1, "a call is still there");
        host.server.clear_log();
        after.push(IN_USE.load(Ordering::Relaxed));
    }
    let tickets = |number| {
        host.server
            .tenant(&name(number), |tenant| tenant.tickets().count())
    };
    assert!((0..TENANTS).all(|number| tickets(number) == 1));
    let grown = after[WARM_UP + ROUNDS - 1].saturating_sub(after[WARM_UP - 1]);
    assert!(grown < SPARE_BYTES, "{grown} bytes more: {after:?}");
}

fn name(number: usize) -> String {
    format!("tenant{number:03}x")
}

/// Every tenant at once, each with a few operations.
async fn round(host: &Host) {
    let mut tenants = JoinSet::new();
    for number in 0..TENANTS {
        tenants.spawn(serve(host.clone(), name(number)));
    }
    tenants.join_all().await;
}

async fn serve(host: Host, tenant: String) {
    let settings = || host.server.settings(&tenant);
    let address = host.server.address;
    let options = LiveOptions {
        certificate_authorities: vec![host.server.ca_pem.clone()],
        resolve: vec![Resolution {
            host: "localhost".to_owned(),
            port: address.port(),
            addresses: vec![address.ip()],
        }],
        ..LiveOptions::default()
    };
    let policy_options = PolicyOptions {
        allow_private_networks: true,
        // No tenant shares connections with another: what may be reached is its own.
        allow_hosts: vec![format!("{tenant}.example.com")],
        ..PolicyOptions::default()
    };
    let description = host.connector.call(NoHttp, Limits::default()).describe();
    let description = description.await.expect("a description");
    let policy = Policy::new(
        host.connector.digest(),
        &description,
        &settings(),
        &policy_options,
    )
    .expect("a policy");
    let call = || -> Call {
        let live = Live::new(&policy, &options, &host.pools).expect("a backend");
        let counted = Counted {
            live,
            _token: Arc::clone(&host.token),
        };
        host.connector.call(counted, Limits::default())
    };
    let page = call().list_companies(settings(), CompanyQuery::default());
    assert_eq!(page.await.expect("companies").companies.len(), 2);
    let boards = call().list_board_metadata(settings(), BoardSelection::BoardsOnly);
    assert_eq!(boards.await.expect("boards").boards.len(), 2);
    let draft = TicketDraft {
        company_id: "2".to_owned(),
        summary: "Blocked".to_owned(),
        reference: Some("alert-4711".to_owned()),
        ..TicketDraft::default()
    };
    let created = call().create_ticket(settings(), draft).await;
    let id = created.expect("a ticket").ticket.id;
    let read = call().get_ticket(settings(), id).await;
    assert!(read.expect("a ticket").ticket.is_some());
}
