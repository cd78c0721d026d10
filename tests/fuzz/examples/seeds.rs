//! Writes the answers of every case of each vendor to `corpus/`, as inputs of the fuzz targets: `cargo run --example seeds`, in
//! `tests/fuzz/`. The inputs hold of each record what was asked for, so that they stay small.

use std::fs;
use std::path::Path;

use anyhow::Result;
use psa_contract::{Operation, Request, Response, Setting, TicketSelection};
use psa_fuzz::{Answer, REFERENCE, door, encode};
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
    let answers = exchanges.iter().map(|(_, answer)| answer.clone());
    // The settings of the fuzz targets have no zone, so that it is looked up.
    let has_zone = case.settings.iter().any(|it| it.name == "zone");
    let zone = door(number).filter(|_| has_zone);
    let answers: Vec<Answer> = zone.into_iter().chain(answers).collect();
    let all = encode(chosen, &answers);
    if operation == Operation::CreateTicket {
        let write = exchanges.iter().position(|(request, _)| request.is_write);
        let from_the_write = encode(
            chosen,
            &answers[usize::from(has_zone) + write.unwrap_or(0)..],
        );
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
        let text = match reference(&case.input) {
            Some(reference) if reference.len() > 3 => text.replace(reference, REFERENCE),
            _ => text.to_owned(),
        };
        secrets.fold(text, |text, (secret, byte)| {
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

/// What the case has in the place of [`REFERENCE`].
fn reference(input: &Input) -> Option<&str> {
    match input {
        Input::CreateTicket(draft) => draft.reference.as_deref(),
        Input::AddNote(note) => note.reference.as_deref(),
        _ => None,
    }
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
        Input::CreateTicket(draft) | Input::CheckTicket(draft) => {
            u8::from(draft.reference.is_none()) + 2 * u8::from(draft.status_id.is_none())
        }
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

/// The body, without the members of records that were not asked for, and without what no connector reads of a pick list.
fn body(request: &Request, response: &Response) -> String {
    let text = String::from_utf8_lossy(response.body.as_bytes()).into_owned();
    let Ok(mut json) = serde_json::from_str::<Value>(&text) else {
        return text;
    };
    shorten(&mut json, &asked_for(request));
    let shorter = json.to_string();
    if shorter.len() < text.len() {
        shorter
    } else {
        text
    }
}

/// The members that a request asks for: of ConnectWise in its URL, of Autotask in its body. Empty: all.
fn asked_for(request: &Request) -> Vec<String> {
    let mut parameters = request.url.split(['?', '&']);
    if let Some(fields) = parameters.find_map(|it| it.strip_prefix("fields=")) {
        let fields = fields.replace("%2C", ",").replace("%2F", "/");
        let members = fields.split(',').filter_map(|it| it.split('/').next());
        return members.map(str::to_owned).collect();
    }
    let body = request.body.as_ref().map_or(&[][..], |it| it.as_bytes());
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let fields = body["IncludeFields"].as_array().into_iter().flatten();
    fields
        .filter_map(|it| it.as_str().map(str::to_owned))
        .collect()
}

fn shorten(value: &mut Value, asked_for: &[String]) {
    match value {
        Value::Array(rows) => rows.iter_mut().for_each(|row| shorten(row, asked_for)),
        Value::Object(members) => {
            let is_record = members.contains_key("id");
            let is_pick_list = members.contains_key("picklistValues");
            let is_choice = members.contains_key("label") && members.contains_key("value");
            members.retain(|name, _| match name.as_str() {
                "_info" => false,
                _ if is_record => asked_for.is_empty() || asked_for.contains(name),
                _ if is_pick_list => ["name", "picklistValues"].contains(&name.as_str()),
                _ if is_choice => !["isSystem", "sortOrder"].contains(&name.as_str()),
                _ => true,
            });
            let of_members = if is_record { &[] } else { asked_for };
            members.values_mut().for_each(|it| shorten(it, of_members));
        }
        _ => {}
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
