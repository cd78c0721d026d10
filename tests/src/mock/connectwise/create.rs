//! `POST /service/tickets`: what is refused, what is filled in, and the ticket that comes of it.

use serde_json::{Map, Value};

use super::records::{Board, Company, Entry, EntryKind};
use super::refusal::Fault;
use super::tenant::Tenant;
use super::ticket::{Named, Ticket};
use super::ticket_members::{Type, is_read_only, member};
use crate::mock::Answer;

/// The ticket that a body describes, not yet with an id. The error is the PSA's refusal.
pub(super) fn read_ticket(tenant: &Tenant, body: &[u8]) -> Result<Ticket, Answer> {
    let members = read_members(body)?;
    let mut faults = Vec::new();
    let summary = text(&members, "summary").unwrap_or_default();
    if summary.trim().is_empty() {
        faults.push(required("summary"));
    }
    let company = find_company(tenant, &members, &mut faults);
    let board = find_board(tenant, &members, &mut faults);
    let mut priority = find(
        &members,
        "priority",
        &tenant.priorities,
        "Priority",
        "",
        &mut faults,
    );
    priority = priority.or_else(|| default_of(&tenant.priorities));
    // Lists of the board: an entry of another board is not found on this one.
    let on_board = board.map_or_else(String::new, |board| {
        format!(" for Service Board {}", board.id)
    });
    let nothing = Board::default();
    let lists = board.unwrap_or(&nothing);
    let mut on_list = |name: &str, list: &'static str| {
        let entries = match name {
            "status" => &lists.statuses,
            "type" => &lists.types,
            "subType" => &lists.subtypes,
            _ => &lists.items,
        };
        // Without a board the ids cannot be judged, and the board's own fault is told.
        let mut ignored = Vec::new();
        let faults = if board.is_some() {
            &mut faults
        } else {
            &mut ignored
        };
        find(&members, name, entries, list, &on_board, faults)
    };
    let status = on_list("status", "Service Status");
    let ticket_type = on_list("type", "Service Type");
    let subtype = on_list("subType", "Service SubType");
    let item = on_list("item", "Service Item");
    let status = status.or_else(|| default_of(&lists.statuses));
    faults.extend(too_long(&members));
    let (Some(company), Some(board), true) = (company, board, faults.is_empty()) else {
        return Err(Answer::invalid_ticket(&faults));
    };
    let named = |entry: &Entry| Named {
        id: entry.id,
        name: entry.name.clone(),
    };
    Ok(Ticket {
        id: 0,
        summary: summary.to_owned(),
        company: Named {
            id: company.id,
            name: company.name.clone(),
        },
        company_identifier: company.identifier.clone(),
        board: Named {
            id: board.id,
            name: board.name.clone(),
        },
        is_closed: status.is_some_and(|status| status.kind == EntryKind::Status(true)),
        status: status.map_or_else(
            || Named {
                id: 0,
                name: "New".to_owned(),
            },
            named,
        ),
        ticket_type: ticket_type.map(named),
        subtype: subtype.map(named),
        item: item.map(named),
        priority: priority.map(named),
        reference: text(&members, "externalXRef").map(str::to_owned),
        description: text(&members, "initialDescription").map(str::to_owned),
        internal_note: text(&members, "initialInternalAnalysis").map(str::to_owned),
        other: members
            .iter()
            .filter(|(name, value)| is_kept_as_it_came(name) && !value.is_null())
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
        entered_by: tenant.member.clone(),
    })
}

/// The members under the API's own names, each of the type that is due.
fn read_members(body: &[u8]) -> Result<Map<String, Value>, Answer> {
    let Ok(Value::Object(given)) = serde_json::from_slice::<Value>(body) else {
        let message = "The request body is not a JSON object.";
        return Err(Answer::error(400, "InvalidObject", message));
    };
    let mut members = Map::new();
    for (name, value) in given {
        let Some((own_name, due)) = member(&name) else {
            return Err(Answer::unknown_member(&name, "Ticket"));
        };
        if let Some(type_name) = wrong_type(&value, due) {
            return Err(Answer::wrong_type(&value, type_name, own_name));
        }
        if let (Type::Reference, Some(reference)) = (due, value.as_object()) {
            check_reference(reference, own_name)?;
        }
        members.insert(own_name.to_owned(), value);
    }
    Ok(members)
}

/// None: the value is of the type. Otherwise the type's name, as the PSA writes it.
fn wrong_type(value: &Value, due: Type) -> Option<&'static str> {
    let (is_right, name) = match due {
        _ if value.is_null() => (true, ""),
        Type::Text(_) => (value.is_string(), "System.String"),
        Type::Reference => (value.is_object(), "ConnectWise.Reference"),
        Type::Flag => (value.is_boolean(), "System.Nullable`1[System.Boolean]"),
        Type::Integer => (is_int32(value), "System.Nullable`1[System.Int32]"),
        Type::Number => (value.is_number(), "System.Nullable`1[System.Double]"),
        Type::OneOf(names) => (
            value.as_str().is_some_and(|text| names.contains(&text)),
            "System.Nullable`1[ConnectWise.Enum]",
        ),
        Type::Any => (true, ""),
    };
    (!is_right).then_some(name)
}

