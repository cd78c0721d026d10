//! What a request asks for, and what is answered. Knows nothing of WASI.

use std::collections::BTreeMap;

use psa_contract::{ConnectorError, ErrorCode};
use serde_json::value::{RawValue, to_raw_value};

use crate::settings::{TOKEN, settings};

/// A request, as far as it counts here.
#[derive(Clone, Default)]
pub(crate) struct Asked {
    pub(crate) method: String,
    /// Without the query.
    pub(crate) path: String,
    pub(crate) content_type: String,
    pub(crate) authorization: String,
    /// None: it is longer than [`LONGEST_BODY`].
    pub(crate) body: Option<Vec<u8>>,
}

/// An answer. Its body is JSON.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

/// More is no call: a ticket's text has a few hundred KB at most.
pub(crate) const LONGEST_BODY: usize = 1 << 20;

/// Made from the contract.
const DOCUMENT: &str = include_str!(concat!(env!("OUT_DIR"), "/openapi.json"));

/// The functions that have settings among their parameters.
const TAKES_SETTINGS: &[&str] = include!(concat!(env!("OUT_DIR"), "/takes_settings.rs"));

/// The answer. `call` is the connector, as the JSON edition has it.
pub(crate) fn reply(
    asked: &Asked,
    environment: &[(String, String)],
    call: impl Fn(&str, &str) -> Result<String, String>,
) -> Reply {
    let function = asked.path.strip_prefix("/v1/").unwrap_or_default();
    match (asked.method.as_str(), asked.path.as_str()) {
        ("GET", "/openapi.json") => ok(DOCUMENT.to_owned()),
        (_, "/openapi.json") => other_method("GET"),
        _ if function.is_empty() => refused(
            404,
            "there are two kinds of paths, /v1/FUNCTION and /openapi.json",
        ),
        ("POST", _) => called(asked, function, environment, call),
        _ => other_method("POST"),
    }
}

fn called(
    asked: &Asked,
    function: &str,
    environment: &[(String, String)],
    call: impl Fn(&str, &str) -> Result<String, String>,
) -> Reply {
    let token = environment.iter().find(|(name, _)| name == TOKEN);
    if token.is_some_and(|(_, token)| !bears(&asked.authorization, token)) {
        let mut reply = refused(
            401,
            "the header Authorization does not bear the token of this service",
        );
        reply
            .headers
            .push(("www-authenticate", "Bearer".to_owned()));
        return reply;
    }
    // A page of another origin can send a browser here, but not with this type.
    let media_type = asked.content_type.split(';').next().unwrap_or_default();
    if !media_type.trim().eq_ignore_ascii_case("application/json") {
        return refused(415, "the header Content-Type has to be application/json");
    }
    let Some(body) = &asked.body else {
        return refused(413, "the body has more than a mebibyte");
    };
    match arguments(function, body, environment) {
        Ok(arguments) => match call(function, &arguments) {
            Ok(result) => ok(result),
            Err(error) => failed(error),
        },
        Err(message) => {
            let error = ConnectorError::new(ErrorCode::InvalidInput, message);
            failed(serde_json::to_string(&error).unwrap_or_default())
        }
    }
}

/// The arguments of the call: what was sent, and the settings. The message of an error shows no value.
fn arguments(
    function: &str,
    body: &[u8],
    environment: &[(String, String)],
) -> Result<String, String> {
    let body = if body.trim_ascii().is_empty() {
        b"{}"
    } else {
        body
    };
    let mut arguments: BTreeMap<String, &RawValue> =
        serde_json::from_slice(body).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            format!(
                "cannot call {function}: the body is not a JSON object, at line {line}, column {column}"
            )
        })?;
    if arguments.contains_key("settings") {
        return Err(format!(
            "cannot call {function}: `settings` are those that the service is set up with. Leave them out"
        ));
    }
    // Texts: all of it can be written.
    let settings = to_raw_value(&settings(environment)).unwrap_or_default();
    if TAKES_SETTINGS.contains(&function) {
        arguments.insert("settings".to_owned(), &settings);
    }
    Ok(serde_json::to_string(&arguments).unwrap_or_default())
}

/// Takes as long whichever byte is wrong.
fn bears(authorization: &str, token: &str) -> bool {
    let given = authorization.strip_prefix("Bearer ").unwrap_or_default();
    let differences = given.bytes().zip(token.bytes());
    let differences = differences.fold(0, |differences, (given, right)| {
        differences | (given ^ right)
    });
    !token.is_empty() && given.len() == token.len() && differences == 0
}

fn ok(body: String) -> Reply {
    Reply {
        status: 200,
        headers: Vec::new(),
        body,
    }
}

/// An error of the connector, as it is.
fn failed(body: String) -> Reply {
    let error: Option<ConnectorError> = serde_json::from_str(&body).ok();
    let wait = error.as_ref().and_then(|error| error.retry_after_seconds);
    Reply {
        status: error.map_or(500, |error| status(error.code)),
        headers: wait
            .map(|seconds| ("retry-after", seconds.to_string()))
            .into_iter()
            .collect(),
        body,
    }
}

