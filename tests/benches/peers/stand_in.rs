//! The stand-in for a vendor as a process of its own, to measure clients against: `stand_in VENDOR COMPANIES BOARDS`. How many
//! boards there are is said to ConnectWise only.
//!
//! The first line that it prints is a JSON object: `settings` of its one tenant; `ca-pem`, the certificate of the authority to
//! be trusted; its `port`; `hosts`, names of the vendor that are to be found there; and `draft`, what a ticket needs. For each
//! line that it reads then, it prints its counts as JSON. It ends when there is nothing more to read.

use std::collections::BTreeMap;
use std::io::{BufRead as _, stdin};

use anyhow::{Context as _, Result, bail};
use psa_host::contract::Setting;
use psa_tests::mock::{Server, ServerOptions, Service, autotask, connectwise, halopsa};
use serde_json::{Value, json};

/// Ids have holes, as where companies were deleted.
const ID_GAP: i64 = 3;
const AUTOTASK_USER: &str = "api@riverside-msp.example";
/// Of HaloPSA's tenant, for clients that know no other form.
const HALOPSA_HOST: &str = "example.halopsa.com";

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let vendor = arguments.next().context("no VENDOR")?;
    let mut number = |what: &str| -> Result<i64> {
        let argument = arguments.next().with_context(|| format!("no {what}"))?;
        argument.parse().with_context(|| what.to_owned())
    };
    let (companies, boards) = (number("COMPANIES")?, number("BOARDS")?);
    match vendor.as_str() {
        "connectwise" => of_connectwise(companies, boards),
        "halopsa" => of_halopsa(companies),
        "autotask" => of_autotask(companies),
        _ => bail!("no vendor {vendor}"),
    }
}

fn of_connectwise(companies: i64, boards: i64) -> Result<()> {
    let mut tenant = connectwise::Tenant::example("examplemsp").with_boards(boards);
    tenant.companies.clear();
    let mut tenant = tenant.with_companies(companies, ID_GAP);
    for company in &mut tenant.companies {
        company.is_full = true;
    }
    let name = tenant.company_id.clone();
    let service = connectwise::ConnectWise::new(vec![tenant]).keeping_answers();
    let server = Server::serve(service, &ServerOptions::default())?;
    let draft = json!({"company": "3", "board": "1"});
    serve(&server, server.settings(&name), &[], &draft)
}

fn of_halopsa(companies: i64) -> Result<()> {
    let mut tenant = halopsa::Tenant::example("example");
    tenant.clients = companies;
    let mut options = ServerOptions::default();
    options.names.push(HALOPSA_HOST.to_owned());
    let server = halopsa::Server::start(tenant, &options)?;
    let draft = json!({"company": "12", "reference": "alert"});
    serve(&server, server.settings(), &[], &draft)
}

fn of_autotask(companies: i64) -> Result<()> {
    let tenant = autotask::Tenant::example(AUTOTASK_USER);
    let own = tenant.rows("Companies").count();
    let others = usize::try_from(companies)?.saturating_sub(own);
    let server = autotask::Server::start(vec![tenant.with_companies(others, ID_GAP)])?;
    let draft = json!({"company": "250", "board": "8", "status": "1", "priority": "2", "reference": "alert"});
    let settings = server.settings(AUTOTASK_USER);
    serve(&server, settings, &autotask::HOSTS, &draft)
}

fn serve<S: Service>(
    server: &Server<S>,
    settings: Vec<Setting>,
    hosts: &[&str],
    draft: &Value,
) -> Result<()> {
    let settings: BTreeMap<String, String> = settings
        .into_iter()
        .map(|setting| (setting.name, setting.value))
        .collect();
    let port = server.address.port();
    let site = json!({
        "settings": settings, "ca-pem": server.ca_pem, "port": port, "hosts": hosts, "draft": draft,
    });
    println!("{site}");
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
