//! What a request says of itself, held against what the case says of it: whether it writes, and whether it is secret. A host
//! repeats, reports and hides by these marks, so a connector that gets one wrong makes its host do wrong.

use psa_contract::Body;

use crate::report::{Problem, Rule, problem};
use crate::secrets::{forms_of_secrets, holds};
use crate::stage::Sent;
use crate::stand::{Observed, Prepared};
use crate::token::tokens;
use psa_recording::Role;

/// Of the requests that the case records: what it is silent about cannot be judged.
pub(crate) fn of_marks(prepared: &Prepared, observed: &Observed) -> Vec<Problem> {
    let mut problems = Vec::new();
    for sent in observed.sent() {
        let Some(exchange) = sent.exchange else {
            continue;
        };
        problems.extend(of_write(sent));
        if sent.role == Some(Role::Credential) {
            problems.extend(of_credentials(prepared, sent, exchange));
        }
    }
    problems.dedup();
    problems
}

fn of_write(sent: &Sent) -> Option<Problem> {
    let role = sent.role?;
    let marked = sent.request.is_write;
    (marked != sent.is_write()).then(|| {
        problem(
            Rule::WriteMarked,
            format!(
                "`is-write: {}` on a request of role `{}`",
                sent.is_write(),
                role.name()
            ),
            format!("{} with `is-write: {marked}`", sent.shown()),
        )
    })
}

fn of_credentials(prepared: &Prepared, sent: &Sent, exchange: usize) -> Option<Problem> {
    let body = sent.request.body.as_ref().map_or(&[][..], Body::as_bytes);
    let case = &prepared.case;
    let what = if !tokens(&case.exchanges, exchange, &case.settings).is_empty() {
        "answer"
    } else if forms_of_secrets(&prepared.secrets).any(|it| holds(body, it.text.as_bytes())) {
        "body"
    } else {
        return None;
    };
    (!sent.request.is_secret).then(|| {
        problem(
            Rule::SecretMarked,
            format!("`is-secret: true`, because the {what} contains credentials"),
            format!("{} with `is-secret: false`", sent.shown()),
        )
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Instant;

    use psa_contract::Request;

    use super::*;
    use crate::stage::Stage;
    use crate::stand::{Outcome, Secret, secrets_of_answers};
    use psa_contract::http::Http;
    use psa_host::Usage;
    use psa_recording::Case;

    const CASE: &str = r#"{
      "docs": "d", "provenance": "composed", "operation": "create-ticket",
      "settings": {"client-secret": "0000-1111-2222"},
      "input": {"company-id": "1", "summary": "s"},
      "base-url": "https://a.example",
      "exchanges": [
        {"role": "credential", "request": {"method": "POST", "path": "/token", "form": {"key": "{{client-secret}}"}},
          "response": {"status": 200, "json": {"access_token": "token-of-the-tests"}}},
        {"role": "credential", "request": {"method": "GET", "path": "/me"}, "response": {"status": 200, "json": {}}},
        {"role": "credential", "request": {"method": "POST", "path": "/login", "text": "{{client-secret}}"},
          "response": {"status": 403, "text": ""}},
        {"role": "write", "request": {"method": "POST", "path": "/tickets"}, "response": {"status": 201, "json": {}}}
      ],
      "rounds": 1, "expect": {"ok": {}}
    }"#;

    /// What is found of one request.
    fn found(
        method: &str,
        path: &str,
        body: Option<&str>,
        is_write: bool,
        is_secret: bool,
    ) -> Vec<Rule> {
        let case = Case::parse("f", CASE).expect("a case");
        let mut secrets = vec![Secret {
            what: "`client-secret`".to_owned(),
            value: "0000-1111-2222".to_owned(),
        }];
        secrets.extend(secrets_of_answers(&case));
        let mut stage = Stage::new(&case.exchanges);
        let content_type = "application/x-www-form-urlencoded".to_owned();
        let request = Request {
            method: method.to_owned(),
            url: format!("https://a.example{path}"),
            headers: vec![("content-type".to_owned(), content_type)],
            body: body.map(Body::from),
            is_write,
            is_secret,
            ..Request::default()
        };
        drop(stage.send(vec![request], Instant::now()));
        let prepared = Prepared {
            name: String::new(),
            original: Arc::new(case.clone()),
            case,
            origins: Vec::new(),
            secrets,
        };
        let observed = Observed {
            outcome: Outcome::Host(String::new()),
            rounds: stage.rounds(),
            usage: Usage::default(),
        };
        let writes = observed.writes().count();
        assert_eq!(writes, usize::from(path == "/tickets"), "{method} {path}");
        let problems = of_marks(&prepared, &observed);
        problems.iter().map(|problem| problem.rule).collect()
    }

    #[test]
    fn a_mark_is_held_against_what_the_case_says() {
        let token = Some("key=0000-1111-2222");
        let login = Some("0000-1111-2222");
        // Method, path, body, is-write, is-secret, rules that are broken.
        let cases = [
            ("POST", "/token", token, false, true, vec![]),
            ("POST", "/token", token, true, true, vec![Rule::WriteMarked]),
            (
                "POST",
                "/token",
                token,
                false,
                false,
                vec![Rule::SecretMarked],
            ),
            (
                "POST",
                "/login",
                login,
                false,
                false,
                vec![Rule::SecretMarked],
            ),
            ("POST", "/login", login, false, true, vec![]),
            ("GET", "/me", None, false, false, vec![]),
            ("POST", "/tickets", None, true, false, vec![]),
            (
                "POST",
                "/tickets",
                None,
                false,
                false,
                vec![Rule::WriteMarked],
            ),
            // Not as recorded, so its marks are not judged: but it writes, whatever it says of itself.
            ("POST", "/tickets", Some("{}"), false, false, vec![]),
        ];
        for (method, path, body, is_write, is_secret, expected) in cases {
            let found = found(method, path, body, is_write, is_secret);
            assert_eq!(found, expected, "{method} {path} {is_write} {is_secret}");
        }
    }
}
