//! The file of settings of a relay. Every part has a default, so there may be no file at all.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::policy::Timing;

/// What a relay is told at its start.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Configuration {
    /// Where the database and the key are.
    pub data: Option<PathBuf>,
    /// A database that several relays share. None: one of this relay alone, in the folder of the data.
    pub database: Option<DatabaseConfiguration>,
    /// The file with the key that encrypts secrets.
    pub key_file: Option<PathBuf>,
    /// Connectors by name.
    pub connectors: BTreeMap<String, PathBuf>,
    /// Where alerts come in.
    pub intake: IntakeConfiguration,
    /// Where operators look in.
    pub operation: OperationConfiguration,
    /// Where people set the relay up.
    pub page: PageConfiguration,
    /// How PSAs are reached.
    pub psa: PsaConfiguration,
    /// How long things take.
    pub timing: Timing,
    /// The PSA is a stand-in: times may be shorter than a real one needs.
    pub trial: bool,
}

/// A database that several relays share.
#[derive(Clone, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DatabaseConfiguration {
    /// `postgresql://user@host/database`.
    pub url: String,
    /// The file with the password, if it is not in the address.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// A certificate authority to trust in addition, as PEM.
    #[serde(default)]
    pub certificate_authority: Option<PathBuf>,
}

/// Without the address, which may hold the password.
impl std::fmt::Debug for DatabaseConfiguration {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("DatabaseConfiguration")
    }
}

/// Where alerts come in.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct IntakeConfiguration {
    /// The address.
    #[serde(deserialize_with = "address")]
    pub listen: SocketAddr,
    /// The certificate, as PEM with its chain. None: plain HTTP, behind a proxy.
    pub certificate: Option<PathBuf>,
    /// Its key, as PEM.
    pub certificate_key: Option<PathBuf>,
    /// How senders reach it, if not at that address: `https://alerts.example.com`. The page shows it.
    pub public_url: Option<String>,
}

impl Default for IntakeConfiguration {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8_080)),
            certificate: None,
            certificate_key: None,
            public_url: None,
        }
    }
}

impl IntakeConfiguration {
    /// What a sender is told.
    #[must_use]
    pub fn url(&self) -> String {
        match &self.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None if self.certificate.is_some() => format!("https://{}", self.listen),
            None => format!("http://{}", self.listen),
        }
    }
}

/// Where operators look in.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct OperationConfiguration {
    /// The address of `/healthz` and `/metrics`.
    #[serde(deserialize_with = "address")]
    pub listen: SocketAddr,
}

impl Default for OperationConfiguration {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8_081)),
        }
    }
}

/// Where people set the relay up. Off loopback it needs a certificate and a password, or proxies that say who is there.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct PageConfiguration {
    /// The address. None: 127.0.0.1:8082, if nobody else has it.
    #[serde(deserialize_with = "optional_address")]
    pub listen: Option<SocketAddr>,
    /// The names under which browsers reach it, beside those of loopback: `relay.example.com`.
    pub hosts: Vec<String>,
    /// The certificate, as PEM with its chain.
    pub certificate: Option<PathBuf>,
    /// Its key, as PEM.
    pub certificate_key: Option<PathBuf>,
    /// The file with the password that opens the page.
    pub password_file: Option<PathBuf>,
    /// The header in which a trusted proxy says who is there.
    pub proxy_header: Option<String>,
    /// The addresses of those proxies.
    pub trusted_proxies: Vec<IpAddr>,
}

