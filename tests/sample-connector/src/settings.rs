//! The settings, read once. All faults are reported at once, before any request.

use psa_contract::{ConnectorError, ErrorCode, FieldError, Setting};

use crate::error::{field_error, invalid};

pub(crate) const SITE: &str = "site";
pub(crate) const CLIENT_ID: &str = "client-id";
pub(crate) const CLIENT_SECRET: &str = "client-secret";

const NAMES: [&str; 3] = [SITE, CLIENT_ID, CLIENT_SECRET];

/// Shorter ones are a slip, and could not be blanked in messages without blanking half of every word.
const SHORTEST_CREDENTIAL: usize = 8;

/// Where a tenant is, and how to be let in.
#[derive(Clone)]
pub(crate) struct Settings {
    /// Host, and port where it is not 443.
    pub(crate) site: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
}

impl Settings {
    pub(crate) fn parse(settings: &[Setting]) -> Result<Self, ConnectorError> {
        let mut faults = Vec::new();
        for (index, setting) in settings.iter().enumerate() {
            if !NAMES.contains(&setting.name.as_str()) {
                // The name may be anything, a key pasted into the wrong place too, so it is not repeated.
                faults.push(FieldError {
                    field: None,
                    vendor_field: None,
                    message:
                        "a setting is unknown; the settings are site, client-id and client-secret"
                            .to_owned(),
                });
            } else if settings[..index]
                .iter()
                .any(|other| other.name == setting.name)
            {
                faults.push(field_error(&setting.name, "it is given twice"));
            }
        }
        let mut entered = |name, parse: fn(&str) -> Result<String, &'static str>| {
            let setting = settings.iter().find(|setting| setting.name == name);
            match setting.map_or("", |setting| setting.value.trim()) {
                "" => faults.push(field_error(name, "it is missing")),
                value => match parse(value) {
                    Ok(value) => return value,
                    Err(fault) => faults.push(field_error(name, fault)),
                },
            }
            String::new()
        };
        let settings = Self {
            site: entered(SITE, host_and_port),
            client_id: entered(CLIENT_ID, credential),
            client_secret: entered(CLIENT_SECRET, credential),
        };
        if faults.is_empty() {
            Ok(settings)
        } else {
            let doing = "use the settings";
            Err(invalid(ErrorCode::InvalidSettings, doing, faults))
        }
    }

    pub(crate) fn origin(&self) -> String {
        format!("https://{}", self.site)
    }
}

fn host_and_port(text: &str) -> Result<String, &'static str> {
    let text = text.strip_prefix("https://").unwrap_or(text);
    let text = text.strip_suffix('/').unwrap_or(text);
    let (host, port) = text.split_once(':').unwrap_or((text, "443"));
    let is_label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    if !host.split('.').all(is_label) {
        return Err("it is not a host name, such as example.sample-desk.example");
    }
    let host = host.to_ascii_lowercase();
    match port.parse::<u16>() {
        Ok(0) | Err(_) => Err("its port is not a number from 1 to 65535"),
        Ok(443) => Ok(host),
        Ok(port) => Ok(format!("{host}:{port}")),
    }
}

fn credential(text: &str) -> Result<String, &'static str> {
    if text.len() < SHORTEST_CREDENTIAL {
        return Err("it is too short; copy the whole of it");
    }
    if !text
        .bytes()
        .all(|byte| byte.is_ascii_graphic() || byte == b' ')
    {
        return Err("it holds a character that it cannot have; copy it again");
    }
    Ok(text.to_owned())
}
