//! What docs/embedding.md shows of a program that calls a connector live: it compiles, and it opens a ticket.
//! `documents/rust_blocks.rs` compares the text.

// docs/embedding.md: from here
use std::path::Path;
use std::sync::Arc;

use psa_host::contract::{ConnectorDescription, CreatedTicket, Setting, TicketDraft};
use psa_host::{
    CallError, Connector, Limits, LoadError, NoHttp, Pools, Tenant, TenantError, TenantOptions,
};

/// What the calls of all tenants share. Create one for each connector and keep it.
struct ServiceDesk {
    connector: Connector,
    options: TenantOptions,
    pools: Pools,
}

impl ServiceDesk {
    fn load(component: &Path, options: TenantOptions) -> Result<Self, LoadError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        Ok(Self {
            connector: Connector::from_file(component)?,
            options,
            pools: Pools::with_crypto_provider(provider),
        })
    }

    /// The settings to ask the customer for, and more. Sends nothing.
    async fn describe(&self) -> Result<ConnectorDescription, CallError> {
        let call = self.connector.call(NoHttp, Limits::default());
        call.describe().await
    }

    /// The hosts that the connector needs with these settings. Sends nothing.
    async fn origins(&self, settings: Vec<Setting>) -> Result<Vec<String>, CallError> {
        let call = self.connector.call(NoHttp, Limits::default());
        Ok(call.origins(settings).await?.origins)
    }

    /// One for each customer. It is cheap to clone and can be kept.
    async fn tenant(&self, settings: Vec<Setting>) -> Result<Tenant, TenantError> {
        Tenant::new(&self.connector, settings, self.options.clone(), &self.pools).await
    }
}

async fn create_ticket(tenant: &Tenant, draft: TicketDraft) -> Result<CreatedTicket, CallError> {
    tenant.create_ticket(draft).await
}

/// For the person who can correct it. No text of an error contains a key.
fn explain(error: &CallError) -> String {
    let hint = match error {
        CallError::Connector(error) => error.hint.as_deref().unwrap_or_default(),
        _ => "",
    };
    format!("{error}\n{hint}")
}
// docs/embedding.md: to here

// docs/embedding.md, the cache: from here
/// `cache`: `CodeCache::of_the_user()`, which is none if the user has no home; or `CodeCache::at` a folder.
fn load_cached(component: &Path, cache: Option<CodeCache>) -> Result<Connector, LoadError> {
    match cache {
        Some(cache) => Connector::from_file_cached(component, &cache),
        None => Connector::from_file(component),
    }
}
// docs/embedding.md, the cache: to here

use psa_host::contract::Creation;
use psa_host::{CodeCache, LiveOptions, PolicyOptions};
use psa_tests::mock::connectwise::{self, Server};

use crate::program::component_path;

#[tokio::test]
async fn what_the_document_shows_opens_one_ticket_for_one_reference() {
    const COMPANY: &str = "examplemsp";
    let server = Server::start(vec![connectwise::Tenant::example(COMPANY)]).expect("a server");
    let options = TenantOptions {
        policy: PolicyOptions {
            allow_private_networks: true,
            ..PolicyOptions::default()
        },
        live: LiveOptions {
            certificate_authorities: vec![server.ca_pem.clone()],
            ..LiveOptions::default()
        },
        ..TenantOptions::default()
    };
    let service_desk =
        ServiceDesk::load(Path::new(&component_path()), options).expect("a connector");
    let description = service_desk.describe().await.expect("a description");
    assert_eq!(description.vendor, "ConnectWise PSA");
    let settings = server.settings(COMPANY);
    let origins = service_desk.origins(settings.clone()).await;
    assert_eq!(origins.expect("origins").len(), 1);
    let tenant = service_desk.tenant(settings).await.expect("a tenant");
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

    let error = create_ticket(&tenant, TicketDraft::default()).await;
    let text = explain(&error.expect_err("an empty draft"));
    assert!(text.starts_with("invalid-input: "), "{text}");
}

#[test]
fn what_the_document_shows_of_the_cache_keeps_the_compiled_connector() {
    let folder = tempfile::tempdir().expect("a folder");
    let cache = Some(CodeCache::at(folder.path()));
    load_cached(Path::new(&component_path()), cache).expect("a connector");
    let kept = folder.path().read_dir().expect("a folder").count();
    assert_eq!(kept, 1);
}