/// 500 says that the write may have happened, which is what a caller has to make of a host's own 500 as well. Programs repeat
/// by themselves what is answered with 429 and 503, and these may be repeated.
fn status(code: ErrorCode) -> u16 {
    match code {
        ErrorCode::InvalidInput => 400,
        ErrorCode::NotFound => 404,
        ErrorCode::Conflict => 409,
        ErrorCode::Rejected => 422,
        ErrorCode::RateLimited => 429,
        ErrorCode::OutcomeUnknown => 500,
        ErrorCode::Unsupported => 501,
        ErrorCode::InvalidSettings
        | ErrorCode::Unauthorized
        | ErrorCode::Forbidden
        | ErrorCode::Denied
        | ErrorCode::UnexpectedResponse => 502,
        ErrorCode::Unavailable => 503,
    }
}

fn other_method(right: &str) -> Reply {
    let mut reply = refused(405, &format!("this path takes {right} only"));
    reply.headers.push(("allow", right.to_owned()));
    reply
}

/// The service itself does not make the call.
fn refused(status: u16, problem: &str) -> Reply {
    let message = format!("nothing was called: {problem}");
    let error = ConnectorError::new(ErrorCode::Denied, message);
    Reply {
        status,
        headers: Vec::new(),
        body: serde_json::to_string(&error).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const SECRET: &str = "s3cret";

    /// The status, and what was called or answered.
    fn ask(asked: Asked, token: Option<&str>) -> (u16, Value) {
        let mut environment = vec![("PSA_PRIVATE_KEY".to_owned(), SECRET.to_owned())];
        environment.extend(token.map(|token| (TOKEN.to_owned(), token.to_owned())));
        let reply = reply(&asked, &environment, |function, arguments| {
            Ok(format!("[{function:?}, {arguments}]"))
        });
        (
            reply.status,
            serde_json::from_str(&reply.body).expect("JSON"),
        )
    }

    fn post(function: &str, body: &str) -> Asked {
        Asked {
            method: "POST".to_owned(),
            path: format!("/v1/{function}"),
            content_type: "application/json; charset=utf-8".to_owned(),
            authorization: String::new(),
            body: Some(body.into()),
        }
    }

    #[test]
    fn a_call_has_the_settings_of_the_environment() {
        let settings = json!([{"name": "private-key", "value": SECRET}]);
        for (body, expected) in [
            (r#"{"id": "7"}"#, json!({"id": "7", "settings": settings})),
            ("", json!({"settings": settings})),
        ] {
            let found = ask(post("get-ticket", body), None);
            assert_eq!(found, (200, json!(["get-ticket", expected])));
        }
        let found = ask(post("describe", "{}"), None);
        assert_eq!(found, (200, json!(["describe", {}])));
    }

    #[test]
    fn what_is_no_call_is_refused_and_shows_no_value() {
        let call = || post("get-ticket", "{}");
        let mut get = call();
        get.method = "GET".to_owned();
        let mut elsewhere = call();
        elsewhere.path = "/v2/get-ticket".to_owned();
        let mut form = call();
        form.content_type = "text/plain".to_owned();
        let mut long = call();
        long.body = None;
        for (asked, status, code) in [
            (get, 405, "denied"),
            (elsewhere, 404, "denied"),
            (form, 415, "denied"),
            (long, 413, "denied"),
            (
                post("get-ticket", r#"{"settings": []}"#),
                400,
                "invalid-input",
            ),
            (post("get-ticket", r#"["abc"]"#), 400, "invalid-input"),
            (post("get-ticket", r#"{"id": abc}"#), 400, "invalid-input"),
        ] {
            let (found, error) = ask(asked, None);
            assert_eq!((found, &error["code"]), (status, &json!(code)), "{error}");
            let text = error.to_string();
            assert!(!text.contains("abc") && !text.contains(SECRET), "{text}");
        }
    }

    #[test]
    fn the_token_is_asked_for_if_there_is_one() {
        let with = |authorization: &str| {
            let mut asked = post("describe", "{}");
            asked.authorization = authorization.to_owned();
            ask(asked, Some("right")).0
        };
        assert_eq!(with("Bearer right"), 200);
        for wrong in [
            "",
            "Bearer",
            "Bearer ",
            "Bearer wrong",
            "Bearer righ",
            "right",
        ] {
            assert_eq!(with(wrong), 401, "{wrong}");
        }
        // A token that was meant to be there and is empty opens nothing.
        let mut asked = post("describe", "{}");
        asked.authorization = "Bearer ".to_owned();
        assert_eq!(ask(asked, Some("")).0, 401);
    }

    #[test]
    fn each_error_has_its_status_and_says_when_to_repeat() {
        let mut error = ConnectorError::new(ErrorCode::RateLimited, "later".to_owned());
        error.retry_after_seconds = Some(7);
        let text = serde_json::to_string(&error).expect("JSON");
        let reply = failed(text.clone());
        assert_eq!((reply.status, reply.body), (429, text));
        assert_eq!(reply.headers, [("retry-after", "7".to_owned())]);
        let description = DOCUMENT.to_owned();
        for code in ErrorCode::ALL {
            assert!((400..=503).contains(&status(*code)), "{code:?}");
            let named = format!("`{}`", code.name());
            assert!(
                description.contains(&named),
                "{named} has no status in the document"
            );
        }
    }
}
