//! Requests as Sample Desk wants them, and what its refusals mean.

use psa_contract::{ErrorCode, FieldError, Request, Response};
use psa_toolkit::error::field_error;
use psa_toolkit::exchange::{Answer, Call, HttpResult, Subject, Tenant};
use psa_toolkit::input::field_of_member;
use psa_toolkit::pages::{Found, LinkedPage, Row, read_linked};
use psa_toolkit::permission::RequiredPermission;
use psa_toolkit::secrets::Secrets;
use psa_toolkit::status::{Refusal, code_of};
use psa_toolkit::token::{self, ClientCredentials};
use psa_toolkit::{Error, HttpSend, json};
use serde::de::DeserializeOwned;

use crate::draft::FIELDS;
use crate::settings::{SITE, Settings};
use crate::wire;

/// Sample Desk's tokens live for an hour; one that is kept for 50 minutes is good for the rest of a call.
const REUSE_SECONDS: u32 = 3_000;
const LARGEST_PAGE: usize = 100;

/// Signs in: what is sent with the result carries the access token.
pub(crate) fn sign_in<'a>(
    settings: &'a Settings,
    send: &'a mut HttpSend<'_>,
) -> Result<impl FnMut(&mut [Request]) -> Vec<HttpResult> + 'a, Error> {
    let credentials = ClientCredentials {
        url: format!("{}/oauth/token", settings.origin()),
        client_id: &settings.client_id,
        client_secret: &settings.client_secret,
        scope: None,
        reuse_seconds: REUSE_SECONDS,
    };
    token::sign_in(settings, credentials, send)
}

/// A read. `doing` completes "cannot …"; `path` is below `/api/` and holds nothing that needs encoding.
pub(crate) fn get(
    settings: &Settings,
    doing: &str,
    permission: Option<&'static RequiredPermission>,
    path: &str,
) -> Call {
    let url = format!("{}/api/{path}", settings.origin());
    get_url(doing, permission, url)
}

/// The same for a whole URL.
pub(crate) fn get_url(
    doing: &str,
    permission: Option<&'static RequiredPermission>,
    url: String,
) -> Call {
    Call::get(doing, url)
        .header("accept", "application/json")
        .needs(permission)
}

/// Rows above an id that a path with a query asks for, page after page.
pub(crate) fn read_pages<T: Row + DeserializeOwned>(
    settings: &Settings,
    send: &mut HttpSend,
    doing: &str,
    permission: &'static RequiredPermission,
    query: &str,
    after: Option<i64>,
    limit: usize,
) -> Result<Found<T>, Error> {
    let start = after.unwrap_or_default();
    let first = page_call(settings, doing, permission, query, start, LARGEST_PAGE);
    let next = |url| get_url(doing, Some(permission), url);
    read_linked(settings, send, first, &next, page, Some(start), limit)
}

/// The first rows above an id.
pub(crate) fn page_call(
    settings: &Settings,
    doing: &str,
    permission: &'static RequiredPermission,
    query: &str,
    after: i64,
    limit: usize,
) -> Call {
    let path = format!("{query}limit={limit}&after={after}");
    get(settings, doing, Some(permission), &path)
}

/// A page, and the URL of the next one, which starts after its last row.
fn page<T: Row + DeserializeOwned>(answer: &Answer) -> Result<LinkedPage<T>, Error> {
    let page: wire::Page<T> = answer.record()?;
    let url = &answer.request.url;
    let (list, _) = url.rsplit_once("after=").unwrap_or((url, ""));
    let next_url = match page.rows.last() {
        _ if !page.more => None,
        Some(last) => Some(format!("{list}after={}", last.id())),
        None => return Err(answer.unexpected("expected rows on a page that is not the last")),
    };
    Ok(LinkedPage {
        rows: page.rows,
        next_url,
    })
}

/// A write.
pub(crate) fn write(
    settings: &Settings,
    method: &str,
    doing: &str,
    permission: &'static RequiredPermission,
    path: &str,
    body: String,
) -> Call {
    Call::new(
        doing.to_owned(),
        method,
        format!("{}/api/{path}", settings.origin()),
    )
    .header("accept", "application/json")
    .needs(Some(permission))
    .json(body)
    .write()
}

/// Whether an answer is Sample Desk's own word with this code. A 404 without one speaks of the site.
pub(crate) fn says(answer: &Answer, status: u16, code: &str) -> bool {
    answer.result.as_ref().is_ok_and(|response| {
        response.status == status && said(response).is_some_and(|said| said.code == code)
    })
}

impl Tenant for Settings {
    fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    fn refusal(&self, subject: &Subject, response: &Response) -> Refusal {
        let said = said(response);
        let code = match response.status {
            // An integration that may not even ask for itself is as good as none. Every other request needs a permission.
            403 if subject.permission.is_none() => ErrorCode::Unauthorized,
            404 if said.is_none() => ErrorCode::InvalidSettings,
            status => subject.judge(code_of(status)),
        };
        let mut refusal = Refusal::new(code);
        match said {
            Some(said) => {
                refusal.message = said.message.unwrap_or_default();
                refusal.vendor_code = Some(said.code);
                refusal.field_errors = said.fields.into_iter().map(field_fault).collect();
            }
            None if code == ErrorCode::InvalidSettings => {
                refusal.field_errors = vec![field_error(
                    SITE,
                    "Sample Desk does not answer at this site",
                )];
            }
            None => {}
        }
        refusal
    }

    fn hint(&self, code: ErrorCode) -> Option<&'static str> {
        match code {
            ErrorCode::InvalidSettings => Some("check the site"),
            ErrorCode::Unauthorized => Some(
                "check the client id and the client secret; you can create a new secret in Administration > Integrations",
            ),
            _ => None,
        }
    }
}

fn said(response: &Response) -> Option<wire::Refusal> {
    let body: Option<wire::ErrorBody> = json::read(&response.body).ok();
    body.map(|body| body.error)
}

fn field_fault(fault: wire::RefusedField) -> FieldError {
    FieldError {
        field: field_of_member(&FIELDS, &fault.name).map(str::to_owned),
        vendor_field: Some(fault.name),
        message: fault.message,
    }
}
