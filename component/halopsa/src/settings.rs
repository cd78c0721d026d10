//! What a customer enters: the three values of Halo's page "API Details", and the keys of an application.

use psa_contract::{Setting, SettingKind};
use psa_toolkit::host::Host;
use psa_toolkit::secrets::{Secret, Secrets};
use psa_toolkit::settings::{Reader, SettingRow, credential};
use psa_toolkit::{Error, url};

pub(crate) const RESOURCE_SERVER: &str = "resource-server";
pub(crate) const AUTHORISATION_SERVER: &str = "authorisation-server";
pub(crate) const TENANT: &str = "tenant";
pub(crate) const CLIENT_ID: &str = "client-id";
pub(crate) const CLIENT_SECRET: &str = "client-secret";
pub(crate) const NOTE_OUTCOME: &str = "note-outcome";

/// Where Halo hosts its products.
pub(crate) const VENDOR_DOMAINS: &str =
    "halopsa.com haloitsm.com halocrm.com haloservicedesk.com usehalo.com";

/// What a customer enters.
pub(crate) const SETTINGS: [SettingRow; 6] = [
    SettingRow::new(
        RESOURCE_SERVER,
        "Resource Server",
        SettingKind::Host,
        "Configuration > Integrations > HaloPSA API > API Details. In HaloITSM the page is HaloITSM API.",
        "https://example.halopsa.com/api",
    ),
    SettingRow::new(
        AUTHORISATION_SERVER,
        "Authorisation Server",
        SettingKind::Host,
        "On the same page. Needed only if its host is not that of the Resource Server. If it is shown without /auth, enter it \
         with /token behind it.",
        "https://example.halopsa.com/auth",
    )
    .optional(),
    SettingRow::new(
        TENANT,
        "Tenant",
        SettingKind::Text,
        "On the same page. Needed only if the Resource Server is in a domain of your own and the page shows a tenant.",
        "example",
    )
    .optional(),
    SettingRow::new(
        CLIENT_ID,
        "Client ID",
        SettingKind::Secret,
        "Configuration > Integrations > HaloPSA API > View Applications: the application's Details. Choose the Login Type Agent \
         first: changing it changes the id and the secret.",
        "00000000-0000-0000-0000-000000000000",
    ),
    SettingRow::new(
        CLIENT_SECRET,
        "Client Secret",
        SettingKind::Secret,
        "On the same page. Shown once, when the application is made.",
        "00000000-0000-0000-0000-000000000000-00000000-0000-0000-0000-000000000000",
    ),
    SettingRow::new(
        NOTE_OUTCOME,
        "Outcome of notes",
        SettingKind::Text,
        "The name or id of the outcome for private notes, if yours is not the stock one (id 7): Configuration > Tickets > Actions.",
        "Private Note",
    )
    .optional(),
];

/// Where a tenant is, and how to sign in.
#[derive(Debug)]
pub struct Settings {
    /// Of the Resource Server: `https://example.halopsa.com`.
    pub(crate) origin: String,
    /// As Halo's page shows it: `https://example.halopsa.com/auth`. Old ones do without the path.
    pub(crate) authorisation_server: String,
    /// Its name where several tenants share an authorisation server.
    pub(crate) tenant: Option<String>,
    pub(crate) client_id: Secret,
    pub(crate) client_secret: Secret,
    /// The outcome of the notes that are written, by name or id. None: the stock one.
    pub(crate) note_outcome: Option<String>,
    pub(crate) secrets: Secrets,
}

impl Settings {
    pub(crate) fn parse(settings: &[Setting]) -> Result<Self, Error> {
        let mut reader = Reader::new(settings, &SETTINGS);
        let resource = reader.required(RESOURCE_SERVER, resource);
        let authorisation_server = reader.optional(AUTHORISATION_SERVER, authorisation_server);
        let tenant = reader.optional(TENANT, tenant);
        let client_id = reader.required(CLIENT_ID, credential);
        let client_secret = reader.required(CLIENT_SECRET, credential);
        let note_outcome = reader.optional(NOTE_OUTCOME, |text| Ok(text.to_owned()));
        reader.finish(|| {
            let (resource, client_id, client_secret) = (resource?, client_id?, client_secret?);
            let origin = format!("https://{}", resource.authority());
            Some(Self {
                authorisation_server: authorisation_server.unwrap_or(format!("{origin}/auth")),
                tenant: tenant.or_else(|| tenant_of(&resource.name)),
                secrets: Secrets::new([&*client_secret, &*client_id]),
                origin,
                client_id,
                client_secret,
                note_outcome,
            })
        })
    }

    /// What tells one tenant from another.
    pub(crate) fn identity(&self) -> [&str; 2] {
        [self.origin.trim_start_matches("https://"), &self.client_id]
    }

    pub(crate) fn origins(&self) -> Vec<String> {
        let authorisation = url::origin(&self.authorisation_server);
        let mut origins = vec![self.origin.clone()];
        origins.extend(authorisation.map(str::to_owned));
        origins.dedup();
        origins
    }

    pub(crate) fn token_url(&self) -> String {
        let tenant = self.tenant.as_deref().map(|tenant| ("tenant", tenant));
        let url = format!("{}/token", self.authorisation_server);
        url::with_query(&url, tenant.as_slice())
    }
}

/// A hosted tenant has its name in front of Halo's domain.
fn tenant_of(host: &str) -> Option<String> {
    let (name, rest) = host.split_once('.')?;
    let is_of_halo = |domain| rest == domain || rest.ends_with(&format!(".{domain}"));
    let is_hosted = VENDOR_DOMAINS.split(' ').any(is_of_halo);
    is_hosted.then(|| name.to_owned())
}

fn resource(pasted: &str) -> Result<Host, String> {
    let host = Host::parse(pasted).map_err(|fault| {
        format!("{fault}; enter the Resource Server, such as example.halopsa.com")
    })?;
    match host.path.to_lowercase().as_str() {
        "" | "api" | "auth" | "auth/token" => Ok(host),
        _ => Err(
            "it holds a path other than /api; enter the Resource Server as API Details shows it"
                .to_owned(),
        ),
    }
}

fn authorisation_server(pasted: &str) -> Result<String, String> {
    let host = Host::parse(pasted).map_err(|fault| {
        format!("{fault}; enter the Authorisation Server, such as example.halopsa.com/auth")
    })?;
    match host.path.to_lowercase().as_str() {
        "" | "auth" | "auth/token" | "api" => Ok(format!("https://{}/auth", host.authority())),
        "token" => Ok(format!("https://{}", host.authority())),
        _ => Err("it holds a path other than /auth; enter the Authorisation Server as API Details shows it".to_owned()),
    }
}

/// A name, also one that was pasted as the address of the tenant.
fn tenant(pasted: &str) -> Result<String, String> {
    let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    if pasted.chars().all(is_of_name) {
        return Ok(pasted.to_owned());
    }
    let host = Host::parse(pasted).ok();
    let of_host = host.and_then(|host| tenant_of(&host.name));
    of_host.ok_or_else(|| {
        "it is not the name of a tenant; enter the Tenant that API Details shows".to_owned()
    })
}
