//! Secrets where they do not belong: in results, errors, URLs, and bodies that do not hold them in the case.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use psa_contract::Body;

use crate::report::{Problem, Rule, problem};
use crate::stand::{Observed, Outcome, Prepared, Secret};
use crate::token::SHORTEST_SECRET_BYTES;
use psa_recording::Role;

pub(crate) fn of_secrets(prepared: &Prepared, observed: &Observed) -> Vec<Problem> {
    let result = match &observed.outcome {
        Outcome::Ok(value) | Outcome::Err(_, value) => value.to_string(),
        Outcome::Trapped(message) | Outcome::Host(message) => message.clone(),
        Outcome::Stopped(_) => String::new(),
    };
    let mut problems = Vec::new();
    for secret in forms(&prepared.secrets, observed) {
        let none = || format!("nothing that contains {}", secret.what);
        if result.contains(&secret.text) {
            problems.push(problem(
                Rule::NoSecretInResult,
                none(),
                "a result or an error that contains it",
            ));
        }
        for sent in observed.sent() {
            let method = &sent.request.method;
            if sent.request.url.contains(&secret.text) {
                problems.push(problem(
                    Rule::NoSecretInUrl,
                    none(),
                    format!("a URL of a {method} that contains it"),
                ));
            }
            // One that an exchange answered is the recorded one, to the byte. One more to where credentials are sent
            // anyway tells nobody anything.
            let body = sent.request.body.as_ref().map_or(&[][..], Body::as_bytes);
            let is_elsewhere = sent.exchange.is_none() && sent.role != Some(Role::Credential);
            if is_elsewhere && holds(body, secret.text.as_bytes()) {
                problems.push(problem(
                    Rule::NoSecretInBody,
                    none(),
                    format!(
                        "a body of a {method} that contains it, although the recorded one does not"
                    ),
                ));
            }
        }
    }
    problems.dedup();
    problems
}

/// A text that must not be found, and what it is.
pub(crate) struct SecretForm {
    what: String,
    pub(crate) text: String,
}

/// How a secret may look: as it is, percent-encoded, in base64, and inside of the credential that was sent.
fn forms(secrets: &[Secret], observed: &Observed) -> Vec<SecretForm> {
    let mut forms: Vec<SecretForm> = forms_of_secrets(secrets).collect();
    let credentials = observed
        .requests()
        .flat_map(|request| &request.headers)
        .filter(|(name, _)| name.eq_ignore_ascii_case("authorization"))
        .filter_map(|(_, value)| value.split_whitespace().last())
        // A fault may make a token of anything, even of a word.
        .filter(|credential| credential.len() >= SHORTEST_SECRET_BYTES);
    for credential in credentials {
        if !forms.iter().any(|form| form.text == credential) {
            forms.push(SecretForm {
                what: "the credential in `authorization`".to_owned(),
                text: credential.to_owned(),
            });
        }
    }
    forms
}

/// The same without what was sent.
pub(crate) fn forms_of_secrets(secrets: &[Secret]) -> impl Iterator<Item = SecretForm> {
    secrets.iter().flat_map(|secret| {
        let value = secret.value.as_str();
        let mut texts = vec![
            value.to_owned(),
            utf8_percent_encode(value, NON_ALPHANUMERIC).to_string(),
            STANDARD.encode(value),
        ];
        texts.dedup();
        texts.into_iter().map(|text| SecretForm {
            what: secret.what.clone(),
            text,
        })
    })
}

pub(crate) fn holds(body: &[u8], text: &[u8]) -> bool {
    !text.is_empty() && memchr::memmem::find(body, text).is_some()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use psa_contract::Request;
    use serde_json::json;

    use super::*;
    use crate::stage::Sent;
    use crate::stand::secrets_of_answers;
    use psa_host::Usage;
    use psa_recording::Case;

    const CASE: &str = r#"{
      "docs": "d", "provenance": "composed", "operation": "get-ticket", "settings": {}, "input": {"id": "1"},
      "base-url": "https://a.example",
      "exchanges": [
        {"role": "credential", "request": {"method": "POST", "path": "/token"},
          "response": {"status": 200, "json": {"access_token": "token/of+tests", "scope": "read:tickets"}}}
      ],
      "rounds": 1, "expect": {"ok": {}}
    }"#;

    /// What is found where a call returned this and sent one request that the case does not record.
    fn found(result: &str, role: Option<Role>, url: &str, body: &str) -> Vec<Rule> {
        let case = Case::parse("f", CASE).expect("a case");
        let prepared = Prepared {
            name: String::new(),
            secrets: secrets_of_answers(&case).collect(),
            original: Arc::new(case.clone()),
            case,
            origins: Vec::new(),
        };
        let sent = Sent {
            request: Request {
                url: url.to_owned(),
                body: Some(Body::from(body)),
                ..Request::default()
            },
            exchange: None,
            status: None,
            is_kept: false,
            role,
        };
        let observed = Observed {
            outcome: Outcome::Ok(json!({"id": result})),
            rounds: vec![vec![sent]],
            usage: Usage::default(),
        };
        let problems = of_secrets(&prepared, &observed).into_iter();
        problems.map(|problem| problem.rule).collect()
    }

    #[test]
    fn an_access_token_is_found_even_where_no_request_has_carried_it() {
        let url = "https://a.example/x";
        let token = "token/of+tests";
        // Result, role of the request, URL, body, rules that are broken.
        let cases = [
            ("read:tickets", None, url, "read:tickets", vec![]),
            (token, None, url, "", vec![Rule::NoSecretInResult]),
            (
                "dG9rZW4vb2YrdGVzdHM=",
                None,
                url,
                "",
                vec![Rule::NoSecretInResult],
            ),
            (
                "",
                None,
                "https://a.example/x?t=token%2Fof%2Btests",
                "",
                vec![Rule::NoSecretInUrl],
            ),
            ("", None, url, token, vec![Rule::NoSecretInBody]),
            ("", Some(Role::Credential), url, token, vec![]),
            (
                "",
                Some(Role::Write),
                url,
                token,
                vec![Rule::NoSecretInBody],
            ),
        ];
        for (result, role, url, body, expected) in cases {
            assert_eq!(
                found(result, role, url, body),
                expected,
                "{result} {url} {body}"
            );
        }
    }
}
