//! What a skeleton holds, that it is a case, and what is refused.

use super::*;
use crate::Case;
use serde_json::json;

/// A call with a token: its request; two reads in one round, of one time; a write that was not answered; another server.
const RECORDED: &str = r#"{"log": {"creator": {"name": "psa-host", "version": "0.2.0"}, "_scrubbedBy": "psa-host 0.2.0", "entries": [
 {"startedDateTime": "2026-05-04T10:00:00.000Z", "time": 5,
  "request": {"method": "POST", "url": "https://psa.example/{{account}}/token", "headers": [{"name": "accept", "value": "json"}, {"name": "content-type", "value": "application/x-www-form-urlencoded"}],
   "postData": {"mimeType": "application/x-www-form-urlencoded", "text": "grant_type=client_credentials&client_secret={{percent:{{client-secret}}}}&scope=a+b&scope=c"}},
  "response": {"status": 200, "headers": [{"name": "content-type", "value": "application/json"}, {"name": "set-cookie", "value": "{{removed}}"}], "content": {"text": "{\"access_token\": \"{{removed}}\"}"}}},
 {"startedDateTime": "2026-05-04T10:00:01.000Z", "time": 7,
  "request": {"method": "GET", "url": "https://psa.example/{{account}}/v1/tickets?reference=a%20b&by={{percent:{{account}}}}", "headers": [{"name": "accept", "value": "json"}, {"name": "authorization", "value": "Bearer {{removed}}"}, {"name": "x-user", "value": "{{base64:{{account}}:{{user}}}}"}]},
  "response": {"status": 200, "headers": [{"name": "content-type", "value": "application/json"}], "content": {"text": "{\"rows\": [], \"n\": \"{{json:{{user}}}}\"}"}}},
 {"startedDateTime": "2026-05-04T10:00:01.000Z", "time": 7,
  "request": {"method": "GET", "url": "https://psa.example/{{account}}/v1/companies/25", "headers": [{"name": "accept", "value": "json"}]},
  "response": {"status": 404, "headers": [{"name": "content-type", "value": "text/html"}], "content": {"text": "<p>{{open-brace}}{{open-brace}}x</p>"}}},
 {"startedDateTime": "2026-05-04T10:00:02.000Z", "time": 7,
  "request": {"method": "POST", "url": "https://other.example/search", "headers": [{"name": "accept", "value": "json"}], "postData": {"mimeType": "text/plain", "text": "/wA=", "encoding": "base64"}},
  "response": {"status": 200, "content": {"text": "/wE=", "encoding": "base64"}}},
 {"startedDateTime": "2026-05-04T10:00:03.000Z", "time": 7,
  "request": {"method": "POST", "url": "https://psa.example/{{account}}/v1/tickets", "headers": [{"name": "accept", "value": "json"}], "postData": {"mimeType": "application/json", "text": "{\"by\": \"{{json:{{user}}}}\", \"n\": [1]}"}},
  "response": {"status": 0}, "_failure": {"kind": "timed-out", "message": "no answer of {{account}}", "may-have-acted": true}}
]}}"#;

fn skeleton(operation: Option<Function>, input: Option<Value>) -> Result<String, String> {
    let skeleton = case_skeleton("a.har", RECORDED, operation, input);
    let skeleton = skeleton.map_err(|error| error.to_string())?;
    serde_json::to_string(&skeleton).map_err(|error| error.to_string())
}

#[test]
fn a_skeleton_holds_what_the_recording_does_and_is_a_case() {
    let text = skeleton(Some(Function::GetTicket), Some(json!({"id": "1"}))).expect("a skeleton");
    let found: Value = serde_json::from_str(&text).expect("JSON");
    let response_headers = json!({"content-type": "application/json"});
    let expected = json!({
        "docs": DOCS,
        "provenance": "recorded with psa-host 0.2.0 on 2026-05-04; fill in whose tenant it was",
        "operation": "get-ticket",
        "settings": {"account": "example-account", "client-secret": "example-client-secret", "user": "example-user"},
        "input": {"id": "1"},
        "base-url": "https://psa.example/{{account}}",
        "request-headers": {"accept": "json"},
        "exchanges": [
            {
                "role": "credential",
                "request": {
                    "method": "POST", "path": "/token",
                    "headers": {"content-type": "application/x-www-form-urlencoded"},
                    "form": [["grant_type", "client_credentials"], ["client_secret", "{{client-secret}}"], ["scope", "a b"], ["scope", "c"]],
                },
                "response": {"status": 200, "headers": response_headers, "json": {"access_token": "removed"}},
            },
            {
                "role": "look-up",
                "request": {
                    "method": "GET", "path": "/v1/tickets",
                    "query": {"reference": "a b", "by": "{{account}}"},
                    "headers": {"x-user": "{{base64:{{account}}:{{user}}}}"},
                },
                "response": {"status": 200, "headers": response_headers, "json": {"rows": [], "n": "{{user}}"}},
            },
            {
                "role": "detail",
                "request": {"method": "GET", "path": "/v1/companies/25"},
                "response": {"status": 404, "headers": {"content-type": "text/html"}, "text": "<p>{{open-brace}}{{open-brace}}x</p>"},
            },
            {
                "role": "list",
                "request": {"method": "POST", "path": "https://other.example/search", "base64": "/wA="},
                "response": {"status": 200, "base64": "/wE="},
            },
            {
                "role": "write",
                "request": {"method": "POST", "path": "/v1/tickets", "json": {"by": "{{user}}", "n": [1]}},
                "failure": {"kind": "timed-out", "message": "no answer of {{account}}", "may-have-acted": true},
            },
        ],
        "rounds": 4,
        "expect": {"ok": null},
    });
    assert_eq!(found, expected);

    // It says what to fill in.
    for member in [
        "provenance",
        "settings",
        "expect",
        "exchanges",
        "required",
        "look-up",
    ] {
        assert!(DOCS.contains(&format!("`{member}`")), "{member}");
    }

    let case = Case::parse("a.json", &text).expect("a case");
    assert_eq!(case.input, Input::GetTicket("1".to_owned()));
    assert_eq!(case.exchanges[1].request.query[1].1, "example-account");
    let page = case.exchanges[2].answer.as_ref().expect("a response");
    assert_eq!(page.body.as_bytes(), b"<p>{{x</p>");
}

