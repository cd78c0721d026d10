//! Whether an answer of the service is what its own document says: as much of JSON Schema as the document uses, and a word of it
//! that is not known here is a problem.

use std::sync::LazyLock;

use anyhow::{Context as _, Result};
use serde_json::{Map, Value};

use crate::document;
use crate::host::Answered;

/// What is not as the document has it, in the answer of a function.
pub(crate) fn problems(function: &str, answered: &Answered) -> Result<Vec<String>> {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(document::built);
    let responses = &DOCUMENT["paths"][format!("/v1/{function}")]["post"]["responses"];
    let response = if answered.status == 200 {
        &responses["200"]
    } else {
        resolved(&DOCUMENT, &responses["default"])?
    };
    let schema = &response["content"]["application/json"]["schema"];
    let mut problems = Vec::new();
    check(&DOCUMENT, schema, &answered.body, "answer", &mut problems)?;
    Ok(problems)
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> Result<&'a Value> {
    let Some(reference) = schema["$ref"].as_str() else {
        return Ok(schema);
    };
    let pointer = reference.trim_start_matches('#');
    document.pointer(pointer).context(reference.to_owned())
}

fn check(
    document: &Value,
    schema: &Value,
    value: &Value,
    place: &str,
    problems: &mut Vec<String>,
) -> Result<()> {
    let schema = resolved(document, schema)?;
    let schema = schema.as_object().context("a schema is an object")?;
    let members = value.as_object();
    let no_members = Map::new();
    for (word, wanted) in schema {
        let is_kept = match word.as_str() {
            "description" => true,
            "type" => is_of(wanted, value),
            "const" => wanted == value,
            "minimum" => value.as_i64() >= wanted.as_i64(),
            "maximum" => value.as_i64() <= wanted.as_i64(),
            "required" => {
                let names = wanted.as_array().context("names")?.iter();
                let mut names = names.filter_map(Value::as_str);
                names.all(|name| members.is_some_and(|it| it.contains_key(name)))
            }
            "anyOf" | "oneOf" => {
                let mut fitting = 0;
                for choice in wanted.as_array().context("choices")? {
                    let mut found = Vec::new();
                    check(document, choice, value, place, &mut found)?;
                    fitting += usize::from(found.is_empty());
                }
                fitting == 1
            }
            "items" => {
                for (at, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(document, wanted, item, &format!("{place}[{at}]"), problems)?;
                }
                true
            }
            "properties" => {
                for (name, value) in members.unwrap_or(&no_members) {
                    // Every name that there is has to be in the document, even where more would be allowed.
                    let Some(schema) = wanted.get(name) else {
                        problems.push(format!("{place}.{name} is not in the document"));
                        continue;
                    };
                    check(
                        document,
                        schema,
                        value,
                        &format!("{place}.{name}"),
                        problems,
                    )?;
                }
                true
            }
            "additionalProperties" => true,
            other => anyhow::bail!("`{other}` is a word that this test does not know"),
        };
        if !is_kept {
            problems.push(format!("{place}: {word} is {wanted}, found {value}"));
        }
    }
    Ok(())
}

fn is_of(name: &Value, value: &Value) -> bool {
    match name.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64(),
        Some("boolean") => value.is_boolean(),
        Some("null") => value.is_null(),
        _ => false,
    }
}

#[test]
fn an_answer_that_the_document_does_not_have_is_noticed() {
    let of = |status, body| Answered {
        status,
        headers: http::HeaderMap::new(),
        body,
    };
    let found = |answered| problems("get-ticket", &answered).expect("a document");
    let none = serde_json::json!({"ticket": null});
    assert_eq!(found(of(200, none)), Vec::<String>::new());
    for wrong in [
        serde_json::json!({}),
        serde_json::json!({"ticket": 1}),
        serde_json::json!({"ticket": null, "more": 1}),
        serde_json::json!({"ticket": {"id": "1"}}),
    ] {
        assert!(!found(of(200, wrong.clone())).is_empty(), "{wrong}");
    }
    assert!(!found(of(404, serde_json::json!({"code": "lost"}))).is_empty());
}
