//! Writes the answers of every case as inputs of the fuzz targets: `cargo run --example seeds -- ../cases/connectwise corpus`. The
//! inputs hold of each record what was asked for, so that they stay small.

use std::error::Error;
use std::fs;
use std::path::PathBuf;

use psa_contract::{Failure, Operation, Response};
use psa_fuzz::{Answer, encode};
use serde_json::Value;

/// What the placeholders of a case stand for, as `answers.rs` reads it.
const PLACEHOLDERS: [(&str, &str); 3] = [
    ("{{public-key}}", "\u{1}"),
    ("{{private-key}}", "\u{2}"),
    ("{{client-id}}", "\u{3}"),
];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [cases, corpus] = arguments.as_slice() else {
        return Err("two folders are needed: the cases, and where the inputs go".into());
    };
    let mut count = 0_usize;
    for folder in fs::read_dir(cases)? {
        let folder = folder?.path();
        // What cases share, and no case.
        if folder.ends_with("_shared") {
            continue;
        }
        for file in fs::read_dir(folder)? {
            let path = file?.path();
            let case = serde_json::from_slice(&fs::read(&path)?)?;
            let name = path.file_stem().unwrap_or_default();
            let operation = case_operation(&case);
            for (target, input) in inputs(operation, &case) {
                let folder = corpus.join(target);
                fs::create_dir_all(&folder)?;
                let name = format!("{}-{}", operation_name(&case), name.display());
                fs::write(folder.join(name), input)?;
                count += 1;
            }
        }
    }
    println!("{count} inputs in {}", corpus.display());
    Ok(())
}

fn operation_name(case: &Value) -> &str {
    case["operation"].as_str().unwrap_or_default()
}

/// None: `describe` and `origins`, which send nothing.
fn case_operation(case: &Value) -> Option<Operation> {
    let name = operation_name(case);
    Operation::ALL.iter().copied().find(|it| it.name() == name)
}

/// The targets that a case is an input of, and the input.
fn inputs(operation: Option<Operation>, case: &Value) -> Vec<(String, Vec<u8>)> {
    let mut inputs = vec![("settings".to_owned(), settings(&case["settings"]))];
    let exchanges = case["exchanges"].as_array().map_or(&[][..], Vec::as_slice);
    let (Some(operation), false) = (operation, exchanges.is_empty()) else {
        return inputs;
    };
    let arguments = arguments(operation, &case["input"]);
    let answers: Vec<Answer> = exchanges.iter().map(answer).collect();
    let all = encode(arguments, &answers);
    if operation == Operation::CreateTicket {
        let write = exchanges.iter().position(|it| it["role"] == "write");
        let from_the_write = encode(arguments, &answers[write.unwrap_or(0)..]);
        inputs.push(("create_ticket".to_owned(), from_the_write));
        inputs.push(("create_ticket_sequence".to_owned(), all));
    } else {
        inputs.push((operation.name().replace('-', "_"), all));
    }
    inputs.extend(
        answers
            .iter()
            .flatten()
            .flatten()
            .map(|response| ("headers".to_owned(), headers(operation, response)))
            .next_back(),
    );
    inputs
}

/// Keys that can be told from the ones that are made up.
fn settings(settings: &Value) -> Vec<u8> {
    let members = settings.as_object().into_iter().flatten();
    let lines: Vec<String> = members
        .map(|(name, value)| {
            let value = value.as_str().unwrap_or_default();
            format!("{name}={}", value.replace("KeyOfExample", "Key"))
        })
        .collect();
    lines.join("\n").into_bytes()
}

/// The first byte of an input, which chooses among the arguments in `functions.rs`.
fn arguments(operation: Operation, input: &Value) -> u8 {
    match operation {
        Operation::ListCompanies if !input["ids"].is_null() => 3,
        Operation::ListCompanies if input["limit"].as_u64() > Some(1_000) => 2,
        Operation::ListCompanies if !input["limit"].is_null() => 1,
        Operation::ListBoardMetadata if input == "all" => 1,
        Operation::ListBoardMetadata if input == "boards-only" => 2,
        Operation::CreateTicket | Operation::AddNote if input["reference"].is_null() => 1,
        Operation::FindTickets if input["selection"]["ids"].is_array() => 1,
        Operation::FindTickets if input["selection"]["open-of-company"].is_string() => 2,
        Operation::ListContacts if !input["email"].is_null() => 1,
        Operation::ListAssets if !input["name"].is_null() => 1,
        _ => 0,
    }
}

fn answer(exchange: &Value) -> Answer {
    let failure = &exchange["failure"];
    if let Ok(mut failure) = serde_json::from_value::<Failure>(failure.clone()) {
        failure.message = with_placeholders(&failure.message);
        return Some(Err(failure));
    }
    let response = &exchange["response"];
    Some(Ok(Response {
        status: response["status"].as_u64().unwrap_or(200) as u16,
        headers: headers_of(&response["headers"]),
        body: body(response, &exchange["request"]["query"]["fields"]).into(),
        age_seconds: None,
    }))
}

/// An object, or a list of pairs where a name is repeated.
fn headers_of(headers: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| with_placeholders(value.as_str().unwrap_or_default());
    match headers {
        Value::Array(pairs) => pairs
            .iter()
            .map(|it| (text(&it[0]), text(&it[1])))
            .collect(),
        headers => {
            let members = headers.as_object().into_iter().flatten();
            members
                .map(|(name, value)| (name.clone(), text(value)))
                .collect()
        }
    }
}

fn body(response: &Value, fields: &Value) -> String {
    let mut json = response["json"].clone();
    let body = match (response["text"].as_str(), fields.as_str()) {
        (Some(text), _) => text.to_owned(),
        (None, _) if response["json"].is_null() => String::new(),
        (None, None) => json.to_string(),
        (None, Some(fields)) => {
            match &mut json {
                Value::Array(rows) => rows.iter_mut().for_each(|row| keep(row, fields)),
                row => keep(row, fields),
            }
            json.to_string()
        }
    };
    with_placeholders(&body)
}

/// Leaves out the members of a record that were not asked for.
fn keep(row: &mut Value, fields: &str) {
    let is_asked_for = |name: &str| {
        let mut members = fields
            .split(',')
            .filter_map(|field| field.split('/').next());
        members.any(|member| member == name)
    };
    if let Some(members) = row.as_object_mut()
        && members.contains_key("id")
    {
        members.retain(|name, _| is_asked_for(name));
        for value in members.values_mut().filter_map(Value::as_object_mut) {
            value.retain(|name, _| name != "_info");
        }
    }
}

fn with_placeholders(text: &str) -> String {
    PLACEHOLDERS
        .iter()
        .fold(text.to_owned(), |text, (placeholder, byte)| {
            text.replace(placeholder, byte)
        })
}

fn headers(operation: Operation, response: &Response) -> Vec<u8> {
    let mut input = encode(operation as u8, &[Some(Ok(response.clone()))]);
    // The first byte is the function, the second the status; the headers are written out.
    input.truncate(2);
    let lines: Vec<String> = response
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    input.extend_from_slice(lines.join("\n").as_bytes());
    input.extend_from_slice(b"\n\n");
    input.extend_from_slice(response.body.as_bytes());
    input
}
