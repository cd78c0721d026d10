//! Requests as ConnectWise wants them, and what its refusals mean.
//!
//! The API's specification documents successes only; the shapes of refusals here are recorded ones:
//! `{"code", "message", "errors": [{"code", "message", "resource", "field"}]}`, with `error` in place of `code` for 429,
//! `{"Message", "ModelState": {"ticket.summary": ["…"]}}` from the web framework under the API, and plain text or HTML from
//! the gateways in front. They are read in `refusal.rs`.

use psa_contract::{ErrorCode, FieldError, Response};
use psa_toolkit::Error;
use psa_toolkit::error::field_error;
use psa_toolkit::exchange::{Answer, Call, Subject, Tenant};
use psa_toolkit::input::InputRow;
use psa_toolkit::pages::{IdListing, Page, Window, names_next_page};
use psa_toolkit::permission::RequiredPermission;
use psa_toolkit::secrets::Secrets;
use psa_toolkit::status::{MOST_FIELD_ERRORS, Refusal, code_of};
use psa_toolkit::url;
use serde::de::DeserializeOwned;

use crate::draft::contract_field;
use crate::refusal::{InnerError, Said};
use crate::settings::{CLIENT_ID, SITE, Settings};

/// The most rows that one response holds (Developer Guide, "Pagination"). A larger page size is cut to it silently.
pub(crate) const LARGEST_PAGE: usize = 1000;

impl Settings {
    /// A read of the API. `path` starts with a slash and holds nothing that needs encoding.
    pub(crate) fn read(
        &self,
        doing: &str,
        permission: Option<&'static RequiredPermission>,
        path: &str,
        query: &[(&str, &str)],
    ) -> Call {
        self.authenticated(Call::get(doing, url::with_query(&self.url(path), query)))
            .needs(permission)
            .names_a_record(path.bytes().any(|letter| letter.is_ascii_digit()))
    }

    /// A write of a JSON body.
    pub(crate) fn write(
        &self,
        doing: &str,
        permission: &'static RequiredPermission,
        fields: &'static [InputRow],
        path: &str,
        body: String,
    ) -> Call {
        self.authenticated(Call::post(doing, self.url(path)))
            .json(body)
            .needs(Some(permission))
            .fields(fields)
            .write()
    }

    /// A change of a record: a JSON Patch, which keeps what it does not name. A PUT would set it to defaults (Developer
    /// Guide, "PATCH").
    pub(crate) fn patch(
        &self,
        doing: &str,
        permission: &'static RequiredPermission,
        fields: &'static [InputRow],
        path: &str,
        operations: String,
    ) -> Call {
        let call = Call::new(doing.to_owned(), "PATCH", self.url(path));
        self.authenticated(call)
            .json(operations)
            .needs(Some(permission))
            .fields(fields)
            .write()
    }

    /// `clientId` has been mandatory since 2019 (developer.connectwise.com, "ClientID"); the version in `Accept` pins the
    /// model (Developer Guide, "Versioning").
    fn authenticated(&self, call: Call) -> Call {
        let media_type = "application/vnd.connectwise.com+json";
        let accept = match &self.api_version {
            Some(version) => format!("{media_type}; version={version}"),
            None => media_type.to_owned(),
        };
        call.header("accept", accept)
            .header("authorization", &*self.authorization)
            .header("clientid", &*self.client_id)
    }

    /// `v4_6_release` is the codebase on premises, and on the cloud a router to the current one.
    fn url(&self, path: &str) -> String {
        format!("{}/v4_6_release/apis/3.0{path}", self.origin())
    }
}

/// A list of the API, or a part of one.
#[derive(Clone)]
pub(crate) struct Listing<'a> {
    pub(crate) settings: &'a Settings,
    /// Completes "cannot …": `list the types of board 5`.
    pub(crate) doing: String,
    pub(crate) permission: Option<&'static RequiredPermission>,
    pub(crate) path: String,
    pub(crate) fields: &'static str,
    pub(crate) conditions: Vec<String>,
    pub(crate) child_conditions: Option<String>,
}

impl Listing<'_> {
    /// With one more condition.
    pub(crate) fn with(mut self, condition: String) -> Self {
        self.conditions.push(condition);
        self
    }

    /// The request for its first page.
    pub(crate) fn first(&self, page_size: usize) -> Call {
        self.call(Window::ALL, page_size)
    }

    fn request(&self, conditions: &[String], order: &str, page_size: usize) -> Call {
        let conditions = conditions.join(" and ");
        let page_size = page_size.to_string();
        let mut query = vec![("fields", self.fields)];
        if !conditions.is_empty() {
            query.push(("conditions", &conditions));
        }
        if let Some(child_conditions) = &self.child_conditions {
            query.push(("childConditions", child_conditions));
        }
        query.push(("orderBy", order));
        query.push(("pageSize", &page_size));
        self.settings
            .read(&self.doing, self.permission, &self.path, &query)
    }
}

