//! Requests as Halo wants them, and what its refusals mean.
//!
//! Halo documents no errors. What is known of them: an empty 401 or 403 where a right is missing, an empty 404 where a
//! record is, and 400 with a body in one of several forms.

use psa_contract::{ErrorCode, Operation, Request, Response};
use psa_toolkit::body::text_of;
use psa_toolkit::error::{field_error, unless};
use psa_toolkit::exchange::{Answer, Call, HttpResult, Subject, Tenant, exchange, exchange_one};
use psa_toolkit::input::InputRow;
use psa_toolkit::loose::{Listed, Rows, Text, numbered};
use psa_toolkit::pages::{Found, Place, read_numbered};
use psa_toolkit::said::Said;
use psa_toolkit::secrets::Secrets;
use psa_toolkit::status::{Refusal, code_of};
use psa_toolkit::token::{ClientCredentials, signed_in};
use psa_toolkit::{Error, HttpSend, url};

use crate::draft::{FIELDS, NOTE_FIELDS, STATUS_FIELDS};
use crate::permissions::{TICKETS_ADD, TICKETS_EDIT, right_to_read};
use crate::settings::{AUTHORISATION_SERVER, RESOURCE_SERVER, Settings, TENANT};
use crate::wire::ServerInfo;

/// Halo's tokens live for an hour; one that is kept for 50 minutes is good for the rest of a call.
const REUSE_SECONDS: u32 = 3_000;
/// More are cut to it silently.
pub(crate) const LARGEST_PAGE: usize = 100;
/// Lists leave inactive rows out unless they are told not to. They are left out here, so that only a deletion moves rows to
/// another page.
pub(crate) const ACTIVE_OR_NOT: [(&str, &str); 2] =
    [("includeactive", "true"), ("includeinactive", "true")];

/// Signs in: what is sent with the result carries the access token. The scope is always sent: without one Halo gives a token
/// that is refused everywhere. `all` is narrowed to what the application is granted.
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
    let token = credentials.ask(settings, send);
    let token = token.map_err(|error| explained(settings, error, send))?;
    Ok(signed_in(settings, credentials, token, send))
}

/// Why there is no token, as far as the Resource Server tells without one. Its answer explains and is not followed: only
/// what was entered says where the credentials go.
fn explained(settings: &Settings, error: Error, send: &mut HttpSend) -> Error {
    let may_lack_halo = match error.code {
        ErrorCode::InvalidSettings | ErrorCode::UnexpectedResponse => true,
        // A host that no tenant has answers 500.
        ErrorCode::Unavailable if error.http_status == Some(500) => true,
        ErrorCode::Unauthorized => false,
        _ => return error,
    };
    let answer = exchange_one(settings, send, server_info(settings, "authinfo"));
    // Trouble that passes, and a limit, say nothing of the name.
    let is_no_halo = |response: &Response| !matches!(response.status, 429 | 502..=504);
    let mut faults = Vec::new();
    match answer.record::<ServerInfo>() {
        Ok(info) if info.auth_url.0.is_some() || info.tenant_id.0.is_some() => {
            let server = settings.authorisation_server.as_str();
            let tenant = settings.tenant.as_deref().unwrap_or_default();
            for (field, entered, Text(said)) in [
                (AUTHORISATION_SERVER, server, info.auth_url),
                (TENANT, tenant, info.tenant_id),
            ] {
                let said = said.unwrap_or_else(|| entered.to_owned());
                if !said.trim_end_matches('/').eq_ignore_ascii_case(entered) {
                    let fault = format!(
                        "the Resource Server says that it is {}",
                        answer.quote(&said)
                    );
                    faults.push(field_error(field, fault));
                }
            }
        }
        _ if may_lack_halo && answer.result.as_ref().is_ok_and(is_no_halo) => {
            let fault =
                "there is no Halo under this name: its Resource Server does not answer either";
            faults.push(field_error(RESOURCE_SERVER, fault));
        }
        _ => {}
    }
    if faults.is_empty() {
        return error;
    }
    Error::new(ErrorCode::InvalidSettings, error.message.clone())
        .hint(format!("copy the values from {API_DETAILS}"))
        .field_errors(faults)
        .decided_as(&error)
}

