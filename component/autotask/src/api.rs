//! Requests as Autotask wants them, where they go, and what its refusals mean.
//!
//! Sources are Autotask's Developer Help (REST API) and what users of the API report; nothing was seen at a real tenant. A
//! refusal is `{"errors": ["text", …]}`, and 500 is its status for nearly everything that is wrong with a request. Texts come
//! in the tenant's language, so that words decide only if they are all there is.

use psa_contract::{ErrorCode, FailureKind, FieldError, Operation, Request, Response};
use psa_toolkit::error::field_error;
use psa_toolkit::exchange::{Answer, Call, HttpResult, Subject, Tenant};
use psa_toolkit::input::{InputRow, field_of_member};
use psa_toolkit::pages::Page;
use psa_toolkit::said::Said;
use psa_toolkit::secrets::Secrets;
use psa_toolkit::status::{Refusal, code_of};
use psa_toolkit::text::contains_ignoring_case;
use psa_toolkit::url::{self, with_query};
use psa_toolkit::zone::{ZoneLookup, in_zone};
use psa_toolkit::{Error, HttpSend, json};
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Value, json};

use crate::draft::{FIELDS, NOTE_FIELDS, STATUS_FIELDS};
use crate::permissions::{ATTACHED, NOTES_ADD, TICKETS_ADD, TICKETS_EDIT};
use crate::settings::{DOMAIN, INTEGRATION_CODE, Settings, USER_NAME, ZONE};
use crate::wire::{self, Entity};

/// V2.0 is listed by `versioninformation`, and does not answer.
pub(crate) const BASE: &str = "/ATServicesRest/V1.0/";
/// Answers for the users of every zone, without credentials.
pub(crate) const ZONE_INFORMATION: &str =
    "https://webservices.autotask.net/atservicesrest/v1.0/zoneInformation";
pub(crate) const FINDING_ZONE: &str = "find the zone of the user name";

/// Finds the tenant's zone: what is sent with the result goes there. A kept zone may be one that the tenant has left; what
/// that one answers is not documented, so whatever it may be makes the zone be looked up again, once.
pub(crate) fn enter<'a>(
    settings: &'a Settings,
    send: &'a mut HttpSend<'_>,
) -> Result<impl FnMut(&mut [Request]) -> Vec<HttpResult> + 'a, Error> {
    let lookup = ZoneLookup {
        call: Box::new(|| {
            let query = [("user", settings.user_name.as_str())];
            Call::get(FINDING_ZONE, with_query(ZONE_INFORMATION, &query))
                .header("accept", "application/json")
        }),
        read: |answer| Ok(answer.record::<wire::ZoneInformation>()?.url),
        domain: DOMAIN,
    };
    in_zone(settings, lookup, settings.zone.clone(), seems_left, send)
}

/// The answer of a zone in which the tenant no longer is: a refusal, nothing at such an address, or, where it may have moved a
/// while ago, no rows.
pub(crate) fn seems_left(result: &HttpResult, is_old: bool) -> bool {
    let is_empty = |body: wire::Reply<IgnoredAny>| body.is_empty();
    match result {
        Ok(it) if it.status == 200 => is_old && json::read(&it.body).is_ok_and(is_empty),
        Ok(it) => matches!(it.status, 401 | 403 | 404),
        Err(failure) => !failure.may_have_acted && failure.kind == FailureKind::Unreachable,
    }
}

impl Settings {
    /// A read. `path` holds nothing that needs encoding.
    pub(crate) fn read(&self, doing: &str, path: &str) -> Call {
        self.signed(Call::get(doing, format!("{BASE}{path}")))
    }

    /// A query of an entity, by POST: a URL would end at 2,048 characters. Rows come by ascending id. A filter is required.
    pub(crate) fn query<T: Entity>(&self, doing: &str, filter: Vec<Value>, limit: usize) -> Call {
        let body = json!({"MaxRecords": limit, "IncludeFields": T::FIELDS, "filter": filter});
        self.post::<T>(doing, "query", &body)
    }

    /// A query for the record with this id.
    pub(crate) fn one<T: Entity>(&self, doing: &str, id: i64) -> Call {
        self.query::<T>(doing, vec![condition("eq", "id", id)], 2)
    }

    /// A read by POST. `path` is below the entity.
    pub(crate) fn post<T: Entity>(&self, doing: &str, path: &str, body: &Value) -> Call {
        let url = format!("{BASE}{}/{path}", T::NAME);
        self.signed(Call::post(doing, url))
            .json(body.to_string())
            .needs(Some(T::VIEW))
    }

    /// What a field may hold, for all fields of an entity in one answer. The host may keep it for so long.
    pub(crate) fn fields(&self, entity: &str, reuse_seconds: u32) -> Call {
        let doing = format!("read the fields of {entity}");
        let path = format!("{entity}/entityInformation/fields");
        self.read(&doing, &path).reuse_seconds(reuse_seconds)
    }

