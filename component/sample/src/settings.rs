//! What a customer enters: where the site is, and the credentials of the integration.

use psa_contract::{Setting, SettingKind};
use psa_toolkit::Error;
use psa_toolkit::host::Host;
use psa_toolkit::secrets::{Secret, Secrets};
use psa_toolkit::settings::{Reader, SettingRow, credential};

pub(crate) const SITE: &str = "site";
pub(crate) const CLIENT_ID: &str = "client-id";
pub(crate) const CLIENT_SECRET: &str = "client-secret";

/// What is entered.
pub(crate) const SETTINGS: [SettingRow; 3] = [
    SettingRow::new(
        SITE,
        "Site",
        SettingKind::Host,
        "The host in your browser's address bar.",
        "example.sample-desk.example",
    ),
    SettingRow::new(
        CLIENT_ID,
        "Client ID",
        SettingKind::Secret,
        "Administration > Integrations.",
        "0000-0000-0000",
    ),
    SettingRow::new(
        CLIENT_SECRET,
        "Client secret",
        SettingKind::Secret,
        "Administration > Integrations. Shown only once, when the integration is created.",
        "0000-0000-0000-0000",
    ),
];

/// Where a tenant is, and how to sign in.
#[derive(Debug)]
pub struct Settings {
    /// Host, and port if it is not 443.
    site: String,
    pub(crate) client_id: Secret,
    pub(crate) client_secret: Secret,
    pub(crate) secrets: Secrets,
}

impl Settings {
    pub(crate) fn parse(settings: &[Setting]) -> Result<Self, Error> {
        let mut reader = Reader::new(settings, &SETTINGS);
        let site = reader.required(SITE, site);
        let client_id = reader.required(CLIENT_ID, credential);
        let client_secret = reader.required(CLIENT_SECRET, credential);
        reader.finish(|| {
            let (client_id, client_secret) = (client_id?, client_secret?);
            Some(Self {
                site: site?,
                secrets: Secrets::new([&*client_secret, &*client_id]),
                client_id,
                client_secret,
            })
        })
    }

    /// What tells one tenant from another.
    pub(crate) fn tenant(&self) -> [&str; 2] {
        [&self.site, &self.client_id]
    }

    pub(crate) fn origin(&self) -> String {
        format!("https://{}", self.site)
    }

    pub(crate) fn origins(&self) -> Vec<String> {
        vec![self.origin()]
    }
}

fn site(pasted: &str) -> Result<String, String> {
    let host = Host::parse(pasted).and_then(|host| match host.path.as_str() {
        "" => Ok(host.authority()),
        _ => Err("it contains a path"),
    });
    host.map_err(|fault| {
        format!("{fault}; enter the host name only, for example example.sample-desk.example")
    })
}
