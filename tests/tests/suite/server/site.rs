//! The connector as an operator sets it up against the stand-in: the component, settings, policy, live backend.

use std::time::{Duration, Instant};

use psa_host::contract::{
    ChangedTicket, CompanyQuery, ConnectorError, CreatedNote, CreatedTicket, NoteDraft, Request,
    Setting, StatusChange, TicketDraft,
};
use psa_host::{
    Answers, CallError, Connector, Http, Limits, Live, LiveOptions, NoHttp, Policy, PolicyOptions,
    Pools,
};
use psa_tests::mock::connectwise::Server;
use psa_tests::{CONNECTWISE, Vendor};

use super::COMPANY;

pub(super) fn on_loopback() -> PolicyOptions {
    PolicyOptions {
        allow_private_networks: true,
        ..PolicyOptions::default()
    }
}

/// One tenant's connector at a server.
pub(super) struct Site {
    connector: Connector,
    pub(super) settings: Vec<Setting>,
    policy: Policy,
    options: LiveOptions,
    pub(super) pools: Pools,
    /// Puts something between the connector and the network.
    pub(super) between: Option<Between>,
}

pub(super) type Between = Box<dyn Fn(Live) -> Box<dyn Http> + Send + Sync>;

struct Boxed(Box<dyn Http>);

impl Http for Boxed {
    fn send(&mut self, requests: Vec<Request>, deadline: Instant) -> Answers<'_> {
        self.0.send(requests, deadline)
    }
}

impl Site {
    pub(super) async fn of(server: &Server, change: impl FnOnce(&mut LiveOptions)) -> Self {
        Self::with(server.settings(COMPANY), server, change).await
    }

    /// The same under another policy than that this machine may be reached.
    pub(super) async fn under(server: &Server, policy: PolicyOptions) -> Self {
        let settings = server.settings(COMPANY);
        Self::made(&CONNECTWISE, settings, &server.ca_pem, policy, |_| {}).await
    }

    pub(super) async fn with(
        settings: Vec<Setting>,
        server: &Server,
        change: impl FnOnce(&mut LiveOptions),
    ) -> Self {
        Self::made(
            &CONNECTWISE,
            settings,
            &server.ca_pem,
            on_loopback(),
            change,
        )
        .await
    }

    /// Any vendor's connector, at a server with a certificate of this authority.
    pub(super) async fn made(
        vendor: &Vendor,
        settings: Vec<Setting>,
        ca_pem: &str,
        policy: PolicyOptions,
        change: impl FnOnce(&mut LiveOptions),
    ) -> Self {
        let connector = vendor.connector().expect("the component");
        let description = connector.call(NoHttp, Limits::default()).describe().await;
        let mut options = LiveOptions {
            certificate_authorities: vec![ca_pem.to_owned()],
            ..LiveOptions::default()
        };
        options.retries.first_pause = Duration::from_millis(10);
        change(&mut options);
        let description = description.expect("a description");
        let policy =
            Policy::new(connector.digest(), &description, &settings, &policy).expect("a policy");
        Self {
            connector,
            settings,
            policy,
            options,
            pools: Pools::default(),
            between: None,
        }
    }

    /// The same site over connections of its own.
    pub(super) fn with_new_connections(&self) -> Live {
        Live::new(&self.policy, &self.options, &Pools::default()).expect("a backend")
    }

    pub(super) fn live(&self) -> Live {
        Live::new(&self.policy, &self.options, &self.pools).expect("a backend")
    }

    pub(super) fn call(&self) -> psa_host::Call {
        self.call_within(Limits::default())
    }

    pub(super) fn call_over(&self, http: impl psa_host::Http + 'static) -> psa_host::Call {
        self.connector.call(http, Limits::default())
    }

    pub(super) fn call_within(&self, limits: Limits) -> psa_host::Call {
        match &self.between {
            Some(between) => self.connector.call(Boxed(between(self.live())), limits),
            None => self.connector.call(self.live(), limits),
        }
    }

    pub(super) async fn create(&self, draft: TicketDraft) -> Result<CreatedTicket, ConnectorError> {
        let result = self.call().create_ticket(self.settings.clone(), draft);
        result.await.map_err(connectors_own)
    }

    pub(super) async fn add_note(&self, note: NoteDraft) -> Result<CreatedNote, ConnectorError> {
        let result = self.call().add_note(self.settings.clone(), note);
        result.await.map_err(connectors_own)
    }

    pub(super) async fn set_status(
        &self,
        change: StatusChange,
    ) -> Result<ChangedTicket, ConnectorError> {
        let result = self.call().set_status(self.settings.clone(), change);
        result.await.map_err(connectors_own)
    }

    pub(super) async fn companies(&self, limit: u32) -> Result<Vec<String>, ConnectorError> {
        let query = CompanyQuery {
            limit: Some(limit),
            ..CompanyQuery::default()
        };
        let page = self.call().list_companies(self.settings.clone(), query);
        let page = page.await.map_err(connectors_own)?;
        Ok(page
            .companies
            .into_iter()
            .map(|company| company.id)
            .collect())
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
        company_id: "2".to_owned(),
        summary: "Blocked: bad.example.com".to_owned(),
        reference: reference.map(str::to_owned),
        ..TicketDraft::default()
    }
}
