//! A host in Rust, on the library `psa-host`: makes the calls that `psa-host conform-host` asks for, and prints their results.

use std::collections::BTreeMap;
use std::env::var;
use std::error::Error;
use std::fs;
use std::time::Duration;

use psa_host::contract::{CompanyQuery, Setting, TicketDraft};
use psa_host::{
    CallError, Connector, LiveOptions, PolicyOptions, Pools, Retries, Tenant, TenantOptions,
    Timeouts,
};
use serde::Serialize;
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let connector = Connector::from_file(var("PSA_PROBE")?)?;
    let pools = Pools::default();
    let tenant = tenant_of(&connector, "PSA_SETTINGS", &pools).await?;
    let other = tenant_of(&connector, "PSA_OTHER_SETTINGS", &pools).await?;

    let query = CompanyQuery::default();
    println!("{}", shown(tenant.list_companies(query).await));
    let draft = TicketDraft {
        company_id: "1".to_owned(),
        summary: "Probe".to_owned(),
        ..TicketDraft::default()
    };
    // At the same time: each call has an instance of its own.
    let (created, found) = tokio::join!(
        tenant.create_ticket(draft),
        other.get_ticket("1".to_owned())
    );
    println!("{}\n{}", shown(created), shown(found));
    Ok(())
}

async fn tenant_of(
    connector: &Connector,
    variable: &str,
    pools: &Pools,
) -> Result<Tenant, Box<dyn Error>> {
    let settings: BTreeMap<String, String> = serde_json::from_str(&var(variable)?)?;
    let settings = settings
        .into_iter()
        .map(|(name, value)| Setting { name, value });
    let options = TenantOptions {
        policy: PolicyOptions {
            // The server is on this machine.
            allow_private_networks: true,
            ..PolicyOptions::default()
        },
        live: LiveOptions {
            certificate_authorities: vec![fs::read_to_string(var("PSA_CERTIFICATE")?)?],
            // So that the run is short.
            timeouts: Timeouts {
                connect: Duration::from_secs(2),
                request: Duration::from_secs(3),
            },
            retries: Retries {
                first_pause: Duration::from_millis(1),
                ..Retries::default()
            },
            ..LiveOptions::default()
        },
        ..TenantOptions::default()
    };
    Ok(Tenant::new(connector, settings.collect(), options, pools).await?)
}

/// A result as JSON, or an error with its code.
fn shown(result: Result<impl Serialize, CallError>) -> Value {
    match result {
        Ok(value) => json!(value),
        Err(CallError::Connector(error)) => json!({"error": error}),
        // Nothing was written, as `CallError` says of all others.
        Err(other) => json!({"error": {"code": "unavailable", "message": other.to_string()}}),
    }
}
