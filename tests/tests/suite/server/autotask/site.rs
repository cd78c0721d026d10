//! The connector as an operator sets it up, but for the port: the stand-in has the names of Autotask's hosts and not their
//! port, so that each request is given it on its way.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use psa_host::contract::{ConnectorError, Request, Setting, TicketDraft};
use psa_host::{
    Answers, Call, CallError, Connector, Http, Limits, Live, LiveOptions, NoHttp, PacingSource,
    Policy, PolicyOptions, Pools, Resolution,
};
use psa_tests::AUTOTASK;
use psa_tests::mock::autotask::{HOSTS, Server};

use super::USER;

/// One tenant's connector at a server.
pub(super) struct Site {
    connector: Connector,
    pub(super) settings: Vec<Setting>,
    policy: Policy,
    options: LiveOptions,
    pools: Pools,
    port: u16,
    /// How many requests each round had, in order.
    pub(super) rounds: Arc<Mutex<Vec<usize>>>,
}

impl Site {
    pub(super) async fn of(server: &Server) -> Self {
        let port = server.address.port();
        let connector = AUTOTASK.connector().expect("the component");
        let settings = server.settings(USER);
        let description = connector.call(NoHttp, Limits::default()).describe().await;
        let policy = PolicyOptions {
            allow_hosts: vec![format!("*.autotask.net:{port}")],
            allow_private_networks: true,
            // As the connector advises, 5,000 requests would take an hour.
            pacing: PacingSource::Off,
        };
        let description = description.expect("a description");
        let policy = Policy::new(connector.digest(), &description, &settings, &policy);
        let mut options = LiveOptions {
            certificate_authorities: vec![server.ca_pem.clone()],
            resolve: HOSTS.map(|host| at_the_server(host, port)).to_vec(),
            ..LiveOptions::default()
        };
        options.retries.first_pause = Duration::from_millis(10);
        Self {
            connector,
            settings,
            policy: policy.expect("a policy"),
            options,
            pools: Pools::default(),
            port,
            rounds: Arc::default(),
        }
    }

    pub(super) fn call(&self) -> Call {
        let live = Live::new(&self.policy, &self.options, &self.pools).expect("a backend");
        let http = AtTheServer {
            live,
            port: self.port,
            rounds: Arc::clone(&self.rounds),
        };
        self.connector.call(http, Limits::default())
    }

    /// The rounds since the last time.
    pub(super) fn take_rounds(&self) -> Vec<usize> {
        std::mem::take(&mut *self.rounds.lock().unwrap_or_else(PoisonError::into_inner))
    }
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
    rounds: Arc<Mutex<Vec<usize>>>,
}

impl Http for AtTheServer {
    fn send(&mut self, mut requests: Vec<Request>, deadline: Instant) -> Answers<'_> {
        let mut rounds = self.rounds.lock().unwrap_or_else(PoisonError::into_inner);
        rounds.push(requests.len());
        drop(rounds);
        for request in &mut requests {
            let here = format!(".autotask.net:{}/", self.port);
            request.url = request.url.replacen(".autotask.net/", &here, 1);
        }
        self.live.send(requests, deadline)
    }
}

pub(super) fn connectors_own(error: CallError) -> ConnectorError {
    match error {
        CallError::Connector(error) => *error,
        other => panic!("{other}"),
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
