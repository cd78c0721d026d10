//! What becomes of a draft's texts and vendor fields and of a pasted site, whatever they are.

use connectwise_psa::{ConnectWise, Settings};
use proptest::prelude::*;
use psa_host::contract::{Body, Request, Setting, TicketDraft};
use psa_recording::Input;
use psa_tests::{CONNECTWISE, few, settings};
use psa_toolkit::ServiceDesk as _;
use serde_json::{Map, Value, json};

const LONGEST_SUMMARY: usize = 100;

/// The body of the POST that a draft without a reference becomes. None: it is refused.
fn body(draft: &TicketDraft) -> Option<Vec<u8>> {
    let mut body = None;
    let mut send = |requests: &[Request]| {
        body = requests[0].body.clone().map(Body::into_bytes);
        Vec::new()
    };
    let result =
        CONNECTWISE.call_natively(&settings(), &Input::CreateTicket(draft.clone()), &mut send);
    result.expect_err("no response, no ticket");
    body
}

fn draft(summary: &str) -> TicketDraft {
    TicketDraft {
        company_id: "250".to_owned(),
        summary: summary.to_owned(),
        ..TicketDraft::default()
    }
}

fn text() -> impl Strategy<Value = String> {
    let letter = prop_oneof![
        4 => prop::char::range('a', 'z'),
        1 => any::<char>(),
        1 => prop::sample::select("  \n\r\t\0😀👩‍👩‍👧é*_`<>[]\\&#-=~|\"".chars().collect::<Vec<_>>()),
    ];
    prop::collection::vec(letter, 0..180).prop_map(String::from_iter)
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        // Exact in binary: the parser of this test rounds the last digit of others.
        any::<i32>().prop_map(|quarters| json!(f64::from(quarters) / 4.0)),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(text(), inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn any_object() -> impl Strategy<Value = Map<String, Value>> {
    let name = prop_oneof![
        3 => "[a-zA-Z]{1,8}",
        1 => text(),
        1 => prop::sample::select(vec!["summary", "Company", "BOARD", "externalXRef", "externalxref", "customFields", "type", "Type"]).prop_map(str::to_owned),
    ];
    prop::collection::btree_map(name, any_json(), 0..5)
        .prop_map(|members| members.into_iter().collect())
}

proptest! {
    #![proptest_config(few(300))]

    /// The server counts as .NET does, and refuses what is longer.
    #[test]
    fn a_summary_fits_and_nothing_of_it_is_lost(summary in text()) {
        let line = summary
            .split(|letter: char| letter.is_whitespace() || letter.is_control())
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
        let Some(body) = body(&draft(&summary)) else {
            prop_assert!(line.is_empty(), "{summary:?} was refused");
            return Ok(());
        };
        let body: Value = serde_json::from_slice(&body).expect("JSON");
        let sent = body["summary"].as_str().expect("a summary");
        prop_assert!(sent.encode_utf16().count() <= LONGEST_SUMMARY, "{sent}");
        if line.encode_utf16().count() <= LONGEST_SUMMARY {
            prop_assert_eq!(sent, line);
            prop_assert!(body.get("initialDescription").is_none());
        } else {
            let kept = sent.strip_suffix('…').expect("an ellipsis");
            prop_assert!(line.starts_with(kept), "{kept} is no prefix of {line}");
            // No more is cut than has to be: the next letter, or the space before it, would not have fitted.
            let missing: String = line[kept.len()..].chars().take(2).collect();
            prop_assert!(sent.encode_utf16().count() + missing.encode_utf16().count() > LONGEST_SUMMARY, "{sent}");
            let description = body["initialDescription"].as_str().expect("a description");
            prop_assert_eq!(without_escapes(description), without_escapes(&line));
        }
    }

    #[test]
    fn vendor_fields_are_all_in_the_body_or_refused(fields in any_object(), is_pretty in any::<bool>()) {
        let object = Value::Object(fields.clone());
        let text = if is_pretty { format!("\n {object:#} ") } else { object.to_string() };
        // With a field of the draft or with another member: servers compare names without case.
        let collides = |name: &String| {
            let is_own = ["summary", "company", "externalXRef"].iter().any(|own| own.eq_ignore_ascii_case(name));
            is_own || fields.keys().filter(|other| other.eq_ignore_ascii_case(name)).count() > 1
        };
        let with_fields = TicketDraft { vendor_fields: Some(text), ..draft("Blocked") };
        match body(&with_fields) {
            None => prop_assert!(fields.keys().any(collides), "{object} was refused"),
            Some(body) => {
                prop_assert!(!fields.keys().any(collides), "{object} was accepted");
                let mut expected = fields.clone();
                expected.insert("summary".to_owned(), json!("Blocked"));
                expected.insert("company".to_owned(), json!({"id": 250}));
                let body: Value = serde_json::from_slice(&body).expect("JSON");
                prop_assert_eq!(body, Value::Object(expected));
            }
        }
    }

    /// A text that is no object gets nothing into the body.
    #[test]
    fn vendor_fields_that_are_no_object_are_refused(value in any_json(), garbage in text()) {
        if !value.is_object() {
            let refused = TicketDraft { vendor_fields: Some(value.to_string()), ..draft("Blocked") };
            prop_assert_eq!(body(&refused), None);
        }
        let injected = TicketDraft { vendor_fields: Some(format!("{{\"a\":1}}{garbage}}}")), ..draft("Blocked") };
        if let Some(body) = body(&injected) {
            prop_assert!(serde_json::from_slice::<Value>(&body).is_ok());
        }
    }

    #[test]
    fn a_site_leads_to_one_https_origin_which_leads_to_itself(site in prop_oneof![
        text(),
        "(https?://)?[a-zA-Z0-9.-]{1,20}(:(443|[0-9]{0,6}))?(/v4_6_release)?(/apis/3.0)?/?",
        "[ -~]{1,30}",
        "\\[[0-9a-fA-F:]{2,20}\\](:[0-9]{1,5})?/?",
        // What separates the parts of a URL.
        "[a-c.:/@?#-]{1,8}",
    ]) {
        let Some(origin) = origin_of(&site) else { return Ok(()) };
        let authority = origin.strip_prefix("https://").expect("https");
        let is_authority = authority.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_:[]".contains(&byte));
        prop_assert!(is_authority && !authority.is_empty(), "{site:?} gave {origin}");
        prop_assert!(!origin.ends_with(":443"), "{origin}");
        prop_assert_eq!(origin_of(&origin), Some(origin.clone()));
        prop_assert_eq!(origin_of(authority), Some(origin.clone()));
    }
}

fn origin_of(site: &str) -> Option<String> {
    let mut settings = settings();
    settings.retain(|setting| setting.name != "site");
    settings.push(Setting {
        name: "site".to_owned(),
        value: site.to_owned(),
    });
    let settings = Settings::parse(&settings).ok()?;
    let mut origins = ConnectWise::origins(&settings).origins;
    assert_eq!(origins.len(), 1);
    origins.pop()
}

/// An escaped text and a plain one are the same but for backslashes.
fn without_escapes(text: &str) -> String {
    text.chars().filter(|letter| *letter != '\\').collect()
}
