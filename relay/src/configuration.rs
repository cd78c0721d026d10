//! The file of settings of a relay. Every part has a default, so there may be no file at all.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::policy::Timing;

/// What a relay is told at its start.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Configuration {
    /// Where the database and the key are.
    pub data: Option<PathBuf>,
    /// The file with the key that encrypts secrets.
    pub key_file: Option<PathBuf>,
    /// Connectors by name.
    pub connectors: BTreeMap<String, PathBuf>,
    /// Where alerts come in.
    pub intake: IntakeConfiguration,
    /// Where operators look in.
    pub operation: OperationConfiguration,
    /// How PSAs are reached.
    pub psa: PsaConfiguration,
    /// How long things take.
    pub timing: Timing,
    /// The PSA is a stand-in: times may be shorter than a real one needs.
    pub trial: bool,
}

/// Where alerts come in.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct IntakeConfiguration {
    /// The address.
    pub listen: SocketAddr,
    /// The certificate, as PEM with its chain. None: plain HTTP, behind a proxy.
    pub certificate: Option<PathBuf>,
    /// Its key, as PEM.
    pub certificate_key: Option<PathBuf>,
}

impl Default for IntakeConfiguration {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8_080)),
            certificate: None,
            certificate_key: None,
        }
    }
}

/// Where operators look in.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct OperationConfiguration {
    /// The address of `/healthz` and `/metrics`.
    pub listen: SocketAddr,
}

impl Default for OperationConfiguration {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8_081)),
        }
    }
}

/// How PSAs are reached.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct PsaConfiguration {
    /// An email address or URL at which the operator of a PSA can reach you.
    pub contact: Option<String>,
    /// Whether private network addresses are allowed, for an on-premises PSA.
    pub allow_private_networks: bool,
    /// Hosts that connectors may reach beside those of their settings: `*.autotask.net` for one that looks its host up.
    pub allow_hosts: Vec<String>,
    /// A certificate authority to trust in addition, as PEM.
    pub certificate_authority: Option<PathBuf>,
    /// Whether PSAs are reached through the proxy that `HTTPS_PROXY` or else `ALL_PROXY` names, but for the hosts in
    /// `NO_PROXY`.
    pub use_environment_proxy: bool,
    /// How many requests a tenant's PSA gets in a minute. None: as many as its connector advises. 0: without a limit, for a
    /// stand-in only.
    pub requests_per_minute: Option<u32>,
}

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigurationError {
    /// The file.
    #[error("{path} cannot be read: {error}")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// What is in it.
    #[error("{path}: {error}")]
    Parse {
        /// Which.
        path: PathBuf,
        /// Where and why.
        error: toml::de::Error,
    },
    /// What it says.
    #[error("{0}")]
    Invalid(String),
}

impl Configuration {
    /// Reads a file; relative paths in it are beside it.
    ///
    /// # Errors
    /// [`ConfigurationError`]
    pub fn from_file(path: &Path) -> Result<Self, ConfigurationError> {
        let text = std::fs::read_to_string(path).map_err(|error| ConfigurationError::Read {
            path: path.to_owned(),
            error,
        })?;
        let mut configuration: Self =
            toml::from_str(&text).map_err(|error| ConfigurationError::Parse {
                path: path.to_owned(),
                error,
            })?;
        let beside = path.parent().unwrap_or(Path::new(""));
        let paths = [
            &mut configuration.data,
            &mut configuration.key_file,
            &mut configuration.intake.certificate,
            &mut configuration.intake.certificate_key,
            &mut configuration.psa.certificate_authority,
        ];
        for path in paths.into_iter().flatten() {
            *path = beside.join(&path);
        }
        for path in configuration.connectors.values_mut() {
            *path = beside.join(&path);
        }
        Ok(configuration)
    }

    /// What cannot work.
    ///
    /// # Errors
    /// [`ConfigurationError::Invalid`]
    pub fn check(&self) -> Result<(), ConfigurationError> {
        let invalid = |message: String| Err(ConfigurationError::Invalid(message));
        if let Err(message) = self.timing.check(self.trial) {
            return invalid(format!("[timing] {message}"));
        }
        if self.psa.requests_per_minute == Some(0) && !self.trial {
            return invalid("[psa] `requests-per-minute` is at least 1".to_owned());
        }
        if self.intake.certificate.is_some() != self.intake.certificate_key.is_some() {
            return invalid(
                "[intake] `certificate` and `certificate-key` belong together".to_owned(),
            );
        }
        Ok(())
    }

    /// The folder of the data: the one that is named, that of the service manager, or one in the user's home.
    #[must_use]
    pub fn data_folder(&self) -> PathBuf {
        let variable = |name: &str| std::env::var_os(name).filter(|it| !it.is_empty());
        if let Some(folder) = &self.data {
            return folder.clone();
        }
        if let Some(folder) = variable("STATE_DIRECTORY") {
            return PathBuf::from(folder);
        }
        if let Some(folder) = variable("XDG_DATA_HOME") {
            return Path::new(&folder).join("psa-relay");
        }
        match variable("HOME") {
            Some(home) => Path::new(&home).join(".local/share/psa-relay"),
            None => PathBuf::from("psa-relay-data"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Configuration, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("relay.toml");
        std::fs::write(&path, text).expect("written");
        let configuration = Configuration::from_file(&path).map_err(|it| it.to_string())?;
        configuration.check().map_err(|it| it.to_string())?;
        Ok(configuration)
    }

    #[test]
    fn nothing_needs_to_be_said() {
        let configuration = parsed("").expect("it is fine");
        assert_eq!(configuration, Configuration::default());
        assert!(configuration.intake.listen.ip().is_loopback());
    }

    #[test]
    fn durations_are_words_or_seconds_and_paths_are_beside_the_file() {
        let text = "data = 'd'\n[timing]\nnote-every = '20m'\nreopen-within = 3600\n[connectors]\nconnectwise = 'c.wasm'\n";
        let configuration = parsed(text).expect("it is fine");
        assert_eq!(configuration.timing.note_every.as_secs(), 1_200);
        assert_eq!(configuration.timing.reopen_within.as_secs(), 3_600);
        let connector = &configuration.connectors["connectwise"];
        assert!(
            connector.is_absolute() && connector.ends_with("c.wasm"),
            "{connector:?}"
        );
        assert!(configuration.data_folder().ends_with("d"));
    }

    #[test]
    fn what_cannot_work_is_refused() {
        for (text, part) in [
            ("[timing]\nsettling = 5\n", "at least 60 s"),
            ("[timing]\nlease = '2m'\n", "lease"),
            ("[timing]\nsettling = 'soon'\n", "not a duration"),
            ("colour = 1\n", "colour"),
            ("[psa]\nrequests-per-minute = 0\n", "at least 1"),
            ("[intake]\ncertificate = 'c.pem'\n", "certificate-key"),
        ] {
            let error = parsed(text).expect_err(text);
            assert!(error.contains(part), "{text}: {error}");
        }
        parsed("trial = true\n[timing]\nsettling = 5\n").expect("a trial may be short");
    }
}
