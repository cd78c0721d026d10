use psa_contract::Failure;

use super::*;

fn response(status: u16, body: &str) -> Response {
    Response {
        status,
        body: body.into(),
        ..Response::default()
    }
}

#[test]
fn a_zone_that_the_tenant_may_have_left() {
    let empty = || response(200, r#"{"items": []}"#);
    for (response, is_old, expected) in [
        (empty(), true, true),
        (empty(), false, false),
        (response(200, r#"{"item": null}"#), true, true),
        (response(200, r#"{"items": [{"id": 1}]}"#), true, false),
        (response(200, "<html>"), true, false),
        (response(401, ""), false, true),
        (response(403, ""), false, true),
        (response(404, ""), false, true),
        (response(500, ""), true, false),
        // Not a success with rows, whatever is in it.
        (response(500, r#"{"items": []}"#), true, false),
    ] {
        let status = response.status;
        assert_eq!(seems_left(&Ok(response), is_old), expected, "{status}");
    }
    for (kind, may_have_acted, expected) in [
        (FailureKind::Unreachable, false, true),
        (FailureKind::Unreachable, true, false),
        (FailureKind::TimedOut, false, false),
    ] {
        let failure = Failure {
            kind,
            message: String::new(),
            may_have_acted,
        };
        assert_eq!(seems_left(&Err(failure), true), expected, "{kind:?}");
    }
}

#[test]
fn what_a_refusal_means() {
    let lookup = || Call::get(FINDING_ZONE, ZONE_INFORMATION).subject;
    let read = || Call::get("list companies", BASE).subject;
    let write = || Call::post("create the ticket", BASE).write().subject;
    for (subject, status, body, expected) in [
        // Whatever it says: another attempt locks the user.
        (read(), 401, "threshold", ErrorCode::Unauthorized),
        (read(), 429, "ApiIntegrationCode", ErrorCode::RateLimited),
        (lookup(), 404, "", ErrorCode::InvalidSettings),
        (lookup(), 403, "", ErrorCode::Unavailable),
        (read(), 403, "", ErrorCode::Forbidden),
        (read(), 404, "", ErrorCode::InvalidSettings),
        (write(), 404, "", ErrorCode::Rejected),
        (
            lookup(),
            500,
            r#"{"errors": ["no user"]}"#,
            ErrorCode::InvalidSettings,
        ),
        (lookup(), 500, "", ErrorCode::Unavailable),
    ] {
        let doing = &subject.doing;
        let said = Said::of(&response(status, body));
        assert_eq!(
            meaning(&subject, status, &said),
            expected,
            "{doing} {status} {body}"
        );
    }
}
