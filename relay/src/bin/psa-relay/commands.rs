//! What each command does. All but `serve` work beside a relay that runs.

use std::path::Path;

use clap::CommandFactory as _;
use psa_relay::configuration::Configuration;
use psa_relay::office::Office;
use psa_relay::service;
use psa_relay::start::open;
use psa_relay::store::CaseFilter;
use psa_relay::tenant::Pause;

use crate::arguments::{Arguments, Command};
use crate::output::{Failure, print};
use crate::{demo, run};

pub(crate) async fn perform(arguments: Arguments) -> Result<(), Failure> {
    let configuration = match &arguments.config {
        Some(path) => Configuration::from_file(path)?,
        None => Configuration::default(),
    };
    match arguments.command {
        Command::Serve => return run::run(&configuration).await,
        Command::Demo { port } => return demo::run(port).await,
        Command::Share { folder } => {
            return Ok(psa_release::write_share(Arguments::command(), &folder)?);
        }
        _ => {}
    }
    let office = open(&configuration).await?.office;
    let page = configuration.page.url();
    let result = beside(&office, &page, arguments.command).await;
    office.store.close().await;
    result
}

async fn beside(office: &Office, page_url: &str, command: Command) -> Result<(), Failure> {
    match command {
        Command::Serve | Command::Demo { .. } | Command::Share { .. } => Ok(()),
        Command::Link { page } => {
            let page = page.as_deref().unwrap_or(page_url);
            let secret = service::make_page_link(office).await?;
            print(&format!("{}/link/{}", page.trim_end_matches('/'), secret.0))
        }
        Command::Status { json } => status(office, json).await,
        Command::Export => {
            let exported = service::export(office).await?;
            print(&serde_json::to_string_pretty(&exported)?)
        }
        Command::Import { file } => import(office, &file).await,
        Command::Token { source, place } => {
            let token = service::make_token(office, &source, place).await?;
            print(&token.0)
        }
        Command::Check {
            tenant,
            company,
            ticket,
            skip_ticket,
            enable,
        } => {
            let ticket = ticket.as_deref();
            check(office, &tenant, &company, (ticket, skip_ticket), enable).await
        }
        Command::Retry { tenant } => {
            let count = service::retry_all(office, &tenant).await?;
            print(&format!(
                "to be tried again: {}",
                counted(count as u64, "case")
            ))
        }
    }
}

async fn status(office: &Office, json: bool) -> Result<(), Failure> {
    let health = service::health(office).await?;
    if json {
        let tenants = health.iter().map(|it| {
            serde_json::json!({
                "id": it.tenant.id,
                "name": it.tenant.name,
                "is-enabled": it.tenant.is_enabled,
                "pause": it.pause,
                "cases": it.cases.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(),
            })
        });
        let tenants: Vec<serde_json::Value> = tenants.collect();
        return print(&serde_json::to_string_pretty(&tenants)?);
    }
    if health.is_empty() {
        return print("nothing is set up yet; `psa-relay link` prints a link to the page");
    }
    for it in &health {
        let switch = if it.tenant.is_enabled {
            "enabled"
        } else {
            "not enabled"
        };
        print(&format!("{} ({}): {switch}", it.tenant.id, it.tenant.name))?;
        match &it.pause {
            Some(Pause::Paused { parked, .. }) => {
                print(&format!("  paused, {}: {}", parked.reason, parked.message))?;
            }
            Some(Pause::Waits { until }) => print(&format!("  waits until {until}"))?,
            None => {}
        }
        for (state, count) in &it.cases {
            print(&format!("  {state:10} {count}"))?;
        }
        let parked = CaseFilter {
            tenant: Some(it.tenant.id.clone()),
            states: vec!["parked".to_owned()],
            limit: Some(20),
            ..CaseFilter::default()
        };
        for stored in office.store.cases(&parked).await? {
            if let psa_relay::case::State::Parked(parked) = &stored.case.state {
                let (key, reason) = (&stored.case.key, &parked.reason);
                print(&format!("  parked: {key}: {reason}: {}", parked.message))?;
            }
        }
    }
    Ok(())
}

async fn import(office: &Office, file: &Path) -> Result<(), Failure> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
    let is_toml = file
        .extension()
        .is_some_and(|extension| extension == "toml");
    let exported: Result<service::Exported, String> = if is_toml {
        toml::from_str(&text).map_err(|error| error.to_string())
    } else {
        serde_json::from_str(&text).map_err(|error| {
            format!(
                "it is not JSON of an export: {error}. The name of a file in TOML ends in .toml"
            )
        })
    };
    let exported = exported.map_err(|error| format!("{}: {error}", file.display()))?;
    let imported = service::import(office, exported).await?;
    let (tenants, sources) = (imported.tenants as u64, imported.sources as u64);
    print(&format!(
        "set up: {}, {}",
        counted(tenants, "tenant"),
        counted(sources, "source")
    ))?;
    if imported.cases + imported.cases_here_already > 0 {
        print(&format!(
            "taken in: {}; here already, and left as they are: {}",
            counted(imported.cases, "case"),
            imported.cases_here_already
        ))?;
    }
    for tenant in imported.not_enabled {
        print(&format!(
            "{tenant} is not enabled: to turn its tickets on, run\n  psa-relay check {tenant} --company ID --skip-ticket --enable"
        ))?;
    }
    Ok(())
}

fn counted(number: u64, one: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {one}{ending}")
}

async fn check(
    office: &Office,
    tenant: &str,
    company: &str,
    (ticket, skip_ticket): (Option<&str>, bool),
    enable: bool,
) -> Result<(), Failure> {
    let verification = service::verify(office, tenant).await?;
    let account = verification.account.as_deref().unwrap_or("the credentials");
    if !verification.is_complete {
        for check in &verification.checks {
            if check.state == psa_relay::contract::PermissionState::Missing {
                let message = check.message.as_deref().unwrap_or_default();
                print(&format!("missing: {}: {message}", check.permission_id))?;
            }
        }
        return Err(format!("{account}: permissions are missing").into());
    }
    print(&format!("{account}: verified"))?;
    match ticket {
        Some(id) => match service::read_ticket(office, tenant, id).await? {
            Some(ticket) => print(&format!("ticket #{}: {}", ticket.number, ticket.summary))?,
            None => return Err(format!("there is no ticket {id}, or it cannot be seen").into()),
        },
        None if skip_ticket => service::mark_ticket_read(office, tenant).await?,
        None => {}
    }
    let (_, checked) = service::check_ticket(office, tenant, company).await?;
    if !checked.objections.is_empty() {
        for objection in &checked.objections {
            let field = objection.field.as_deref().unwrap_or("ticket");
            print(&format!("{field}: {}", objection.message))?;
        }
        return Err("a sample ticket would not be accepted".into());
    }
    print("a sample ticket would be accepted")?;
    if enable {
        service::enable(office, tenant, true).await?;
        print("tickets are turned on")?;
    }
    Ok(())
}