const API_DETAILS: &str = "Configuration > Integrations > HaloPSA API > API Details";

/// A read that needs no token.
pub(crate) fn server_info(settings: &Settings, path: &str) -> Call {
    let url = format!("{}/api/{path}", settings.origin);
    Call::get("read what the server tells of itself", url).header("accept", "application/json")
}

/// A read. `doing` completes "cannot …"; `path` is below `/api/` and holds nothing that needs encoding.
pub(crate) fn get(settings: &Settings, doing: &str, path: &str, query: &[(&str, &str)]) -> Call {
    let url = format!("{}/api/{path}", settings.origin);
    Call::get(doing, url::with_query(&url, query))
        .header("accept", "application/json")
        .needs(Some(right_to_read(path)))
        .names_a_record(path.bytes().any(|letter| letter.is_ascii_digit()))
}

/// A read of one record of a list. Some show all of it only if they are asked to.
pub(crate) fn one(settings: &Settings, doing: &str, list: &str, id: i64) -> Call {
    let whole: &[_] = match list {
        "Tickets" | "TicketType" => &[("includedetails", "true")],
        _ => &[],
    };
    get(settings, doing, &format!("{list}/{id}"), whole)
}

/// A write. Halo takes arrays only, and a record with an id changes that one.
pub(crate) fn write(settings: &Settings, doing: &str, operation: Operation, record: &str) -> Call {
    let (path, permission, fields): (_, _, &[InputRow]) = match operation {
        Operation::CreateTicket => ("Tickets", &TICKETS_ADD, &FIELDS),
        Operation::AddNote => ("Actions", &TICKETS_EDIT, &NOTE_FIELDS),
        Operation::SetStatus => ("Tickets", &TICKETS_EDIT, &STATUS_FIELDS),
        _ => ("Tickets", &TICKETS_EDIT, &[]),
    };
    Call::post(doing, format!("{}/api/{path}", settings.origin))
        .header("accept", "application/json")
        .needs(Some(permission))
        .fields(fields)
        .json(format!("[{record}]"))
        .write()
}

/// The record that a write is answered with. Some versions put it into an array.
pub(crate) fn written<T: Listed>(answer: &Answer) -> Result<T, Error> {
    let body = text_of(&answer.success()?.body);
    let mut records: Vec<T> = match body.trim_start().starts_with('[') {
        true => answer.records()?,
        false => vec![answer.record()?],
    };
    match records.pop() {
        Some(record) if records.is_empty() && record.id() != 0 => Ok(record),
        _ => Err(answer.unexpected("expected one record with its id")),
    }
}

/// The rows of a list that is always whole.
pub(crate) fn rows<T: Listed>(answer: &Answer) -> Result<Vec<T>, Error> {
    answer.read::<Rows<T>>().map(|it| it.rows)
}

/// The record in an answer, which has to be the one with this id.
pub(crate) fn the_one<T: Listed>(answer: &Answer, id: i64) -> Result<T, Error> {
    let record: T = answer.record()?;
    let fault = || answer.unexpected("expected the record that was asked for, found another");
    Some(record).filter(|it| it.id() == id).ok_or_else(fault)
}

/// The same. None: Halo says that there is none.
pub(crate) fn if_there<T: Listed>(answer: &Answer, id: i64) -> Result<Option<T>, Error> {
    unless(ErrorCode::NotFound, the_one(answer, id))
}

/// The records with these ids, read one by one in one round, without those that are gone.
pub(crate) fn those_there<T: Listed>(
    settings: &Settings,
    doing: &str,
    list: &str,
    ids: &[i64],
    send: &mut HttpSend,
) -> Result<Vec<T>, Error> {
    let calls = ids.iter().map(|id| one(settings, doing, list, *id));
    let calls = calls.collect();
    let mut records = Vec::new();
    for (answer, id) in exchange(settings, send, calls).iter().zip(ids) {
        records.extend(if_there(answer, *id)?);
    }
    Ok(records)
}

/// A list, and what it is filtered by. The rows are to be checked again: Halo ignores parameters that it does not know.
pub(crate) struct List<'a> {
    settings: &'a Settings,
    doing: &'a str,
    path: &'a str,
    filters: &'a [(&'a str, &'a str)],
}

