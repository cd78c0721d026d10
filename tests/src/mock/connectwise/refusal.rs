//! The errors of ConnectWise's API, in its own shapes.

use serde_json::{Value, json};

use crate::mock::answer::Answer;

/// What one member of a refused record is refused for.
pub(super) struct Fault {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) field: String,
}

impl Fault {
    pub(super) fn required(name: &str) -> Self {
        Self {
            code: "MissingRequiredField",
            message: format!("The {name} field is required."),
            field: name.to_owned(),
        }
    }
}

impl Answer {
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
    pub(super) fn wrong_type(value: &Value, type_name: &str, path: &str) -> Self {
        let value = value.to_string();
        let value = value.trim_matches('"');
        let message = format!(
            "Error converting value \"{value}\" to type '{type_name}'. Path '{path}', line 1, position 1."
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

    /// Operations on a ticket that cannot be read.
    pub(super) fn invalid_patch(message: &str) -> Self {
        Self::error(400, "InvalidPatch", message)
    }

    /// `resource` is the schema's: `ticket`.
    pub(super) fn invalid(resource: &str, faults: &[Fault]) -> Self {
        let errors: Vec<Value> = faults
            .iter()
            .map(|fault| {
                json!({
                    "code": fault.code,
                    "message": fault.message,
                    "resource": resource,
                    "field": fault.field,
                })
            })
            .collect();
        let body = json!({
            "code": "InvalidObject",
            "message": format!("{resource} object is invalid"),
            "errors": errors,
        });
        Self::json(400, &body)
    }

    /// The server's own time-out, which it answers with 500.
    #[must_use]
    pub fn timed_out() -> Self {
        let message = "A timeout has occured. Please try again.";
        Self::error(500, "ConnectWiseApi", message)
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
}
