//! What docs/embedding.md shows of a program that calls a connector live: it compiles, and it opens a ticket.
//! `documents/rust_blocks.rs` compares the text.

// docs/embedding.md: from here
use std::error::Error;

use psa_host::contract::{ConnectorDescription, CreatedTicket, Setting, TicketDraft};
use psa_host::{Connector, Limits, Live, LiveOptions, NoHttp, Policy, Pools};

/// What the calls of all tenants share. Create one for the process.
struct ServiceDesk {
    connector: Connector,
    description: ConnectorDescription,
    options: LiveOptions,
    pools: Pools,
}

impl ServiceDesk {
    async fn new(component: &str, options: LiveOptions) -> Result<Self, Box<dyn Error>> {
        let connector = Connector::from_file(component)?;
        let description = connector.call(NoHttp, Limits::default()).describe().await?;
        Ok(Self {
            connector,
            description,
            options,
            pools: Pools::default(),
        })
    }

    /// The settings are those of the tenant that the ticket is for.
    async fn create_ticket(
        &self,
        settings: Vec<Setting>,
        draft: TicketDraft,
    ) -> Result<CreatedTicket, Box<dyn Error>> {
        let digest = self.connector.digest();
        let policy = Policy::new(digest, &self.description, &settings, &self.options)?;
        let http = Live::new(&policy, &self.options, &self.pools)?; // One for each call.
        let call = self.connector.call(http, Limits::default());
        Ok(call.create_ticket(settings, draft).await?)
    }
}
// docs/embedding.md: to here

use psa_host::contract::Creation;
use psa_tests::mock::connectwise::{Server, Tenant};

use crate::program::component_path;

#[tokio::test]
async fn what_the_document_shows_opens_one_ticket_for_one_reference() {
    const COMPANY: &str = "examplemsp";
    let server = Server::start(vec![Tenant::example(COMPANY)]).expect("a server");
    let options = LiveOptions {
        allow_private: true,
        certificate_authorities: vec![server.ca_pem.clone()],
        ..LiveOptions::default()
    };
    let service_desk = ServiceDesk::new(&component_path(), options).await;
    let service_desk = service_desk.expect("a connector");
    let draft = TicketDraft {
        company_id: "2".to_owned(),
        summary: "Blocked domain".to_owned(),
        reference: Some("alert-4711".to_owned()),
        ..TicketDraft::default()
    };
    for expected in [Creation::Created, Creation::Found] {
        let settings = server.settings(COMPANY);
        let created = service_desk.create_ticket(settings, draft.clone()).await;
        assert_eq!(created.expect("a ticket").creation, expected);
    }
    assert_eq!(server.counts().posts, 1);
}
