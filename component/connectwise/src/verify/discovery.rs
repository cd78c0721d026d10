//! Where nothing answers as the API does: which host serves this company? Asked of `/login/companyinfo/{company}`, without
//! credentials. Its answer only explains; no other host is contacted.

use psa_contract::{ErrorCode, FieldError};
use psa_toolkit::error::field_error;
use psa_toolkit::exchange::{Answer, Call, exchange_one};
use psa_toolkit::{Error, HttpSend, url};

use crate::settings::{CLIENT_ID, COMPANY_ID, PRIVATE_KEY, PUBLIC_KEY, SITE, Settings, Site};
use crate::wire::CompanyInfo;

/// Explains an answer that speaks of a wrong site, company, path, client id, or (on the cloud) wrong keys.
pub(super) fn explain(settings: &Settings, refused: Error, send: &mut HttpSend) -> Error {
    let here = &settings.site.authority;
    let (code, found, hint, field_errors) = match ask(settings, send) {
        Found::Unknown => unknown(settings),
        Found::Elsewhere(site) => elsewhere(settings, &site),
        Found::Here => (
            ErrorCode::Unauthorized,
            here_it_is(settings),
            "check the public key, the private key and the client id: some servers answer wrong credentials this way"
                .to_owned(),
            faults(
                &[PUBLIC_KEY, PRIVATE_KEY, CLIENT_ID],
                "it may be what the PSA rejects",
            ),
        ),
        Found::NoAnswer => (
            ErrorCode::InvalidSettings,
            format!("{here} does not answer like ConnectWise PSA"),
            "check the site: it must be the host of your region's API (api-na, api-eu, api-au, ...) or your own server, \
             and no proxy may answer in its place"
                .to_owned(),
            faults(&[SITE], "there is no ConnectWise PSA at this address"),
        ),
        Found::NotAsked(why) => (
            refused.code,
            why,
            "check the site, the company id and the client id; then repeat, so that the site is asked for the company \
             again"
                .to_owned(),
            refused.field_errors.clone(),
        ),
    };
    explained(&refused, code, &found, hint, field_errors)
}

/// Explains a 401: if the site does not serve the company, the keys may be good. What is not known leaves it as it is.
pub(super) fn explain_keys(settings: &Settings, refused: Error, send: &mut HttpSend) -> Error {
    let (code, found, hint, field_errors) = match ask(settings, send) {
        Found::Unknown => unknown(settings),
        Found::Elsewhere(site) => elsewhere(settings, &site),
        Found::Here => (
            ErrorCode::Unauthorized,
            here_it_is(settings),
            "replace the public and private keys, and check that the API member is active; the private key is shown only \
             once, so create a new pair of keys if you no longer have it"
                .to_owned(),
            faults(&[PUBLIC_KEY, PRIVATE_KEY], "the PSA does not accept it"),
        ),
        Found::NoAnswer | Found::NotAsked(_) => return refused,
    };
    explained(&refused, code, &found, hint, field_errors)
}

/// Code, what was found, hint, and the settings at fault.
type Verdict = (ErrorCode, String, String, Vec<FieldError>);

fn explained(
    refused: &Error,
    code: ErrorCode,
    found: &str,
    hint: String,
    field_errors: Vec<FieldError>,
) -> Error {
    Error::new(code, format!("{}; {found}", refused.message))
        .hint(hint)
        .field_errors(field_errors)
        .decided_as(refused)
}

fn unknown(settings: &Settings) -> Verdict {
    let here = &settings.site.authority;
    (
        ErrorCode::InvalidSettings,
        format!("{here} does not know the company `{}`", company(settings)),
        "check the company id (what you enter as Company when you sign in) and the host of your region (api-na, api-eu, \
         api-au, ...)"
            .to_owned(),
        faults(&[COMPANY_ID, SITE], "this site does not know this company"),
    )
}

fn elsewhere(settings: &Settings, site: &str) -> Verdict {
    let (here, company) = (&settings.site.authority, company(settings));
    (
        ErrorCode::InvalidSettings,
        format!("the company `{company}` is served by {site}, not by {here}"),
        format!("enter {site} as the site"),
        faults(&[SITE], &format!("the company is served by {site}")),
    )
}

fn here_it_is(settings: &Settings) -> String {
    let (here, company) = (&settings.site.authority, company(settings));
    format!("{here} serves the company `{company}`, so the site is right")
}

fn company(settings: &Settings) -> String {
    settings.secrets.quote(&settings.company_id)
}

fn ask(settings: &Settings, send: &mut HttpSend) -> Found {
    company_site(
        settings,
        &exchange_one(settings, send, company_info(settings)),
    )
}

/// The one request without credentials: which host serves this company. Answers on every host of ConnectWise (Developer
/// Guide, "Codebase").
fn company_info(settings: &Settings) -> Call {
    let company = url::segment(&settings.company_id);
    let url = format!("{}/login/companyinfo/{company}", settings.origin());
    Call::get("look up the company's host", url).header("accept", "application/json")
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
    let info = match answer.read::<Option<CompanyInfo>>() {
        Ok(Some(info)) if info.codebase.is_some() => info,
        Ok(Some(_)) => return Found::NoAnswer,
        Ok(None) => return Found::Unknown,
        Err(error) => {
            return match error.code {
                ErrorCode::Denied | ErrorCode::Unavailable | ErrorCode::RateLimited => {
                    Found::NotAsked(error.message.clone())
                }
                _ => Found::NoAnswer,
            };
        }
    };
    match info.site_url.as_deref().map(Site::parse) {
        // On premises there is no SiteUrl; one that is malformed tells nothing.
        None | Some(Err(_)) => Found::Here,
        Some(Ok(site)) if site == settings.site => Found::Here,
        // A host name, but the server's word: even a client id is a good one.
        Some(Ok(site)) => Found::Elsewhere(settings.secrets.quote(&site.authority)),
    }
}

fn faults(names: &[&str], message: &str) -> Vec<FieldError> {
    names
        .iter()
        .map(|name| field_error(name, message))
        .collect()
}
