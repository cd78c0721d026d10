//! A host of `wasi:http`, on wasmtime, for `psa-host conform-host`: serves the probe as `wasmtime serve` serves a connector, makes
//! the calls as a caller of the service does, and prints their results.
//!
//! Beyond what `wasmtime serve` does, it trusts the authority of the kit, has shorter limits of time, and lets the service reach
//! no server but its `origins`. `wasi_host any-origin` does without that rule, as `wasmtime serve` does.

#[expect(dead_code, reason = "the tests use more of it")]
mod host;
mod tls;

use std::collections::{BTreeMap, BTreeSet};
use std::env::{args, var};
use std::error::Error;
use std::fs;
use std::sync::Arc;
use std::time::Duration;

use psa_host::contract::Setting;
use serde_json::{Value, json};
use wasmtime_wasi_http::WasiBody;

use host::{Host, Network, Sent};
use tls::Tls;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let any_origin = args().nth(1).as_deref() == Some("any-origin");
    let authority = fs::read_to_string(var("PSA_CERTIFICATE")?)?;
    // So that the run is short.
    let tls = Tls::new(&authority, Duration::from_secs(2), Duration::from_secs(3));
    let tls = Arc::new(tls);
    let host = Host::new(&fs::read(var("PSA_PROBE")?)?, tls.clone())?;
    let mut tenants = Vec::new();
    for variable in ["PSA_SETTINGS", "PSA_OTHER_SETTINGS"] {
        let settings = settings_of(&var(variable)?)?;
        let tenant = host.with(&settings, tls.clone());
        tenants.push(if any_origin {
            tenant
        } else {
            let origins = tenant.call("origins", &json!({})).await?.body;
            let allowed = serde_json::from_value(origins["origins"].clone())?;
            let tls = tls.clone();
            host.with(&settings, Arc::new(Confined { allowed, tls }))
        });
    }
    let [first, other] = &tenants[..] else {
        unreachable!("there are two");
    };
    let draft = json!({"draft": {"company-id": "1", "summary": "Probe"}});
    let companies = call(first, "list-companies", json!({"query": {}})).await;
    // At the same time: each call has an instance of its own.
    let (created, found) = tokio::join!(
        call(first, "create-ticket", draft),
        call(other, "get-ticket", json!({"id": "1"}))
    );
    println!("{companies}\n{created}\n{found}");
    Ok(())
}

fn settings_of(text: &str) -> Result<Vec<Setting>, serde_json::Error> {
    let settings: BTreeMap<String, String> = serde_json::from_str(text)?;
    let settings = settings
        .into_iter()
        .map(|(name, value)| Setting { name, value });
    Ok(settings.collect())
}

/// A result, or an error with its code. A call that the host ended has neither, whatever it answers in its place: of a function
/// that only reads, nothing was written.
async fn call(tenant: &Host, function: &str, arguments: Value) -> Value {
    let writes = function == "create-ticket";
    match tenant.call(function, &arguments).await {
        Ok(answered) => answered
            .outcome()
            .unwrap_or_else(|error| json!({"error": error})),
        Err(_) if writes => json!({"error": {"code": "outcome-unknown"}}),
        Err(_) => json!({"error": {"code": "unavailable"}}),
    }
}

/// The network, as far as the connector says that it needs it.
struct Confined {
    allowed: BTreeSet<String>,
    tls: Arc<Tls>,
}

impl Network for Confined {
    fn send(&self, request: http::Request<WasiBody>) -> Sent {
        let uri = request.uri();
        let authority = uri.authority().map_or("", |authority| authority.as_str());
        if self.allowed.contains(&format!("https://{authority}")) {
            return self.tls.send(request);
        }
        Box::pin(async { Err(wasmtime_wasi_http::Error::HttpRequestDenied) })
    }
}
