use super::*;
use crate::exchange::exchange;
use crate::secrets::Secrets;
use crate::stand_in::{Plain, response};

fn token(value: &str, age_seconds: Option<u32>) -> Response {
    Response {
        age_seconds,
        ..response(
            200,
            &format!("{{\"access_token\":\"{value}\",\"expires_in\":3600}}"),
        )
    }
}

/// What each request was: the token that it bore, or the reuse of a token request.
fn shown(request: &Request) -> String {
    if let Some(seconds) = request.reuse_seconds {
        assert!(request.is_secret && !request.is_write);
        return format!("token {seconds}");
    }
    let bearers = request
        .headers
        .iter()
        .filter(|(name, _)| name == "authorization");
    let bearers: Vec<&str> = bearers.map(|(_, value)| value.as_str()).collect();
    format!("{} {}", request.url, bearers.join("+"))
}

/// Two rounds of a session: `a` and `b`, then `c`. What was sent, and the statuses or the error.
fn run(mut answer: impl FnMut(&str) -> Response) -> (Vec<String>, Result<Vec<u16>, Error>) {
    let tenant = Plain(Secrets::new(["s3cr3t-value"]));
    let credentials = ClientCredentials {
        url: "https://a.example/token".to_owned(),
        client_id: "id",
        client_secret: "s3cr3t-value",
        scope: Some("all"),
        reuse_seconds: 3_000,
    };
    let mut sent = Vec::new();
    let mut send = |requests: &mut [Request]| -> Vec<HttpResult> {
        let mut answers = Vec::new();
        for request in requests {
            let shown = shown(request);
            answers.push(Ok(answer(&shown)));
            sent.push(shown);
        }
        answers
    };
    let statuses = two_rounds(&tenant, credentials, &mut send);
    (sent, statuses)
}

fn two_rounds(
    tenant: &Plain,
    credentials: ClientCredentials,
    send: &mut HttpSend,
) -> Result<Vec<u16>, Error> {
    let send = &mut sign_in(tenant, credentials, send)?;
    let mut statuses = Vec::new();
    for round in [vec!["a", "b"], vec![], vec!["c"]] {
        let calls = round.iter().map(|it| Call::get("read", *it)).collect();
        for answer in exchange(tenant, send, calls) {
            statuses.push(answer.result.as_ref().map_or(0, |it| it.status));
        }
    }
    Ok(statuses)
}

#[test]
fn one_token_serves_all_rounds() {
    let (sent, statuses) = run(|request| match request {
        "token 3000" => token("one", None),
        _ => response(200, ""),
    });
    assert_eq!(
        sent,
        ["token 3000", "a Bearer one", "b Bearer one", "c Bearer one"]
    );
    assert_eq!(statuses.expect("answers"), [200, 200, 200]);
}

#[test]
fn a_kept_token_that_has_expired_is_renewed_once_for_what_was_refused() {
    let (sent, statuses) = run(|request| match request {
        "token 3000" => token("old", Some(2_900)),
        "token 0" => token("new", None),
        "b Bearer old" => response(401, ""),
        _ => response(200, ""),
    });
    let expected = [
        "token 3000",
        "a Bearer old",
        "b Bearer old",
        "token 0",
        "b Bearer new",
        "c Bearer new",
    ];
    assert_eq!(sent, expected);
    assert_eq!(statuses.expect("answers"), [200, 200, 200]);
}

#[test]
fn a_401_is_final_on_a_new_token_and_on_one_that_does_not_change() {
    let (sent, statuses) = run(|request| match request {
        "token 3000" => token("one", None),
        _ => response(401, ""),
    });
    assert_eq!(
        sent,
        ["token 3000", "a Bearer one", "b Bearer one", "c Bearer one"]
    );
    assert_eq!(statuses.expect("answers"), [401, 401, 401]);
    let (sent, statuses) = run(|request| match request {
        "token 3000" => token("one", Some(5)),
        "token 0" => token("one", None),
        _ => response(401, ""),
    });
    assert_eq!(
        sent,
        [
            "token 3000",
            "a Bearer one",
            "b Bearer one",
            "token 0",
            "c Bearer one"
        ]
    );
    assert_eq!(statuses.expect("answers"), [401, 401, 401]);
}

