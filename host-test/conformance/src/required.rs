//! Whether what a case says a connector cannot do without is in its recorded answers. A name that is misspelt or out of
//! date would make the kit expect a result without that member.

use psa_recording::Case;
use serde_json::Value;

/// The entries of `required` that name nothing, each in a sentence. An empty list has whatever its elements must have.
#[must_use]
pub fn stale_required(case: &Case) -> Vec<String> {
    let mut stale = Vec::new();
    for (index, exchange) in case.exchanges.iter().enumerate() {
        let Ok(response) = &exchange.answer else {
            continue;
        };
        let body: Value = serde_json::from_slice(response.body.as_bytes()).unwrap_or_default();
        for pattern in &exchange.required {
            let segments: Vec<&str> = pattern.split('/').collect();
            if !names_something(&body, &segments) {
                stale.push(format!(
                    "exchanges[{index}].required: `{pattern}` names nothing in the recorded response"
                ));
            }
        }
    }
    stale
}

fn names_something(value: &Value, segments: &[&str]) -> bool {
    match (segments, value) {
        ([], _) => true,
        (["*", rest @ ..], Value::Array(rows)) => {
            rows.is_empty() || rows.iter().any(|row| names_something(row, rest))
        }
        ([name, rest @ ..], Value::Object(members)) => members
            .get(*name)
            .is_some_and(|member| names_something(member, rest)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_name_is_there_or_it_is_stale() {
        let cases = [
            (json!([{"id": 1}]), "*/id", true),
            (json!([{}, {"id": 1}]), "*/id", true),
            (json!([{"id": 1}]), "*/ids", false),
            (json!([]), "*/id", true),
            (json!({"rows": []}), "rows/*/id", true),
            (json!({"rows": []}), "row/*/id", false),
            (json!({"id": null}), "id", true),
            (json!({"id": 1}), "*/id", false),
            (json!([{"id": 1}]), "id", false),
            (json!(null), "id", false),
        ];
        for (value, pattern, expected) in cases {
            let segments: Vec<&str> = pattern.split('/').collect();
            assert_eq!(
                names_something(&value, &segments),
                expected,
                "{value} {pattern}"
            );
        }
    }
}
