//! Tickets opened over TLS at a server that cuts connections, each repeated until it succeeds: none is lost and none is doubled,
//! by the server's own count. With `PSA_FULL_SIZE` set 1,000, otherwise a tenth.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use psa_tests::mock::connectwise::{Server, Tenant};
use psa_tests::mock::{Asked, Misbehaviour, ServerOptions};
use psa_tests::{CONNECTWISE, repeats};
use serde_json::json;
use tokio::task::JoinSet;

use crate::built;
use crate::host::Host;
use crate::tls::Tls;

const COMPANY: &str = "examplemsp";
const CREATES: usize = 1_000;
const AT_ONCE: usize = 8;
/// Of a connection, and of a response.
const LIMIT: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn creates_that_are_cut_and_repeated_open_exactly_one_ticket_each() {
    let options = ServerOptions {
        http2: false,
        ..ServerOptions::default()
    };
    let tenants = vec![Tenant::example(COMPANY)];
    let server = Server::start_with(tenants, &options).expect("a server");
    let network = Arc::new(Tls::new(&server.ca_pem, LIMIT, LIMIT));
    let host = built::host(&CONNECTWISE, network.clone()).expect("a service");
    let host = host.with(&server.settings(COMPANY), network);
    server.misbehave_as(cut_connections);

    let count = repeats(CREATES);
    let next = Arc::new(AtomicUsize::new(0));
    let mut callers = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (host, next) = (host.clone(), Arc::clone(&next));
        callers.spawn(async move {
            let mut errors = BTreeMap::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= count {
                    return errors;
                }
                open(&host, number, &mut errors).await;
            }
        });
    }
    let mut errors: BTreeMap<(u16, String), usize> = BTreeMap::new();
    for (error, times) in callers.join_all().await.into_iter().flatten() {
        *errors.entry(error).or_default() += times;
    }
    println!(
        "{count} tickets: {} requests, {errors:?}",
        server.counts().requests
    );
    let known = [(500, "outcome-unknown"), (503, "unavailable")];
    for (status, code) in errors.keys() {
        assert!(known.contains(&(*status, code.as_str())), "{status} {code}");
    }
    assert!(errors[&(500, "outcome-unknown".to_owned())] > 0);
    server.tenant(COMPANY, |tenant| {
        assert_eq!(tenant.tickets().count(), count);
        for number in 0..count {
            let tickets = tenant.tickets_with(&format!("ref-{number}"));
            assert_eq!(tickets.len(), 1, "{number}");
        }
    });
}

async fn open(host: &Host, number: usize, errors: &mut BTreeMap<(u16, String), usize>) {
    let reference = format!("ref-{number}");
    let draft = json!({"company-id": "250", "summary": "Disk is full", "reference": reference});
    for _ in 0..100 {
        let called = host.call("create-ticket", &json!({"draft": draft})).await;
        let answered = called.expect("an answer");
        if answered.status == 200 {
            assert_eq!(answered.body["ticket"]["reference"], reference);
            return;
        }
        let code = answered.body["code"].as_str().unwrap_or_default();
        *errors
            .entry((answered.status, code.to_owned()))
            .or_default() += 1;
    }
    panic!("{reference} was never opened: {errors:?}");
}

/// Three requests in sixteen are cut: before they are read, after the server acted, in the middle of the answer.
fn cut_connections(asked: &Asked) -> Option<Misbehaviour> {
    // A multiplication spreads the numbers; the upper bits are as good as chance, and the same in each run.
    match asked.number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 60 {
        0 => Some(Misbehaviour::DropBeforeReading),
        1 => Some(Misbehaviour::DropAfterCommitting),
        2 => Some(Misbehaviour::DropInBody),
        _ => None,
    }
}
