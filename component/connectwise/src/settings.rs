//! The settings, parsed once: whoever holds a [`Settings`] holds good ones. All faults are reported at once, before any
//! request. One table has their names and the texts that a form shows.

use psa_contract::{Setting, SettingKind};
use psa_toolkit::Error;
use psa_toolkit::host::Host;
use psa_toolkit::secrets::{Secret, Secrets, basic};
use psa_toolkit::settings::{Reader, SettingRow, header_part};
use psa_toolkit::text::has_form;

pub(crate) const SITE: &str = "site";
pub(crate) const COMPANY_ID: &str = "company-id";
pub(crate) const PUBLIC_KEY: &str = "public-key";
pub(crate) const PRIVATE_KEY: &str = "private-key";
pub(crate) const CLIENT_ID: &str = "client-id";
pub(crate) const API_VERSION: &str = "api-version";

/// What is entered.
pub(crate) const SETTINGS: [SettingRow; 6] = [
    SettingRow::new(
        SITE,
        "Site",
        SettingKind::Host,
        "The host of your region's API, or your own server. You can paste the address from your browser: \
         na.myconnectwise.net becomes api-na.myconnectwise.net.",
        "api-na.myconnectwise.net",
    ),
    SettingRow::new(
        COMPANY_ID,
        "Company ID",
        SettingKind::Text,
        "What you enter as Company when you sign in to ConnectWise PSA, with the same upper and lower case.",
        "examplemsp",
    ),
    SettingRow::new(
        PUBLIC_KEY,
        "Public Key",
        SettingKind::Text,
        "System > Members > API Members > the member > API Keys > + .",
        "AbCdEfGhIjKlMnOp",
    ),
    SettingRow::new(
        PRIVATE_KEY,
        "Private Key",
        SettingKind::Secret,
        "Shown only once, when the pair of keys is created. If you no longer have it, create a new pair.",
        "QrStUvWxYz012345",
    ),
    SettingRow::new(
        CLIENT_ID,
        "Client ID",
        SettingKind::Secret,
        "From developer.connectwise.com. The vendor of the integration has one for all its customers.",
        "00000000-0000-0000-0000-000000000000",
    )
    .of_platform(),
    SettingRow::new(
        API_VERSION,
        "API Version",
        SettingKind::Text,
        "The version of the API's data model. Leave it empty for the newest that the server has.",
        "2025.16",
    )
    .optional()
    .of_platform(),
];

/// Where a tenant is and how to be let in.
#[derive(Clone, Debug)]
pub struct Settings {
    pub(crate) site: Site,
    pub(crate) company_id: String,
    pub(crate) client_id: Secret,
    /// The pinned version of the API's model, `2025.16`. None: the newest.
    pub(crate) api_version: Option<String>,
    /// The value of the header `Authorization`: Basic, of `company+public:private` (Developer Guide, "Authentication").
    pub(crate) authorization: Secret,
    pub(crate) secrets: Secrets,
}

impl Settings {
    /// Parses what was entered.
    ///
    /// # Errors
    /// `invalid-settings`, with every fault: a required one that is missing or empty, a malformed, unknown or repeated one.
    pub fn parse(settings: &[Setting]) -> Result<Self, Error> {
        let mut entered = Reader::new(settings, &SETTINGS);
        let site = entered.required(SITE, Site::parse);
        let company_id = entered.required(COMPANY_ID, part_before_a_separator);
        let public_key = entered.required(PUBLIC_KEY, part_before_a_separator);
        let private_key = entered.required(PRIVATE_KEY, header_part);
        let client_id = entered.required(CLIENT_ID, guid);
        let api_version = entered.optional(API_VERSION, version);
        entered.finish(|| {
            let (company_id, client_id) = (company_id?, client_id?);
            let (public_key, private_key) = (public_key?, private_key?);
            let keys = format!("{public_key}:{private_key}");
            let credential = format!("{company_id}+{keys}");
            Some(Self {
                site: site?,
                authorization: format!("Basic {}", basic(&credential)).into(),
                secrets: Secrets::new([
                    credential,
                    keys,
                    private_key,
                    public_key,
                    client_id.clone(),
                ]),
                company_id,
                client_id: client_id.into(),
                api_version,
            })
        })
    }

    /// What tells one tenant from another.
    pub(crate) fn tenant(&self) -> [&str; 2] {
        [&self.site.authority, &self.company_id]
    }

