//! How the fields of an exchange are read: bodies, answers, and placeholders in them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use psa_contract::{Failure, FailureKind, Response};
use serde_json::Value;

use crate::document::{AnswerDocument, FailureDocument, RequestDocument, ResponseDocument};
use crate::exchange::RecordedBody;
use crate::http::Answer;
use crate::placeholder::Placeholders;

pub(super) const NOT_ONE_ANSWER: &str = "exactly one of `response` and `failure` is required";
const TWO_REQUEST_BODIES: &str = "at most one of `json`, `form`, `text` and `base64` may be there";
const TWO_BODIES: &str = "at most one of `json`, `text` and `base64` may be there";

pub(super) fn read_body(
    request: &RequestDocument,
    placeholders: &Placeholders,
) -> Result<RecordedBody, String> {
    let json = request.json.as_ref();
    let form = request.form.as_ref();
    Ok(match (json, form, &request.text, &request.base64) {
        (None, None, None, None) => RecordedBody::Absent,
        (Some(json), None, None, None) => RecordedBody::Json(expand_json(json, placeholders)?),
        (None, Some(form), None, None) => RecordedBody::Form(expand_pairs(&form.0, placeholders)?),
        (None, None, Some(text), None) => {
            RecordedBody::Bytes(placeholders.expand(text)?.into_bytes())
        }
        (None, None, None, Some(base64)) => RecordedBody::Bytes(decode(base64)?),
        _ => return Err(TWO_REQUEST_BODIES.to_owned()),
    })
}

/// None: there is neither a response nor a failure.
pub(super) fn read_answer(
    answer: &AnswerDocument,
    placeholders: &Placeholders,
) -> Result<Option<Answer>, (&'static str, String)> {
    match (&answer.response, &answer.failure) {
        (None, None) => Ok(None),
        (Some(response), None) => read_response(response, placeholders)
            .map(|response| Some(Ok(response)))
            .map_err(|problem| ("response", problem)),
        (None, Some(failure)) => read_failure(failure, placeholders)
            .map(|failure| Some(Err(failure)))
            .map_err(|problem| ("failure", problem)),
        (Some(_), Some(_)) => Err(("response", NOT_ONE_ANSWER.to_owned())),
    }
}

pub(super) fn read_response(
    response: &ResponseDocument,
    placeholders: &Placeholders,
) -> Result<Response, String> {
    if !(200..=599).contains(&response.status) {
        return Err(format!("`status` is {}, not 200 to 599", response.status));
    }
    let mut headers = expand_pairs(&response.headers.0, placeholders)?;
    for (name, _) in &mut headers {
        name.make_ascii_lowercase();
    }
    let body = match (&response.json, &response.text, &response.base64) {
        (None, None, None) => Vec::new(),
        (Some(json), None, None) => expand_json(json, placeholders)?.to_string().into_bytes(),
        (None, Some(text), None) => placeholders.expand(text)?.into_bytes(),
        (None, None, Some(base64)) => decode(base64)?,
        _ => return Err(TWO_BODIES.to_owned()),
    };
    Ok(Response {
        status: response.status,
        headers,
        body: body.into(),
        age_seconds: None,
    })
}

/// Refuses what no host may report, so that a case cannot rest on it.
fn read_failure(failure: &FailureDocument, placeholders: &Placeholders) -> Result<Failure, String> {
    let due = match failure.kind {
        FailureKind::Denied => Some(false),
        FailureKind::TooLarge | FailureKind::Interrupted => Some(true),
        FailureKind::Unreachable | FailureKind::TimedOut => None,
    };
    if due.is_some_and(|due| due != failure.may_have_acted) {
        return Err(format!(
            "`may-have-acted` is always {} for `{}`",
            !failure.may_have_acted,
            failure.kind.name()
        ));
    }
    Ok(Failure {
        kind: failure.kind,
        message: placeholders.expand(&failure.message)?,
        may_have_acted: failure.may_have_acted,
    })
}

pub(super) fn expand_pairs(
    pairs: &[(String, String)],
    placeholders: &Placeholders,
) -> Result<Vec<(String, String)>, String> {
    pairs
        .iter()
        .map(|(name, value)| Ok((name.clone(), placeholders.expand(value)?)))
        .collect()
}

fn expand_json(json: &Value, placeholders: &Placeholders) -> Result<Value, String> {
    Ok(match json {
        Value::String(text) => Value::String(placeholders.expand(text)?),
        Value::Array(items) => items
            .iter()
            .map(|item| expand_json(item, placeholders))
            .collect::<Result<_, _>>()?,
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| Ok((name.clone(), expand_json(value, placeholders)?)))
            .collect::<Result<_, String>>()?,
        other => other.clone(),
    })
}

fn decode(base64: &str) -> Result<Vec<u8>, String> {
    STANDARD
        .decode(base64)
        .map_err(|error| format!("`base64` is not base64: {error}"))
}