#[test]
fn what_the_token_endpoint_answers_is_judged() {
    for (status, body, code, message) in [
        (
            401,
            r#"{"error":"invalid_client","error_description":"s3cr3t-value is wrong"}"#,
            ErrorCode::Unauthorized,
            "cannot sign in: the PSA answered 401 (invalid_client): [secret] is wrong",
        ),
        (
            400,
            r#"{"error":"invalid_client"}"#,
            ErrorCode::Unauthorized,
            "cannot sign in: the PSA answered 400 (invalid_client)",
        ),
        (
            400,
            r#"{"error":"invalid_scope"}"#,
            ErrorCode::Forbidden,
            "cannot sign in: the PSA answered 400 (invalid_scope)",
        ),
        (
            401,
            "no",
            ErrorCode::Unauthorized,
            "cannot sign in: the PSA answered 401: no",
        ),
        (
            503,
            "busy",
            ErrorCode::Unavailable,
            "cannot sign in: the PSA answered 503: busy",
        ),
        (
            200,
            r#"{"access_token":"a\nb"}"#,
            ErrorCode::UnexpectedResponse,
            "cannot sign in: expected an access token of printable ASCII",
        ),
        (
            200,
            r#"{"access_token":""}"#,
            ErrorCode::UnexpectedResponse,
            "cannot sign in: expected an access token of printable ASCII",
        ),
        (
            200,
            r#"{"access_token":["eyJ0b2tlbg"]}"#,
            ErrorCode::UnexpectedResponse,
            "cannot sign in: expected a JSON object with `access_token`",
        ),
    ] {
        let (sent, statuses) = run(|_| response(status, body));
        let error = statuses.expect_err(body);
        assert_eq!((error.code, error.message.as_str()), (code, message));
        assert_eq!(sent, ["token 3000"]);
    }
}

#[test]
fn without_a_new_token_the_refused_requests_fail_and_did_not_act() {
    for (renewal, expected) in [
        // The credentials are refused, as the PSA says in words of OAuth.
        (
            response(400, r#"{"error":"invalid_client"}"#),
            [200, 401, 200],
        ),
        (
            response(401, r#"{"error":"invalid_client"}"#),
            [200, 401, 200],
        ),
        (response(503, "busy"), [200, 0, 200]),
    ] {
        let (sent, statuses) = run(|request| match request {
            "token 3000" => token("old", Some(5)),
            "token 0" => renewal.clone(),
            "b Bearer old" => response(401, ""),
            _ => response(200, ""),
        });
        assert_eq!(statuses.expect("answers"), expected);
        assert_eq!(sent.len(), 5, "{sent:?}");
    }
}

#[test]
fn what_is_wrong_with_the_renewal_is_told_of_what_was_refused() {
    let tenant = Plain(Secrets::default());
    for (renewal, expected) in [
        (
            response(400, r#"{"error":"invalid_client"}"#),
            Ok((401, r#"{"error":"invalid_client"}"#)),
        ),
        (
            response(503, "busy"),
            Err("cannot sign in: the PSA answered 503: busy"),
        ),
    ] {
        let mut send = |_: &mut [Request]| vec![Ok(renewal.clone())];
        let answer = exchange_one(
            &tenant,
            &mut send,
            Call::post("sign in", "https://a.example"),
        );
        let error = read_token(&answer).err().expect("no token");
        match (not_renewed(&answer, &error), expected) {
            (Ok(refusal), Ok((status, body))) => {
                assert_eq!((refusal.status, refusal.body), (status, body.into()));
            }
            (Err(failure), Err(words)) => {
                assert!(!failure.may_have_acted && failure.message.ends_with(words));
            }
            (found, _) => panic!("{found:?}"),
        }
    }
}
