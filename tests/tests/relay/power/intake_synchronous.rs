//! The intake of a relay that is set up, with another waiting for the disk than the program has: for the test that shows what
//! it is for. `intake_synchronous normal|full relay.toml`

use std::path::Path;
use std::sync::Arc;

use psa_host::TenantOptions;
use psa_relay::clock::Clock;
use psa_relay::configuration::Configuration;
use psa_relay::connectors::Connectors;
use psa_relay::office::{Bell, Office};
use psa_relay::secrets::{Key, Vault};
use psa_relay::serve::{Listeners, serve};
use psa_relay::store::{Sqlite, SqliteOptions, Synchronous};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [synchronous, configuration] = arguments.as_slice() else {
        return Err("two arguments are needed: normal or full, and the configuration".into());
    };
    let synchronous = match synchronous.as_str() {
        "normal" => Synchronous::Normal,
        "full" => Synchronous::Full,
        other => return Err(format!("{other} is neither normal nor full").into()),
    };
    let configuration = Configuration::from_file(Path::new(configuration))?;
    let folder = configuration.data_folder();
    let timing = configuration.timing.clone();
    let options = SqliteOptions {
        timing: timing.clone(),
        synchronous,
    };
    let store = Sqlite::open(&folder.join("relay.db"), options)?;
    let (key, _) = Key::find(None, &folder)?;
    let office = Office {
        vault: Vault::open(&key, &store).await?,
        store: Arc::new(store),
        desks: Arc::new(Connectors::new(TenantOptions::default())),
        clock: Clock::system(),
        timing: Arc::new(timing),
        bell: Bell::default(),
        owner: "intake".into(),
    };
    let listeners = Listeners {
        intake: TcpListener::bind(configuration.intake.listen).await?,
        certificates: None,
        operation: None,
        page: None,
    };
    let (stop, stopped) = watch::channel(false);
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::spawn(async move {
        terminate.recv().await;
        let _ = stop.send(true);
    });
    serve(office, listeners, stopped).await;
    Ok(())
}
