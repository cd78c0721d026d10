//! Requests as Halo wants them, and what its refusals mean.
//!
//! Halo documents no errors. What is known of them: an empty 401 or 403 where a right is missing, an empty 404 where a
//! record is, and 400 with one of five bodies, which `refusal.rs` reads.

use psa_contract::{ErrorCode, Request, Response};
use psa_toolkit::body::text_of;
use psa_toolkit::error::field_error;
use psa_toolkit::exchange::{Answer, Call, HttpResult, Subject, Tenant, exchange_one};
use psa_toolkit::pages::{Found, NumberedPage, Place, Row, read_numbered};
use psa_toolkit::permission::RequiredPermission;
use psa_toolkit::secrets::Secrets;
use psa_toolkit::status::{Refusal, code_of};
use psa_toolkit::token::{ClientCredentials, signed_in};
use psa_toolkit::{Error, HttpSend, url};
use serde::de::DeserializeOwned;

use crate::refusal::Said;
use crate::settings::{AUTHORISATION_SERVER, RESOURCE_SERVER, Settings, TENANT};
use crate::wire::{Listed, Rows, ServerInfo};

/// Halo's tokens live for an hour; one that is kept for 50 minutes is good for the rest of a call.
const REUSE_SECONDS: u32 = 3_000;
/// More are cut to it silently.
const LARGEST_PAGE: usize = 100;

/// Signs in: what is sent with the result carries the access token.
///
/// The scope is always sent: without one Halo gives a token that is refused everywhere. `all` is narrowed to what the
/// application is granted.
pub(crate) fn sign_in<'a>(
    settings: &'a Settings,
    send: &'a mut HttpSend<'_>,
) -> Result<impl FnMut(&mut [Request]) -> Vec<HttpResult> + 'a, Error> {
    let credentials = ClientCredentials {
        url: settings.token_url(),
        client_id: &settings.client_id,
        client_secret: &settings.client_secret,
        scope: Some("all"),
        reuse_seconds: REUSE_SECONDS,
    };
    match credentials.ask(settings, send) {
        Ok(token) => Ok(signed_in(settings, credentials, token, send)),
        Err(error) => Err(explained(settings, error, send)),
    }
}

/// Why there is no token, as far as the Resource Server tells without one. Its answer explains and is not followed: only
/// what was entered says where the credentials go.
fn explained(settings: &Settings, error: Error, send: &mut HttpSend) -> Error {
    let has_no_halo = match error.code {
        ErrorCode::InvalidSettings | ErrorCode::UnexpectedResponse => true,
        // A host that no tenant has answers 500.
        ErrorCode::Unavailable if error.http_status == Some(500) => true,
        ErrorCode::Unauthorized => false,
        _ => return error,
    };
    let answer = exchange_one(settings, send, server_info(settings, "authinfo"));
    match answer.record::<ServerInfo>() {
        Ok(info) if info.auth_url.is_some() || info.tenant_id.is_some() => {
            differing(settings, &answer, &info, error)
        }
        _ if has_no_halo && answer.result.is_ok() => {
            let message = format!(
                "{}; its Resource Server does not answer either",
                error.message
            );
            let fault = "there is no Halo under this name";
            Error::new(ErrorCode::InvalidSettings, message)
                .hint("copy the Resource Server from Configuration > Integrations > HaloPSA API > API Details")
                .field_errors(vec![field_error(RESOURCE_SERVER, fault)])
                .decided_as(&error)
        }
        _ => error,
    }
}

/// The error, or what was entered otherwise than the Resource Server says.
fn differing(settings: &Settings, answer: &Answer, info: &ServerInfo, error: Error) -> Error {
    let mut faults = Vec::new();
    let mut compare = |field: &str, entered: &str, said: &Option<String>| {
        let said = said.as_deref().unwrap_or(entered).trim_end_matches('/');
        if !said.eq_ignore_ascii_case(entered) {
            let fault = format!("the Resource Server says that it is {}", answer.quote(said));
            faults.push(field_error(field, fault));
        }
    };
    compare(
        AUTHORISATION_SERVER,
        &settings.authorisation_server(),
        &info.auth_url,
    );
    compare(
        TENANT,
        settings.tenant.as_deref().unwrap_or_default(),
        &info.tenant_id,
    );
    if faults.is_empty() {
        return error;
    }
    Error::new(ErrorCode::InvalidSettings, error.message.clone())
        .hint("copy the values from Configuration > Integrations > HaloPSA API > API Details")
        .field_errors(faults)
        .decided_as(&error)
}

