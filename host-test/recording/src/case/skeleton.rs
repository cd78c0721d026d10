//! From a recording to the skeleton of a case, for its author to fill in.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use psa_contract::{Failure, Response, Setting};
use serde::Serialize;
use serde_json::Value;

use crate::case::{Input, role};
use crate::document::{
    AnswerDocument, Document, ExchangeDocument, ExpectDocument, FailureDocument, ListedExchange,
    Pairs, RequestDocument, ResponseDocument,
};
use crate::exchange::{Exchange, RecordedBody, RecordedRequest};
use crate::function::Function;
use crate::har::unexpanded;
use crate::placeholder::{Placeholders, for_a_case};
use crate::recording::{Recording, RecordingError};

const DOCS: &str = "Fill in: one sentence on why this case exists, in place of this text. Then complete the rest. `provenance`: whose tenant it was. `settings`: add those that no placeholder stands for, such as the address of the PSA, and replace values that the connector would refuse. `operation` and `input`: if they are missing, the call. `expect`: the result that the contract requires, as --json prints it, or `err` with the error. `exchanges`: each `role` is a guess; check it, and add `required`, `look-up` and `spare`.";

/// A case, as JSON, whose `docs`, `provenance` and `expect` are to be filled in.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct CaseSkeleton(Document);

/// Makes the skeleton of a case from a scrubbed archive; `file` is used in messages only.
///
/// It holds what the archive does and no secret: settings are placeholders, with made-up values. What was removed without
/// a setting's name is the word `removed` in bodies; headers that held it are left out. Roles are guesses. Without an
/// operation or its input, the skeleton is a case once they are added.
///
/// # Errors
/// The archive cannot be read (see [`crate::har_exchanges`]) or was not scrubbed, or the operation does not take the input.
pub fn case_skeleton(
    file: &str,
    archive: &str,
    operation: Option<Function>,
    input: Option<Value>,
) -> Result<CaseSkeleton, RecordingError> {
    let input = input_of(operation, input).map_err(|(place, problem)| RecordingError {
        file: file.to_owned(),
        place,
        problem,
    })?;
    let recorded = unexpanded(file, archive)?;
    let mut names = Vec::new();
    let mut exchanges: Vec<ExchangeDocument> = recorded
        .exchanges
        .iter()
        .map(|exchange| document(exchange, &recorded.exchanges, &mut names))
        .collect();
    let base_url = take_base_url(&mut exchanges);
    let request_headers = take_common_headers(&mut exchanges);
    let settings: Vec<Setting> = names
        .into_iter()
        .map(|name| Setting {
            value: format!("example-{name}"),
            name,
        })
        .collect();
    let document = Document {
        docs: DOCS.to_owned(),
        provenance: format!(
            "recorded with {}; fill in whose tenant it was",
            recorded.recorded
        ),
        operation,
        settings: Some(Pairs(
            settings
                .iter()
                .map(|it| (it.name.clone(), it.value.clone()))
                .collect(),
        )),
        input,
        base_url,
        request_headers: Pairs(request_headers),
        exchanges: exchanges
            .into_iter()
            .map(|exchange| ListedExchange::Whole(Box::new(exchange)))
            .collect(),
        rounds: Some(recorded.rounds),
        expect: Some(ExpectDocument {
            ok: Some(Value::Null),
            err: None,
        }),
    };
    // What replay will read.
    Recording::from_document(file, document.clone(), None)?
        .exchanges(&Placeholders::new(&settings))?;
    Ok(CaseSkeleton(document))
}

/// An empty input if one is needed and not known.
fn input_of(
    operation: Option<Function>,
    input: Option<Value>,
) -> Result<Option<Value>, (String, String)> {
    match (operation, input) {
        (Some(function), Some(input)) => {
            Input::parse(function, Some(input.clone()))?;
            Ok(Some(input))
        }
        (Some(function), None) if Input::parse(function, None).is_ok() => Ok(None),
        (_, input) => Ok(Some(input.unwrap_or_else(|| serde_json::json!({})))),
    }
}

fn document(exchange: &Exchange, all: &[Exchange], names: &mut Vec<String>) -> ExchangeDocument {
    let (response, failure) = match &exchange.answer {
        Ok(response) => (Some(response_document(response, names)), None),
        Err(failure) => (None, Some(failure_document(failure, names))),
    };
    ExchangeDocument {
        role: role::guess(exchange, all),
        request: request_document(&exchange.request, names),
        answer: AnswerDocument {
            response,
            failure,
            required: Vec::new(),
        },
        spare: false,
        look_up: None,
    }
}

