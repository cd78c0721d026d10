//! What docs/embedding.md shows of a program that calls a connector live: it compiles, and it opens a ticket.
//! `documents/rust_blocks.rs` compares the text.

// docs/embedding.md: from here
use psa_host::contract::{CreatedTicket, Setting, TicketDraft};
use psa_host::{CallError, Connector, Pools, Tenant, TenantError, TenantOptions};

/// What the calls of all tenants share. Create one for the process.
struct ServiceDesk {
    connector: Connector,
    options: TenantOptions,
    pools: Pools,
}

impl ServiceDesk {
    /// One for each customer. It is cheap to clone and can be kept.
    async fn tenant(&self, settings: Vec<Setting>) -> Result<Tenant, TenantError> {
        Tenant::new(&self.connector, settings, self.options.clone(), &self.pools).await
    }
}

async fn create_ticket(tenant: &Tenant, draft: TicketDraft) -> Result<CreatedTicket, CallError> {
    tenant.create_ticket(draft).await
}
// docs/embedding.md: to here

use psa_host::contract::Creation;
use psa_host::{LiveOptions, PolicyOptions};
use psa_tests::mock::connectwise::{self, Server};

use crate::program::component_path;

#[tokio::test]
async fn what_the_document_shows_opens_one_ticket_for_one_reference() {
    const COMPANY: &str = "examplemsp";
    let server = Server::start(vec![connectwise::Tenant::example(COMPANY)]).expect("a server");
    let service_desk = ServiceDesk {
        connector: Connector::from_file(component_path()).expect("a connector"),
        options: TenantOptions {
            policy: PolicyOptions {
                allow_private_networks: true,
                ..PolicyOptions::default()
            },
            live: LiveOptions {
                certificate_authorities: vec![server.ca_pem.clone()],
                ..LiveOptions::default()
            },
            ..TenantOptions::default()
        },
        pools: Pools::default(),
    };
    let tenant = service_desk.tenant(server.settings(COMPANY)).await;
    let tenant = tenant.expect("a tenant");
    let draft = TicketDraft {
        company_id: "2".to_owned(),
        summary: "Blocked domain".to_owned(),
        reference: Some("alert-4711".to_owned()),
        ..TicketDraft::default()
    };
    for expected in [Creation::Created, Creation::Found] {
        let created = create_ticket(&tenant, draft.clone()).await;
        assert_eq!(created.expect("a ticket").creation, expected);
    }
    assert_eq!(server.counts().posts, 1);
}