/// A read that needs no token.
pub(crate) fn server_info(settings: &Settings, path: &str) -> Call {
    let url = format!("{}/api/{path}", settings.origin());
    Call::get("read what the server tells of itself", url).header("accept", "application/json")
}

/// A read. `doing` completes "cannot …"; `path` is below `/api/` and holds nothing that needs encoding.
pub(crate) fn get(
    settings: &Settings,
    doing: &str,
    permission: &'static RequiredPermission,
    path: &str,
    query: &[(&str, &str)],
) -> Call {
    let url = format!("{}/api/{path}", settings.origin());
    Call::get(doing, url::with_query(&url, query))
        .header("accept", "application/json")
        .needs(Some(permission))
        .names_a_record(path.bytes().any(|letter| letter.is_ascii_digit()))
}

/// A write. Halo takes arrays only, and a record with an id changes that one.
pub(crate) fn write(
    settings: &Settings,
    doing: &str,
    permission: &'static RequiredPermission,
    path: &str,
    record: &str,
) -> Call {
    Call::post(doing, format!("{}/api/{path}", settings.origin()))
        .header("accept", "application/json")
        .needs(Some(permission))
        .json(format!("[{record}]"))
        .write()
}

/// The record that a write is answered with. Some versions put it into an array.
pub(crate) fn written<T: Listed>(answer: &Answer) -> Result<T, Error> {
    let body = text_of(&answer.success()?.body);
    if !body.trim_start().starts_with('[') {
        return answer.record();
    }
    let mut records: Vec<T> = answer.records()?;
    match (records.pop(), records.is_empty()) {
        (Some(record), true) => Ok(record),
        _ => Err(answer.unexpected("expected one record in the answer")),
    }
}

/// The rows of a list that is always whole.
pub(crate) fn rows<T: Listed>(answer: &Answer) -> Result<Vec<T>, Error> {
    answer.read::<Rows<T>>().map(|it| it.rows)
}

/// The record of an answer. None: the PSA says that there is none.
pub(crate) fn if_there<T: DeserializeOwned>(answer: &Answer) -> Result<Option<T>, Error> {
    match answer.record() {
        Ok(record) => Ok(Some(record)),
        Err(error) if error.code == ErrorCode::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The query for a page, sorted by id. `orderdesc=0` is not understood.
pub(crate) fn paged<'a>(
    filters: &[(&'a str, &'a str)],
    page: &'a str,
    page_size: &'a str,
) -> Vec<(&'a str, &'a str)> {
    let mut query = filters.to_vec();
    query.extend([
        ("pageinate", "true"),
        ("page_size", page_size),
        ("page_no", page),
        ("order", "id"),
        ("orderdesc", "false"),
    ]);
    query
}

/// A list, and what it is filtered by. The rows are to be checked again: Halo ignores parameters that it does not know.
pub(crate) struct List<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) doing: &'a str,
    pub(crate) permission: &'static RequiredPermission,
    pub(crate) path: &'a str,
    pub(crate) filters: &'a [(&'a str, &'a str)],
}

impl List<'_> {
    /// One page of it.
    pub(crate) fn page(&self, page: usize, page_size: usize) -> Call {
        let (page, page_size) = (page.to_string(), page_size.to_string());
        let query = paged(self.filters, &page, &page_size);
        get(
            self.settings,
            self.doing,
            self.permission,
            self.path,
            &query,
        )
    }

    /// Its rows from a place on.
    pub(crate) fn read<T: Listed + Row>(
        &self,
        send: &mut HttpSend,
        start: Option<[i64; 2]>,
        limit: usize,
    ) -> Result<Found<T, Place>, Error> {
        let start = start.map(|[page, after]| Place {
            page: usize::try_from(page).unwrap_or(1),
            after,
        });
        let page = |number| self.page(number, LARGEST_PAGE);
        read_numbered(
            self.settings,
            send,
            LARGEST_PAGE,
            &page,
            numbered,
            start,
            limit,
        )
    }
}