    /// A write. Members that are null or empty are refused, so a body leaves them out.
    pub(crate) fn write(
        &self,
        doing: &str,
        operation: Operation,
        path: &str,
        body: String,
    ) -> Call {
        let (method, permission, fields): (_, _, &[InputRow]) = match operation {
            Operation::CreateTicket => ("POST", &TICKETS_ADD, &FIELDS),
            Operation::AddNote => ("POST", &NOTES_ADD, &NOTE_FIELDS),
            Operation::SetStatus => ("PATCH", &TICKETS_EDIT, &STATUS_FIELDS),
            _ => ("POST", &ATTACHED, &[]),
        };
        let call = Call::new(doing.to_owned(), method, format!("{BASE}{path}"));
        let call = self.signed(call).json(body).needs(Some(permission));
        call.fields(fields).write()
    }

    fn signed(&self, call: Call) -> Call {
        call.header("accept", "application/json")
            .header("ApiIntegrationCode", &*self.integration_code)
            .header("UserName", &self.user_name)
            .header("Secret", &*self.secret)
    }
}

/// A condition of a query.
pub(crate) fn condition(op: &str, field: &str, value: impl Serialize) -> Value {
    json!({"op": op, "field": field, "value": value})
}

/// The condition that one of several fields fits.
pub(crate) fn any_of(op: &str, fields: &[&str], value: &str) -> Value {
    let items: Vec<Value> = fields.iter().map(|it| condition(op, it, value)).collect();
    json!({"op": "or", "items": items})
}

/// The zone that an answer came from.
pub(crate) fn zone_of<'a>(answer: &'a Answer) -> &'a str {
    url::origin(&answer.request.url).unwrap_or_default()
}

/// The rows of a query's answer.
///
/// # Errors
/// What the answer means.
pub(crate) fn rows<T: Entity>(answer: &Answer) -> Result<Page<T>, Error> {
    let page = reply::<T>(answer)?;
    let mut rows: Vec<T> = match (page.items, page.item) {
        (Some(items), _) => items.into_iter().map(|json::Record(row)| row).collect(),
        // As some servers answer a read by id, and so may one a query by id.
        (None, Some(None)) => Vec::new(),
        (None, _) => return Err(answer.unexpected("expected a list in `items`")),
    };
    let zone = zone_of(answer);
    rows.iter_mut().for_each(|row| row.set_zone(zone));
    let details = page.page_details.map(|json::Record(details)| details);
    Ok(Page {
        rows,
        server_has_more: details.is_some_and(|it| it.next_page_url.is_some()),
    })
}

/// The row with this id, of an answer that can hold no other. A filter that Autotask does not understand is dropped, and
/// every row comes.
///
/// # Errors
/// What the answer means, or `unexpected-response` for another row.
pub(crate) fn one_row<T: Entity>(answer: &Answer, id: i64) -> Result<Option<T>, Error> {
    let mut rows = rows::<T>(answer)?.rows;
    if rows.iter().any(|row| row.id() != id) || rows.len() > 1 {
        return Err(answer.unexpected("expected the one record that was asked for, found another"));
    }
    Ok(rows.pop())
}

/// The id of what was written.
///
/// # Errors
/// What the answer means, or `unexpected-response`.
pub(crate) fn written_id(answer: &Answer) -> Result<i64, Error> {
    match reply::<IgnoredAny>(answer)?.item_id {
        Some(id) if (1..=i64::from(i32::MAX)).contains(&id) => Ok(id),
        _ => Err(answer.unexpected("expected the id of what was written in `itemId`")),
    }
}

/// The body of a success, which may carry errors all the same.
fn reply<T: DeserializeOwned>(answer: &Answer) -> Result<wire::Reply<T>, Error> {
    let reply: wire::Reply<T> = answer.record()?;
    match reply.errors.as_deref().unwrap_or_default() {
        [] => Ok(reply),
        errors => {
            let errors = errors.join("; ");
            Err(answer.unexpected(&format!("the PSA answered 200 with errors: {errors}")))
        }
    }
}

/// Whether a response with a status of trouble is the PSA's word that it examined the request and declined it.
pub(crate) fn was_declined(response: &Response) -> bool {
    let said = Said::of(response);
    (500..600).contains(&response.status) && is_refusal(&said) && !is_trouble(&said)
}

/// Autotask's code for too many requests at once for one entity.
const TOO_MANY: &str = "Itgenatr005";

/// Its texts, where a refusal is Autotask's list of errors. None: the framework under it, or something in front, refuses.
fn errors(said: &Said) -> impl Iterator<Item = &String> {
    let errors = said.members.iter().filter(|(name, _)| name == "errors");
    errors.map(|(_, text)| text)
}

fn is_refusal(said: &Said) -> bool {
    errors(said).next().is_some()
}

