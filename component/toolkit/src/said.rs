//! What the body of a refusal says, in whichever form a web framework or a gateway gives it. What that means is the vendor's.

use psa_contract::{FieldError, Response};
use serde_json::{Map, Value};

use crate::body::{is_web_page, text_of};
use crate::input::{InputRow, field_of_member};
use crate::json;
use crate::status::MOST_FIELD_ERRORS;
use crate::web_page;

/// What a refusal says.
pub struct Said {
    /// The member `error`, if it is a word and not a sentence.
    pub code: Option<String>,
    /// Its words; empty if it has none. Without a sentence of its own, all that it says of the first member.
    pub message: String,
    /// What it says of members, by their names: `[0].outcome_id` is `outcome_id` of the first element.
    pub members: Vec<(String, String)>,
    /// False: a web page, or another text that something in front of the PSA may have written.
    pub is_json_or_empty: bool,
}

impl Said {
    /// Of a response that is not a success.
    #[must_use]
    pub fn of(response: &Response) -> Self {
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
        self.message = message.unwrap_or_else(|| {
            let first = self.members.first().map(|(name, _)| name);
            let of_first = self.members.iter().filter(|(name, _)| Some(name) == first);
            let texts: Vec<&str> = of_first.map(|(_, text)| text.as_str()).collect();
            texts.join("; ")
        });
    }

    /// Whether it is OAuth's word for credentials that are not accepted.
    #[must_use]
    pub fn is_of_oauth(&self) -> bool {
        self.code.as_deref().is_some_and(|code| {
            ["invalid_client", "unauthorized_client", "invalid_grant"].contains(&code)
        })
    }

    /// The faults of fields, by the names that the PSA has for them.
    #[must_use]
    pub fn field_errors(&self, table: &[InputRow]) -> Vec<FieldError> {
        let faults = self.members.iter().map(|(member, message)| {
            let member = member.strip_prefix("[0].").unwrap_or(member);
            FieldError {
                field: field_of_member(table, member).map(str::to_owned),
                vendor_field: Some(member.to_owned()),
                message: message.clone(),
            }
        });
        faults.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stand_in::response;

    #[test]
    fn every_form_of_a_refusal_is_read() {
        for (body, code, message, members) in [
            ("", None, "", vec![]),
            ("no such route", None, "no such route", vec![]),
            (
                r#""Name must be unique""#,
                None,
                "Name must be unique",
                vec![],
            ),
            (
                r#"{"ClassName":"System.Exception","Message":"An Outcome must be entered","Data":null}"#,
                None,
                "An Outcome must be entered",
                vec![],
            ),
            (
                r#"{"error":"invalid_client","error_description":"The client is not known."}"#,
                Some("invalid_client"),
                "The client is not known.",
                vec![],
            ),
            (
                r#"{"error":"Rate limit reached"}"#,
                None,
                "Rate limit reached",
                vec![],
            ),
            (
                r#"{"resultCode":7,"errorMessage":"No"}"#,
                None,
                "No",
                vec![],
            ),
            (
                r#"{"[0].outcome_id":["Could not convert.","Twice."]}"#,
                None,
                "Could not convert.; Twice.",
                vec![
                    "[0].outcome_id: Could not convert.",
                    "[0].outcome_id: Twice.",
                ],
            ),
            (
                r#"{"title":"Not valid","errors":{"id":["The value is not valid."]}}"#,
                None,
                "Not valid",
                vec!["id: The value is not valid."],
            ),
            ("[]", None, "", vec![]),
        ] {
            let said = Said::of(&response(400, body));
            assert_eq!(said.code.as_deref(), code, "{body}");
            assert_eq!(said.message, message, "{body}");
            let found = said
                .members
                .iter()
                .map(|(name, text)| format!("{name}: {text}"));
            assert_eq!(found.collect::<Vec<_>>(), members, "{body}");
            assert_eq!(said.is_json_or_empty, body != "no such route", "{body}");
        }
        let page = Said::of(&response(403, "<html><title>Login</title></html>"));
        assert_eq!(page.message, "a web page (HTML) titled \"Login\"");
        assert!(!page.is_json_or_empty && !page.is_of_oauth());
        assert!(Said::of(&response(401, r#"{"error":"invalid_client"}"#)).is_of_oauth());
    }

    #[test]
    fn members_are_fields_where_the_table_knows_them() {
        let table = [InputRow::of_ticket("status-id").member("status_id")];
        let said = Said::of(&response(
            400,
            r#"{"[0].status_id":["no"],"team":["none"]}"#,
        ));
        let faults = said.field_errors(&table).into_iter();
        let found: Vec<_> = faults.map(|it| (it.field, it.vendor_field)).collect();
        let name = |text: &str| Some(text.to_owned());
        assert_eq!(
            found,
            [(name("status-id"), name("status_id")), (None, name("team"))]
        );
    }
}
