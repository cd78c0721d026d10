//! What is refused of a case, and how its fields are read.

use super::*;

fn case(operation: &str, more: &str) -> String {
    format!(
        r#"{{"docs": "d", "provenance": "p", "operation": "{operation}", "rounds": 0,
            "settings": {{"site": "a", "key": "k", "site": "b"}}, "exchanges": [], {more}}}"#
    )
}

#[test]
fn repeated_settings_are_kept_in_order() -> Result<(), RecordingError> {
    let case = Case::parse(
        "f",
        &case(
            "get-ticket",
            r#""input": {"id": "1"}, "expect": {"ok": null}"#,
        ),
    )?;
    let pairs: Vec<_> = case
        .settings
        .iter()
        .map(|setting| (setting.name.as_str(), setting.value.as_str()))
        .collect();
    assert_eq!(pairs, [("site", "a"), ("key", "k"), ("site", "b")]);
    assert_eq!(case.input, Input::GetTicket("1".to_owned()));
    assert_eq!(case.expect, Expectation::Ok(Value::Null));
    Ok(())
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let expect = r#""expect": {"ok": []}"#;
    let cases = [
        (case("verify", expect), ""),
        (case("verify", &format!(r#"{expect}, "input": {{}}"#)), ""),
        (
            case(
                "list-board-metadata",
                &format!(r#"{expect}, "input": {{"only": ["1"]}}"#),
            ),
            "",
        ),
        (
            case(
                "list-board-metadata",
                &format!(r#"{expect}, "input": "all""#),
            ),
            "",
        ),
        (
            case("origins", &format!(r#"{expect}, "input": {{"a": 1}}"#)),
            "f: input: this operation takes none",
        ),
        (
            case(
                "verify",
                &format!(r#"{expect}, "input": {{"needed": ["add-note"]}}"#),
            ),
            "",
        ),
        (
            case("verify", &format!(r#"{expect}, "input": {{"a": 1}}"#)),
            "f: input.a: unknown field",
        ),
        (case("get-ticket", expect), "f: input: missing"),
        (
            case("get-ticket", &format!(r#"{expect}, "input": {{"id": 1}}"#)),
            "f: input.id: invalid type",
        ),
        (
            case(
                "create-ticket",
                &format!(r#"{expect}, "input": {{"sumary": "x"}}"#),
            ),
            "unknown field `sumary`",
        ),
        (case("list", expect), "operation: unknown variant `list`"),
        (case("verify", r#""expect": {}"#), "f: expect: exactly one"),
        (
            case("verify", r#""expect": {"ok": 1, "err": 1}"#),
            "f: expect: exactly one",
        ),
        (case("verify", r#""base-url": """#), "f: expect: missing"),
    ];
    for (text, expected) in cases {
        match Case::parse("f", &text) {
            Ok(_) => assert!(expected.is_empty(), "{text} was accepted"),
            Err(error) => {
                let message = error.to_string();
                assert!(
                    !expected.is_empty() && message.contains(expected),
                    "{text}: {message}"
                );
            }
        }
    }
}

#[test]
fn a_result_is_not_an_error() {
    let (ok, err) = (Expectation::Ok(Value::Null), Expectation::Err(Value::Null));
    assert!(ok.mismatches(Ok(&Value::Null)).is_empty());
    assert!(err.mismatches(Err(&Value::Null)).is_empty());
    assert!(!ok.mismatches(Err(&Value::Null)).is_empty());
    assert!(!err.mismatches(Ok(&Value::Null)).is_empty());
}