fn is_int32(value: &Value) -> bool {
    value
        .as_i64()
        .is_some_and(|number| i32::try_from(number).is_ok())
}

fn check_reference(reference: &Map<String, Value>, name: &str) -> Result<(), Answer> {
    for (member, value) in reference {
        let path = format!("{name}.{member}");
        let due = match member.as_str() {
            "id" => Type::Integer,
            "name" | "identifier" => Type::Text(usize::MAX),
            "_info" => Type::Any,
            _ => return Err(Answer::unknown_member(&path, "Reference")),
        };
        if let Some(type_name) = wrong_type(value, due) {
            return Err(Answer::wrong_type(value, type_name, &path));
        }
    }
    Ok(())
}

fn find_company<'a>(
    tenant: &'a Tenant,
    members: &Map<String, Value>,
    faults: &mut Vec<Fault>,
) -> Option<&'a Company> {
    let Some(reference) = members.get("company").and_then(Value::as_object) else {
        faults.push(required("company"));
        return None;
    };
    let id = reference.get("id").and_then(Value::as_i64);
    let identifier = reference.get("identifier").and_then(Value::as_str);
    let found = tenant.companies.iter().find(|company| match id {
        Some(id) => company.id == id,
        None => Some(company.identifier.as_str()) == identifier,
    });
    if found.is_none() {
        let what = id.map_or_else(|| identifier.unwrap_or("").to_owned(), |id| id.to_string());
        faults.push(not_found(format!("company {what}"), "company/id"));
    }
    found
}

/// The first one that takes tickets, where none is named.
fn find_board<'a>(
    tenant: &'a Tenant,
    members: &Map<String, Value>,
    faults: &mut Vec<Fault>,
) -> Option<&'a Board> {
    let mut boards = tenant.boards.iter();
    let Some(reference) = members.get("board").and_then(Value::as_object) else {
        return boards.find(|board| !board.is_for_projects && !board.is_inactive);
    };
    let id = reference.get("id").and_then(Value::as_i64);
    let name = reference.get("name").and_then(Value::as_str);
    let found = boards.find(|board| Some(board.id) == id || Some(board.name.as_str()) == name);
    if found.is_none() {
        let what = id.map_or_else(|| name.unwrap_or("").to_owned(), |id| id.to_string());
        faults.push(not_found(format!("Service Board {what}"), "board/id"));
    }
    found
}

/// The entry that a member names, by id or name.
fn find<'a>(
    members: &Map<String, Value>,
    name: &str,
    entries: &'a [Entry],
    what: &str,
    on_board: &str,
    faults: &mut Vec<Fault>,
) -> Option<&'a Entry> {
    let reference = members.get(name)?.as_object()?;
    let id = reference.get("id").and_then(Value::as_i64);
    let wanted = reference.get("name").and_then(Value::as_str);
    let mut entries = entries.iter();
    let found = entries.find(|entry| Some(entry.id) == id || Some(entry.name.as_str()) == wanted);
    if found.is_none() {
        let label = id.map_or_else(|| wanted.unwrap_or("").to_owned(), |id| id.to_string());
        let message = format!("{what} {label} not found{on_board}");
        faults.push(Fault {
            code: "NotFound",
            message,
            field: format!("{name}/id"),
        });
    }
    found
}

fn default_of(entries: &[Entry]) -> Option<&Entry> {
    let mut defaults = entries.iter().filter(|entry| entry.is_default);
    defaults.next().or(entries.first())
}

/// Counted as the server does, in UTF-16 units.
fn too_long(members: &Map<String, Value>) -> Vec<Fault> {
    let faults = members.iter().filter_map(|(name, value)| {
        let (_, Type::Text(limit)) = member(name)? else {
            return None;
        };
        let length = value.as_str()?.encode_utf16().count();
        (length > limit).then(|| Fault {
            code: "MaxLengthField",
            message: format!("The field {name} must be a string with a maximum length of {limit}."),
            field: name.clone(),
        })
    });
    faults.collect()
}

fn text<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    let text = members.get(name)?.as_str()?;
    (!text.is_empty()).then_some(text)
}

/// Not what the ticket keeps as its own, and not what is only written and never served.
fn is_kept_as_it_came(name: &str) -> bool {
    let is_own = [
        "summary",
        "company",
        "board",
        "status",
        "type",
        "subType",
        "item",
        "priority",
        "externalXRef",
    ]
    .contains(&name);
    let is_write_only = name.starts_with("initial")
        || ["contactEmailLookup", "processNotifications", "skipCallback"].contains(&name);
    !is_own && !is_write_only && !is_read_only(name)
}

fn required(name: &str) -> Fault {
    Fault {
        code: "MissingRequiredField",
        message: format!("The {name} field is required."),
        field: name.to_owned(),
    }
}

fn not_found(what: String, field: &str) -> Fault {
    Fault {
        code: "NotFound",
        message: format!("{what} not found"),
        field: field.to_owned(),
    }
}
