//! What the cases do not reach.

use psa_contract::{NoteAudience, NoteDraft, Setting};
use psa_toolkit::loose::Rows;
use psa_toolkit::note::{NEWEST_NOTES, NewNote};
use serde_json::json;

use crate::Settings;
use crate::draft::NOTE_FIELDS;
use crate::notes::{among_newest, names_an_outcome};
use crate::permissions::{ASSETS_READ, CUSTOMERS_READ, TEAMS_READ, TICKETS_READ, how_to_grant};
use crate::settings::{CLIENT_ID, CLIENT_SECRET, RESOURCE_SERVER};

#[test]
fn a_server_and_an_application_tell_tenants_apart() {
    let settings = [
        (RESOURCE_SERVER, "https://example.halopsa.com/api"),
        (CLIENT_ID, "8f14e45f-ceea-467f-a1d5-3c1b2a9d0e77"),
        (
            CLIENT_SECRET,
            "1d2c3b4a-5e6f-4a7b-8c9d-0e1f2a3b4c5d-6a7b8c9d-0e1f-4a2b-9c3d-4e5f6a7b8c9d",
        ),
    ];
    let settings = settings.map(|(name, value)| Setting {
        name: name.to_owned(),
        value: value.to_owned(),
    });
    let settings = Settings::parse(&settings).expect("good settings");
    assert_eq!(
        settings.identity(),
        [
            "example.halopsa.com",
            "8f14e45f-ceea-467f-a1d5-3c1b2a9d0e77"
        ]
    );
}

#[test]
fn what_grants_a_right() {
    for (permission, scope, level) in [
        (&CUSTOMERS_READ, "`read:customers`", "give the API agent `"),
        (&ASSETS_READ, "`read:assets`", "give the API agent `"),
        (&TICKETS_READ, "`edit:tickets`", "give the API agent `"),
        (
            &TEAMS_READ,
            "`edit:tickets`",
            "give the API agent every team whose tickets it opens;",
        ),
    ] {
        let told = how_to_grant(permission);
        assert!(
            told.ends_with(&format!("give the application {scope}")),
            "{told}"
        );
        assert!(told.contains(level), "{told}");
    }
}

#[test]
fn an_outcome_of_the_vendors_fields_is_one_whatever_its_case() {
    for (fields, expected) in [
        (None, false),
        (Some("{}"), false),
        (Some(r#"{"timetaken": 1}"#), false),
        (Some(r#"{"Outcome": "Email"}"#), true),
        (Some(r#"{"timetaken": 1, "outcome_ID": 3}"#), true),
    ] {
        assert_eq!(names_an_outcome(fields), expected, "{fields:?}");
    }
}

#[test]
fn a_note_is_sought_among_all_or_among_the_newest() {
    let draft = NoteDraft {
        ticket_id: "9499".to_owned(),
        text: "It goes on.".to_owned(),
        details: Vec::new(),
        links: Vec::new(),
        audience: NoteAudience::Staff,
        reference: Some("note-1".to_owned()),
        vendor_fields: None,
    };
    let new = NewNote::parse(&NOTE_FIELDS, &draft, &|_, _| String::new()).expect("a note");
    let full = NEWEST_NOTES as i64;
    for (ids, total, is_understood) in [
        ((1..full).collect::<Vec<_>>(), None, true),
        ((1..full).collect(), Some(full - 1), true),
        // More than came.
        ((1..full).collect(), Some(full), false),
        // As many as were asked for: there may be more.
        ((1..=full).collect(), None, false),
        ((1..=full).rev().collect(), None, true),
        (vec![2, 2, 1], Some(full), false),
        (vec![1, 2], Some(full), false),
    ] {
        let rows = ids.iter().map(|id| {
            let row = json!({"id": id, "ticket_id": 9499, "note": "Other."});
            serde_json::from_value(row).expect("an action")
        });
        let found = Rows {
            rows: rows.collect(),
            total: total.map(|it| it as usize),
        };
        let count = ids.len();
        let found = among_newest(&new, found);
        assert_eq!(found.is_ok(), is_understood, "{count} of {total:?}");
    }
}
