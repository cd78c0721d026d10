//! What the suites share: the vendors, and running a case in the sandbox. The suites themselves are in `tests/`, the cases in
//! `cases/`, a folder for each vendor and in it one for each operation.

pub mod companies;
pub mod mock;
#[cfg(unix)]
pub mod postgresql;
mod tools;
mod vendor;

pub use psa_native::{Core, Outcome, Send, check, workspace};
pub use tools::{fetched_tool, tool};
pub use vendor::{AUTOTASK, CONNECTWISE, HALOPSA, SAMPLE, VENDORS, Vendor};

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, ensure};
use proptest::test_runner::{Config as ProptestConfig, RngSeed};
use psa_conformance::perform;
use psa_host::contract::Setting;
use psa_host::{CallError, Connector, Http, Limits};
use psa_recording::{Case, Input, Replay};
use serde_json::Value;

/// Every file that ends in `.json`, sorted.
///
/// # Errors
/// A folder cannot be read.
pub fn json_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(json_files(&path)?);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Settings that are in order, of a tenant that does not exist.
#[must_use]
pub fn settings() -> Vec<Setting> {
    [
        ("site", "na.myconnectwise.net"),
        ("company-id", "examplemsp"),
        ("public-key", "PubKeyOfExample1"),
        ("private-key", "PrivKeyOfExample"),
        ("client-id", "6f1b7a52-0c3d-4e58-9a76-2d4c8b1e9f30"),
    ]
    .map(|(name, value)| Setting {
        name: name.to_owned(),
        value: value.to_owned(),
    })
    .to_vec()
}

/// So many inputs of a property, the same in every run: a run that fails tells of the change that it was run for. At
/// [full size](is_full_size) ten times as many, and others each time: there new ones are looked for. No file is kept of those
/// that failed: the failure prints its input.
#[must_use]
pub fn few(cases: u32) -> ProptestConfig {
    let (cases, rng_seed) = if is_full_size() {
        (cases * 10, RngSeed::Random)
    } else {
        (cases, RngSeed::Fixed(1))
    };
    ProptestConfig {
        cases,
        rng_seed,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Whether long tests run whole: with `PSA_FULL_SIZE` set, as `make prove` sets it.
#[must_use]
pub fn is_full_size() -> bool {
    std::env::var_os("PSA_FULL_SIZE").is_some()
}

/// How often a long test does what it does: a tenth of it, or all at [full size](is_full_size).
#[must_use]
pub fn repeats(full_size: usize) -> usize {
    if is_full_size() {
        full_size
    } else {
        full_size / 10
    }
}

/// The features of `broken/`: each makes a connector that is broken in the way that the name says.
///
/// # Errors
/// Its manifest cannot be read.
pub fn broken_connectors() -> Result<Vec<String>> {
    let path = workspace().join("tests/broken/Cargo.toml");
    let manifest = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let features = manifest
        .lines()
        .filter_map(|line| line.strip_suffix(" = []"));
    Ok(features.map(str::to_owned).collect())
}

/// One of [`broken_connectors`], not loaded.
///
/// # Errors
/// As for [`component`].
pub fn broken_bytes(name: &str) -> Result<Vec<u8>> {
    let sources = source_digest("broken-connectors")?;
    bytes_built_from(&workspace(), &format!("broken/{name}.wasm"), &sources)
}

/// The digest of the sources of a package of this workspace, found once in a process.
///
/// # Errors
/// A source cannot be read.
pub fn source_digest(package: &'static str) -> Result<String> {
    static FOUND: Mutex<BTreeMap<&str, String>> = Mutex::new(BTreeMap::new());
    let mut found = FOUND.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(digest) = found.get(package) {
        return Ok(digest.clone());
    }
    let digest = psa_build::source_digest(&workspace().join("Cargo.toml"), package)?;
    found.insert(package, digest.clone());
    Ok(digest)
}

/// A component below `target/` of a workspace, which must have been built from the sources with this digest.
///
/// # Errors
/// There is none, or it was built from others. The message says what to do.
pub fn bytes_built_from(workspace: &Path, component: &str, sources: &str) -> Result<Vec<u8>> {
    let advice = "run `make component`, then repeat";
    let bytes = fs::read(workspace.join("target").join(component))
        .with_context(|| format!("target/{component} cannot be read; {advice}"))?;
    let built_from = psa_build::embedded_digest(&bytes)?;
    ensure!(
        built_from == sources,
        "target/{component} was built from other sources than those here; {advice}"
    );
    Ok(bytes)
}

/// Runs a case through the component.
///
/// # Errors
/// The component was stopped or trapped.
pub async fn run_in_sandbox(connector: &Connector, case: &Case) -> Result<Outcome> {
    let replay = Replay::of_exchanges(case.exchanges.clone(), &case.settings);
    let result = call_in_sandbox(connector, &case.settings, &case.input, replay.clone()).await?;
    Ok(Outcome { result, replay })
}

/// A function of the component with whatever HTTP, its result or error as JSON.
///
/// # Errors
/// The component was stopped or trapped.
pub async fn call_in_sandbox(
    connector: &Connector,
    settings: &[Setting],
    input: &Input,
    http: impl Http + 'static,
) -> Result<Result<Value, Value>> {
    let call = connector.call(http, Limits::default());
    match perform(call, settings.to_vec(), input.clone()).await {
        Ok(value) => Ok(Ok(value)),
        Err(CallError::Connector(error)) => Ok(Err(serde_json::to_value(error)?)),
        Err(other) => Err(other.into()),
    }
}
