//! Where nothing answers as the API does: which host serves this company? Asked of `/login/companyinfo/{company}`, without
//! credentials. Its answer only explains; no other host is contacted.

use psa_contract::{ErrorCode, FieldError};

use crate::error::{Error, error, field_error, quote};
use crate::request::{Answer, HttpSend, company_info, exchange_one};
use crate::settings::{CLIENT_ID, COMPANY_ID, PRIVATE_KEY, PUBLIC_KEY, SITE, Settings};
use crate::site::Site;

/// Explains an answer that speaks of a wrong site, company, path, client id, or (on the cloud) wrong keys.
pub(crate) fn explain(settings: &Settings, refused: Error, send: &mut HttpSend) -> Error {
    let answer = exchange_one(send, company_info(settings));
    let here = settings.site.authority.as_str();
    let company = quote(settings, &settings.company_id);
    let (code, found, hint, field_errors) = match company_site(settings, &answer) {
        Found::Unknown => (
            ErrorCode::InvalidSettings,
            [here, " does not know the company `", &company, "`"].concat(),
            "check the company id, which is what you type as Company when you sign in, and the host of your region (api-na, \
             api-eu, api-au, ...)"
                .to_owned(),
            faults(&[COMPANY_ID, SITE], "this site does not know this company"),
        ),
        Found::Elsewhere(site) => (
            ErrorCode::InvalidSettings,
            ["the company `", &company, "` is served by ", &site, ", not by ", here].concat(),
            ["enter ", &site, " as the site"].concat(),
            faults(&[SITE], &["the company is served by ", &site].concat()),
        ),
        Found::Here => (
            ErrorCode::Unauthorized,
            [here, " serves the company `", &company, "`, so the site is right"].concat(),
            "verify the public and private keys and the client id: some servers answer wrong credentials in this way, too"
                .to_owned(),
            faults(
                &[PUBLIC_KEY, PRIVATE_KEY, CLIENT_ID],
                "the PSA may not accept it",
            ),
        ),
        Found::NoAnswer => (
            ErrorCode::InvalidSettings,
            [here, " does not answer as ConnectWise PSA does"].concat(),
            "check the site: the host of your region's API (api-na, api-eu, api-au, ...) or of your own server, and that no \
             proxy answers in its place"
                .to_owned(),
            faults(&[SITE], "no ConnectWise PSA answers here"),
        ),
        Found::NotAsked(why) => (
            refused.code,
            why,
            "check the site, the company id and the client id; then run this again, which asks the site for the company once more"
                .to_owned(),
            refused.field_errors.clone(),
        ),
    };
    error(code, [&refused.message, "; ", &found].concat())
        .hint(hint)
        .field_errors(field_errors)
        .decided_as(&refused)
}

/// What the host said of the company.
enum Found {
    /// It does not know it.
    Unknown,
    /// Another host serves it.
    Elsewhere(String),
    Here,
    /// It does not serve this question: it is no ConnectWise PSA, or none that is reachable here.
    NoAnswer,
    /// The question itself failed.
    NotAsked(String),
}

fn company_site(settings: &Settings, answer: &Answer) -> Found {
    let document = match answer.json(settings) {
        Ok(document) => document,
        Err(error) => {
            return match error.code {
                ErrorCode::Denied | ErrorCode::Unavailable | ErrorCode::RateLimited => {
                    Found::NotAsked(error.message.clone())
                }
                _ => Found::NoAnswer,
            };
        }
    };
    let info = document.value();
    if info.is_null() {
        return Found::Unknown;
    }
    if info.member("Codebase").as_text().is_none() {
        return Found::NoAnswer;
    }
    match info.member("SiteUrl").as_text().map(Site::parse) {
        // On premises there is no SiteUrl; one that is malformed tells nothing.
        None | Some(Err(_)) => Found::Here,
        Some(Ok(site)) if site == settings.site => Found::Here,
        // A host name, but the server's word: even a client id is a good one.
        Some(Ok(site)) => Found::Elsewhere(quote(settings, &site.authority)),
    }
}

fn faults(names: &[&str], message: &str) -> Vec<FieldError> {
    names
        .iter()
        .map(|name| field_error(name, message))
        .collect()
}