impl<'a> List<'a> {
    pub(crate) fn new(
        settings: &'a Settings,
        doing: &'a str,
        path: &'a str,
        filters: &'a [(&'a str, &'a str)],
    ) -> Self {
        Self {
            settings,
            doing,
            path,
            filters,
        }
    }

    /// One page of it, sorted by id. `orderdesc=0` is not understood.
    pub(crate) fn page(&self, page: usize, page_size: usize) -> Call {
        let (page, page_size) = (page.to_string(), page_size.to_string());
        let mut query = self.filters.to_vec();
        query.extend([
            ("pageinate", "true"),
            ("page_size", &page_size),
            ("page_no", &page),
            ("order", "id"),
            ("orderdesc", "false"),
        ]);
        get(self.settings, self.doing, self.path, &query)
    }

    /// Its rows from a place on.
    pub(crate) fn read<T: Listed>(
        &self,
        send: &mut HttpSend,
        start: Option<Place>,
        limit: usize,
    ) -> Result<Found<T, Place>, Error> {
        let (size, page) = (LARGEST_PAGE, |number| self.page(number, LARGEST_PAGE));
        read_numbered(self.settings, send, size, &page, numbered, start, limit)
    }
}

impl Tenant for Settings {
    fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    fn refusal(&self, subject: &Subject, response: &Response) -> Refusal {
        let said = Said::of(response);
        let code = meaning(subject, response.status, &said);
        let (server, hint) = match subject.permission {
            Some(_) => (RESOURCE_SERVER, NO_API),
            None => (AUTHORISATION_SERVER, NO_TOKENS),
        };
        Refusal {
            hint: Some(hint).filter(|_| code == ErrorCode::InvalidSettings),
            field_errors: match code {
                ErrorCode::Rejected => said.field_errors(subject.fields),
                ErrorCode::InvalidSettings => {
                    vec![field_error(server, "Halo does not answer there")]
                }
                _ => Vec::new(),
            },
            code,
            message: said.message,
            vendor_code: said.code,
        }
    }

    fn hint(&self, code: ErrorCode) -> Option<&'static str> {
        Some(match code {
            ErrorCode::Unauthorized => KEYS,
            ErrorCode::Forbidden => SCOPES,
            ErrorCode::RateLimited => LIMIT,
            ErrorCode::Rejected => DECLINED,
            _ => return None,
        })
    }

    fn web_page_hint(&self) -> &'static str {
        "a web page came where Halo's API is expected: copy the Resource Server from Configuration > Integrations > HaloPSA \
         API > API Details, and check that no proxy answers in its place"
    }
}

const NO_TOKENS: &str = "copy the Authorisation Server from Configuration > Integrations > HaloPSA API > API Details; if it is \
                         shown without /auth, enter it with /token behind it";
const NO_API: &str =
    "copy the Resource Server from Configuration > Integrations > HaloPSA API > API Details";
const KEYS: &str = "check the client id and the client secret in Configuration > Integrations > HaloPSA API > View Applications. \
                    Check that the Login Type is Agent (changing it makes a new id and secret), and that the application and \
                    its agent are active";
const SCOPES: &str = "give the application `edit:tickets` and `read:customers` in Configuration > Integrations > HaloPSA API > \
                      View Applications > Permissions";
const LIMIT: &str =
    "Halo takes 500 requests in 3 minutes from all integrations together: wait, then repeat";
const DECLINED: &str = "correct what Halo objects to; nothing was written. Fields that the ticket type makes mandatory go into \
                        `vendor-fields`";

/// The rows of the table of statuses that Halo has otherwise. A request that needs no right is for a token.
fn meaning(subject: &Subject, status: u16, said: &Said) -> ErrorCode {
    let is_token = subject.permission.is_none();
    let may_lack_a_record = subject.is_write || (subject.names_a_record && said.is_json_or_empty);
    match status {
        // In place of a token that has expired, and was not renewed.
        401 if said.is_of_oauth() => ErrorCode::Unauthorized,
        401 | 403 if is_token => ErrorCode::Unauthorized,
        // The token is a fresh one, so that this is about a right.
        401 => ErrorCode::Forbidden,
        404 if is_token || !may_lack_a_record => ErrorCode::InvalidSettings,
        status => subject.judge(code_of(status)),
    }
}
