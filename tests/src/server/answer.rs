//! What the PSA answers: the shapes of its successes and errors. Which of them is due is decided elsewhere.

use bytes::Bytes;
use serde_json::{Value, json};

/// A response that is not yet on its way.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Bytes,
}

/// What one member of a refused record is refused for.
pub(super) struct Fault {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) field: String,
}

impl Answer {
    pub(super) fn json(status: u16, body: &Value) -> Self {
        Self {
            status,
            headers: vec![("content-type", "application/json; charset=utf-8".to_owned())],
            body: body.to_string().into(),
        }
    }

    pub(super) fn text(status: u16, content_type: &str, body: &str) -> Self {
        Self {
            status,
            headers: vec![("content-type", content_type.to_owned())],
            body: Bytes::copy_from_slice(body.as_bytes()),
        }
    }

    pub(super) fn with_header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(super) fn error(status: u16, code: &str, message: &str) -> Self {
        Self::json(status, &json!({"code": code, "message": message}))
    }

    /// The router in front of the API.
    pub(super) fn cannot_route() -> Self {
        let message = "Cannot route. Codebase/company is invalid";
        Self::text(400, "text/plain; charset=utf-8", message)
    }

    pub(super) fn not_authenticated() -> Self {
        Self::error(401, "ConnectWiseApi", "UserNotAuthenticated")
    }

    pub(super) fn forbidden() -> Self {
        let message = "You do not have security permission to perform this action.";
        Self::error(403, "Security", message)
    }

    pub(super) fn no_endpoint() -> Self {
        Self::error(404, "ConnectWiseApi", "The endpoint does not exist.")
    }

    /// `what` with its id: `Service Ticket 404`.
    pub(super) fn not_found(what: &str) -> Self {
        Self::error(404, "NotFound", &format!("{what} not found"))
    }

    /// A condition that names what the record does not have, or that is not understood.
    pub(super) fn condition(message: &str) -> Self {
        Self::error(400, "ApiFindCondition", message)
    }

    /// A value of another type than the member's: a client's mistake that the server answers with 500.
    pub(super) fn wrong_type(value: &Value, due: &str, path: &str) -> Self {
        let value = value.to_string();
        let value = value.trim_matches('"');
        let message = format!(
            "Error converting value \"{value}\" to type '{due}'. Path '{path}', line 1, position 1."
        );
        Self::error(500, "ConnectWiseApi", &message)
    }

    pub(super) fn unknown_member(name: &str, object: &str) -> Self {
        let message = format!(
            "Could not find member '{name}' on object of type '{object}'. Path '{name}', line 1, position 1.\
             Check your accept header to make sure you are using the correct version."
        );
        Self::error(400, "ConnectWiseApi", &message)
    }

    pub(super) fn invalid_ticket(faults: &[Fault]) -> Self {
        let errors: Vec<Value> = faults
            .iter()
            .map(|fault| {
                json!({
                    "code": fault.code,
                    "message": fault.message,
                    "resource": "ticket",
                    "field": fault.field,
                })
            })
            .collect();
        let body = json!({
            "code": "InvalidObject",
            "message": "ticket object is invalid",
            "errors": errors,
        });
        Self::json(400, &body)
    }

    /// The cloud's own wording; a number of seconds or a date.
    pub(super) fn too_many_requests(retry_after: Option<&str>) -> Self {
        let seconds = retry_after.unwrap_or("30");
        let message = format!("Too many requests. Please try again in {seconds} seconds.");
        let answer = Self::json(429, &json!({"error": "ConnectWiseAPI", "message": message}));
        match retry_after {
            Some(text) => answer.with_header("retry-after", text.to_owned()),
            None => answer,
        }
    }

    /// The page of a gateway that does not reach the API.
    pub(super) fn bad_gateway() -> Self {
        let page = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>";
        Self::text(502, "text/html", page)
    }

    /// The page of a web server that does not know the path.
    pub(super) fn no_such_page() -> Self {
        let page = "<html><head><title>404 - File or directory not found.</title></head><body></body></html>";
        Self::text(404, "text/html", page)
    }
}
