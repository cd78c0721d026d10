use super::*;
use psa_contract::{Detail, Link};

const TABLE: [InputRow; 5] = [
    InputRow::of(Operation::AddNote, "ticket-id").required(),
    InputRow::of(Operation::AddNote, "text").required(),
    InputRow::of(Operation::AddNote, "details"),
    InputRow {
        allowed: &["staff"],
        ..InputRow::of(Operation::AddNote, "audience")
    },
    InputRow::of(Operation::AddNote, "reference"),
];

fn note() -> NoteDraft {
    NoteDraft {
        ticket_id: "7".to_owned(),
        text: "a *b*".to_owned(),
        details: Vec::new(),
        links: Vec::new(),
        audience: NoteAudience::Staff,
        reference: None,
        vendor_fields: None,
    }
}

#[test]
fn a_note_keeps_to_the_table() {
    let link = Link {
        label: "Alert".to_owned(),
        url: "http://a.example/".to_owned(),
    };
    for (note, expected) in [
        (note(), vec![]),
        (
            NoteDraft {
                ticket_id: String::new(),
                text: " \n".to_owned(),
                ..note()
            },
            vec!["ticket-id", "text"],
        ),
        (
            NoteDraft {
                audience: NoteAudience::Customer,
                links: vec![link],
                vendor_fields: Some("{}".to_owned()),
                ..note()
            },
            // Links are not in the table, and this one is not a good one.
            vec!["links", "vendor-fields", "audience", "links"],
        ),
    ] {
        let mut faults = Vec::new();
        check(&TABLE, &note, &mut faults);
        let fields: Vec<&str> = faults.iter().filter_map(|it| it.field.as_deref()).collect();
        assert_eq!(fields, expected);
    }
}

#[test]
fn everything_that_is_given_has_to_be_in_the_table() {
    let whole = NoteDraft {
        details: vec![Detail {
            label: "Domain".to_owned(),
            value: "b.example".to_owned(),
        }],
        links: vec![Link {
            label: "Alert".to_owned(),
            url: "https://a.example/".to_owned(),
        }],
        reference: Some("alert-1".to_owned()),
        vendor_fields: Some("{}".to_owned()),
        ..note()
    };
    let faults_of = |table: &[InputRow], note: &NoteDraft| {
        let mut faults = Vec::new();
        check(table, note, &mut faults);
        let shown = faults
            .into_iter()
            .map(|it| format!("{}: {}", it.field.unwrap_or_default(), it.message));
        shown.collect::<Vec<_>>()
    };
    let refused = ": it is not supported by this connector; leave it out";
    let expected = [
        "ticket-id",
        "text",
        "details",
        "links",
        "audience",
        "reference",
        "vendor-fields",
    ];
    let expected = expected.map(|field| format!("{field}{refused}"));
    assert_eq!(faults_of(&[], &whole), expected);
    // Blank is not given.
    let blank = NoteDraft {
        vendor_fields: Some(" ".to_owned()),
        ..note()
    };
    assert_eq!(faults_of(&TABLE, &blank), [""; 0]);
    let to_customer = NoteDraft {
        audience: NoteAudience::Customer,
        ..note()
    };
    let expected = ["audience: it cannot be `customer` on this PSA"];
    assert_eq!(faults_of(&TABLE, &to_customer), expected);
    let mut table = TABLE;
    table[3].allowed = &["customer"];
    let expected = ["audience: it cannot be `staff` on this PSA"];
    assert_eq!(faults_of(&table, &note()), expected);
    table[3].allowed = &[];
    assert_eq!(faults_of(&table, &to_customer), [""; 0]);
}

#[test]
fn the_marker_is_the_last_line_and_is_not_escaped() {
    let note = NoteDraft {
        details: vec![Detail {
            label: "Domain".to_owned(),
            value: "b.example".to_owned(),
        }],
        reference: Some("alert-1".to_owned()),
        ..note()
    };
    let escaped = |text: &str| text.replace('*', "\\*");
    let line = |label: &str, value: &str| format!("{label}: `{value}`");
    let text = text_of(&note, &escaped, &line);
    assert_eq!(text, "a \\*b\\*\n\nDomain: `b.example`\n\n[ref: alert-1]");
    assert!(bears(&text, "alert-1"));
    let without = NoteDraft {
        reference: None,
        ..note
    };
    let text = text_of(&without, &escaped, &line);
    assert_eq!(text, "a \\*b\\*\n\nDomain: `b.example`");
}

#[test]
fn a_marker_is_found_however_the_psa_keeps_it() {
    for (text, is_borne) in [
        ("text\n\n[ref: a-1.b:2]", true),
        ("[ref: a-1.b:2]", true),
        ("text\r\n\r\n[ref: a-1.b:2]\r\n \r\n", true),
        ("text\n\\[ref: a\\-1\\.b:2\\]", true),
        ("text\n**[ref: a-1.b:2]**", true),
        ("<p>text</p><p>[ref:&nbsp;a-1.b:2]</p>", true),
        ("text<br>[ref: a-1.b:2]", true),
        ("text\n[ref:\u{a0}a-1.b:2]", true),
        ("1 < 2\n[ref: a-1.b:2]", true),
        ("[ref: a-1.b:2]<br", false),
        ("text\n`~[ref: a-1.b:2]~`", true),
        // Another reference, another case, a part of a line, a line above the last.
        ("text\n[ref: a-1.b:22]", false),
        ("text\n[ref: A-1.b:2]", false),
        ("text [ref: a-1.b:2]", false),
        ("[ref: a-1.b:2]\nan answer", false),
        ("> [ref: a-1.b:2]", false),
        ("", false),
    ] {
        assert_eq!(bears(text, "a-1.b:2"), is_borne, "{text:?}");
        let found = reference_of(text);
        assert_eq!(found.as_deref() == Some("a-1.b:2"), is_borne, "{text:?}");
    }
}

#[test]
fn the_marker_is_the_last_line_or_the_only_one() {
    for (text, reference, expected) in [
        ("a", Some("r-1"), "a\n\n[ref: r-1]"),
        ("", Some("r-1"), "[ref: r-1]"),
        ("a", None, "a"),
        ("", None, ""),
    ] {
        assert_eq!(marked(text, reference), expected);
    }
}
