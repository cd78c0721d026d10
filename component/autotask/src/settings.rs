//! The settings, parsed once: whoever holds a [`Settings`] holds good ones. All faults are reported at once, before any
//! request. One table has their names and the texts that a form shows.

use psa_contract::{Setting, SettingKind};
use psa_toolkit::Error;
use psa_toolkit::host::Host;
use psa_toolkit::secrets::{Secret, Secrets};
use psa_toolkit::settings::{Reader, SettingRow, credential, header_part};
use psa_toolkit::text::number;

pub(crate) const USER_NAME: &str = "user-name";
pub(crate) const SECRET: &str = "secret";
pub(crate) const INTEGRATION_CODE: &str = "integration-code";
pub(crate) const ZONE: &str = "zone";

/// Every zone is one label under it.
pub(crate) const DOMAIN: &str = ".autotask.net";

/// What is entered.
pub(crate) const SETTINGS: [SettingRow; 4] = [
    SettingRow::new(
        USER_NAME,
        "Username (Key)",
        SettingKind::Text,
        "Admin > Organization Settings & Users > Resources/Users (HR) > Resources/Users > New API User: Generate Key. It \
         looks like an email address.",
        "ab1c2d3e4f5g6h7@example.com",
    ),
    SettingRow::new(
        SECRET,
        "Password (Secret)",
        SettingKind::Secret,
        "Beside the Username (Key): Generate Secret. Copy it before you save: it is shown only once.",
        "0x$0~0X0*0x#0@0X0$0x~0X0*",
    ),
    SettingRow::new(
        INTEGRATION_CODE,
        "API Tracking Identifier",
        SettingKind::Secret,
        "Of the integration's vendor, who has it from Datto: select that vendor as Integration Vendor at the API user. \
         For an integration of your own, select Custom (Internal Integration) there, and copy the identifier that \
         Autotask shows.",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ0",
    )
    .of_platform(),
    SettingRow::new(
        ZONE,
        "Zone",
        SettingKind::Host,
        "Leave it empty: the zone is looked up by the username. Otherwise paste the address in your browser's bar: \
         ww5.autotask.net becomes webservices5.autotask.net.",
        "webservices5.autotask.net",
    )
    .optional(),
];

/// Who signs in, and where.
#[derive(Clone, Debug)]
pub struct Settings {
    pub(crate) user_name: String,
    pub(crate) secret: Secret,
    pub(crate) integration_code: Secret,
    /// `https://webservices5.autotask.net`. None: it is looked up by the user's name.
    pub(crate) zone: Option<String>,
    pub(crate) secrets: Secrets,
}

impl Settings {
    /// Parses what was entered.
    ///
    /// # Errors
    /// `invalid-settings`, with every fault: a required one that is missing or empty, a malformed, unknown or repeated one.
    pub fn parse(settings: &[Setting]) -> Result<Self, Error> {
        let mut entered = Reader::new(settings, &SETTINGS);
        let user_name = entered.required(USER_NAME, header_part);
        let secret = entered.required(SECRET, credential);
        let integration_code = entered.required(INTEGRATION_CODE, credential);
        let zone = entered.optional(ZONE, zone);
        entered.finish(|| {
            let (user_name, secret, integration_code) = (user_name?, secret?, integration_code?);
            let pair = format!("{user_name}:{}", &*secret);
            Some(Self {
                secrets: Secrets::new([&*pair, &*secret, &*integration_code]),
                user_name,
                secret,
                integration_code,
                zone,
            })
        })
    }

    /// What tells one tenant from another: a user belongs to one tenant, wherever that is.
    pub(crate) fn tenant(&self) -> [&str; 1] {
        [&self.user_name]
    }

    /// Where requests may go.
    pub(crate) fn origins(&self) -> Vec<String> {
        let any = || format!("https://*{DOMAIN}");
        vec![self.zone.clone().unwrap_or_else(any)]
    }
}

/// The origin of a zone's API, of whatever people copy: that host, its URL with any path, or a page of Autotask in the browser,
/// whose host is `ww5` if the API's is `webservices5`.
fn zone(pasted: &str) -> Result<String, String> {
    let refuse = |why: &str| {
        format!(
            "{why}; enter the host of your zone, for example webservices5.autotask.net, or leave it empty: the zone is then \
             looked up by the user name"
        )
    };
    let host = Host::parse(pasted).map_err(refuse)?;
    if host.port.is_some() {
        return Err(refuse("it holds a port"));
    }
    let label = host.name.strip_suffix(DOMAIN).unwrap_or_default();
    if label.is_empty() || label.contains('.') {
        return Err(refuse("it is not a host of autotask.net"));
    }
    if ["webservices", "www", "ww"].contains(&label) {
        return Err(refuse("it is not the host of one zone"));
    }
    let of_api = numbered(label, "ww", "webservices");
    Ok(of_api.unwrap_or_else(|| format!("https://{}", host.name)))
}

/// The host that people's browsers use, of the origin of a zone.
pub(crate) fn browser_origin(origin: &str) -> String {
    let host = origin.strip_prefix("https://");
    let label = host.and_then(|host| host.strip_suffix(DOMAIN));
    let of_browser = label.and_then(|label| numbered(label, "webservices", "ww"));
    of_browser.unwrap_or_else(|| origin.to_owned())
}

/// The origin with the same number and another word before it. None: the label is not such a word and a number.
fn numbered(label: &str, word: &str, other: &str) -> Option<String> {
    let number = label.strip_prefix(word).filter(|it| number(it).is_some())?;
    Some(format!("https://{other}{number}{DOMAIN}"))
}
