//! The arguments of a tool: checked against its schema, which asks for more than the contract, and read as the contract's.

use psa_host::contract::Operation;
use psa_recording::{Function, Input};
use rmcp::model::JsonObject;
use serde_json::Value;

use super::answer::PART;
use super::tools::Offer;
use crate::failure::Failure;

/// What is asked for: the call, and which part of its result.
pub(super) fn read(offer: &Offer, mut arguments: JsonObject) -> Result<(Input, usize), Failure> {
    let problems = problems(offer, &arguments);
    if !problems.is_empty() {
        return Err(refused(offer, problems));
    }
    let part = match arguments.remove(PART) {
        None | Some(Value::Null) => 1,
        Some(part) => part
            .as_u64()
            .and_then(|part| usize::try_from(part).ok())
            .filter(|part| *part > 0)
            .ok_or_else(|| refused(offer, vec![format!("`{PART}` must be 1 or more")]))?,
    };
    let function = serde_json::from_value::<Function>(Value::from(offer.operation.name()));
    let function = function.map_err(|error| Failure::defect(error.to_string()))?;
    let input = match offer.operation {
        // The one function whose only parameter is a variant.
        Operation::ListBoardMetadata => arguments.remove("selection").unwrap_or_default(),
        _ => Value::Object(arguments),
    };
    let input = Input::parse(function, Some(input)).map_err(|(place, problem)| {
        let place = place
            .strip_prefix("input.")
            .map(|field| format!("`{field}`: "));
        refused(
            offer,
            vec![format!("{}{problem}", place.unwrap_or_default())],
        )
    })?;
    Ok((input, part))
}

/// What the schema does not let through, as far as the types of the contract would.
fn problems(offer: &Offer, arguments: &JsonObject) -> Vec<String> {
    let schema = &offer.tool.input_schema;
    let is_known = |name: &&String| schema["properties"].get(name.as_str()).is_none();
    let unknown = arguments.keys().filter(is_known);
    let unknown = unknown.map(|name| format!("`{name}` is not an argument of this tool"));
    let required = schema["required"].as_array().into_iter().flatten();
    let missing = required.filter_map(Value::as_str).filter(|name| {
        arguments
            .get(*name)
            .is_none_or(|value| value.is_null() || value == "")
    });
    let missing = missing.map(|name| format!("`{name}` is required"));
    unknown.chain(missing).collect()
}

fn refused(offer: &Offer, problems: Vec<String>) -> Failure {
    let hint = "Correct the arguments: the tool's input schema describes them. Nothing was sent.";
    Failure::Usage {
        message: format!("the arguments of `{}` are not valid", offer.tool.name),
        details: problems,
        hint: hint.to_owned(),
    }
}
