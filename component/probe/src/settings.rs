//! Where the stand-in server is, in all its forms. `psa-host conform-host` makes them up.

use psa_contract::{Setting, SettingKind};
use psa_toolkit::Error;
use psa_toolkit::host::Host;
use psa_toolkit::settings::{Reader, SettingRow};

const fn host(name: &'static str, label: &'static str) -> SettingRow {
    SettingRow::new(name, label, SettingKind::Host, HELP, "localhost:8443")
}

const HELP: &str = "As `psa-host conform-host` gives it.";

pub(crate) const SETTINGS: [SettingRow; 11] = [
    host("site", "The stand-in server"),
    host("refused", "A port where nothing listens"),
    host("silent", "A port that never speaks"),
    host("plain", "A port that speaks HTTP without TLS"),
    host(
        "untrusted",
        "A server with a certificate of an unknown authority",
    ),
    host("misnamed", "A server with a certificate for another name"),
    host("unknown", "A name that no name server knows"),
    SettingRow::new(
        "foreign",
        "A server that the connector must not reach",
        SettingKind::Text,
        HELP,
        "localhost:8443",
    ),
    SettingRow::new("key", "The secret", SettingKind::Secret, HELP, "0000-0000"),
    SettingRow::new(
        "tenant",
        "Which tenant this is",
        SettingKind::Text,
        HELP,
        "one",
    ),
    SettingRow::new(
        "only",
        "The one duty to try",
        SettingKind::Text,
        HELP,
        "in-order",
    )
    .optional(),
];

/// Where the server is, and what must not be shown.
#[derive(Debug)]
pub struct Settings {
    pub(crate) site: String,
    pub(crate) refused: String,
    pub(crate) silent: String,
    pub(crate) plain: String,
    pub(crate) untrusted: String,
    pub(crate) misnamed: String,
    pub(crate) unknown: String,
    pub(crate) foreign: String,
    pub(crate) key: String,
    pub(crate) tenant: String,
    pub(crate) only: Option<String>,
}

impl Settings {
    pub(crate) fn parse(settings: &[Setting]) -> Result<Self, Error> {
        let mut reader = Reader::new(settings, &SETTINGS);
        let [
            site,
            refused,
            silent,
            plain,
            untrusted,
            misnamed,
            unknown,
            foreign,
        ] = [
            "site",
            "refused",
            "silent",
            "plain",
            "untrusted",
            "misnamed",
            "unknown",
            "foreign",
        ]
        .map(|name| reader.required(name, authority));
        let [key, tenant] = ["key", "tenant"].map(|name| reader.required(name, text));
        let only = reader.optional("only", text);
        reader.finish(|| {
            Some(Self {
                site: site?,
                refused: refused?,
                silent: silent?,
                plain: plain?,
                untrusted: untrusted?,
                misnamed: misnamed?,
                unknown: unknown?,
                foreign: foreign?,
                key: key?,
                tenant: tenant?,
                only,
            })
        })
    }

    /// All but the foreign one.
    pub(crate) fn origins(&self) -> Vec<String> {
        [
            &self.site,
            &self.refused,
            &self.silent,
            &self.plain,
            &self.untrusted,
            &self.misnamed,
            &self.unknown,
        ]
        .map(|authority| format!("https://{authority}"))
        .to_vec()
    }
}

fn authority(entered: &str) -> Result<String, String> {
    let host = Host::parse(entered).map_err(|fault| format!("{fault}; enter a host and a port"))?;
    Ok(host.authority())
}

fn text(entered: &str) -> Result<String, String> {
    Ok(entered.to_owned())
}
