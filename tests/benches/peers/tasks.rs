//! A program that opens tickets one after another through the connector, as a platform does that keeps it loaded:
//! `open_tickets COMPONENT SITE NUMBER`. `SITE` is a file with what `stand_in` printed. It prints how many were opened.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context as _, Result, ensure};
use psa_host::contract::{Creation, Setting, TicketDraft};
use psa_host::{
    CodeCache, Connector, Limits, Live, LiveOptions, NoHttp, PacingSource, Policy, PolicyOptions,
    Pools,
};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Site {
    settings: BTreeMap<String, String>,
    ca_pem: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [component, site, number] = arguments.as_slice() else {
        anyhow::bail!("COMPONENT SITE NUMBER");
    };
    let number: usize = number.parse().context("NUMBER")?;
    let site: Site = serde_json::from_str(&fs::read_to_string(site)?).context("SITE")?;
    let settings: Vec<Setting> = site
        .settings
        .into_iter()
        .map(|(name, value)| Setting { name, value })
        .collect();

    let cache = CodeCache::of_the_user().context("no HOME")?;
    let connector = Connector::from_file_cached(component, &cache)?;
    let description = connector.call(NoHttp, Limits::default()).describe().await?;
    let options = LiveOptions {
        certificate_authorities: vec![site.ca_pem],
        ..LiveOptions::default()
    };
    let policy_options = PolicyOptions {
        allow_private_networks: true,
        // What is measured is the time that sending takes, not the time that is waited.
        pacing: PacingSource::Off,
        ..PolicyOptions::default()
    };
    let policy = Policy::new(connector.digest(), &description, &settings, &policy_options)?;
    let pools = Pools::default();
    for index in 0..number {
        let draft = TicketDraft {
            company_id: "3".to_owned(),
            board_id: Some("1".to_owned()),
            summary: format!("Blocked domain {index}"),
            ..TicketDraft::default()
        };
        let live = Live::new(&policy, &options, &pools)?;
        let call = connector.call(live, Limits::default());
        let created = call.create_ticket(settings.clone(), draft).await?;
        ensure!(created.creation == Creation::Created, "found: {index}");
    }
    println!("{number}");
    Ok(())
}
