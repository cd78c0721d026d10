//! As much of JSON Schema as the tools use. A word that this file does not know is a fault, so nothing is left unchecked.

use serde_json::Value;

/// What is wrong with a value, by its place.
pub(super) fn faults(schema: &Value, value: &Value, place: &str) -> Vec<String> {
    let words = schema.as_object();
    let words = words.unwrap_or_else(|| panic!("{place}: {schema} is no schema"));
    words
        .iter()
        .flat_map(|(word, rule)| match word.as_str() {
            "type" => fault(has_type(rule, value), place, rule, value),
            "enum" => fault(elements(rule).any(|it| it == value), place, rule, value),
            "const" => fault(rule == value, place, rule, value),
            "minimum" => {
                // It says nothing of what is no number.
                let holds = value.as_f64().is_none_or(|it| Some(it) >= rule.as_f64());
                fault(holds, place, rule, value)
            }
            "maxItems" => {
                let count = value.as_array().map_or(0, Vec::len);
                fault(Some(count as u64) <= rule.as_u64(), place, rule, value)
            }
            "required" => elements(rule)
                .filter_map(Value::as_str)
                .filter(|name| value.is_object() && value.get(*name).is_none())
                .map(|name| format!("{place}: {name} is missing"))
                .collect(),
            "properties" => {
                let members = rule.as_object().into_iter().flatten();
                let there = members.filter_map(|(name, rule)| Some((name, rule, value.get(name)?)));
                there
                    .flat_map(|(name, rule, value)| faults(rule, value, &format!("{place}/{name}")))
                    .collect()
            }
            "additionalProperties" => {
                assert_eq!(rule, false, "{place}");
                let names = value.as_object().into_iter().flat_map(|it| it.keys());
                names
                    .filter(|name| schema["properties"].get(name).is_none())
                    .map(|name| format!("{place}: {name} is unknown"))
                    .collect()
            }
            "items" => {
                let elements = value.as_array().into_iter().flatten();
                elements
                    .flat_map(|value| faults(rule, value, &format!("{place}/*")))
                    .collect()
            }
            "anyOf" => {
                let fits = elements(rule).any(|rule| faults(rule, value, place).is_empty());
                fault(fits, place, rule, value)
            }
            "description" => Vec::new(),
            _ => panic!("{place}: `{word}` is not known here"),
        })
        .collect()
}

fn elements(rule: &Value) -> impl Iterator<Item = &Value> {
    rule.as_array().into_iter().flatten()
}

fn has_type(rule: &Value, value: &Value) -> bool {
    let is = |name: &Value| match name.as_str() {
        Some("null") => value.is_null(),
        Some("boolean") => value.is_boolean(),
        Some("integer") => value.is_i64(),
        Some("string") => value.is_string(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        _ => panic!("{name} is no type"),
    };
    if rule.is_array() {
        elements(rule).any(is)
    } else {
        is(rule)
    }
}

fn fault(holds: bool, place: &str, rule: &Value, value: &Value) -> Vec<String> {
    let fault = (!holds).then(|| format!("{place}: {value} is not {rule}"));
    fault.into_iter().collect()
}

#[test]
fn a_value_fits_or_its_place_is_named() {
    let schema = serde_json::json!({
        "type": "object", "required": ["a"], "additionalProperties": false,
        "properties": {
            "a": {"type": ["string", "null"], "enum": ["x", null]},
            "b": {"type": "array", "maxItems": 1, "items": {"type": "integer", "minimum": 0}},
            "c": {"anyOf": [{"const": "y"}, {"type": "boolean"}]},
        },
    });
    let cases = [
        (r#"{"a": "x", "b": [1], "c": "y"}"#, ""),
        (r#"{"a": null, "c": true}"#, ""),
        (r#"[]"#, "it: "),
        (r#"{"b": []}"#, "it: a is missing"),
        (r#"{"a": "z"}"#, "it/a: "),
        (r#"{"a": "x", "b": [1, 2]}"#, "it/b: "),
        (r#"{"a": "x", "b": [-1]}"#, "it/b/*: "),
        (r#"{"a": "x", "c": 1}"#, "it/c: "),
        (r#"{"a": "x", "d": 1}"#, "it: d is unknown"),
    ];
    for (value, expected) in cases {
        let value = serde_json::from_str(value).expect("JSON");
        let found = faults(&schema, &value, "it").join("; ");
        assert!(found.starts_with(expected), "{value}: {found}");
        assert_eq!(found.is_empty(), expected.is_empty(), "{value}: {found}");
    }
}