/// The numbers of a cursor.
pub(crate) fn numbers(place: Place) -> [i64; 2] {
    [i64::try_from(place.page).unwrap_or(1), place.after]
}

fn numbered<T: Listed>(answer: &Answer) -> Result<NumberedPage<T>, Error> {
    let Rows { rows, total } = answer.read()?;
    let total = total.and_then(|total| usize::try_from(total).ok());
    match total {
        Some(total) => Ok(NumberedPage { rows, total }),
        None => Err(answer.unexpected("expected the number of all rows in `record_count`")),
    }
}

impl Tenant for Settings {
    fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    fn refusal(&self, subject: &Subject, response: &Response) -> Refusal {
        let said = Said::of(response);
        let code = meaning(subject, response, &said);
        let mut refusal = Refusal::new(code);
        refusal.hint = hint(subject, response.status, code);
        match code {
            ErrorCode::Rejected => refusal.field_errors = said.field_errors(),
            ErrorCode::InvalidSettings => {
                let field = match subject.permission {
                    Some(_) => RESOURCE_SERVER,
                    None => AUTHORISATION_SERVER,
                };
                refusal.field_errors = vec![field_error(field, "Halo does not answer there")];
            }
            _ => {}
        }
        refusal.vendor_code = said.code;
        refusal.message = said.message;
        refusal
    }

    fn hint(&self, code: ErrorCode) -> Option<&'static str> {
        match code {
            ErrorCode::Unauthorized => Some(
                "check the client id and the client secret in Configuration > Integrations > HaloPSA API > View Applications: \
                 the Login Type is Agent (changing it makes new ones), the application is active, and its agent is, too",
            ),
            ErrorCode::Forbidden => Some(
                "give the application `edit:tickets` and `read:customers` in Configuration > Integrations > HaloPSA API > View \
                 Applications > Permissions",
            ),
            ErrorCode::RateLimited => Some(
                "Halo takes 500 requests in 3 minutes from all integrations together: wait, then repeat",
            ),
            _ => None,
        }
    }

    fn web_page_hint(&self) -> &'static str {
        "a web page came where Halo's API is expected: copy the Resource Server from Configuration > Integrations > HaloPSA \
         API > API Details, and check that no proxy answers in its place"
    }
}

/// The rows of the table of statuses that Halo has otherwise. A request that needs no right is for a token.
fn meaning(subject: &Subject, response: &Response, said: &Said) -> ErrorCode {
    let is_token = subject.permission.is_none();
    match response.status {
        // In place of a token that has expired, and was not renewed.
        401 if said.is_of_oauth() => ErrorCode::Unauthorized,
        401 | 403 if is_token => ErrorCode::Unauthorized,
        // The token is a fresh one, so that this is about a right.
        401 => ErrorCode::Forbidden,
        404 if is_token => ErrorCode::InvalidSettings,
        404 if !subject.is_write && !(subject.names_a_record && said.is_json_or_empty) => {
            ErrorCode::InvalidSettings
        }
        status => subject.judge(code_of(status)),
    }
}

fn hint(subject: &Subject, status: u16, code: ErrorCode) -> Option<&'static str> {
    match code {
        ErrorCode::InvalidSettings if subject.permission.is_none() => Some(
            "copy the Authorisation Server from Configuration > Integrations > HaloPSA API > API Details; if it is shown \
             without /auth, enter it with /token behind it",
        ),
        ErrorCode::InvalidSettings => Some(
            "copy the Resource Server from Configuration > Integrations > HaloPSA API > API Details",
        ),
        ErrorCode::Rejected => Some(
            "correct what Halo objects to; nothing was written. Fields that the ticket type makes mandatory go into \
             `vendor-fields`",
        ),
        ErrorCode::UnexpectedResponse if (300..400).contains(&status) => Some(
            "the site redirects where the API is expected: copy the Resource Server from Configuration > Integrations > \
             HaloPSA API > API Details",
        ),
        _ => None,
    }
}
