//! What a customer enters: the three values of Halo's page "API Details", and the keys of an application.

use psa_contract::Setting;
use psa_toolkit::Error;
use psa_toolkit::host::Host;
use psa_toolkit::secrets::Secrets;
use psa_toolkit::settings::{Reader, header_part};
use psa_toolkit::url::with_query;

pub(crate) const RESOURCE_SERVER: &str = "resource-server";
pub(crate) const AUTHORISATION_SERVER: &str = "authorisation-server";
pub(crate) const TENANT: &str = "tenant";
pub(crate) const CLIENT_ID: &str = "client-id";
pub(crate) const CLIENT_SECRET: &str = "client-secret";
pub(crate) const NOTE_OUTCOME: &str = "note-outcome";

/// Where Halo hosts its products.
pub(crate) const VENDOR_DOMAINS: [&str; 5] = [
    "halopsa.com",
    "haloitsm.com",
    "halocrm.com",
    "haloservicedesk.com",
    "usehalo.com",
];

/// Shorter ones are a slip, and could not be blanked in messages without blanking half of every word.
const SHORTEST_CREDENTIAL: usize = 8;

/// Where a tenant is, and how to sign in.
#[derive(Debug)]
pub struct Settings {
    /// Host, and port if it is not 443.
    resource: String,
    authorisation: Authorisation,
    /// Its name where several tenants share an authorisation server.
    pub(crate) tenant: Option<String>,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    /// The outcome of the notes that are written, by name or id. None: the stock one.
    pub(crate) note_outcome: Option<String>,
    pub(crate) secrets: Secrets,
}

/// Where access tokens come from.
#[derive(Debug)]
struct Authorisation {
    authority: String,
    /// `/auth`, or nothing on old servers.
    path: &'static str,
}

impl Settings {
    pub(crate) fn parse(settings: &[Setting]) -> Result<Self, Error> {
        let names = [
            RESOURCE_SERVER,
            AUTHORISATION_SERVER,
            TENANT,
            CLIENT_ID,
            CLIENT_SECRET,
            NOTE_OUTCOME,
        ];
        let mut reader = Reader::new(settings, &names);
        let resource = reader.required(RESOURCE_SERVER, resource);
        let authorisation = reader.optional(AUTHORISATION_SERVER, authorisation);
        let tenant = reader.optional(TENANT, tenant);
        let client_id = reader.required(CLIENT_ID, credential);
        let client_secret = reader.required(CLIENT_SECRET, credential);
        let note_outcome = reader.optional(NOTE_OUTCOME, |text| Ok(text.to_owned()));
        reader.finish(|| {
            let (client_id, client_secret) = (client_id?, client_secret?);
            let resource = resource?;
            Some(Self {
                authorisation: authorisation.unwrap_or_else(|| Authorisation {
                    authority: resource.authority(),
                    path: "/auth",
                }),
                tenant: tenant.or_else(|| tenant_of(&resource.name)),
                secrets: Secrets::new([&client_secret, &client_id]),
                resource: resource.authority(),
                client_id,
                client_secret,
                note_outcome,
            })
        })
    }

    /// What tells one tenant from another.
    pub(crate) fn identity(&self) -> [&str; 2] {
        [&self.resource, &self.client_id]
    }

    pub(crate) fn origin(&self) -> String {
        format!("https://{}", self.resource)
    }

    pub(crate) fn origins(&self) -> Vec<String> {
        let mut origins = vec![
            self.origin(),
            format!("https://{}", self.authorisation.authority),
        ];
        origins.dedup();
        origins
    }

    /// The authorisation server, as Halo's page shows it.
    pub(crate) fn authorisation_server(&self) -> String {
        format!(
            "https://{}{}",
            self.authorisation.authority, self.authorisation.path
        )
    }

    pub(crate) fn token_url(&self) -> String {
        let url = format!("{}/token", self.authorisation_server());
        match &self.tenant {
            Some(tenant) => with_query(&url, &[("tenant", tenant)]),
            None => url,
        }
    }
}

/// A hosted tenant has its name in front of Halo's domain.
fn tenant_of(host: &str) -> Option<String> {
    let (name, rest) = host.split_once('.')?;
    let is_of_halo = |domain: &str| {
        let before = rest.strip_suffix(domain);
        before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    VENDOR_DOMAINS
        .into_iter()
        .any(is_of_halo)
        .then(|| name.to_owned())
}

fn resource(pasted: &str) -> Result<Host, String> {
    let host = Host::parse(pasted).and_then(|host| match lower_path(&host).as_str() {
        "" | "api" | "auth" | "auth/token" => Ok(host),
        _ => Err("it holds a path"),
    });
    host.map_err(|fault| format!("{fault}; enter the Resource Server, for example {EXAMPLE_HOST}"))
}

fn authorisation(pasted: &str) -> Result<Authorisation, String> {
    let authorisation = Host::parse(pasted).and_then(|host| {
        let path = match lower_path(&host).as_str() {
            "" | "auth" | "auth/token" | "api" => "/auth",
            "token" => "",
            _ => return Err("it holds a path other than /auth"),
        };
        Ok(Authorisation {
            authority: host.authority(),
            path,
        })
    });
    authorisation.map_err(|fault| {
        format!("{fault}; enter the Authorisation Server, for example {EXAMPLE_HOST}/auth")
    })
}

pub(crate) const EXAMPLE_HOST: &str = "example.halopsa.com";

fn lower_path(host: &Host) -> String {
    host.path.to_ascii_lowercase()
}

/// A name, also one that was pasted as the address of the tenant.
fn tenant(pasted: &str) -> Result<String, String> {
    let is_name = |text: &str| {
        text.chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter))
    };
    if is_name(pasted) {
        return Ok(pasted.to_owned());
    }
    let of_host = Host::parse(pasted)
        .ok()
        .and_then(|host| tenant_of(&host.name));
    of_host.ok_or_else(|| {
        "it is not the name of a tenant; enter what Halo's page API Details shows beside Tenant"
            .to_owned()
    })
}

fn credential(text: &str) -> Result<String, String> {
    if text.len() < SHORTEST_CREDENTIAL {
        return Err("it is too short; copy the whole of it".to_owned());
    }
    header_part(text)
}
