//! What the suites share: finding the cases and the component, and running a case natively or in the sandbox. The suites
//! themselves are in `tests/`, the cases in `cases/`, one folder for each operation.

pub mod companies;
pub mod server;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Context, Result, anyhow, ensure};
use connectwise_psa::{HttpSend, Settings};
use proptest::test_runner::Config as ProptestConfig;
use psa_host::contract::guest::Guest as _;
use psa_host::contract::{ConnectorError, Setting};
use psa_host::{CallError, Case, Connector, Http, Input, Limits, Replay, case_files, perform};
use serde_json::Value;

/// What came of a case.
pub struct Outcome {
    /// The result or the connector's error, as JSON.
    pub result: Result<Value, Value>,
    /// The exchanges, with what was asked of them.
    pub replay: Replay,
}

/// The folder that the workspace is in.
#[must_use]
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every case below a folder of `tests/`, with its name: `create-ticket/ok`.
///
/// # Errors
/// A file cannot be read or is no case.
pub fn cases(folder: &str) -> Result<Vec<(String, Case)>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut cases = Vec::new();
    for path in case_files(&root).with_context(|| folder.to_owned())? {
        let name = path.strip_prefix(&root)?.with_extension("");
        let case = Case::from_file(&path).with_context(|| name.display().to_string())?;
        cases.push((name.display().to_string(), case));
    }
    Ok(cases)
}

/// One case of `cases/`, by its name.
///
/// # Errors
/// There is none of that name, or it cannot be read.
pub fn case(name: &str) -> Result<Case> {
    let path = format!("{}/cases/{name}.json", env!("CARGO_MANIFEST_DIR"));
    Ok(Case::from_file(path)?)
}

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

/// The settings of the invented tenant of `recordings/`.
///
/// # Errors
/// The file cannot be read.
pub fn settings_of_the_recorded_tenant() -> Result<Vec<Setting>> {
    let path = format!("{}/recordings/settings.toml", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(&path).context(path)?;
    // Every line of it is `name = "value"`.
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    Ok(lines
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, value)| Setting {
            name: name.to_owned(),
            value: value.trim_matches('"').to_owned(),
        })
        .collect())
}

