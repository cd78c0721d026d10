use psa_contract::NoteAudience;

use super::*;

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
