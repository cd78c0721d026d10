//! From an alert to its ticket, in turn with the same call without the relay.

use std::time::{Duration, Instant};

use psa_host::contract::TicketDraft;
use psa_host::{LiveOptions, PacingSource, PolicyOptions, Pools, Tenant, TenantOptions};
use psa_tests::CONNECTWISE;
use psa_tests::mock::connectwise::Server;
use serde_json::json;

use super::goal::Goal;
use super::places::{COMPANY, connectwise_place, connectwise_server};
use super::program::{Options, Program};
use super::{QUICK, at_most, median, noted};

const TURNS: usize = 100;

pub(crate) async fn goals() -> Vec<Goal> {
    let server = connectwise_server();
    let place = connectwise_place(&server);
    let options = Options {
        timing: QUICK,
        ..Options::default()
    };
    let mut relay = Program::set_up(&place, &options);
    relay.start();
    relay.answers().await;
    let direct = direct(&server).await;
    let token = relay.token("gj").to_owned();
    let (mut with_relay, mut without) = (Vec::new(), Vec::new());
    for turn in 0..TURNS {
        let began = Instant::now();
        let body = json!({"id": format!("soon-{turn}"), "name": "Blocked"});
        let sent = relay.accept("/in/gj", &token, &body);
        tokio::join!(sent, ticket(&server, 2 * turn + 1));
        with_relay.push(began.elapsed().as_secs_f64() * 1e3);
        let began = Instant::now();
        let draft = TicketDraft {
            company_id: "2".to_owned(),
            board_id: Some("5".to_owned()),
            summary: "Blocked".to_owned(),
            reference: Some(format!("direct-{turn}")),
            ..TicketDraft::default()
        };
        let created = direct.create_ticket(draft);
        let (created, ()) = tokio::join!(created, ticket(&server, 2 * turn + 2));
        created.expect("a ticket");
        without.push(began.elapsed().as_secs_f64() * 1e3);
    }
    let (with_relay, without) = (median(with_relay), median(without));
    vec![
        noted("Alert to ticket, p50", with_relay, "ms"),
        noted("The same ticket without the relay, p50", without, "ms"),
        at_most(
            "Alert to ticket above the PSA's own time, p50",
            with_relay - without,
            100.0,
            "ms",
        ),
    ]
}

/// Until the PSA has so many tickets.
async fn ticket(server: &Server, count: usize) {
    let has = || server.tenant(COMPANY, |tenant| tenant.tickets().count());
    while has() < count {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// The same tenant, called by this process.
async fn direct(server: &Server) -> Tenant {
    let connector = CONNECTWISE.connector().expect("the component");
    let options = TenantOptions {
        policy: PolicyOptions {
            allow_private_networks: true,
            pacing: PacingSource::Off,
            ..PolicyOptions::default()
        },
        live: LiveOptions {
            certificate_authorities: vec![server.ca_pem.clone()],
            ..LiveOptions::default()
        },
        ..TenantOptions::default()
    };
    let settings = server.settings(COMPANY);
    let pools = Pools::default();
    let tenant = Tenant::new(&connector, settings, options, &pools).await;
    tenant.expect("a tenant")
}