/// So many inputs of a property, and no file of those that failed: the failure prints its input.
#[must_use]
pub fn few(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// The component that `make component` builds, compiled once in a process. One that is missing, or was built from other
/// sources, is an error.
///
/// # Errors
/// As said.
pub fn component() -> Result<Connector> {
    static LOADED: OnceLock<Result<Connector, String>> = OnceLock::new();
    loaded_once(&LOADED, component_bytes)
}

/// The good connector of `sample-connector/`, in the same way.
///
/// # Errors
/// As for [`component`].
pub fn sample() -> Result<Connector> {
    static LOADED: OnceLock<Result<Connector, String>> = OnceLock::new();
    loaded_once(&LOADED, || sample_bytes(GOOD_SAMPLE))
}

fn loaded_once(
    loaded: &OnceLock<Result<Connector, String>>,
    bytes: impl FnOnce() -> Result<Vec<u8>>,
) -> Result<Connector> {
    loaded
        .get_or_init(|| {
            bytes()
                .and_then(|bytes| Ok(Connector::from_bytes(&bytes)?))
                .map_err(|error| format!("{error:#}"))
        })
        .clone()
        .map_err(|message| anyhow!(message))
}

/// The component, not loaded.
///
/// # Errors
/// As for [`component`].
pub fn component_bytes() -> Result<Vec<u8>> {
    let sources = package_component::source_digest(&workspace(), "component")?;
    bytes_built_from(&workspace(), "connectwise-psa.wasm", &sources)
}

/// The connector of `sample-connector/` with none of its features.
pub const GOOD_SAMPLE: &str = "sample-desk";

/// The features of `sample-connector/`: each makes another connector, which is wrong in the way that the name says.
///
/// # Errors
/// Its manifest cannot be read.
pub fn wrong_samples() -> Result<Vec<String>> {
    let path = workspace().join("tests/sample-connector/Cargo.toml");
    let manifest = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let features = manifest
        .lines()
        .filter_map(|line| line.strip_suffix(" = []"));
    Ok(features.map(str::to_owned).collect())
}

/// A connector of `sample-connector/`, not loaded: [`GOOD_SAMPLE`] or one of [`wrong_samples`].
///
/// # Errors
/// As for [`component`].
pub fn sample_bytes(name: &str) -> Result<Vec<u8>> {
    let sources = package_component::source_digest(&workspace(), "tests/sample-connector")?;
    bytes_built_from(&workspace(), &format!("connectors/{name}.wasm"), &sources)
}

/// A component below `target/` of a workspace, which must have been built from the sources with this digest.
///
/// # Errors
/// There is none, or it was built from others. The message says what to do.
pub fn bytes_built_from(workspace: &Path, component: &str, sources: &str) -> Result<Vec<u8>> {
    let advice = "run `make component`, then repeat";
    let bytes = fs::read(workspace.join("target").join(component))
        .with_context(|| format!("target/{component} cannot be read; {advice}"))?;
    let built_from = package_component::embedded_digest(&bytes)?;
    ensure!(
        built_from == sources,
        "target/{component} was built from other sources than those here; {advice}"
    );
    Ok(bytes)
}

/// Runs a case through the core, as ordinary Rust.
///
/// # Errors
/// The result cannot be written as JSON.
pub fn run_natively(case: &Case) -> Result<Outcome> {
    let replay = Replay::of_exchanges(case.exchanges.clone(), &case.settings);
    let send = &mut |requests: &[_]| replay.answer(requests.to_vec());
    let result = call_natively(&case.settings, &case.input, send)?;
    Ok(Outcome { result, replay })
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

/// A function of the core with whatever HTTP, its result or error as JSON.
///
/// # Errors
/// The result cannot be written as JSON.
pub fn call_natively(
    settings: &[Setting],
    input: &Input,
    send: &mut HttpSend,
) -> Result<Result<Value, Value>> {
    Ok(match call_core(settings, input, send) {
        Ok(value) => Ok(value?),
        Err(error) => Err(serde_json::to_value(error)?),
    })
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

fn call_core(
    settings: &[Setting],
    input: &Input,
    send: &mut HttpSend,
) -> Result<serde_json::Result<Value>, ConnectorError> {
    use connectwise_psa as psa;
    let parsed = || Settings::parse(settings).map_err(psa::Error::into_inner);
    match input {
        Input::Describe => Ok(serde_json::to_value(psa::describe())),
        Input::Origins => psa::origins(settings).map(serde_json::to_value),
        Input::Verify(needed) => psa::verify(&parsed()?, needed, send).map(serde_json::to_value),
        Input::ListCompanies(query) => {
            psa::list_companies(&parsed()?, query, send).map(serde_json::to_value)
        }
        Input::ListBoardMetadata(selection) => {
            psa::list_board_metadata(&parsed()?, selection, send).map(serde_json::to_value)
        }
        Input::CheckTicket(draft) => {
            psa::check_ticket(&parsed()?, draft, send).map(serde_json::to_value)
        }
        Input::CreateTicket(draft) => {
            psa::create_ticket(&parsed()?, draft, send).map(serde_json::to_value)
        }
        Input::GetTicket(id) => psa::get_ticket(&parsed()?, id, send).map(serde_json::to_value),
        other => return call_unsupported(other),
    }
    .map_err(psa::Error::into_inner)
}

/// The functions that this connector does not have: they send nothing.
fn call_unsupported(input: &Input) -> Result<serde_json::Result<Value>, ConnectorError> {
    use connectwise_psa::Connector;
    let none = Vec::new;
    match input.clone() {
        Input::FindTickets(query) => {
            Connector::find_tickets(none(), query).map(serde_json::to_value)
        }
        Input::AddNote(note) => Connector::add_note(none(), note).map(serde_json::to_value),
        Input::SetStatus(change) => Connector::set_status(none(), change).map(serde_json::to_value),
        Input::ListContacts(query) => {
            Connector::list_contacts(none(), query).map(serde_json::to_value)
        }
        Input::ListAssets(query) => Connector::list_assets(none(), query).map(serde_json::to_value),
        Input::ListSites(query) => Connector::list_sites(none(), query).map(serde_json::to_value),
        Input::AttachAsset(it) => {
            Connector::attach_asset(none(), it.ticket_id, it.asset_id).map(serde_json::to_value)
        }
        other => Ok(Ok(Value::from(other.function()))),
    }
}
