//! The vendors: everything that the suites know of one. Another vendor is one more description here, with its cases in
//! `cases/<name>/` and, for tests over HTTPS, a mock in `mock/<name>/`.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, Result, anyhow};
use psa_host::contract::{ConnectorDescription, ConnectorError, Request, Setting};
use psa_host::{Answer, Connector};
use psa_recording::{Case, Input, Replay, case_files};
use serde_json::Value;

use crate::{Outcome, bytes_built_from, source_digest, workspace};

/// A vendor's connector, and how the suites reach it.
pub struct Vendor {
    /// Of its folders: `connectwise`.
    pub name: &'static str,
    /// Its component, below `target/`.
    pub component: &'static str,
    /// The package of its crate.
    pub package: &'static str,
    /// Settings whose values appear in no result, error or URL.
    pub secrets: &'static [&'static str],
    /// The core as ordinary Rust. None: its cases run through the component alone.
    pub core: Option<Core>,
}

/// A function of a connector's core with whatever HTTP.
pub type Core = fn(&[Setting], &Input, &mut Send) -> Result<Value, ConnectorError>;

/// Sends a round of requests.
pub type Send<'a> = dyn FnMut(&[Request]) -> Vec<Answer> + 'a;

/// The connector for ConnectWise PSA.
pub const CONNECTWISE: Vendor = Vendor {
    name: "connectwise",
    component: "connectwise-psa.wasm",
    package: "connectwise-psa",
    secrets: &["public-key", "private-key", "client-id"],
    core: Some(crate::native::call::<connectwise_psa::ConnectWise>),
};

/// The connector for the invented vendor: the one to copy.
pub const SAMPLE: Vendor = Vendor {
    name: "sample",
    component: "sample-psa.wasm",
    package: "sample-psa",
    secrets: &["client-id", "client-secret"],
    core: Some(crate::native::call::<sample_psa::SampleDesk>),
};

/// The connector for Autotask PSA.
pub const AUTOTASK: Vendor = Vendor {
    name: "autotask",
    component: "autotask-psa.wasm",
    package: "autotask-psa",
    secrets: &["secret", "integration-code"],
    core: Some(crate::native::call::<autotask_psa::Autotask>),
};

/// All of them.
pub const VENDORS: [&Vendor; 3] = [&CONNECTWISE, &SAMPLE, &AUTOTASK];

impl Vendor {
    /// Every case, with its name: `create-ticket/ok`.
    ///
    /// # Errors
    /// A file cannot be read or is not a case.
    pub fn cases(&self) -> Result<Vec<(String, Case)>> {
        let root = self.folder("cases");
        let mut cases = Vec::new();
        for path in case_files(&root).with_context(|| root.display().to_string())? {
            let name = path.strip_prefix(&root)?.with_extension("");
            let case = Case::from_file(&path).with_context(|| name.display().to_string())?;
            cases.push((name.display().to_string(), case));
        }
        Ok(cases)
    }

    /// One case, by its name.
    ///
    /// # Errors
    /// There is none of that name, or it cannot be read.
    pub fn case(&self, name: &str) -> Result<Case> {
        let path = self.folder("cases").join(format!("{name}.json"));
        Ok(Case::from_file(path)?)
    }

    /// The settings of the invented tenant of `recordings/`.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn settings_of_the_recorded_tenant(&self) -> Result<Vec<Setting>> {
        let path = self.folder("recordings").join("settings.toml");
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
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

    /// Its folder below one of the folders of `tests/`.
    #[must_use]
    pub fn folder(&self, of: &str) -> PathBuf {
        workspace().join("tests").join(of).join(self.name)
    }

    /// The component that `make component` builds, compiled once in a process. One that is missing, or was built from other
    /// sources, is an error.
    ///
    /// # Errors
    /// As said.
    pub fn connector(&self) -> Result<Connector> {
        static LOADED: Mutex<BTreeMap<&str, Result<Connector, String>>> =
            Mutex::new(BTreeMap::new());
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        let connector = loaded.entry(self.name).or_insert_with(|| {
            self.bytes()
                .and_then(|bytes| Ok(Connector::from_bytes(&bytes)?))
                .map_err(|error| format!("{error:#}"))
        });
        connector.clone().map_err(|message| anyhow!(message))
    }

    /// The component, not loaded.
    ///
    /// # Errors
    /// As for [`Vendor::connector`].
    pub fn bytes(&self) -> Result<Vec<u8>> {
        bytes_built_from(&workspace(), self.component, &source_digest(self.package)?)
    }

    /// Where the component is.
    ///
    /// # Errors
    /// As for [`Vendor::connector`].
    pub fn component_path(&self) -> Result<PathBuf> {
        self.bytes()?;
        Ok(workspace().join("target").join(self.component))
    }

    /// What its core says of itself.
    ///
    /// # Panics
    /// It has no core to be called.
    #[must_use]
    pub fn description(&self) -> ConnectorDescription {
        let description = self
            .call_natively(&[], &Input::Describe, &mut |_| Vec::new())
            .expect("`describe` cannot fail");
        serde_json::from_value(description).expect("a description")
    }

    /// Runs a case through the core.
    ///
    /// # Panics
    /// It has no core to be called.
    #[must_use]
    pub fn run_natively(&self, case: &Case) -> Outcome {
        let replay = Replay::of_exchanges(case.exchanges.clone(), &case.settings);
        let send = &mut |requests: &[_]| replay.answer(requests.to_vec());
        let result = self.call_natively(&case.settings, &case.input, send);
        Outcome { result, replay }
    }

    /// A function of the core with whatever HTTP, its result or error as JSON.
    ///
    /// # Errors
    /// The connector's.
    ///
    /// # Panics
    /// It has no core to be called.
    pub fn call_natively(
        &self,
        settings: &[Setting],
        input: &Input,
        send: &mut Send,
    ) -> Result<Value, Value> {
        let core = self.core.expect("a core");
        core(settings, input, send).map_err(|error| {
            serde_json::to_value(error).expect("the types of the contract have a JSON form")
        })
    }
}
