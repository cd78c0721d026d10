//! The stand-in for ConnectWise as a process of its own, to measure clients against: `stand_in COMPANIES BOARDS`.
//!
//! The first line that it prints is a JSON object: `settings` of its one tenant, and `ca-pem`, the certificate of the
//! authority to be trusted. For each line that it reads then, it prints its counts as JSON. It ends when there is nothing
//! more to read.

use std::collections::BTreeMap;
use std::io::{BufRead as _, stdin};

use anyhow::{Context as _, Result};
use psa_tests::mock::ServerOptions;
use psa_tests::mock::connectwise::{ConnectWise, Server, Tenant};
use serde_json::json;

/// Ids have holes, as where companies were deleted.
const ID_GAP: i64 = 3;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |what: &str| -> Result<i64> {
        let argument = arguments.next().with_context(|| format!("no {what}"))?;
        argument.parse().with_context(|| what.to_owned())
    };
    let tenant = tenant(number("COMPANIES")?, number("BOARDS")?);
    let name = tenant.company_id.clone();
    let server = Server::serve(
        ConnectWise::new(vec![tenant]).keeping_answers(),
        &ServerOptions::default(),
    )?;
    let settings = server.settings(&name);
    let settings: BTreeMap<String, String> = settings
        .into_iter()
        .map(|setting| (setting.name, setting.value))
        .collect();
    println!("{}", json!({"settings": settings, "ca-pem": server.ca_pem}));
    for line in stdin().lock().lines() {
        line?;
        server.clear_log();
        let counts = server.counts();
        let counts = json!({
            "connections": counts.connections,
            "requests": counts.requests,
            "body-bytes": counts.body_bytes,
        });
        println!("{counts}");
    }
    Ok(())
}

fn tenant(companies: i64, boards: i64) -> Tenant {
    let mut tenant = Tenant::example("examplemsp").with_boards(boards);
    tenant.companies.clear();
    let mut tenant = tenant.with_companies(companies, ID_GAP);
    for company in &mut tenant.companies {
        company.is_full = true;
    }
    tenant
}