impl IdListing for Listing<'_> {
    fn page_size(&self) -> usize {
        LARGEST_PAGE
    }

    fn call(&self, window: Window, page_size: usize) -> Call {
        let mut conditions = self.conditions.clone();
        conditions.extend(window.after.map(|id| format!("id>{id}")));
        conditions.extend(window.through.map(|id| format!("id<={id}")));
        self.request(&conditions, "id asc", page_size)
    }

    fn newest(&self) -> Call {
        self.request(&self.conditions, "id desc", 1)
    }
}

/// The rows of a list. Some versions send the header `Link` empty or naming the page just read (recorded behaviour), so it
/// is a hint that costs one more request, never an order.
pub(crate) fn rows<T: DeserializeOwned>(answer: &Answer) -> Result<Page<T>, Error> {
    Ok(Page {
        rows: answer.records()?,
        server_has_more: names_next_page(answer.success()?),
    })
}

impl Tenant for Settings {
    fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    fn refusal(&self, subject: &Subject, response: &Response) -> Refusal {
        let said = Said::of(response);
        let code = subject.judge(meaning(response.status, &said));
        Refusal {
            hint: hint(response.status, &said, code),
            field_errors: field_errors(subject, &said, code),
            message: match code {
                ErrorCode::Rejected => said.message,
                _ => said.whole_message(),
            },
            vendor_code: said.code,
            code,
        }
    }

    fn request_id<'a>(&self, response: &'a Response) -> Option<&'a str> {
        response.header("x-cw-request-id")
    }

    fn web_page_hint(&self) -> &'static str {
        "the site returned a web page instead of an API response: check the site (on the cloud, it starts with api-), and \
         check that no proxy answers in its place"
    }
}

/// Whether a response to a write says that nothing was written, although its status does not.
pub(crate) fn wrote_nothing(response: &Response) -> bool {
    (500..600).contains(&response.status) && Said::of(response).blames_the_client()
}

/// The rows of the table of statuses that ConnectWise has otherwise. What is said outweighs the status.
fn meaning(status: u16, said: &Said) -> ErrorCode {
    match status {
        // The cloud's host without `api-`.
        400..500 if said.message.starts_with("SSL is required") => ErrorCode::InvalidSettings,
        // The cloud's gateway: wrong host, company, path or client id.
        400 if said.message.starts_with("Cannot route") => ErrorCode::InvalidSettings,
        400 if said.names_client_id() => ErrorCode::Unauthorized,
        // "The endpoint does not exist.", or the page of a web server that is no PSA.
        404 if said.code.as_deref() != Some("NotFound") => ErrorCode::InvalidSettings,
        500..600 if said.blames_the_client() => ErrorCode::UnexpectedResponse,
        _ => code_of(status),
    }
}

fn hint(status: u16, said: &Said, code: ErrorCode) -> Option<&'static str> {
    Some(match code {
        ErrorCode::Unauthorized if said.names_client_id() => {
            "check the client id: the vendor of the integration has it from developer.connectwise.com"
        }
        ErrorCode::Unauthorized => {
            "check the public key, the private key and the company id, and check that the API member is active; the \
             private key is shown only once, so create a new pair of keys if you no longer have it"
        }
        ErrorCode::Forbidden => {
            "grant the missing permission in System > Security Roles, and no other"
        }
        ErrorCode::InvalidSettings if status == 404 => {
            "check the host of your region (api-na, api-eu, api-au, ...), and check that your company is provisioned \
             there; on the cloud, a 404 can also mean wrong keys. `verify` shows which of these it is"
        }
        ErrorCode::InvalidSettings => {
            "check the site, the company id and the client id; on the cloud, the host starts with api-. `verify` shows \
             which of them is wrong"
        }
        ErrorCode::Unavailable if status == 409 => {
            "the record is in use, or was changed at the same time: repeat in a minute; if this continues, find out who \
             is working on it"
        }
        ErrorCode::RateLimited => {
            "the PSA accepts about 1,000 requests a minute: wait, then repeat"
        }
        ErrorCode::UnexpectedResponse if (300..400).contains(&status) => {
            "the site returned a redirect instead of an API response: check the site (on the cloud, it starts with api-)"
        }
        _ => return None,
    })
}

fn field_errors(subject: &Subject, said: &Said, code: ErrorCode) -> Vec<FieldError> {
    match code {
        ErrorCode::Rejected => {
            let inner = said.errors.iter().flat_map(|it| inner(subject, it, said));
            inner.take(MOST_FIELD_ERRORS).collect()
        }
        ErrorCode::Unauthorized if said.names_client_id() => {
            vec![field_error(CLIENT_ID, "the PSA does not accept it")]
        }
        ErrorCode::InvalidSettings => {
            vec![field_error(SITE, "the API does not answer at this site")]
        }
        _ => Vec::new(),
    }
}

/// One inner error may name several fields, separated by commas.
fn inner<'a>(
    subject: &'a Subject,
    error: &'a InnerError,
    said: &'a Said,
) -> impl Iterator<Item = FieldError> + 'a {
    let fields = error.field.as_deref().unwrap_or_default();
    fields.split(',').map(str::trim).map(|field| FieldError {
        field: contract_field(subject.fields, field).map(str::to_owned),
        vendor_field: Some(field.to_owned()),
        message: error.message.as_ref().unwrap_or(&said.message).clone(),
    })
}
