//! Compares JSON and says where it differs: exactly, or as the expectation of a case.

use serde_json::Value;

use crate::placeholder::REMOVED;

/// Where the actual value does not meet the expectation, each with its path below `root`. Empty: it does.
///
/// Every member that is expected must match; one that is not mentioned must be absent, null or `[]`. Lists have the
/// same length. Text between two `…` must be contained; everything else must be equal.
#[must_use]
pub fn mismatches(root: &str, expected: &Value, actual: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare(Rule::Expectation, root, expected, actual, &mut found);
    found
}

/// Where two values are not equal, each with its path below `root`.
#[must_use]
pub fn differences(root: &str, expected: &Value, actual: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare(Rule::Equality, root, expected, actual, &mut found);
    found
}

#[derive(Clone, Copy, PartialEq)]
enum Rule {
    Equality,
    Expectation,
}

fn compare(rule: Rule, path: &str, expected: &Value, actual: &Value, found: &mut Vec<String>) {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => {
            for (name, value) in expected {
                let path = member(path, name);
                match actual.get(name) {
                    Some(actual) => compare(rule, &path, value, actual, found),
                    None if rule == Rule::Expectation && is_nothing(value) => {}
                    None => found.push(format!("{path}: expected {}, found nothing", shown(value))),
                }
            }
            for (name, value) in actual {
                if !(expected.contains_key(name) || rule == Rule::Expectation && is_nothing(value))
                {
                    found.push(format!(
                        "{}: expected nothing, found {}",
                        member(path, name),
                        shown(value)
                    ));
                }
            }
        }
        (Value::Array(expected_items), Value::Array(actual_items)) => {
            if expected_items.len() != actual_items.len() {
                found.push(format!(
                    "{path}: expected {} elements, found {}: {}",
                    expected_items.len(),
                    actual_items.len(),
                    shown(actual)
                ));
                return;
            }
            for (index, (expected, actual)) in expected_items.iter().zip(actual_items).enumerate() {
                compare(rule, &format!("{path}[{index}]"), expected, actual, found);
            }
        }
        (Value::String(pattern), Value::String(text))
            if rule == Rule::Expectation
                && part_of(pattern).is_some_and(|part| text.contains(part)) => {}
        // What was taken out of a recording counts as anything.
        (Value::String(recorded), Value::String(_))
            if rule == Rule::Equality && recorded.contains(REMOVED) => {}
        _ if expected == actual => {}
        _ => found.push(format!(
            "{path}: expected {}, found {}",
            shown(expected),
            shown(actual)
        )),
    }
}

/// What is between the two `…` of a pattern.
fn part_of(pattern: &str) -> Option<&str> {
    pattern.strip_prefix('…')?.strip_suffix('…')
}

fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

fn member(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

/// The value, cut if it is long.
fn shown(value: &Value) -> String {
    const LONGEST_CHARACTERS: usize = 300;
    let text = value.to_string();
    match text.char_indices().nth(LONGEST_CHARACTERS) {
        Some((end, _)) => format!("{} …", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_expectation_names_every_mismatch_with_its_path() {
        let cases = [
            (json!(null), json!(null), vec![]),
            (json!({"a": 1}), json!({"a": 1, "b": null, "c": []}), vec![]),
            (json!({"a": 1, "b": [], "c": null}), json!({"a": 1}), vec![]),
            (
                json!({"a": 1}),
                json!({"a": 1, "b": 2}),
                vec!["r.b: expected nothing, found 2"],
            ),
            (
                json!({}),
                json!({"b": false}),
                vec!["r.b: expected nothing, found false"],
            ),
            (
                json!({}),
                json!({"b": ""}),
                vec![r#"r.b: expected nothing, found """#],
            ),
            (
                json!({"a": 1}),
                json!({}),
                vec!["r.a: expected 1, found nothing"],
            ),
            (
                json!({"a": null}),
                json!({"a": []}),
                vec!["r.a: expected null, found []"],
            ),
            (
                json!([1]),
                json!([1, 2]),
                vec!["r: expected 1 elements, found 2: [1,2]"],
            ),
            (
                json!([1, 2]),
                json!([2, 1]),
                vec!["r[0]: expected 1, found 2", "r[1]: expected 2, found 1"],
            ),
            (json!("…b…"), json!("abc"), vec![]),
            (
                json!("…x…"),
                json!("abc"),
                vec![r#"r: expected "…x…", found "abc""#],
            ),
            (
                json!("…b"),
                json!("abc"),
                vec![r#"r: expected "…b", found "abc""#],
            ),
            (
                json!("…"),
                json!("abc"),
                vec![r#"r: expected "…", found "abc""#],
            ),
            (json!("1"), json!(1), vec![r#"r: expected "1", found 1"#]),
            (
                json!({"e": [{"f": "x"}]}),
                json!({"e": [{"f": "y"}]}),
                vec![r#"r.e[0].f: expected "x", found "y""#],
            ),
        ];
        for (expected, actual, due) in cases {
            assert_eq!(
                mismatches("r", &expected, &actual),
                due,
                "{expected} and {actual}"
            );
        }
    }

    #[test]
    fn equality_has_no_patterns_and_no_omissions() {
        let cases = [
            (json!({"a": [1]}), json!({"a": [1]}), 0),
            (json!({"a": 1}), json!({"a": 1, "b": null}), 1),
            (json!({"a": 1, "b": null}), json!({"a": 1}), 1),
            (json!("…b…"), json!("abc"), 1),
        ];
        for (expected, actual, count) in cases {
            assert_eq!(
                differences("", &expected, &actual).len(),
                count,
                "{expected} and {actual}"
            );
        }
    }
}
