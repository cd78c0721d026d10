//! `PATCH /service/tickets/{id}`: a list of operations, and what they make of the ticket. All of them act, or none does.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::members::{Schema, Type, wrong_type};
use super::records::Board;
use super::reference::References;
use super::role::{Access, Function, Level};
use super::tenant::Tenant;
use super::ticket::Ticket;
use super::ticket_members::{TICKET, is_served_as_it_came};
use crate::mock::Answer;

#[derive(Deserialize)]
struct Operation {
    op: Kind,
    path: String,
    #[serde(default)]
    value: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Add,
    Replace,
    Remove,
}

/// The ticket as it is afterwards. The error is the PSA's refusal.
pub(super) fn patched(
    tenant: &Tenant,
    ticket: &Ticket,
    body: &[u8],
    now: &str,
) -> Result<Ticket, Answer> {
    // How the PSA refuses this is not known, only that its own pages lead to the parent.
    if let Some(parent) = &ticket.merged_into {
        let message = format!("Service Ticket {} is merged into {}.", ticket.id, parent.id);
        return Err(Answer::error(400, "InvalidObject", &message));
    }
    let members = read_members(tenant, body)?;
    let nothing = Board::default();
    let mut boards = tenant.boards.iter();
    let board = boards.find(|board| board.id == ticket.board.id);
    let board = board.unwrap_or(&nothing);
    let mut references = References {
        tenant,
        members: &members,
        faults: TICKET.too_long(&members),
    };
    let status = references.entry("status", &board.statuses, "Service Status", &board.whose());
    let priority = references.entry("priority", &tenant.priorities, "Priority", "");
    if !references.faults.is_empty() {
        return Err(Answer::invalid(TICKET.resource, &references.faults));
    }

    let mut changed = ticket.clone();
    if let Some(status) = status {
        let may_close = tenant
            .role
            .level(Function::CloseServiceTickets, Access::Edit)
            != Level::None;
        if (status.is_closed() || ticket.is_closed) && !may_close {
            return Err(Answer::forbidden());
        }
        changed.enter(status, now);
        let moves_on = |(from, to): &(i64, i64)| (*from == status.id).then_some(*to);
        let next = tenant.moves_on.iter().find_map(moves_on);
        if let Some(next) = board.statuses.iter().find(|it| Some(it.id) == next) {
            changed.enter(next, now);
        }
    }
    if let Some(priority) = priority {
        changed.priority = Some(priority.named());
    }
    for (name, value) in members {
        match (name.as_str(), value) {
            ("summary", Value::String(summary)) => changed.summary = summary,
            ("externalXRef", value) => changed.reference = value.as_str().map(str::to_owned),
            (_, Value::Null) => _ = changed.other.remove(&name),
            // What only the server sets is answered 200, and stays as it is.
            (own, _) if !is_served_as_it_came(own) => {}
            (_, value) => _ = changed.other.insert(name, value),
        }
    }
    changed.updated_by.clone_from(&tenant.member);
    now.clone_into(&mut changed.updated_at);
    Ok(changed)
}

/// The members that the operations set, under the API's own names; null where one is removed.
fn read_members(tenant: &Tenant, body: &[u8]) -> Result<Map<String, Value>, Answer> {
    let operations: Vec<Operation> =
        serde_json::from_slice(body).map_err(|error| Answer::invalid_patch(&error.to_string()))?;
    let mut members = Map::new();
    for Operation { op, path, value } in operations {
        let value = match op {
            Kind::Add | Kind::Replace => value,
            Kind::Remove => Value::Null,
        };
        let path: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let (name, value) = match path.as_slice() {
            [name] => (*name, value),
            [name, inner @ ("id" | "name")] if is_reference(&TICKET, name) => {
                if !tenant.heeds_inner_paths {
                    continue;
                }
                (*name, json!({*inner: value}))
            }
            _ => return Err(no_such_path(&path)),
        };
        // Unlike in a record, the case counts.
        let Some((_, kind)) = TICKET.member(name).filter(|(own, _)| *own == name) else {
            return Err(no_such_path(&path));
        };
        if let Some(type_name) = wrong_type(&value, kind) {
            let given = match value {
                Value::String(_) => "System.String",
                Value::Number(_) => "System.Int64",
                Value::Bool(_) => "System.Boolean",
                _ => "Newtonsoft.Json.Linq.JToken",
            };
            let message = format!("Could not cast or convert from {given} to {type_name}.");
            return Err(Answer::invalid_patch(&message));
        }
        members.insert(name.to_owned(), value);
    }
    Ok(members)
}

fn is_reference(schema: &Schema, name: &str) -> bool {
    schema
        .member(name)
        .is_some_and(|(_, kind)| kind == Type::Reference)
}

fn no_such_path(path: &[&str]) -> Answer {
    let path = path.join("/");
    Answer::invalid_patch(&format!("The target location '{path}' was not found."))
}
