//! A first run without a PSA: a stand-in for one, and a source that sends alerts about blocked DNS queries. Everything is in
//! memory and gone at the end.

mod psa; // The stand-in: what the contract asks of a PSA.
mod records; // What it has: companies, boards, tickets.
mod sender; // Alerts.
mod view; // Its tickets, to look at.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::intake::{Dialect, FieldMap, SourceRules, StatusMap};
use crate::office::{Bell, Office};
use crate::policy::Timing;
use crate::secrets::{Key, Vault, VaultError};
use crate::service::{self, ServiceError};
use crate::store::{Sqlite, StoreError};
use crate::tenant::Source;
use crate::text::TextRules;

pub use psa::{GOOD_KEY, StandIn, WEAK_KEY};
pub use sender::send;
pub use view::view;

/// The name of the connector.
const CONNECTOR: &str = "stand-in";
/// The id of the tenant and of its source.
const TENANT: &str = "example-msp";
const SOURCE: &str = "protective-dns";

/// What a demonstration consists of.
pub struct Demo {
    /// With a tenant that is not set up yet, and a source.
    pub office: Office,
    /// The PSA.
    pub psa: StandIn,
    /// With which the source sends.
    pub token: String,
}

/// Why there can be none.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The vault.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// What is set up.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// Sets up everything that a person does not: they are to see the five steps. The tickets are shown below this address.
///
/// # Errors
/// [`DemoError`]
pub async fn set_up(tickets_url: &str) -> Result<Demo, DemoError> {
    let timing = timing();
    let store = Sqlite::in_memory(timing.clone())?;
    let vault = Vault::open(&Key::random(), &store).await?;
    let psa = StandIn::new(tickets_url);
    let office = Office {
        store: Arc::new(store),
        desks: Arc::new(psa.clone()),
        vault,
        clock: Clock::system(),
        timing: Arc::new(timing),
        bell: Bell::default(),
        owner: "demo".into(),
    };
    service::put_tenant(&office, TENANT, "Example MSP", CONNECTOR).await?;
    service::put_source(&office, &source()).await?;
    let token = service::make_token(&office, SOURCE, 0).await?.0;
    Ok(Demo { office, psa, token })
}

/// Short, so that a person who looks on sees everything happen.
fn timing() -> Timing {
    Timing {
        settling: Duration::from_secs(2),
        note_every: Duration::from_secs(20),
        same_event_within: Duration::from_secs(5),
        reopen_within: Duration::from_secs(600),
        shortest_pause: Duration::from_secs(1),
        longest_pause: Duration::from_secs(10),
        watch_every: Duration::from_secs(5),
        verify_every: Duration::from_secs(10),
        call_limit: Duration::from_secs(20),
        lease: Duration::from_secs(60),
        ..Timing::default()
    }
}

/// As a product with a webhook of its own sends it.
fn source() -> Source {
    let at = |pointer: &str| Some(pointer.to_owned());
    let fields = FieldMap {
        key: vec!["/client".to_owned(), "/fqdn".to_owned()],
        summary: at("/title"),
        severity: at("/severity"),
        company: at("/client"),
        occurred_at: at("/timestamp"),
        status: Some(StatusMap {
            pointer: "/status".to_owned(),
            recovered: vec!["resolved".to_owned()],
            acknowledged: Vec::new(),
        }),
        ..FieldMap::default()
    };
    Source {
        id: SOURCE.to_owned(),
        tenant: TENANT.to_owned(),
        name: "Protective DNS".to_owned(),
        rules: SourceRules {
            fields,
            ..SourceRules::of(Dialect::Generic)
        },
        text: TextRules::default(),
    }
}
