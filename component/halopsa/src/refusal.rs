//! What the body of a refusal says, in whichever form it comes. What that means is in `api.rs`.

use psa_contract::{FieldError, Response};
use psa_toolkit::body::{is_web_page, text_of};
use psa_toolkit::input::field_of_member;
use psa_toolkit::json;
use psa_toolkit::status::MOST_FIELD_ERRORS;
use psa_toolkit::web_page;
use serde_json::{Map, Value};

use crate::draft::FIELDS;

/// What a refusal says.
pub(crate) struct Said {
    /// The member `error`, if it is a word and not a sentence.
    pub(crate) code: Option<String>,
    pub(crate) message: String,
    /// What it says of members.
    members: Vec<(String, String)>,
    pub(crate) is_json_or_empty: bool,
}

impl Said {
    pub(crate) fn of(response: &Response) -> Self {
        let body = text_of(&response.body);
        let mut said = Self {
            code: None,
            message: String::new(),
            members: Vec::new(),
            is_json_or_empty: true,
        };
        match json::read(&response.body) {
            Ok(Value::Object(body)) => said.read(&body),
            Ok(Value::String(message)) => said.message = message,
            Ok(_) => {}
            Err(_) if body.trim().is_empty() => {}
            Err(_) => {
                said.is_json_or_empty = false;
                said.message = match is_web_page(&response.body) {
                    true => web_page::describe(&response.body),
                    false => body.into_owned(),
                };
            }
        }
        said
    }

    /// A serialised exception, an error of OAuth, the model state of the web framework, or one of the forms that clients of
    /// the API expect.
    fn read(&mut self, body: &Map<String, Value>) {
        let texts = |name: &&str| body.get(*name)?.as_str();
        let is_word = |text: &&str| !text.is_empty() && !text.contains(' ');
        self.code = texts(&"error").filter(is_word).map(str::to_owned);
        let names = [
            "Message",
            "message",
            "errorMessage",
            "error_description",
            "error",
            "title",
        ];
        let messages = names.iter().filter_map(texts);
        let message = messages
            .map(str::to_owned)
            .find(|it| Some(it) != self.code.as_ref());
        let errors = body.get("errors").and_then(Value::as_object);
        for (member, messages) in errors.unwrap_or(body) {
            let messages = messages.as_array().into_iter().flatten();
            let messages = messages.filter_map(Value::as_str);
            self.members
                .extend(messages.map(|message| (member.clone(), message.to_owned())));
        }
        self.members.truncate(MOST_FIELD_ERRORS);
        let first = self.members.first().map(|(_, message)| message.clone());
        self.message = message.or(first).unwrap_or_default();
    }

    pub(crate) fn is_of_oauth(&self) -> bool {
        self.code.as_deref().is_some_and(|code| {
            ["invalid_client", "unauthorized_client", "invalid_grant"].contains(&code)
        })
    }

    /// Of the members that it names: `[0].outcome_id` is `outcome_id` of the first element.
    pub(crate) fn field_errors(&self) -> Vec<FieldError> {
        let faults = self.members.iter().map(|(member, message)| {
            let member = member.strip_prefix("[0].").unwrap_or(member);
            FieldError {
                field: field_of_member(&FIELDS, member).map(str::to_owned),
                vendor_field: Some(member.to_owned()),
                message: message.clone(),
            }
        });
        faults.collect()
    }
}