impl PageConfiguration {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        let usual = SocketAddr::from(([127, 0, 0, 1], 8_082));
        self.listen.unwrap_or(usual)
    }

    /// What a person opens.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_at(self.address())
    }

    /// What a person opens if it listens there.
    #[must_use]
    pub fn url_at(&self, address: SocketAddr) -> String {
        let scheme = if self.certificate.is_some() {
            "https"
        } else {
            "http"
        };
        match self.hosts.first() {
            Some(host) if host.contains(':') || !address.ip().is_loopback() => {
                let has_port = host.contains(':');
                let port = if has_port {
                    ""
                } else {
                    &format!(":{}", address.port())
                };
                format!("{scheme}://{host}{port}")
            }
            _ => format!("{scheme}://{address}"),
        }
    }

    /// Whether a proxy says who is there.
    #[must_use]
    pub fn trusts_proxies(&self) -> bool {
        self.proxy_header.is_some()
    }

    fn check(&self) -> Result<(), String> {
        if self.certificate.is_some() != self.certificate_key.is_some() {
            return Err("`certificate` and `certificate-key` belong together".to_owned());
        }
        if self.proxy_header.is_some() == self.trusted_proxies.is_empty() {
            return Err("`proxy-header` and `trusted-proxies` belong together".to_owned());
        }
        let ip = self.address().ip();
        if ip.is_loopback() {
            return Ok(());
        }
        let is_guarded = self.certificate.is_some() && self.password_file.is_some();
        if !is_guarded && !self.trusts_proxies() {
            return Err(format!(
                "`listen` is {}, which others can reach. Set `certificate`, `certificate-key` and `password-file`, or put a \
                 proxy in front that signs people in and set `proxy-header` and `trusted-proxies`, or listen on 127.0.0.1",
                self.address()
            ));
        }
        if ip.is_unspecified() && self.hosts.is_empty() {
            return Err(
                "`hosts` is required: name the hosts under which browsers reach the page"
                    .to_owned(),
            );
        }
        Ok(())
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

/// A name is not an address: it may stand for several.
fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| {
        D::Error::custom(format!(
            "{text:?} is not an IP address with a port, such as 127.0.0.1:8080"
        ))
    })
}

fn optional_address<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<SocketAddr>, D::Error> {
    address(deserializer).map(Some)
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
            &mut configuration.page.certificate,
            &mut configuration.page.certificate_key,
            &mut configuration.page.password_file,
            &mut configuration.psa.certificate_authority,
        ];
        for path in paths.into_iter().flatten() {
            *path = beside.join(&path);
        }
        if let Some(database) = &mut configuration.database {
            let paths = [
                &mut database.password_file,
                &mut database.certificate_authority,
            ];
            for path in paths.into_iter().flatten() {
                *path = beside.join(&path);
            }
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
        if let Err(message) = self.page.check() {
            return invalid(format!("[page] {message}"));
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
            (
                "[intake]\nlisten = 'localhost:8080'\n",
                "such as 127.0.0.1:8080",
            ),
            ("[page]\nlisten = '8082'\n", "an IP address with a port"),
            ("[database]\npassword-file = 'p'\n", "url"),
            ("[psa]\nrequests-per-minute = 0\n", "at least 1"),
            ("[intake]\ncertificate = 'c.pem'\n", "certificate-key"),
            ("[page]\nlisten = '10.0.0.5:8082'\n", "password-file"),
            ("[page]\nlisten = '[::]:8082'\n", "others can reach"),
            (
                "[page]\nlisten = '10.0.0.5:8082'\npassword-file = 'p'\n",
                "others can reach",
            ),
            (
                "[page]\nlisten = '10.0.0.5:8082'\ncertificate = 'c'\ncertificate-key = 'k'\n",
                "others can reach",
            ),
            ("[page]\nproxy-header = 'x-user'\n", "trusted-proxies"),
            (
                "[page]\nlisten = '0.0.0.0:1'\nproxy-header = 'x-user'\ntrusted-proxies = ['10.0.0.2']\n",
                "`hosts` is required",
            ),
        ] {
            let error = parsed(text).expect_err(text);
            assert!(error.contains(part), "{text}: {error}");
        }
        parsed("trial = true\n[timing]\nsettling = 5\n").expect("a trial may be short");
    }

    #[test]
    fn a_page_that_others_can_reach_has_an_address_of_its_own() {
        let text = "[page]\nlisten = '0.0.0.0:8443'\nhosts = ['relay.example']\ncertificate = 'c'\n\
                    certificate-key = 'k'\npassword-file = 'p'\n";
        let page = parsed(text).expect("it is fine").page;
        assert_eq!(page.url(), "https://relay.example:8443");
        assert_eq!(PageConfiguration::default().url(), "http://127.0.0.1:8082");
        let text = "[page]\nlisten = '10.0.0.5:1'\nproxy-header = 'x-user'\ntrusted-proxies = ['10.0.0.2']\n";
        parsed(text).expect("a proxy signs people in");
    }
}