#[test]
fn what_is_not_known_of_the_call_is_left_to_fill_in() {
    let cases = [
        (None, None, Ok(r#""input":{}"#), "operation: missing"),
        (
            Some(Function::Verify),
            None,
            Ok(r#""operation":"verify","settings""#),
            "",
        ),
        (
            Some(Function::GetTicket),
            None,
            Ok(r#""input":{}"#),
            "input: missing field `id`",
        ),
        (
            Some(Function::GetTicket),
            Some(json!({"id": 1})),
            Err("a.har: input.id: invalid type"),
            "",
        ),
        (
            Some(Function::Describe),
            Some(json!({"a": 1})),
            Err("a.har: input: "),
            "",
        ),
    ];
    for (operation, input, expected, missing) in cases {
        match (skeleton(operation, input), expected) {
            (Ok(text), Ok(part)) => {
                assert!(text.contains(part), "{text}");
                let problem = Case::parse("a.json", &text).err();
                let problem = problem.map(|error| error.to_string()).unwrap_or_default();
                assert_eq!(problem.is_empty(), missing.is_empty(), "{problem}");
                assert!(problem.contains(missing), "{problem}");
            }
            (Err(problem), Err(part)) => assert!(problem.contains(part), "{problem}"),
            (found, _) => panic!("{operation:?}: {found:?}"),
        }
    }
}

#[test]
fn an_archive_that_may_hold_secrets_is_refused() {
    let unscrubbed = RECORDED.replace("_scrubbedBy", "_by");
    for (text, part) in [
        (
            unscrubbed.as_str(),
            "a.har: log: the archive was not scrubbed",
        ),
        ("{", "a.har: "),
        (
            r#"{"log": {"_scrubbedBy": "x", "entries": []}}"#,
            "no request over https",
        ),
    ] {
        let problem = case_skeleton("a.har", text, None, None).err();
        let problem = problem.map(|error| error.to_string()).unwrap_or_default();
        assert!(problem.contains(part), "{text}: {problem}");
    }
}

#[test]
fn the_requests_of_another_program_count_a_round_each() {
    let of_a_proxy = RECORDED.replace(r#""name": "psa-host""#, r#""name": "mitmproxy""#);
    let skeleton = case_skeleton("a.har", &of_a_proxy, None, None).expect("a skeleton");
    assert_eq!(skeleton.0.rounds, Some(5));
}

#[test]
fn roles_are_guessed_from_method_address_and_answer() {
    let cases = [
        ("GET", "/tickets", "[]", "list"),
        ("GET", "/tickets/5", r#"{"notes": []}"#, "detail"),
        ("GET", "/tickets", r#"{"rows": []}"#, "list"),
        ("GET", "/me", r#"{"id": 1}"#, "detail"),
        ("GET", "/tickets/5", "", "detail"),
        ("GET", "/tickets", "<p>", "list"),
        ("POST", "/oauth/token/", "", "credential"),
        ("GET", "/oauth/token", "{}", "detail"),
        ("POST", "/tickets/query", "{}", "list"),
        ("PATCH", "/tickets/5", "{}", "write"),
        ("DELETE", "/tickets/5", "", "write"),
    ];
    for (method, path, body, expected) in cases {
        let archive = json!({"log": {"_scrubbedBy": "x", "entries": [{
            "request": {"method": method, "url": format!("https://psa.example{path}")},
            "response": {"status": 200, "content": {"text": body}},
        }]}});
        let skeleton = case_skeleton("a.har", &archive.to_string(), None, None);
        let ListedExchange::Whole(exchange) = &skeleton.expect("a skeleton").0.exchanges[0] else {
            panic!("{method} {path}");
        };
        assert_eq!(exchange.role.name(), expected, "{method} {path} {body}");
    }
}
