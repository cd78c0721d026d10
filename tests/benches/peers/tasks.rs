//! The tasks through the library, as a platform does them: `tasks COMPONENT SITE TASK [NUMBER]`. `SITE` is a file with what
//! `stand_in` printed. It prints how many records it has in hand at the end.
//!
//! All of what `psa-host` cannot do here: tickets in one process, with the connector loaded, and Autotask, whose hosts the
//! stand-in plays at a port of its own.

use std::collections::BTreeMap;
use std::fs;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Instant;

use anyhow::{Context as _, Result, bail, ensure};
use psa_host::contract::{BoardSelection, CompanyQuery, Creation, Request, Setting, TicketDraft};
use psa_host::{
    Answers, Call, CodeCache, Connector, Http, Limits, Live, LiveOptions, NoHttp, PacingSource,
    Policy, PolicyOptions, Pools, Resolution,
};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Site {
    settings: BTreeMap<String, String>,
    ca_pem: String,
    port: u16,
    /// Hosts of the vendor that are found at the port.
    hosts: Vec<String>,
    draft: BTreeMap<String, String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [component, site, task, number @ ..] = arguments.as_slice() else {
        bail!("COMPONENT SITE TASK [NUMBER]");
    };
    let site: Site = serde_json::from_str(&fs::read_to_string(site)?).context("SITE")?;
    let settings: Vec<Setting> = (site.settings.iter())
        .map(|(name, value)| Setting {
            name: name.clone(),
            value: value.clone(),
        })
        .collect();
    let call = caller(component, &site, &settings).await?;
    let count = match task.as_str() {
        "verify" => {
            let verified = call()?.verify(settings, Vec::new()).await?;
            usize::from(verified.is_complete)
        }
        "boards" => {
            let all = BoardSelection::All;
            let metadata = call()?.list_board_metadata(settings, all).await?;
            metadata.boards.len()
        }
        "companies" => list_companies(call, &settings).await?,
        "tickets" => {
            let number = number.first().context("no NUMBER")?.parse()?;
            open_tickets(call, &settings, &site.draft, number).await?
        }
        _ => bail!("no task {task}"),
    };
    println!("{count}");
    Ok(())
}

/// Makes calls, each in a fresh sandbox, all over the same connections.
async fn caller(
    component: &str,
    site: &Site,
    settings: &[Setting],
) -> Result<impl Fn() -> Result<Call> + use<>> {
    let cache = CodeCache::of_the_user().context("no HOME")?;
    let connector = Connector::from_file_cached(component, &cache)?;
    let description = connector.call(NoHttp, Limits::default()).describe().await?;
    let port = site.port;
    let resolve = site.hosts.iter().map(|host| Resolution {
        host: host.clone(),
        port,
        addresses: vec![IpAddr::V4(Ipv4Addr::LOCALHOST)],
    });
    let options = LiveOptions {
        certificate_authorities: vec![site.ca_pem.clone()],
        resolve: resolve.collect(),
        ..LiveOptions::default()
    };
    let policy_options = PolicyOptions {
        allow_hosts: (site.hosts.iter())
            .map(|host| format!("{host}:{port}"))
            .collect(),
        allow_private_networks: true,
        // What is measured is the time that sending takes, not the time that is waited.
        pacing: PacingSource::Off,
    };
    let policy = Policy::new(connector.digest(), &description, settings, &policy_options)?;
    let pools = Pools::default();
    let hosts = site.hosts.clone();
    Ok(move || {
        let live = Live::new(&policy, &options, &pools)?;
        let hosts = hosts.clone();
        Ok(connector.call(AtThePort { live, port, hosts }, Limits::default()))
    })
}

/// Sends to the port of the server what goes to one of these hosts.
struct AtThePort {
    live: Live,
    port: u16,
    hosts: Vec<String>,
}

impl Http for AtThePort {
    fn send(&mut self, mut requests: Vec<Request>, deadline: Instant) -> Answers<'_> {
        for request in &mut requests {
            for host in &self.hosts {
                let here = format!("https://{host}:{}/", self.port);
                request.url = request.url.replacen(&format!("https://{host}/"), &here, 1);
            }
        }
        self.live.send(requests, deadline)
    }
}

async fn list_companies(call: impl Fn() -> Result<Call>, settings: &[Setting]) -> Result<usize> {
    let mut companies = Vec::new();
    let mut query = CompanyQuery {
        limit: Some(10_000),
        include_inactive: true,
        ..CompanyQuery::default()
    };
    loop {
        let page = call()?.list_companies(settings.to_vec(), query.clone());
        let page = page.await?;
        companies.extend(page.companies);
        query.cursor = page.next_cursor;
        if query.cursor.is_none() {
            return Ok(companies.len());
        }
    }
}

/// One after another.
async fn open_tickets(
    call: impl Fn() -> Result<Call>,
    settings: &[Setting],
    draft: &BTreeMap<String, String>,
    number: usize,
) -> Result<usize> {
    let given = |name: &str| draft.get(name).cloned();
    let prefix = given("reference");
    for index in 0..number {
        let draft = TicketDraft {
            company_id: given("company").context("no company")?,
            board_id: given("board"),
            status_id: given("status"),
            priority_id: given("priority"),
            summary: format!("Blocked domain {index}"),
            // Of this process only: the next one opens tickets of its own.
            reference: (prefix.as_ref())
                .map(|prefix| format!("{prefix}-{}-{index:06}", std::process::id())),
            ..TicketDraft::default()
        };
        let created = call()?.create_ticket(settings.to_vec(), draft).await?;
        ensure!(created.creation == Creation::Created, "found: {index}");
    }
    Ok(number)
}
