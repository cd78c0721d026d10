use super::*;
use crate::input::input_fields;
use psa_contract::Detail;

const TABLE: [InputRow; 3] = [
    InputRow::of_ticket("company-id").required(),
    InputRow::of_ticket("summary").required().at_most(100),
    InputRow::of_ticket("vendor-fields"),
];

fn named(faults: &[FieldError]) -> Vec<&str> {
    faults.iter().filter_map(|it| it.field.as_deref()).collect()
}

#[test]
fn the_table_is_described_and_all_other_fields_are_refused() {
    let described = input_fields(&[&TABLE]);
    assert_eq!(described.len(), 3);
    assert_eq!(described[1].maximum_length, Some(100));
    assert!(described[1].is_required && !described[2].is_required);
    let text = || Some("x".to_owned());
    let link = |url: &str| {
        vec![Link {
            label: String::new(),
            url: url.to_owned(),
        }]
    };
    let full = TicketDraft {
        company_id: "2".to_owned(),
        summary: "x".to_owned(),
        vendor_fields: text(),
        ..TicketDraft::default()
    };
    for (draft, expected) in [
        (full.clone(), vec![]),
        (TicketDraft::default(), vec!["company-id", "summary"]),
        (
            TicketDraft {
                board_id: text(),
                links: link("https://a.example/"),
                reference: Some(String::new()),
                // Blank is not given.
                site_id: Some("  ".to_owned()),
                ..full.clone()
            },
            vec!["board-id", "links", "reference"],
        ),
        (
            TicketDraft {
                details: vec![Detail {
                    label: " ".to_owned(),
                    value: "x".to_owned(),
                }],
                ..full.clone()
            },
            vec!["details", "details"],
        ),
        (
            TicketDraft {
                links: link("ftp://a.example/"),
                ..full.clone()
            },
            vec!["links", "links"],
        ),
    ] {
        let mut faults = Vec::new();
        check_fields(&TABLE, &draft, &mut faults);
        assert_eq!(named(&faults), expected);
    }
}

#[test]
fn references_and_links_keep_to_the_contract() {
    let long = "a".repeat(51);
    for (text, is_good) in [
        ("alert-4711.v2:1", true),
        (&long[..50], true),
        (&long, false),
        ("", false),
        ("Alert", false),
        ("a_b", false),
        ("a b", false),
    ] {
        let mut faults = Vec::new();
        assert_eq!(
            reference(Some(text), &mut faults).is_some(),
            is_good,
            "{text}"
        );
        assert_eq!(faults.is_empty(), is_good, "{text}");
    }
    let long = format!("https://a/{}", "a".repeat(2_000));
    for (url, is_good) in [
        ("https://a.example/b?c=d#e", true),
        ("http://a.example/", false),
        ("https://u@a.example/", false),
        ("https://a.example/(b)", false),
        ("https://a.example/ b", false),
        ("javascript:alert", false),
        (&long, false),
    ] {
        let mut faults = Vec::new();
        let link = Link {
            label: "l".to_owned(),
            url: url.to_owned(),
        };
        check_links(&[link], &mut faults);
        assert_eq!(faults.is_empty(), is_good, "{url}");
    }
}

#[test]
fn the_description_keeps_what_the_summary_lost() {
    let draft = TicketDraft {
        summary: "a\nlong one".to_owned(),
        description: Some("text".to_owned()),
        details: vec![Detail {
            label: "Domain\n".to_owned(),
            value: "a\nb".to_owned(),
        }],
        links: [
            ("Alert", "https://a.example/1"),
            ("", "https://a.example/2"),
        ]
        .map(|(label, url)| Link {
            label: label.to_owned(),
            url: url.to_owned(),
        })
        .into(),
        ..TicketDraft::default()
    };
    let plain = |text: &str| text.to_owned();
    let line = |label: &str, value: &str| format!("{label}: {value}");
    for (was_cut, expected) in [
        (false, "text\n\nDomain: a b"),
        (true, "a long one\n\ntext\n\nDomain: a b"),
    ] {
        let expected = format!("{expected}\n\nAlert: https://a.example/1\nhttps://a.example/2");
        assert_eq!(description(&draft, was_cut, &plain, &line), expected);
    }
    assert_eq!(
        description(&TicketDraft::default(), false, &plain, &line),
        ""
    );
}

