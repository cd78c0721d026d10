//! The vendors, as far as their connectors are ordinary Rust. Another vendor is one more description here, with its cases in
//! `tests/cases/<name>/`.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use psa_contract::http::Answer;
use psa_contract::{ConnectorDescription, ConnectorError, Request, Setting};
use psa_recording::{Case, Input, Replay, case_files};
use serde_json::Value;

use crate::{Outcome, call, workspace};

/// A vendor's connector as ordinary Rust.
pub struct Native {
    /// Of its folders: `connectwise`.
    pub name: &'static str,
    /// Settings whose values appear in no result, error or URL.
    pub secrets: &'static [&'static str],
    /// Its functions.
    pub core: Core,
}

/// A function of a connector's core with whatever HTTP.
pub type Core = fn(&[Setting], &Input, &mut Send) -> Result<Value, ConnectorError>;

/// Sends a round of requests.
pub type Send<'a> = dyn FnMut(&[Request]) -> Vec<Answer> + 'a;

/// The connector for ConnectWise PSA.
pub const CONNECTWISE: Native = Native {
    name: "connectwise",
    secrets: &["public-key", "private-key", "client-id"],
    core: call::<connectwise_psa::ConnectWise>,
};

/// The connector for the invented vendor: the one to copy.
pub const SAMPLE: Native = Native {
    name: "sample",
    secrets: &["client-id", "client-secret"],
    core: call::<sample_psa::SampleDesk>,
};

/// The connector for HaloPSA.
pub const HALOPSA: Native = Native {
    name: "halopsa",
    secrets: &["client-id", "client-secret"],
    core: call::<halopsa_psa::HaloPsa>,
};

/// The connector for Autotask PSA.
pub const AUTOTASK: Native = Native {
    name: "autotask",
    secrets: &["secret", "integration-code"],
    core: call::<autotask_psa::Autotask>,
};

/// All of them.
pub const VENDORS: [&Native; 4] = [&CONNECTWISE, &SAMPLE, &HALOPSA, &AUTOTASK];

impl Native {
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

    /// What its core says of itself.
    #[must_use]
    pub fn description(&self) -> ConnectorDescription {
        let description = self
            .call_natively(&[], &Input::Describe, &mut |_| Vec::new())
            .expect("`describe` cannot fail");
        serde_json::from_value(description).expect("a description")
    }

    /// Runs a case through the core.
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
    pub fn call_natively(
        &self,
        settings: &[Setting],
        input: &Input,
        send: &mut Send,
    ) -> Result<Value, Value> {
        (self.core)(settings, input, send).map_err(|error| {
            serde_json::to_value(error).expect("the types of the contract have a JSON form")
        })
    }
}