    /// `https://api-na.myconnectwise.net`.
    pub(crate) fn origin(&self) -> String {
        format!("https://{}", self.site.authority)
    }

    pub(crate) fn origins(&self) -> Vec<String> {
        vec![self.origin()]
    }
}

/// A host that answers API requests.
///
/// Cloud: the browser uses `na.myconnectwise.net`, the API `api-na.myconnectwise.net`; a call to the former answers
/// `SSL is required.` (ConnectWise Developer Guide, "Cloud URL Formatting"). On premises: any host, any port.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Site {
    /// Host, and port where it is not 443: `api-na.myconnectwise.net`, `psa.example.com:8443`.
    pub(crate) authority: String,
}

impl Site {
    /// Reads what was pasted. The error says what to enter.
    pub(crate) fn parse(pasted: &str) -> Result<Self, String> {
        let refuse = |why: &str| {
            format!(
                "{why}; enter the host name only, for example api-na.myconnectwise.net or psa.example.com"
            )
        };
        let mut host = Host::parse(pasted).map_err(refuse)?;
        if !is_path_of_connectwise(&host.path) {
            return Err(refuse("it contains a path that is not part of ConnectWise"));
        }
        if REGIONS.contains(&host.name.strip_prefix("api-").unwrap_or(&host.name)) {
            return Err(refuse("it is the name of a region, not of a host"));
        }
        if is_cloud(&host.name) {
            host.name = format!("api-{}", host.name);
        }
        Ok(Self {
            authority: host.authority(),
        })
    }

    /// The authority that a person's browser uses.
    pub(crate) fn browser_authority(&self) -> &str {
        match self.authority.strip_prefix("api-") {
            Some(rest) if is_cloud(rest) => rest,
            _ => &self.authority,
        }
    }
}

/// The regions of the cloud, which are no hosts by themselves (Developer Guide, "Cloud URL Formatting").
const REGIONS: [&str; 5] = ["na", "eu", "au", "aus", "za"];

/// Nothing, a page of ConnectWise's in the browser, or what people copy from the API's own examples: a codebase such as
/// `v4_6_release` or `v2025_1` with anything behind it, the sign-in page, `ConnectWise.aspx`. Any other path may be where a
/// proxy has the PSA, which is not supported. The codebase is not kept: `v4_6_release` is served everywhere and routes to
/// the current one.
fn is_path_of_connectwise(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or_default();
    let is_codebase = first.strip_prefix(['v', 'V']).is_some_and(|version| {
        version.starts_with(|first: char| first.is_ascii_digit())
            && version
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
    });
    let is_page = ["", "login", "connectwise.aspx"]
        .iter()
        .any(|page| first.eq_ignore_ascii_case(page));
    is_codebase || is_page
}

/// The browser's host of a cloud region. `sandbox-na` is used as it is, and so is a host that has its `api-` already.
fn is_cloud(host: &str) -> bool {
    let region = host.strip_suffix(".myconnectwise.net");
    region.is_some_and(|region| {
        (2..=3).contains(&region.len()) && region.chars().all(|letter| letter.is_ascii_alphabetic())
    }) || host == "staging.connectwisedev.com"
}

/// Part of the Basic credential, which is split again at its first `+` and the first `:` after it.
fn part_before_a_separator(text: &str) -> Result<String, String> {
    match text.chars().find(|letter| matches!(letter, '+' | ':')) {
        Some(separator) => Err(format!(
            "it contains `{separator}`, which separates two values; enter this value alone"
        )),
        None => header_part(text),
    }
}

/// `clientId` is a GUID (developer.connectwise.com, "ClientID").
fn guid(text: &str) -> Result<String, String> {
    if has_form(text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx") {
        return Ok(text.to_owned());
    }
    Err(
        "it must have the form 00000000-0000-0000-0000-000000000000; copy it from developer.connectwise.com"
            .to_owned(),
    )
}

/// `2025.16`: numbers separated by dots.
fn version(text: &str) -> Result<String, String> {
    let is_number = |part: &str| !part.is_empty() && part.chars().all(|it| it.is_ascii_digit());
    if text.len() <= 16 && text.contains('.') && text.split('.').all(is_number) {
        return Ok(text.to_owned());
    }
    Err(
        "it is not an API version; enter one like 2025.16, or leave it empty for the newest"
            .to_owned(),
    )
}

#[cfg(test)]
mod tests;
