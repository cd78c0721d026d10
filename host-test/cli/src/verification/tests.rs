//! Verifications as people read them.

use PermissionState::{Granted, Limited, Missing, Unknown};
use anstream::adapter::strip_str;

use super::*;

/// Two permissions at one place, one at another.
fn description() -> ConnectorDescription {
    let permission = |id: &str, place: &str, request: &str| Permission {
        id: id.to_owned(),
        path: vec!["Roles".to_owned(), place.to_owned()],
        level: Some("All".to_owned()),
        needed_for: vec![Operation::Verify],
        request: request.to_owned(),
    };
    ConnectorDescription {
        vendor: "Sample Desk".to_owned(),
        operations: vec![Operation::Verify, Operation::GetTicket],
        permissions: vec![
            permission("types", "Tables", "GET /types"),
            permission("statuses", "Tables", "GET /statuses"),
            permission("tickets", "Tickets", "GET /tickets"),
        ],
        ..ConnectorDescription::default()
    }
}

fn shown(states: [PermissionState; 3], ready: &[Operation]) -> String {
    let description = description();
    let checks = description.permissions.iter().zip(states);
    let checks = checks.map(|(permission, state)| PermissionCheck {
        permission_id: permission.id.clone(),
        state,
        message: (state != Granted).then(|| "set it to All".to_owned()),
    });
    let verification_of = Verification {
        checks: checks.collect(),
        ready: ready.to_vec(),
        visible_companies: Some(30_000),
        ..Verification::default()
    };
    strip_str(&verification(
        &verification_of,
        &description,
        &description.operations,
        None,
    ))
    .to_string()
}

#[test]
fn what_is_missing_comes_first_and_a_place_is_listed_once() {
    let expected = "\
Companies  30,000 visible

✗ Missing
  Roles > Tables: All
    ✗  missing  GET /types
    ✓  granted  GET /statuses
    set it to All

✓ Granted
  Roles > Tickets: All

Functions
  Ready      get-ticket
  Not ready  verify

1 permission is missing. Ask an administrator of Sample Desk to grant it as shown above.";
    assert_eq!(
        shown([Missing, Granted, Granted], &[Operation::GetTicket]),
        expected
    );
}

#[test]
fn the_last_line_says_what_to_make_of_it() {
    let cases = [
        (
            [Granted; 3],
            "Every permission that was checked is granted.",
        ),
        (
            [Missing, Missing, Missing],
            "2 permissions are missing. Ask an administrator of Sample Desk to grant them as shown above.",
        ),
        (
            [Granted, Granted, Unknown],
            "No permission is missing. 1 permission could not be checked.",
        ),
        (
            [Limited, Unknown, Unknown],
            "No permission is missing. 1 permission is limited: lists may lack rows. 1 permission could not be checked.",
        ),
    ];
    for (states, expected) in cases {
        assert_eq!(shown(states, &[]).lines().last(), Some(expected));
    }
}

/// The connector's text is the same for both.
#[test]
fn a_message_of_several_permissions_is_shown_once() {
    let text = shown([Missing, Missing, Granted], &[]);
    assert_eq!(text.matches("set it to All").count(), 1, "{text}");
}