fn request_document(request: &RecordedRequest, names: &mut Vec<String>) -> RequestDocument {
    let mut document = RequestDocument {
        method: request.method.clone(),
        path: for_a_case(&request.url, None, names),
        query: decoded_pairs(&request.query, names),
        headers: Pairs(
            request
                .headers
                .iter()
                .map(|(name, value)| {
                    let value = value.as_deref();
                    (name.clone(), value.map(|it| for_a_case(it, None, names)))
                })
                .collect(),
        ),
        json: None,
        form: None,
        text: None,
        base64: None,
    };
    match &request.body {
        RecordedBody::Absent => {}
        RecordedBody::Json(json) => document.json = Some(json_for_a_case(json.clone(), names)),
        RecordedBody::Form(fields) => document.form = Some(decoded_pairs(fields, names)),
        RecordedBody::Bytes(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => document.text = Some(for_a_case(text, None, names)),
            Err(_) => document.base64 = Some(STANDARD.encode(bytes)),
        },
    }
    document
}

fn response_document(response: &Response, names: &mut Vec<String>) -> ResponseDocument {
    let mut document = ResponseDocument {
        status: response.status,
        headers: Pairs(
            response
                .headers
                .iter()
                .map(|(name, value)| (name.clone(), for_a_case(value, None, names)))
                .collect(),
        ),
        json: None,
        text: None,
        base64: None,
    };
    let bytes = response.body.as_bytes();
    let content_type = response.header("content-type").unwrap_or_default();
    let is_json = content_type.to_ascii_lowercase().contains("json");
    match (serde_json::from_slice(bytes), std::str::from_utf8(bytes)) {
        (Ok(json), _) if is_json => document.json = Some(json_for_a_case(json, names)),
        (_, Ok("")) => {}
        (_, Ok(text)) => document.text = Some(for_a_case(text, None, names)),
        (_, Err(_)) => document.base64 = Some(STANDARD.encode(bytes)),
    }
    document
}

fn failure_document(failure: &Failure, names: &mut Vec<String>) -> FailureDocument {
    FailureDocument {
        kind: failure.kind,
        message: for_a_case(&failure.message, None, names),
        may_have_acted: failure.may_have_acted,
    }
}

/// Of a query or a form, which a case has decoded.
fn decoded_pairs(pairs: &[(String, String)], names: &mut Vec<String>) -> Pairs<String> {
    Pairs(
        pairs
            .iter()
            .map(|(name, value)| (name.clone(), for_a_case(value, Some("percent"), names)))
            .collect(),
    )
}

fn json_for_a_case(json: Value, names: &mut Vec<String>) -> Value {
    match json {
        Value::String(text) => for_a_case(&text, Some("json"), names).into(),
        Value::Array(items) => items
            .into_iter()
            .map(|item| json_for_a_case(item, names))
            .collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| (name, json_for_a_case(value, names)))
            .collect(),
        other => other,
    }
}

/// Of the origin that most exchanges have, what their paths begin with, whole segments and not the last one.
fn take_base_url(exchanges: &mut [ExchangeDocument]) -> Option<String> {
    let origins = exchanges.iter().map(|it| origin(&it.request.path));
    let counted = |origin: &str| {
        let same = exchanges
            .iter()
            .filter(|it| self::origin(&it.request.path) == origin);
        same.count()
    };
    // The last of equals would win.
    let main = origins.rev().max_by_key(|origin| counted(origin))?;
    let mut urls = exchanges
        .iter()
        .map(|it| it.request.path.as_str())
        .filter(|url| origin(url) == main);
    let mut base = parent(urls.next()?).to_owned();
    for url in urls {
        while base.len() > main.len() && !is_below(url, &base) {
            base.truncate(parent(&base).len());
        }
    }
    for exchange in exchanges {
        if is_below(&exchange.request.path, &base) {
            exchange.request.path.drain(..base.len());
        }
    }
    Some(base)
}

fn is_below(url: &str, base: &str) -> bool {
    url.strip_prefix(base)
        .is_some_and(|rest| rest.starts_with('/'))
}

fn parent(url: &str) -> &str {
    let origin = origin(url);
    url.rfind('/')
        .filter(|at| *at > origin.len())
        .map_or(origin, |at| &url[..at])
}

fn origin(url: &str) -> &str {
    let host = url.find("://").map_or(0, |at| at + 3);
    let end = url[host..].find('/').map_or(url.len(), |at| host + at);
    &url[..end]
}

/// The headers that every request has with the same value.
fn take_common_headers(exchanges: &mut [ExchangeDocument]) -> Vec<(String, Option<String>)> {
    let Some((first, others)) = exchanges.split_first() else {
        return Vec::new();
    };
    let is_everywhere = |header: &&(String, Option<String>)| {
        others
            .iter()
            .all(|it| it.request.headers.0.contains(header))
    };
    let headers = first.request.headers.0.iter().filter(is_everywhere);
    let common: Vec<_> = headers.cloned().collect();
    for exchange in exchanges {
        let own = &mut exchange.request.headers.0;
        own.retain(|header| !common.contains(header));
    }
    common
}

#[cfg(test)]
mod tests;