fn has(said: &Said, words: &[&str]) -> bool {
    let mut words = words.iter();
    words.any(|it| contains_ignoring_case(&said.message, it))
}

/// What the database says if it could not finish: the request may be fine.
fn is_trouble(said: &Said) -> bool {
    has(said, &["deadlock", "timeout", "timed out"])
}

impl Tenant for Settings {
    fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    fn refusal(&self, subject: &Subject, response: &Response) -> Refusal {
        let said = Said::of(response);
        let code = meaning(subject, response.status, &said);
        let (hint, field_errors) = explain(subject, &said, code);
        Refusal {
            code,
            hint,
            field_errors,
            vendor_code: has(&said, &[TOO_MANY]).then(|| TOO_MANY.to_owned()),
            message: said.message,
        }
    }

    fn hint(&self, code: ErrorCode) -> Option<&'static str> {
        match code {
            ErrorCode::Unauthorized => Some(
                "Autotask does not say which credential is wrong. In Admin > Organization Settings & Users > Resources/Users \
                 (HR) > Resources/Users, open the API user: it must be active and not Locked, and have the tracking \
                 identifier in use. Generate a new secret if the old one was not kept. Do not try again and again: that \
                 locks the user",
            ),
            ErrorCode::RateLimited => Some(
                "all integrations of the tenant share 10,000 requests an hour, and a few at a time: wait, then repeat",
            ),
            _ => None,
        }
    }

    fn web_page_hint(&self) -> &'static str {
        "Autotask answers with a web page where the API is expected: check the zone, and that no proxy answers in its place; \
         during maintenance, repeat later"
    }
}

pub(crate) fn meaning(subject: &Subject, status: u16, said: &Said) -> ErrorCode {
    let is_lookup = subject.doing == FINDING_ZONE;
    match status {
        401 => ErrorCode::Unauthorized,
        429 => ErrorCode::RateLimited,
        // Of the requests of an hour, or of those at once for one entity.
        _ if has(said, &["threshold", TOO_MANY]) => ErrorCode::RateLimited,
        _ if has(said, &["adequate permissions"]) => ErrorCode::Forbidden,
        _ if has(said, &["IntegrationCode"]) => ErrorCode::Unauthorized,
        // It needs no right: something in front of Autotask refuses.
        403 if is_lookup => ErrorCode::Unavailable,
        500..600 if is_lookup && is_refusal(said) => ErrorCode::InvalidSettings,
        // Every read is a query, which finds no rows if there are none: the address is wrong.
        404 if !subject.is_write => ErrorCode::InvalidSettings,
        500..600 if is_refusal(said) && !is_trouble(said) => {
            subject.judge(ErrorCode::UnexpectedResponse)
        }
        _ => subject.judge(code_of(status)),
    }
}

/// What to do, and what is at fault.
fn explain(
    subject: &Subject,
    said: &Said,
    code: ErrorCode,
) -> (Option<&'static str>, Vec<FieldError>) {
    let at_fault = |hint, field, fault| (Some(hint), vec![field_error(field, fault)]);
    match code {
        ErrorCode::InvalidSettings if subject.doing == FINDING_ZONE => at_fault(
            "enter the Username (Key) of the API user, not the email address of a person. If it is right, enter the zone: the \
             number in your browser's address bar, ww5.autotask.net for instance",
            USER_NAME,
            "Autotask knows no zone for it",
        ),
        ErrorCode::InvalidSettings => at_fault(
            "the API does not answer there: check the zone against your browser's address bar, or leave it empty",
            ZONE,
            "the API does not answer there",
        ),
        ErrorCode::Unauthorized if has(said, &["IntegrationCode"]) => at_fault(
            "check the tracking identifier: it must be the one that the API user has under API Tracking Identifier",
            INTEGRATION_CODE,
            "Autotask does not accept it",
        ),
        ErrorCode::Unavailable if is_trouble(said) => (Some(BUSY), Vec::new()),
        ErrorCode::Rejected => {
            let texts = errors(said).chain(said.members.is_empty().then_some(&said.message));
            let faults = texts.flat_map(|it| of_text(subject, it));
            (None, faults.collect())
        }
        _ => (None, Vec::new()),
    }
}

const BUSY: &str = "Autotask's database was busy: repeat in a minute";

/// The fields that a text names: their names stay English in every language.
fn of_text(subject: &Subject, text: &str) -> Vec<FieldError> {
    let mut found: Vec<FieldError> = Vec::new();
    for word in text.split(|letter: char| !letter.is_ascii_alphanumeric()) {
        let field = field_of_member(subject.fields, word);
        if field.is_some() && found.iter().all(|it| it.field.as_deref() != field) {
            found.push(FieldError {
                field: field.map(str::to_owned),
                vendor_field: Some(word.to_owned()),
                message: text.to_owned(),
            });
        }
    }
    found
}
