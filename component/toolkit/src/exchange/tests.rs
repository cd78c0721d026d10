use super::*;
use crate::stand_in::{Plain, plain, response};

#[test]
fn a_result_that_the_host_withholds_counts_as_interrupted() {
    let withheld = |answer: &Answer| match &answer.result {
        Ok(_) => false,
        Err(failure) => failure.kind == FailureKind::Interrupted && failure.may_have_acted,
    };
    let denied = Failure {
        kind: FailureKind::Denied,
        message: String::new(),
        may_have_acted: false,
    };
    let tenant = plain();
    let calls = vec![Call::get("a", ""), Call::get("b", "")];
    let answers = exchange(&tenant, &mut |_| vec![Err(denied.clone())], calls);
    let shown: Vec<(&str, bool)> = answers
        .iter()
        .map(|answer| (answer.subject.doing.as_str(), withheld(answer)))
        .collect();
    assert_eq!(shown, [("a", false), ("b", true)]);
    let call = Call::get("c", "");
    assert!(withheld(&exchange_one(&tenant, &mut |_| Vec::new(), call)));
    exchange(&tenant, &mut |_| panic!("nothing to send"), Vec::new());
}

#[test]
fn a_tenant_that_says_nothing_of_them_has_a_usual_request_id_and_a_hint_for_web_pages() {
    let tenant = plain();
    let answered = |status, body: &str| {
        let mut response = response(status, body);
        let id = ("x-request-id".to_owned(), "7f40".to_owned());
        response.headers.push(id);
        exchange_one(
            &tenant,
            &mut |_| vec![Ok(response.clone())],
            Call::get("a", ""),
        )
    };
    let refused = answered(500, "no").success().expect_err("a refusal");
    assert_eq!(refused.vendor_request_id.as_deref(), Some("7f40"));
    let page = answered(200, "<html>").read::<Vec<i64>>();
    let error = page.expect_err("a web page");
    let hint = error.hint.as_deref().unwrap_or_default();
    assert!(hint.contains("check the site"), "{hint}");
}

#[test]
fn what_goes_unsent_did_not_act_and_a_host_that_denies_is_told_of() {
    for (code, kind) in [
        (ErrorCode::Denied, FailureKind::Denied),
        (ErrorCode::Unavailable, FailureKind::Interrupted),
    ] {
        let failure = unsent("it could not be renewed", &Error::new(code, "no"));
        assert_eq!((failure.kind, failure.may_have_acted), (kind, false));
        assert_eq!(failure.message, "it could not be renewed: no");
    }
}

#[test]
fn requests_are_built_as_said() {
    let call = Call::post("open the ticket", "https://a/b")
        .header("accept", "application/json")
        .json("{}".to_owned())
        .write();
    assert!(call.request.is_write && call.subject.is_write);
    assert_eq!(call.request.body, Some("{}".into()));
    assert_eq!(call.request.headers.len(), 2);
    let call = Call::post("sign in", "https://a/token")
        .form(&[("scope", "all of it")])
        .secret()
        .reuse_seconds(60);
    assert!(call.request.is_secret && !call.request.is_write);
    assert_eq!(call.request.reuse_seconds, Some(60));
    assert_eq!(call.request.body, Some("scope=all%20of%20it".into()));
}

#[test]
fn no_secret_of_the_settings_or_of_the_request_is_quoted() {
    let tenant = Plain(Secrets::new(["p4ssw0rd"]));
    let call = Call::get("read", "https://a/b").header("Authorization", "Bearer eyJ0b2tlbg");
    let refuse = &mut |_: &mut [Request]| vec![Ok(response(500, "p4ssw0rd and EYJ0b2tlbg"))];
    let error = exchange_one(&tenant, refuse, call)
        .success()
        .expect_err("500");
    let expected = "cannot read: the PSA answered 500: [secret] and [secret]";
    assert_eq!(error.message, expected);
}

#[test]
fn a_body_that_is_not_understood_is_an_error() {
    let tenant = plain();
    for (body, expected) in [
        ("", "expected JSON, found an empty body"),
        ("<html>", "expected JSON, found a web page (HTML)"),
        (
            "[1",
            "expected JSON, found JSON that is cut off after 2 bytes",
        ),
        (
            "[1,,]",
            "expected JSON, found text that is not JSON (line 1, column 4)",
        ),
        ("[\"x\"]", "row 1: invalid type: string \"x\", expected i64"),
    ] {
        let answer = &mut |_: &mut [Request]| vec![Ok(response(200, body))];
        let answer = exchange_one(&tenant, answer, Call::get("read", ""));
        let error = answer.read::<Vec<i64>>().expect_err(body);
        assert_eq!(error.message, format!("cannot read: {expected}"));
        assert_eq!(error.code, ErrorCode::UnexpectedResponse);
        assert_eq!(error.http_status, Some(200));
    }
}

#[test]
fn a_call_has_others_beside_it_or_none() {
    let tenant = plain();
    for (beside, round) in [
        ([None, None], 1),
        ([None, Some("https://a/3")], 2),
        ([Some("https://a/2"), Some("https://a/3")], 3),
    ] {
        let mut sent = Vec::new();
        let mut send = |requests: &mut [Request]| {
            sent.push(requests.len());
            let answers = requests.iter().map(|it| Ok(response(200, &it.url)));
            answers.collect()
        };
        let others = beside.map(|url| url.map(|url| Call::get("read", url)));
        let first = Call::get("read", "https://a/1");
        let (answer, found) = exchange_beside(&tenant, &mut send, first, others);
        let url_of = |it: &Answer| it.success().expect("a success").body.clone();
        assert_eq!(url_of(&answer), "https://a/1".into());
        let found = found.map(|it| it.map(|it| url_of(&it)));
        assert_eq!(found, beside.map(|url| url.map(Into::into)));
        assert_eq!(sent, [round]);
    }
}