#[test]
fn vendor_fields_are_merged_as_they_were_written() {
    let table = [InputRow::ticket("summary", "summary")];
    for (fields, expected, fault) in [
        (None, r#"{"summary":"x"}"#, None),
        (
            Some(" { \"a\" : 1.50 } "),
            r#"{"summary":"x","a" : 1.50}"#,
            None,
        ),
        (Some("{}"), r#"{"summary":"x"}"#, None),
        (
            Some(r#"{"Summary":1}"#),
            "",
            Some("its member `Summary` belongs in `summary`; set it there"),
        ),
        (
            Some(r#"{"ref":1}"#),
            "",
            Some("its member `ref` is the connector's to set; leave it out"),
        ),
        (
            Some(r#"{"a":1,"A":2}"#),
            "",
            Some("its member `A` is set more than once; set it once"),
        ),
        (
            Some("[1]"),
            "",
            Some("it must be a JSON object, not an array"),
        ),
        (
            Some("5"),
            "",
            Some("it must be a JSON object, not a number"),
        ),
        (
            Some("\"a\""),
            "",
            Some("it must be a JSON object, not a text"),
        ),
        (Some("null"), "", Some("it must be a JSON object, not null")),
        (
            Some("true"),
            "",
            Some("it must be a JSON object, not a flag"),
        ),
        (Some("{,}"), "", Some("it is not JSON (line 1, column 2)")),
    ] {
        let mut faults = Vec::new();
        let body = r#"{"summary":"x"}"#.to_owned();
        let merged = merge_vendor_fields(body, fields, &["ref"], &table, &mut faults);
        match fault {
            None => assert_eq!((merged.as_str(), faults.len()), (expected, 0)),
            Some(fault) => {
                let found: Vec<&str> = faults.iter().map(|it| it.message.as_str()).collect();
                assert_eq!(found, [fault]);
            }
        }
    }
}

#[test]
fn ids_are_read_by_the_table() {
    let table = [
        InputRow::of_ticket("company-id").member("company").any_id(),
        InputRow::of_ticket("board-id").member("board"),
        InputRow::of_ticket("status-id"),
        InputRow::of(Operation::AddNote, "site-id").member("site"),
    ];
    let draft = TicketDraft {
        company_id: "0".to_owned(),
        board_id: Some("5".to_owned()),
        status_id: Some(" ".to_owned()),
        // Neither is in the table.
        site_id: Some("7".to_owned()),
        contact_id: Some("x".to_owned()),
        ..TicketDraft::default()
    };
    let mut faults = Vec::new();
    let mut ids = FieldIds::of(&table, &draft, &mut faults);
    assert_eq!(named(&faults), [""; 0]);
    let found = ["company-id", "board-id", "status-id", "site-id"].map(|it| ids.get(it));
    assert_eq!(found, [Some(0), Some(5), None, None]);
    ids.set("status-id", 9);
    assert_eq!(ids.get("status-id"), Some(9));
    for (texts, expected) in [
        (&[][..], r#"{"board":5,"company":0}"#),
        (
            &[("board", Some("Desk")), ("title", Some("a"))],
            r#"{"board":"Desk","company":0,"title":"a"}"#,
        ),
        (&[("board", None)], r#"{"company":0}"#),
    ] {
        assert_eq!(ids.body(&table, texts), expected);
    }
    let faulty = TicketDraft {
        board_id: Some("0".to_owned()),
        ..draft
    };
    FieldIds::of(&table, &faulty, &mut faults);
    assert_eq!(named(&faults), ["board-id"]);
}

#[test]
fn an_id_that_is_shown_otherwise_was_not_applied() {
    let mut ids = FieldIds::default();
    for field in ["board-id", "type-id", "site-id"] {
        ids.set(field, 5);
    }
    let shown = [
        ("board-id", Some(6)),
        ("type-id", Some(5)),
        ("status-id", Some(5)),
        ("site-id", None),
    ];
    for (is_whole, expected) in [
        (false, vec!["board-id"]),
        (true, vec!["board-id", "site-id"]),
    ] {
        let found = ids.not_applied(&shown, is_whole);
        assert_eq!(named(&found), expected);
        assert!(found[0].message.starts_with("the PSA made 6 of 5"));
    }
}

#[test]
fn a_record_is_there_of_the_company_and_active() {
    for (found, expected) in [
        (None, Some("no such one")),
        (Some((false, false)), Some("not of this company")),
        (Some((true, false)), Some("inactive")),
        (Some((true, true)), None),
    ] {
        let fault = record_fault(found);
        assert_eq!(fault.is_some(), expected.is_some(), "{found:?}");
        assert!(fault.is_none_or(|it| it.contains(expected.unwrap_or_default())));
    }
}
