//! The arguments of a call, and what is wrong with them if they cannot be read.

use serde::de::DeserializeOwned;

/// Reads them.
///
/// # Errors
/// Where they are not as the contract has them, and what is expected there. No value is shown: it could be a key.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| fault(&error.path().to_string(), error.inner()))?;
    reader.end().map_err(|error| fault(WHOLE, &error))?;
    Ok(value)
}

/// The path of the arguments themselves.
const WHOLE: &str = ".";

fn fault(path: &str, error: &serde_json::Error) -> String {
    if !error.is_data() {
        let (line, column) = (error.line(), error.column());
        return format!("the arguments are not JSON, at line {line}, column {column}");
    }
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    let what = match text.rsplit_once(", expected ") {
        // In the words of JSON.
        Some((_, expected)) if expected.starts_with("struct ") => "expected an object".to_owned(),
        Some((_, "a sequence")) => "expected an array".to_owned(),
        Some((_, expected)) => format!("expected {expected}"),
        // The names of fields are those of the contract.
        None if text.starts_with("missing field ") => text.to_owned(),
        None => "it is not as the contract has it".to_owned(),
    };
    match path {
        WHOLE => format!("the arguments: {what}"),
        path => format!("`{path}`: {what}"),
    }
}

#[cfg(test)]
mod tests {
    use psa_contract::{Setting, TicketDraft};
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    struct Arguments {
        settings: Vec<Setting>,
        draft: TicketDraft,
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place_and_without_a_value() {
        let draft = |member: &str| format!(r#"{{"settings": [], "draft": {{{member}}}}}"#);
        for (text, expected) in [
            ("{}".to_owned(), "the arguments: missing field `settings`"),
            (
                r#"{"settings": []}"#.to_owned(),
                "the arguments: missing field `draft`",
            ),
            (
                r#"{"settings": [{"name": "key"}], "draft": {}}"#.to_owned(),
                "`settings[0]`: missing field `value`",
            ),
            (
                r#"{"settings": [{"name": "key", "value": 4711}], "draft": {}}"#.to_owned(),
                "`settings[0].value`: expected a string",
            ),
            (
                draft(r#""board-id": 4711"#),
                "`draft.board-id`: expected a string",
            ),
            (
                draft(r#""severity": "s4711""#),
                "`draft.severity`: expected one of `low`, `medium`, `high`",
            ),
            (
                r#"{"settings": "4711, expected 4711""#.to_owned(),
                "`settings`: expected an array",
            ),
            (
                "{".to_owned(),
                "the arguments are not JSON, at line 1, column 1",
            ),
            ("[]".to_owned(), "the arguments: expected an object"),
            (
                r#"{"settings": [], "draft": {}}x"#.to_owned(),
                "the arguments are not JSON, at line 1, column 30",
            ),
        ] {
            let fault = super::read::<Arguments>(&text).expect_err(&text);
            assert_eq!(fault, expected, "{text}");
            assert!(!fault.contains("4711"), "{fault}");
        }
    }
}
