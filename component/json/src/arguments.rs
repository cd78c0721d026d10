//! The arguments of a call, and what is wrong with them if they cannot be read.

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_path_to_error::{Path, Segment};

/// Reads them.
///
/// # Errors
/// Where they are not as the contract has them, and what is expected there. Nothing of what was sent is shown: it could be a
/// key.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| fault(text, error.path(), error.inner()))?;
    reader.end().map_err(|error| not_json(&error))?;
    Ok(value)
}

fn fault(text: &str, path: &Path, error: &serde_json::Error) -> String {
    // Some values that are JSON, but not what is expected, are errors of syntax to serde_json.
    if !error.is_data() && serde_json::from_str::<IgnoredAny>(text).is_err() {
        return not_json(error);
    }
    let whole = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let said = whole.strip_suffix(&place).unwrap_or(&whole);
    let expected = said.rsplit_once(", expected ").map(|(_, it)| in_json(it));
    // The last part of the path is then the name that was sent.
    let is_unknown = said.starts_with("unknown field ");
    let place = shown(path, is_unknown);
    match expected {
        Some(expected) if is_unknown => {
            format!("{place}: a member that the contract does not have; it has {expected}")
        }
        Some(expected) => format!("{place}: expected {expected}"),
        // The names are those of the contract.
        None if said.starts_with("missing field ") || said.starts_with("duplicate field ") => {
            format!("{place}: {said}")
        }
        None => format!("{place}: it is not as the contract has it"),
    }
}

fn not_json(error: &serde_json::Error) -> String {
    let (line, column) = (error.line(), error.column());
    format!("the arguments are not JSON, at line {line}, column {column}")
}

/// What serde expects, in the words of JSON.
fn in_json(expected: &str) -> &str {
    match expected {
        it if it.starts_with("struct ") => "an object",
        "a sequence" => "an array",
        "u32" => "a whole number",
        other => other,
    }
}

/// Where something is: `draft.details[0]`.
fn shown(path: &Path, is_unknown: bool) -> String {
    let segments: Vec<&Segment> = path.iter().collect();
    let kept = segments.len().saturating_sub(usize::from(is_unknown));
    let mut shown = String::new();
    for segment in segments.into_iter().take(kept) {
        match segment {
            Segment::Seq { index } => shown.push_str(&format!("[{index}]")),
            Segment::Map { key } if shown.is_empty() => shown.push_str(key),
            Segment::Map { key } => shown.push_str(&format!(".{key}")),
            _ => {}
        }
    }
    match shown.as_str() {
        "" => "the arguments".to_owned(),
        path => format!("`{path}`"),
    }
}

#[cfg(test)]
mod tests {
    use psa_contract::{Setting, TicketDraft};
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "they are only read")]
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
                r#"{"settings": "4711, expected 4711 at line 4711", "draft": {}}"#.to_owned(),
                "`settings`: expected an array",
            ),
            (
                r#"{"settings": [], "4711\n": 1}"#.to_owned(),
                "the arguments: a member that the contract does not have; it has `settings` or `draft`",
            ),
            (
                r#"{"settings": [], "settings": []}"#.to_owned(),
                "the arguments: duplicate field `settings`",
            ),
            (
                draft(r#""severity": 4711"#),
                "`draft.severity`: it is not as the contract has it",
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
