//! Writes the answers of every case of each vendor to `corpus/`, as inputs of the fuzz targets: `cargo run --example seeds`, in
//! `tests/fuzz/`. The inputs hold of each record what was asked for, so that they stay small.

use std::fs;
use std::path::Path;

use anyhow::Result;
use psa_contract::{Operation, Request, Response, Setting, TicketSelection};
use psa_fuzz::{Answer, encode};
use psa_native::{AUTOTASK, CONNECTWISE, HALOPSA, Native};
use psa_recording::{Case, Input, Replay};
use serde_json::Value;

/// By the number that the first byte of an input holds.
const VENDORS: [&Native; 3] = [&CONNECTWISE, &HALOPSA, &AUTOTASK];
/// Longer ones would be cut: `prove.sh` says so.
const LONGEST: usize = 4_096;

fn main() -> Result<()> {
    let mut count = 0_usize;
    for (number, vendor) in VENDORS.into_iter().enumerate() {
        for (name, case) in vendor.cases()? {
            for (target, input) in inputs(number, vendor, &case) {
                if input.len() <= LONGEST {
                    let folder = Path::new("corpus").join(target);
                    fs::create_dir_all(&folder)?;
                    fs::write(
                        folder.join(format!("{}-{}", vendor.name, name.replace('/', "-"))),
                        input,
                    )?;
                    count += 1;
                }
            }
        }
    }
    println!("{count} inputs in corpus");
    Ok(())
}

/// The targets that a case is an input of, and the input.
fn inputs(number: usize, vendor: &Native, case: &Case) -> Vec<(String, Vec<u8>)> {
    let mut inputs = vec![("settings".to_owned(), settings(number, &case.settings))];
    let exchanges = exchanges(vendor, case);
    let (Some(operation), false) = (case.input.operation(), exchanges.is_empty()) else {
        return inputs;
    };
    let is_kept = exchanges
        .iter()
        .any(|(_, answer)| matches!(answer, Some(Ok(response)) if response.age_seconds.is_some()));
    let arguments = arguments(&case.input) | if is_kept { 32 } else { 0 };
    let chosen = number as u8 + VENDORS.len() as u8 * arguments;
    let answers: Vec<Answer> = exchanges.iter().map(|(_, answer)| answer.clone()).collect();
    let all = encode(chosen, &answers);
    if operation == Operation::CreateTicket {
        let write = exchanges.iter().position(|(request, _)| request.is_write);
        let from_the_write = encode(chosen, &answers[write.unwrap_or(0)..]);
        inputs.push(("create_ticket".to_owned(), from_the_write));
        inputs.push(("create_ticket_sequence".to_owned(), all));
    } else {
        inputs.push((operation.name().replace('-', "_"), all));
    }
    let last = answers.iter().rev().flatten().flatten().next();
    let chosen = number as u8 + VENDORS.len() as u8 * operation as u8;
    inputs.extend(last.map(|response| ("headers".to_owned(), headers(chosen, response))));
    inputs
}

/// Runs a case: what was asked, in order, and the answers, with the secrets in them as `answers.rs` reads them.
fn exchanges(vendor: &Native, case: &Case) -> Vec<(Request, Answer)> {
    let replay = Replay::of_exchanges(case.exchanges.clone(), &case.settings);
    let mut exchanges = Vec::new();
    let send = &mut |requests: &[Request]| {
        let answers = replay.answer(requests.to_vec());
        exchanges.extend(requests.iter().cloned().zip(answers.iter().cloned()));
        answers
    };
    // The cases are tested elsewhere.
    let _ = vendor.call_natively(&case.settings, &case.input, send);
    let mut secrets = vec![String::new(); vendor.secrets.len()];
    for (secret, name) in secrets.iter_mut().zip(vendor.secrets) {
        let entered = case.settings.iter().find(|it| it.name == *name);
        *secret = entered.map(|it| it.value.clone()).unwrap_or_default();
    }
    let tokens = exchanges.iter().filter(|(request, _)| request.is_secret);
    let token = tokens
        .filter_map(|(_, answer)| access_token(answer.as_ref().ok()?))
        .next();
    secrets.extend(token);
    let hide = |text: &str| {
        let secrets = secrets
            .iter()
            .zip('\u{1}'..)
            .filter(|(secret, _)| secret.len() > 3);
        secrets.fold(text.to_owned(), |text, (secret, byte)| {
            text.replace(secret.as_str(), &byte.to_string())
        })
    };
    let hidden = exchanges.into_iter().map(|(request, answer)| {
        let answer = match answer {
            Ok(response) => Ok(Response {
                body: hide(&body(&request, &response)).into(),
                ..response
            }),
            Err(mut failure) => {
                failure.message = hide(&failure.message);
                Err(failure)
            }
        };
        (request, Some(answer))
    });
    hidden.collect()
}

fn access_token(response: &Response) -> Option<String> {
    let body: Value = serde_json::from_slice(response.body.as_bytes()).ok()?;
    body["access_token"].as_str().map(str::to_owned)
}

/// Keys that can be told from the ones that are made up.
fn settings(number: usize, settings: &[Setting]) -> Vec<u8> {
    let lines: Vec<String> = settings
        .iter()
        .map(|it| format!("{}={}", it.name, it.value.replace("OfExample", "")))
        .collect();
    // '0' is divided by 3 without rest.
    format!("{number}{}", lines.join("\n")).into_bytes()
}

/// What chooses among the arguments in `functions.rs`.
fn arguments(input: &Input) -> u8 {
    match input {
        Input::ListCompanies(query) if !query.ids.is_empty() => 3,
        Input::ListCompanies(query) if query.limit > Some(1_000) => 2,
        Input::ListCompanies(query) if query.limit.is_some() => 1,
        Input::ListBoardMetadata(psa_contract::BoardSelection::All) => 1,
        Input::ListBoardMetadata(psa_contract::BoardSelection::BoardsOnly) => 2,
        Input::CreateTicket(draft) if draft.reference.is_none() => 1,
        Input::AddNote(note) if note.reference.is_none() => 1,
        Input::FindTickets(query) => match query.selection {
            TicketSelection::References(_) => 0,
            TicketSelection::Ids(_) => 1,
            TicketSelection::OpenOfCompany(_) => 2,
        },
        Input::ListContacts(query) if query.email.is_some() => 1,
        Input::ListAssets(query) if query.name.is_some() => 1,
        _ => 0,
    }
}

/// The body, without the members of records that were not asked for.
fn body(request: &Request, response: &Response) -> String {
    let text = String::from_utf8_lossy(response.body.as_bytes()).into_owned();
    let fields = request
        .url
        .split(['?', '&'])
        .find_map(|it| it.strip_prefix("fields="));
    let (Some(fields), Ok(mut json)) = (fields, serde_json::from_str::<Value>(&text)) else {
        return text;
    };
    let fields = fields.replace("%2C", ",").replace("%2F", "/");
    match &mut json {
        Value::Array(rows) => rows.iter_mut().for_each(|row| keep(row, &fields)),
        row => keep(row, &fields),
    }
    json.to_string()
}

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

fn headers(chosen: u8, response: &Response) -> Vec<u8> {
    let mut input = encode(chosen, &[Some(Ok(response.clone()))]);
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
