//! The connector as an operator sets it up, but for the port: the stand-in has the names of Autotask's hosts and not their
//! port, so that each request is given it on its way.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use psa_host::contract::{Request, TicketDraft};
use psa_host::{Answers, Http, Live, PacingSource, PolicyOptions, Resolution};
use psa_tests::AUTOTASK;
use psa_tests::mock::autotask::{HOSTS, Server};

use super::USER;
use crate::server::site::Site;

/// How many requests each round had, in order.
#[derive(Clone, Default)]
pub(super) struct Rounds(Arc<Mutex<Vec<usize>>>);

impl Rounds {
    /// Those since the last time.
    pub(super) fn take(&self) -> Vec<usize> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// One tenant's connector at a server, and the rounds of its calls.
pub(super) async fn site_of(server: &Server) -> (Site, Rounds) {
    let port = server.address.port();
    let policy = PolicyOptions {
        allow_hosts: vec![format!("*.autotask.net:{port}")],
        allow_private_networks: true,
        // As the connector advises, 5,000 requests would take an hour.
        pacing: PacingSource::Off,
    };
    let settings = server.settings(USER);
    let mut site = Site::made(&AUTOTASK, settings, &server.ca_pem, policy, |options| {
        options.resolve = HOSTS.map(|host| at_the_server(host, port)).to_vec();
    })
    .await;
    let rounds = Rounds::default();
    let of_calls = rounds.clone();
    site.between = Some(Box::new(move |live| {
        Box::new(AtTheServer {
            live,
            port,
            rounds: of_calls.clone(),
        })
    }));
    (site, rounds)
}

fn at_the_server(host: &str, port: u16) -> Resolution {
    Resolution {
        host: host.to_owned(),
        port,
        addresses: vec![IpAddr::V4(Ipv4Addr::LOCALHOST)],
    }
}

/// Sends to the port of the server what goes to a host of Autotask.
struct AtTheServer {
    live: Live,
    port: u16,
    rounds: Rounds,
}

impl Http for AtTheServer {
    fn send(&mut self, mut requests: Vec<Request>, deadline: Instant) -> Answers<'_> {
        let mut rounds = self.rounds.0.lock().unwrap_or_else(PoisonError::into_inner);
        rounds.push(requests.len());
        drop(rounds);
        for request in &mut requests {
            let here = format!(".autotask.net:{}/", self.port);
            request.url = request.url.replacen(".autotask.net/", &here, 1);
        }
        self.live.send(requests, deadline)
    }
}

pub(super) fn draft(reference: Option<&str>) -> TicketDraft {
    TicketDraft {
        company_id: "250".to_owned(),
        board_id: Some("8".to_owned()),
        status_id: Some("1".to_owned()),
        priority_id: Some("2".to_owned()),
        summary: "Blocked: bad.example.com".to_owned(),
        reference: reference.map(str::to_owned),
        ..TicketDraft::default()
    }
}
