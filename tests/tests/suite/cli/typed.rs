//! The command line that stands for a call of a case.

use psa_host::contract::{BoardSelection, TicketSelection};
use psa_recording::{Case, Input};
use serde_json::{Value, json, to_value};

/// A settings file has each name once, and a command line has at least one id or reference to look for, or status to set.
pub(super) fn can_be_typed(case: &Case) -> bool {
    let lacks_what_is_required = match &case.input {
        Input::FindTickets(query) => match &query.selection {
            TicketSelection::Ids(list) | TicketSelection::References(list) => list.is_empty(),
            TicketSelection::OpenOfCompany(_) => false,
        },
        Input::SetStatus(change) => change.status_ids.is_empty(),
        _ => false,
    };
    if lacks_what_is_required {
        return false;
    }
    let known = [
        "site",
        "company-id",
        "public-key",
        "private-key",
        "client-id",
        "api-version",
    ];
    let mut names: Vec<&str> = case
        .settings
        .iter()
        .map(|setting| setting.name.as_str())
        .collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    names.len() == count && names.iter().all(|name| known.contains(name))
}

/// The command and the arguments that stand for an input.
pub(super) fn arguments(input: &Input) -> Vec<String> {
    let (command, members) = match input {
        Input::Describe => ("describe", Value::Null),
        Input::Origins => ("origins", Value::Null),
        Input::Verify(functions) if functions.is_empty() => ("verify", json!({"for": "all"})),
        Input::Verify(functions) => ("verify", json!({"for": functions})),
        Input::ListCompanies(query) => ("companies", to_value(query).expect("JSON")),
        Input::ListBoardMetadata(BoardSelection::BoardsOnly) => ("boards", Value::Null),
        Input::ListBoardMetadata(BoardSelection::All) => ("boards", json!({"all": true})),
        Input::ListBoardMetadata(BoardSelection::Only(ids)) => ("boards", json!({"board": ids})),
        Input::CheckTicket(draft) => ("check-ticket", to_value(draft).expect("JSON")),
        Input::CreateTicket(draft) => ("create-ticket", to_value(draft).expect("JSON")),
        Input::GetTicket(id) => return vec!["ticket".to_owned(), id.clone()],
        Input::FindTickets(query) => {
            let mut members = match &query.selection {
                TicketSelection::Ids(ids) => json!({"id": ids}),
                TicketSelection::References(references) => json!({"reference": references}),
                TicketSelection::OpenOfCompany(id) => json!({"open-of-company": id}),
            };
            members["limit"] = json!(query.limit);
            members["cursor"] = json!(query.cursor);
            ("find", members)
        }
        Input::AddNote(note) => ("note", to_value(note).expect("JSON")),
        Input::SetStatus(change) => ("status", to_value(change).expect("JSON")),
        Input::ListContacts(query) => ("contacts", to_value(query).expect("JSON")),
        Input::ListAssets(query) => ("assets", to_value(query).expect("JSON")),
        Input::ListSites(query) => ("sites", to_value(query).expect("JSON")),
        Input::AttachAsset(attachment) => (
            "attach",
            json!({"ticket": attachment.ticket_id, "asset": attachment.asset_id}),
        ),
    };
    let mut arguments = vec![command.to_owned()];
    for (name, value) in members.as_object().into_iter().flatten() {
        let option = match name.as_str() {
            "ids" => "id",
            "statuses" => "status",
            "types" => "type",
            "details" => "detail",
            "links" => "link",
            "ticket-id" => "ticket",
            "status-ids" => "status-id",
            other => other,
        };
        let values = value.as_array().cloned();
        for value in values.unwrap_or_else(|| vec![value.clone()]) {
            match &value {
                Value::Null | Value::Bool(false) => {}
                Value::Bool(true) => arguments.push(format!("--{option}")),
                Value::String(text) => arguments.push(format!("--{option}={text}")),
                Value::Number(number) => arguments.push(format!("--{option}={number}")),
                pair => {
                    let part = |name: &str| pair[name].as_str().unwrap_or_default().to_owned();
                    let (label, content) = (part("label"), part("value") + &part("url"));
                    arguments.push(format!("--{option}={label}={content}"));
                }
            }
        }
    }
    arguments
}
