//! Requests for an access token, and the credentials in their answers. Cases do not mark them: they show by what is in the
//! answer.

use psa_contract::Setting;
use serde_json::Value;

use psa_recording::{Exchange, Role};

/// A credential in an answer: the member that holds it, and its value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token {
    pub(crate) member: String,
    pub(crate) value: String,
}

/// Shorter values are not looked for: they would be found inside of ordinary words.
pub(crate) const SHORTEST_SECRET_BYTES: usize = 8;

/// Members that say that an answer holds credentials, without `_`, `-` and capitals.
const NAMES_OF_TOKENS: [&str; 4] = ["accesstoken", "idtoken", "refreshtoken", "token"];

/// Members of such an answer that are no credentials (RFC 6749, section 5.1; RFC 8693, section 2.2.1).
const NO_CREDENTIALS: [&str; 4] = ["expiresin", "issuedtokentype", "scope", "tokentype"];

/// The credentials in the recorded answer of an exchange. Empty: it is not a request for an access token.
///
/// It is one if its role is `credential`, and a member of its answer is named like a token, or holds a text that a header
/// of another request holds and no setting does.
pub(crate) fn tokens(exchanges: &[Exchange], index: usize, settings: &[Setting]) -> Vec<Token> {
    let Some(exchange) = exchanges
        .get(index)
        .filter(|it| it.role == Some(Role::Credential))
    else {
        return Vec::new();
    };
    let Ok(response) = &exchange.answer else {
        return Vec::new();
    };
    let Ok(body) = serde_json::from_slice(response.body.as_bytes()) else {
        return Vec::new();
    };
    if !(200..=299).contains(&response.status) {
        return Vec::new();
    }
    let mut texts = Vec::new();
    collect_texts("", &body, &mut texts);
    let is_token = |token: &Token| {
        NAMES_OF_TOKENS.contains(&plain(&token.member).as_str())
            || is_carried(exchanges, index, &token.value) && !is_of_settings(settings, &token.value)
    };
    if texts.iter().any(is_token) {
        texts
    } else {
        Vec::new()
    }
}

/// The exchange of a case that asks for an access token which other requests carry.
pub(crate) fn token_request(exchanges: &[Exchange], settings: &[Setting]) -> Option<usize> {
    (0..exchanges.len()).find(|index| {
        tokens(exchanges, *index, settings)
            .iter()
            .any(|token| is_carried(exchanges, *index, &token.value))
    })
}

/// Whether another request has it in a header.
fn is_carried(exchanges: &[Exchange], index: usize, value: &str) -> bool {
    let others = exchanges
        .iter()
        .enumerate()
        .filter(|(other, _)| *other != index);
    others
        .flat_map(|(_, exchange)| &exchange.request.headers)
        .any(|(_, header)| header.as_ref().is_some_and(|it| it.contains(value)))
}

fn is_of_settings(settings: &[Setting], value: &str) -> bool {
    settings.iter().any(|it| it.value.contains(value))
}

/// Every text that may be a credential, with the member that holds it.
fn collect_texts(member: &str, value: &Value, texts: &mut Vec<Token>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                collect_texts(name, value, texts);
            }
        }
        Value::Array(elements) => {
            for element in elements {
                collect_texts(member, element, texts);
            }
        }
        Value::String(text)
            if text.len() >= SHORTEST_SECRET_BYTES
                && !text.starts_with("https://")
                && !NO_CREDENTIALS.contains(&plain(member).as_str()) =>
        {
            texts.push(Token {
                member: member.to_owned(),
                value: text.clone(),
            });
        }
        _ => {}
    }
}

fn plain(name: &str) -> String {
    name.replace(['_', '-'], "").to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use psa_recording::Case;

    fn case(role: &str, response: &str) -> Case {
        let text = format!(
            r#"{{
              "docs": "d", "provenance": "composed", "operation": "verify",
              "settings": {{"site": "a.example", "api-key": "0000-1111-2222"}},
              "base-url": "https://a.example",
              "exchanges": [
                {{"role": "{role}", "request": {{"method": "POST", "path": "/token", "form": {{"a": "b"}}}},
                  "response": {{"status": 200, "json": {response}}}}},
                {{"role": "list", "request": {{"method": "GET", "path": "/x", "headers":
                    {{"x-session": "id carried-in-a-header", "x-key": "{{{{api-key}}}}"}}}},
                  "response": {{"status": 200, "json": []}}}}
              ],
              "rounds": 2, "expect": {{"ok": {{}}}}
            }}"#
        );
        Case::parse("f", &text).expect("a case")
    }

    #[test]
    fn a_token_is_known_by_its_name_or_by_the_header_that_carries_it() {
        // Role, answer, members that hold credentials.
        let cases = [
            (
                "credential",
                r#"{"access_token": "eyJ0-1234", "token_type": "Bearer token", "scope": "read:tickets"}"#,
                vec!["access_token"],
            ),
            (
                "credential",
                r#"{"data": {"session": "carried-in-a-header", "more": ["also-one-of-them"]}}"#,
                vec!["session", "more"],
            ),
            (
                "credential",
                r#"{"accessToken": "eyJ0-1234", "instance": "https://b.example/", "short": "word"}"#,
                vec!["accessToken"],
            ),
            ("list", r#"{"access_token": "eyJ0-1234"}"#, vec![]),
            ("credential", r#"{"user": "Example API user"}"#, vec![]),
            ("credential", r#"{"key": "0000-1111-2222"}"#, vec![]),
        ];
        for (role, response, expected) in cases {
            let case = case(role, response);
            let mut found: Vec<String> = tokens(&case.exchanges, 0, &case.settings)
                .into_iter()
                .map(|token| token.member)
                .collect();
            let mut expected: Vec<&str> = expected;
            found.sort();
            expected.sort_unstable();
            assert_eq!(found, expected, "{role} {response}");
        }
    }
}
