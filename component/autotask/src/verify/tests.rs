use super::*;

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
