//! `psa-host verify`: what the credentials can do. `verify_all.rs` does the same for every tenant of a file.

use clap::Args;
use psa_conformance::OF_EVERY_CONNECTOR;
use psa_host::contract::{ConnectorDescription, Operation, Verification};

use crate::connection::Connection;
use crate::failure::Failure;
use crate::output::Output;
use crate::tenant::Tenant;
use crate::{csv, exit, verification};

#[derive(Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    pub(crate) connection: Connection,
    /// The functions that must be ready, separated by commas, or `all`. Only the permissions that they need are checked,
    /// and decide about the exit code [default: the functions that every connector has]
    #[arg(long = "for", value_name = "FUNCTIONS", value_delimiter = ',', value_parser = needed)]
    needed: Vec<Needed>,
    /// Verify every tenant of the settings file, and print one table
    #[arg(long, requires = "settings", conflicts_with_all = ["tenant", "record"])]
    pub(crate) all_tenants: bool,
}

/// One value of `--for`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Needed {
    One(Operation),
    All,
}

pub(crate) async fn run(command: Verify) -> Result<Output, Failure> {
    let tenant = Tenant::open(&command.connection, false).await?;
    tenant.end(one(&tenant, &command).await)
}

async fn one(tenant: &Tenant, command: &Verify) -> Result<Output, Failure> {
    let needed = command.functions(&tenant.description);
    let found = verify(tenant, &needed).await?;
    Output::new(
        tenant.format,
        &found,
        |width| verification::verification(&found, &tenant.description, &needed, width),
        || csv::verification(&found, &tenant.description),
        if found.is_complete {
            exit::SUCCESS
        } else {
            exit::PERMISSION_MISSING
        },
    )
}

pub(crate) async fn verify(tenant: &Tenant, needed: &[Operation]) -> Result<Verification, Failure> {
    tenant
        .call()?
        .verify(tenant.settings.clone(), needed.to_vec())
        .await
        .map_err(|error| tenant.failure(error))
}

impl Verify {
    /// The functions that must be ready.
    pub(crate) fn functions(&self, description: &ConnectorDescription) -> Vec<Operation> {
        if self.needed.contains(&Needed::All) {
            return description.operations.clone();
        }
        let named = self.needed.iter().filter_map(|needed| match needed {
            Needed::One(operation) => Some(*operation),
            Needed::All => None,
        });
        let named: Vec<Operation> = named.collect();
        if named.is_empty() {
            OF_EVERY_CONNECTOR.to_vec()
        } else {
            named
        }
    }
}

fn needed(name: &str) -> Result<Needed, String> {
    if name == "all" {
        return Ok(Needed::All);
    }
    let operation = Operation::ALL.iter().find(|known| known.name() == name);
    operation.copied().map(Needed::One).ok_or_else(|| {
        let names: Vec<&str> = Operation::ALL.iter().map(|known| known.name()).collect();
        format!("expected `all` or some of {}", names.join(", "))
    })
}
