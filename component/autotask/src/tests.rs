//! What the cases do not reach.

use psa_contract::{ErrorCode, Failure, FailureKind, PermissionState, Response, Setting};
use psa_toolkit::exchange::Call;
use psa_toolkit::said::Said;

use crate::Settings;
use crate::api::{BASE, FINDING_ZONE, ZONE_INFORMATION, meaning, seems_left};
use crate::permissions::Access;
use crate::settings::{INTEGRATION_CODE, SECRET, USER_NAME, browser_origin};
use crate::verify::judge;
use crate::wire::Rights;

#[test]
fn the_browsers_host_of_a_zone() {
    for (origin, expected) in [
        (
            "https://webservices14.autotask.net",
            "https://ww14.autotask.net",
        ),
        ("https://prde.autotask.net", "https://prde.autotask.net"),
        (
            "https://webservicesx.autotask.net",
            "https://webservicesx.autotask.net",
        ),
    ] {
        assert_eq!(browser_origin(origin), expected);
    }
}

#[test]
fn settings_show_no_credential() {
    let settings: Vec<Setting> = [
        (USER_NAME, "ab1c2d3e4f5@example.com"),
        (SECRET, "5e$Cret~Of#Example*Msp@25"),
        (INTEGRATION_CODE, "ABCDEFGHIJKLMNOPQRSTUVWXYZ1"),
    ]
    .map(|(name, value)| Setting {
        name: name.to_owned(),
        value: value.to_owned(),
    })
    .to_vec();
    let settings = Settings::parse(&settings).expect("good settings");
    let shown = format!("{settings:?}");
    assert!(shown.contains("ab1c2d3e4f5"), "{shown}");
    assert!(
        !shown.contains("5e$Cret") && !shown.contains("ABCDEF"),
        "{shown}"
    );
    assert_eq!(settings.origins(), ["https://*.autotask.net"]);
    assert_eq!(settings.tenant(), ["ab1c2d3e4f5@example.com"]);
}

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

#[test]
fn what_the_api_says_of_a_right() {
    use PermissionState::{Granted, Limited, Missing, Unknown};
    for (of_api, of_user, expected) in [
        (Some(true), r#""All""#, Granted),
        (None, "1", Granted),
        (None, "true", Granted),
        (Some(true), r#""Restricted""#, Limited),
        (Some(true), r#""None""#, Missing),
        // The API does not offer it to anybody.
        (Some(false), r#""All""#, Missing),
        (Some(false), "null", Missing),
        (Some(true), "null", Unknown),
    ] {
        let rights = format!(
            r#"{{"canQuery": {}, "userAccessForQuery": {of_user}}}"#,
            match of_api {
                Some(flag) => flag.to_string(),
                None => "null".to_owned(),
            }
        );
        let rights: Rights = serde_json::from_str(&rights).expect("rights");
        assert_eq!(
            judge(&rights, Access::Query).0,
            expected,
            "{of_api:?} {of_user}"
        );
    }
}
