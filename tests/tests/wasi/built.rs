//! What `make wasi` built, which must come from the sources as they are.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result, ensure};
use psa_host::contract::http::Answer;
use psa_host::contract::{ConnectorDescription, Request};
use psa_tests::{Vendor, bytes_built_from, source_digest, workspace};
use psa_toolkit::ServiceDesk as _;
use wasmtime::component::InstancePre;
use wasmtime::{Store, format_err};

use crate::host::{Host, Network, State, linked, of_wasmtime};

/// The service around a connector, compiled once in a process.
pub(crate) fn host(vendor: &Vendor, network: Arc<dyn Network>) -> Result<Host> {
    static COMPILED: Mutex<BTreeMap<&str, Host>> = Mutex::new(BTreeMap::new());
    let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    let host = match compiled.get(vendor.name) {
        Some(host) => host.clone(),
        None => Host::new(&service(vendor)?, network.clone())?,
    };
    compiled.insert(vendor.name, host.clone());
    Ok(host.with(&[], network))
}

/// Calls the adapter alone, behind a connector that advises so many requests at once.
pub(crate) async fn send(
    network: Arc<dyn Network>,
    requests: Vec<Request>,
    at_once: u32,
) -> Result<Vec<Answer>> {
    static COMPILED: Mutex<BTreeMap<u32, InstancePre<State>>> = Mutex::new(BTreeMap::new());
    let adapter = {
        let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
        let adapter = match compiled.get(&at_once) {
            Some(adapter) => adapter.clone(),
            None => {
                let parts = [adapter()?, psa_compose::pacing(at_once)?];
                of_wasmtime(linked(&psa_compose::compose(&parts)?))?
            }
        };
        compiled.insert(at_once, adapter.clone());
        adapter
    };
    let mut store = Store::new(adapter.engine(), State::new(&[], network));
    let answers = async {
        let instance = adapter.instantiate_async(&mut store).await?;
        let http = instance.get_export_index(&mut store, None, "psa:connector/http@0.2.0");
        let send = instance.get_export_index(&mut store, http.as_ref(), "send");
        let send = send.ok_or_else(|| format_err!("the adapter has no `send`"))?;
        let send = instance.get_typed_func::<(Vec<Request>,), (Vec<Answer>,)>(&mut store, &send)?;
        send.call_async(&mut store, (requests,)).await
    };
    Ok(of_wasmtime(answers.await)?.0)
}

fn adapter() -> Result<Vec<u8>> {
    part("psa-wasi-http", "wasi/parts/adapter.wasm")
}

/// The service around a connector.
pub(crate) fn service(vendor: &Vendor) -> Result<Vec<u8>> {
    let connector = part(vendor.package, vendor.component)?;
    let path = format!("target/wasi/{}-service.wasm", vendor.name);
    around(connector, &vendor.description(), &path)
}

/// The service around the probe of `psa-host conform-host`, and where it is.
pub(crate) fn probe() -> Result<PathBuf> {
    const PATH: &str = "target/wasi/parts/probe.wasm";
    let probe = part("probe-psa", "probe-psa.wasm")?;
    around(probe, &probe_psa::Probe::describe(), PATH)?;
    Ok(workspace().join(PATH))
}

fn around(connector: Vec<u8>, description: &ConnectorDescription, path: &str) -> Result<Vec<u8>> {
    let at_once = description.pacing.concurrent_requests;
    let parts = [
        part("psa-service", "wasi/parts/service.wasm")?,
        part("psa-json", "json/parts/front.wasm")?,
        connector,
        adapter()?,
        psa_compose::pacing(at_once.unwrap_or(MOST_AT_ONCE))?,
    ];
    let built = std::fs::read(workspace().join(path)).context(ADVICE)?;
    ensure!(
        built == psa_compose::compose(&parts)?,
        "{path} was not built from what is beside it; {ADVICE}"
    );
    Ok(built)
}

/// Of the adapter, whatever a connector advises.
pub(crate) const MOST_AT_ONCE: u32 = 16;

const ADVICE: &str = "run `make wasi`, then repeat";

fn part(package: &'static str, path: &str) -> Result<Vec<u8>> {
    let sources = source_digest(package)?;
    bytes_built_from(&workspace(), path, &sources).context(ADVICE)
}
