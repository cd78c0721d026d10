//! What crosses between the back and the host: requests as text, and text as answers. Differs from the contract's own JSON
//! in one place: bytes that are not UTF-8 are base64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use psa_contract::{Body, Failure, FailureKind, Request, Response};
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct RequestText<'a> {
    method: &'a str,
    url: &'a str,
    headers: &'a [(String, String)],
    body: Option<BodyText>,
    is_write: bool,
    reuse_seconds: Option<u32>,
    is_secret: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum AnswerText {
    Ok(ResponseText),
    Err(Failure),
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct ResponseText {
    status: u16,
    #[serde(default)]
    headers: Vec<(String, String)>,
    body: Option<BodyText>,
    age_seconds: Option<u32>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum BodyText {
    Text(String),
    Base64(String),
}

/// The requests as text.
pub(crate) fn requests(requests: &[Request]) -> String {
    let requests: Vec<RequestText<'_>> = requests
        .iter()
        .map(|request| RequestText {
            method: &request.method,
            url: &request.url,
            headers: &request.headers,
            body: request.body.as_ref().map(|body| match body {
                Body::Text(text) => BodyText::Text(text.clone()),
                Body::Bytes(bytes) => BodyText::Base64(STANDARD.encode(bytes)),
            }),
            is_write: request.is_write,
            reuse_seconds: request.reuse_seconds,
            is_secret: request.is_secret,
        })
        .collect();
    // Texts and numbers: all of it can be written.
    serde_json::to_string(&requests).unwrap_or_default()
}

/// The answers to so many requests. If the text is no list of answers, each request is one that the server may have acted on.
pub(crate) fn answers(text: &str, count: usize) -> Vec<Result<Response, Failure>> {
    match serde_json::from_str::<Vec<AnswerText>>(text) {
        Ok(answers) => answers.into_iter().map(answer).collect(),
        Err(error) => {
            let (line, column) = (error.line(), error.column());
            let problem =
                format!("the host's answers cannot be read, at line {line}, column {column}");
            std::iter::repeat_with(|| Err(interrupted(problem.clone())))
                .take(count)
                .collect()
        }
    }
}

fn answer(answer: AnswerText) -> Result<Response, Failure> {
    let response = match answer {
        AnswerText::Ok(response) => response,
        AnswerText::Err(failure) => return Err(failure),
    };
    let body = match response.body {
        None => Body::default(),
        Some(BodyText::Text(text)) => text.into(),
        Some(BodyText::Base64(digits)) => STANDARD
            .decode(digits)
            .map_err(|_| interrupted("the host's answer has a body that is not base64".to_owned()))?
            .into(),
    };
    Ok(Response {
        status: response.status,
        headers: response.headers,
        body,
        age_seconds: response.age_seconds,
    })
}

fn interrupted(message: String) -> Failure {
    Failure {
        kind: FailureKind::Interrupted,
        message,
        may_have_acted: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_written_with_the_contracts_names() {
        let request = Request {
            method: "POST".to_owned(),
            url: "https://psa.example/x".to_owned(),
            headers: vec![("accept".to_owned(), "a".to_owned())],
            body: Some("{}".into()),
            is_write: true,
            ..Request::default()
        };
        let token = Request {
            body: Some(vec![0xff].into()),
            reuse_seconds: Some(7),
            is_secret: true,
            ..Request::default()
        };
        assert_eq!(
            requests(&[request, token]),
            r#"[{"method":"POST","url":"https://psa.example/x","headers":[["accept","a"]],"body":{"text":"{}"},"is-write":true,"reuse-seconds":null,"is-secret":false},{"method":"","url":"","headers":[],"body":{"base64":"/w=="},"is-write":false,"reuse-seconds":7,"is-secret":true}]"#
        );
        assert_eq!(requests(&[]), "[]");
    }

    #[test]
    fn answers_are_read_in_their_order() {
        let found = answers(
            r#"[{"ok": {"status": 200, "headers": [["a", "b"]], "body": {"text": "é"}, "age-seconds": 3}},
                {"err": {"kind": "timed-out", "message": "m", "may-have-acted": false}},
                {"ok": {"status": 204}}, {"ok": {"status": 200, "body": {"base64": "/w=="}}}]"#,
            4,
        );
        let response = |body: Body, headers, status, age_seconds| {
            Ok(Response {
                status,
                headers,
                body,
                age_seconds,
            })
        };
        let header = ("a".to_owned(), "b".to_owned());
        let failure = Failure {
            kind: FailureKind::TimedOut,
            message: "m".to_owned(),
            may_have_acted: false,
        };
        let expected = [
            response("é".into(), vec![header], 200, Some(3)),
            Err(failure),
            response(Body::default(), Vec::new(), 204, None),
            response(vec![0xff].into(), Vec::new(), 200, None),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_no_answer_is_a_request_in_doubt() {
        for text in [
            "",
            "null",
            r#"[{"ok": {}}]"#,
            r#"[{"ok": {"status": 200, "body": {"base64": "%"}}}]"#,
        ] {
            let found = answers(text, 1);
            let failures: Vec<_> = found.iter().filter_map(|it| it.as_ref().err()).collect();
            assert_eq!(failures.len(), 1, "{text}");
            assert!(failures[0].may_have_acted, "{text}");
        }
    }
}
