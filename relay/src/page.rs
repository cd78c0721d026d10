//! The page: where a person sets the relay up, in five steps that are drawn from what the connector says of itself, and sees
//! what became of alerts. Plain forms, made here, without a script; every rule is the service's.
//!
//! What a request passes, in this order: the names under which the page may be reached ([`guard`]), whether it comes from the
//! page itself, who is there ([`session`]).

mod cases; // Cases, one of them, and what a person does about it.
mod check; // Step 5: a sample ticket, and the switch.
mod choose; // The PSA's companies, to choose one.
mod companies; // Step 3: whose alerts are whose.
mod dashboard; // What there is, and what waits for a person.
mod fields; // Fields of forms.
mod form; // What was entered.
mod guard; // What every request passes, and every answer bears.
mod layout; // The frame of every page.
mod platform; // Settings that are asked once for the relay.
mod services; // Step 4: what a ticket is opened with.
mod session; // Who is signed in.
mod setting; // A setting of a connector, as a field.
mod settings; // Step 1: the settings of a tenant.
mod shared; // What is remembered between requests.
mod sign_in; // Links that work once, and the password.
mod source; // One source: its address, its tokens, its text.
mod sources; // All sources.
mod tables; // Alerts and tickets, as several pages show them.
mod verify; // Step 2: Verify Setup.
mod visit; // One request of a person who is signed in.
mod words; // The contract's names in words.

#[cfg(test)]
mod tests;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use crate::configuration::Configuration;
use crate::office::Office;
use shared::Shared;

pub use guard::Peer;
pub use shared::Page;

/// Where the page is, and who may see it.
#[derive(Clone, Debug, Default)]
pub struct PageOptions {
    /// Where it listens: the names of loopback are good with this port only.
    pub address: Option<SocketAddr>,
    /// Other names under which it is reached, with or without a port.
    pub hosts: Vec<String>,
    /// Whether browsers reach it by TLS.
    pub is_secure: bool,
    /// What opens it. None: links that work once, and nothing else.
    pub password: Option<String>,
    /// The header in which a proxy says who is there, and the addresses of such proxies. Others are refused then.
    pub proxies: Option<(String, Vec<IpAddr>)>,
    /// What senders are told.
    pub intake_url: String,
    /// Whether this is the demonstration: its data is in its memory, where `psa-relay link` does not reach it.
    pub is_demonstration: bool,
}

/// Why there can be no page.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// The password.
    #[error("the password of the page in {path} cannot be read: {error}")]
    Password {
        /// Its file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// It can be guessed.
    #[error("the password of the page in {path} is too short: it has at least 12 characters")]
    Short {
        /// Its file.
        path: PathBuf,
    },
}

/// The least number of characters of a password.
const LEAST_PASSWORD: usize = 12;

impl PageOptions {
    /// Those of a configuration, for a page that listens at this address.
    ///
    /// # Errors
    /// [`PageError`]
    pub fn of(configuration: &Configuration, address: SocketAddr) -> Result<Self, PageError> {
        let page = &configuration.page;
        let password = match &page.password_file {
            None => None,
            Some(path) => {
                let text = std::fs::read_to_string(path).map_err(|error| PageError::Password {
                    path: path.clone(),
                    error,
                })?;
                let text = text.trim().to_owned();
                if text.chars().count() < LEAST_PASSWORD {
                    return Err(PageError::Short { path: path.clone() });
                }
                Some(text)
            }
        };
        let proxies = page.proxy_header.clone();
        Ok(Self {
            address: Some(address),
            hosts: page.hosts.clone(),
            is_secure: page.certificate.is_some() || page.trusts_proxies(),
            password,
            proxies: proxies.map(|header| (header, page.trusted_proxies.clone())),
            intake_url: configuration.intake.url(),
            is_demonstration: false,
        })
    }
}

impl Page {
    /// Of this office.
    #[must_use]
    pub fn new(office: Office, options: PageOptions) -> Self {
        Self::of(Shared::new(office, options))
    }

    /// Its router.
    pub fn router(self) -> Router {
        Router::new()
            .route("/", get(dashboard::show))
            .route("/style.css", get(layout::style))
            .route("/link/{token}", get(sign_in::link))
            .route("/sign-in", get(sign_in::show).post(sign_in::password))
            .route("/sign-out", post(sign_in::out))
            .route(
                "/platform/{connector}",
                get(platform::show).post(platform::save),
            )
            .route(
                "/set-up/{connector}",
                get(settings::show_new).post(settings::save_new),
            )
            .nest("/tenants/{tenant}", tenant())
            .route("/sources", get(sources::show).post(sources::make))
            .nest("/sources/{source}", source())
            .route("/cases", get(cases::show))
            .route("/cases/{case}", get(cases::show_one))
            .route("/cases/{case}/retry", post(cases::retry))
            .route("/cases/{case}/adopt", post(cases::adopt))
            .route("/cases/{case}/drop", post(cases::drop))
            .fallback(layout::not_found)
            .layer(from_fn_with_state(self.clone(), guard::guard))
            .with_state(self)
    }
}

fn tenant() -> Router<Page> {
    Router::new()
        .route("/", get(settings::next_step))
        .route("/settings", get(settings::show).post(settings::save))
        .route("/verify", get(verify::show).post(verify::verify))
        .route("/companies", get(companies::show))
        .route("/companies/add", post(companies::add))
        .route("/companies/import", post(companies::import))
        .route("/companies/map", post(companies::map))
        .route("/companies/accept", post(companies::accept))
        .route("/companies/read", post(companies::read_again))
        .route("/companies/choose", get(choose::show))
        .route("/services", get(services::show).post(services::save))
        .route("/check", get(check::show).post(check::check))
        .route("/check/read", post(check::read))
        .route("/check/skip", post(check::skip))
        .route("/check/sample", post(check::sample))
        .route("/enabled", post(check::switch))
        .route("/retry", post(cases::retry_all))
        .route("/delete", post(settings::delete))
}

fn source() -> Router<Page> {
    Router::new()
        .route("/", get(source::show).post(source::save))
        .route("/token", post(source::make_token))
        .route("/revoke", post(source::revoke_token))
        .route("/signing", post(source::signing))
        .route("/delete", post(source::delete))
}
