//! What is written, and what is declined: with 500, whatever the rule.

use serde_json::{Map, Value, json};

use super::declined;
use super::example::{ENTITIES, choosers};
use super::tenant::Tenant;
use crate::mock::Answer;

const DATE: &str = "2026-05-04T09:59:58.147Z";

type Row = Map<String, Value>;

/// `POST Tickets`.
pub(super) fn create(tenant: &mut Tenant, body: &Value) -> Answer {
    if !tenant.may("Tickets", "Create") {
        return no_permission("create");
    }
    let Some(draft) = body.as_object() else {
        return declined(&["Value cannot be null."]);
    };
    if let Err(errors) = check(tenant, draft) {
        return declined(&errors.iter().map(String::as_str).collect::<Vec<_>>());
    }
    let is_same = |row: &&Row| {
        row["title"] == draft["title"]
            && row["companyID"] == draft["companyID"]
            && row["status"] != 5
    };
    let older = tenant
        .rows("Tickets")
        .find(is_same)
        .map(|row| row["id"].clone());
    if let Some(older) = older.filter(|_| tenant.merges_duplicates) {
        let mut note = Row::new();
        note.insert("ticketID".to_owned(), older.clone());
        note.insert("noteType".to_owned(), json!(15));
        note.insert("description".to_owned(), body["description"].clone());
        tenant.add("TicketNotes", note);
        return Answer::json(200, &json!({"itemId": older}));
    }
    let mut ticket = draft.clone();
    for member in ["createDate", "lastActivityDate"] {
        ticket.insert(member.to_owned(), json!(DATE));
    }
    ticket.entry("externalID").or_insert(json!(""));
    ticket.entry("resolution").or_insert(json!(""));
    let id = tenant.add("Tickets", ticket);
    let number = json!(format!("T20260504.{id:04}"));
    let status = draft["status"].as_i64().unwrap_or_default();
    set(tenant, id, "ticketNumber", number);
    set_status(tenant, id, status);
    Answer::json(200, &json!({"itemId": id}))
}

fn check(tenant: &Tenant, draft: &Row) -> Result<(), Vec<String>> {
    let fail = |text: String| Err(vec![text]);
    for (member, value) in draft {
        let known = ENTITIES.iter().find(|(name, _)| *name == "Tickets");
        if known.is_none_or(|(_, fields)| !fields.contains(&member.as_str())) {
            return fail(format!("Unable to find {member} in the Ticket Entity."));
        }
        if value.is_null() || *value == "" {
            return fail("Object reference not set to an instance of an object.".to_owned());
        }
    }
    for member in ["title", "companyID", "status", "priority"] {
        if !draft.contains_key(member) {
            return fail(format!("Missing Required Field: {member}"));
        }
    }
    if !draft.contains_key("queueID") && !draft.contains_key("assignedResourceID") {
        return fail("assignedResourceID, assignedResourceRoleID, and queueID cannot all be empty. Supply a queueID or both an assignedResourceID and assignedResourceRoleID.".to_owned());
    }
    for (member, most) in [("title", 255), ("description", 8_000), ("externalID", 50)] {
        let text = draft
            .get(member)
            .and_then(Value::as_str)
            .unwrap_or_default();
        if text.encode_utf16().count() > most {
            return Err(vec![
                format!("String value exceeds maximum length (field:{member})."),
                "Error updating entity for record number [1].".to_owned(),
            ]);
        }
    }
    choices(draft)?;
    let company = draft["companyID"].as_i64();
    if company.and_then(|id| tenant.row("Companies", id)).is_none() {
        return fail(
            "Reference value on field: companyID of type: Company does not exist or is invalid."
                .to_owned(),
        );
    }
    if let Some(id) = draft.get("contactID").and_then(Value::as_i64) {
        match tenant.row("Contacts", id) {
            Some(row) if row["isActive"] == 0 => {}
            Some(row) if row["companyID"].as_i64() == company => return Ok(()),
            Some(_) => {
                return fail(
                    "contactID is not associated to the companyID or its Parent Company".to_owned(),
                );
            }
            None => {}
        }
        return fail(
            "Reference value on field: contactID of type: Contact does not exist or is invalid."
                .to_owned(),
        );
    }
    if let Some(id) = draft.get("companyLocationID").and_then(Value::as_i64) {
        let row = tenant.row("CompanyLocations", id);
        if row.is_none_or(|row| row["companyID"].as_i64() != company) {
            return fail(format!(
                "The companyLocationID[{id}] cannot be associated with the Ticket. The Ticket and CompanyLocation must have the same companyID."
            ));
        }
    }
    Ok(())
}

/// Values of choosers: numbers, active ones, and a sub-issue type under its issue type.
fn choices(members: &Row) -> Result<(), Vec<String>> {
    for (field, values) in choosers("Tickets") {
        let Some(value) = members.get(*field) else {
            continue;
        };
        let found = values
            .iter()
            .find(|(id, .., is_active)| Some(*id) == value.as_i64() && *is_active);
        match found {
            None => return Err(vec![format!("Value does not exist for picklist: {field}")]),
            Some((_, _, parent, ..)) if !parent.is_empty() => {
                let under = members.get("issueType").map(Value::to_string);
                if under.as_deref() != Some(*parent) {
                    return Err(vec![format!(
                        "Value does not exist for child picklist: {field}"
                    )]);
                }
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// `PATCH Tickets`, with the id in the body. The answer is the same if nothing was changed.
pub(super) fn change(tenant: &mut Tenant, body: &Value) -> Answer {
    if !tenant.may("Tickets", "Update") {
        return no_permission("update");
    }
    let id = body["id"].as_i64().unwrap_or_default();
    let (Some(members), Some(_)) = (body.as_object(), tenant.row("Tickets", id)) else {
        return declined(&["No matching records found."]);
    };
    if let Err(errors) = choices(members) {
        return declined(&errors.iter().map(String::as_str).collect::<Vec<_>>());
    }
    if tenant.ignored_changes > 0 {
        tenant.ignored_changes -= 1;
        return Answer::json(200, &json!({"itemId": id}));
    }
    for (member, value) in members {
        if member != "status" && member != "id" {
            set(tenant, id, member, value.clone());
        }
    }
    if let Some(status) = members.get("status").and_then(Value::as_i64) {
        set_status(tenant, id, status);
    }
    Answer::json(200, &json!({"itemId": id}))
}

fn set(tenant: &mut Tenant, id: i64, member: &str, value: Value) {
    let tickets = tenant.rows.entry("Tickets").or_default();
    if let Some(ticket) = tickets.get_mut(&id) {
        ticket.insert(member.to_owned(), value);
    }
}

/// A rule may move it on at once.
fn set_status(tenant: &mut Tenant, id: i64, status: i64) {
    let moved = tenant.moves_on.filter(|(from, _)| *from == status);
    for status in [Some(status), moved.map(|(_, to)| to)]
        .into_iter()
        .flatten()
    {
        tenant.statuses.entry(id).or_default().push(status);
        set(tenant, id, "status", json!(status));
        let completed = if status == 5 {
            json!(DATE)
        } else {
            Value::Null
        };
        set(tenant, id, "completedDate", completed);
    }
}

/// `POST Tickets/{id}/Notes`.
pub(super) fn note(tenant: &mut Tenant, ticket: &str, body: &Value) -> Answer {
    if !tenant.may("TicketNotes", "Create") {
        return no_permission("create");
    }
    let ticket = ticket
        .parse()
        .ok()
        .filter(|id| tenant.row("Tickets", *id).is_some());
    let (Some(ticket), Some(members)) = (ticket, body.as_object()) else {
        return declined(&["Value does not reference an existing entity for ticketID."]);
    };
    for member in ["title", "description", "noteType", "publish"] {
        if members
            .get(member)
            .is_none_or(|value| value.is_null() || *value == "")
        {
            return declined(&[&format!("Missing Required Field: {member}")]);
        }
    }
    for (member, most) in [("title", 250), ("description", 32_000)] {
        let text = members[member].as_str().unwrap_or_default();
        if text.encode_utf16().count() > most {
            return declined(&[&format!(
                "String value exceeds maximum length (field:{member})."
            )]);
        }
    }
    let mut note = members.clone();
    note.insert("ticketID".to_owned(), json!(ticket));
    note.insert("createDateTime".to_owned(), json!(DATE));
    Answer::json(200, &json!({"itemId": tenant.add("TicketNotes", note)}))
}

/// `POST Tickets/{id}/AdditionalConfigurationItems`.
pub(super) fn attach(tenant: &mut Tenant, ticket: &str, body: &Value) -> Answer {
    let asset = body["configurationItemID"].as_i64().unwrap_or_default();
    let ticket: i64 = ticket.parse().unwrap_or_default();
    let company =
        |entity: &str, id: i64| tenant.row(entity, id).map(|row| row["companyID"].clone());
    let (of_ticket, of_asset) = (
        company("Tickets", ticket),
        company("ConfigurationItems", asset),
    );
    if of_ticket.is_none() || of_ticket != of_asset {
        let company = of_ticket.unwrap_or_default();
        return declined(&[&format!(
            "The configurationItemID [{asset}] is not associated with Company [{company}]"
        )]);
    }
    let link = json!({"ticketID": ticket, "configurationItemID": asset});
    let is_it = |row: &Row| row["ticketID"] == ticket && row["configurationItemID"] == asset;
    if tenant.rows("TicketAdditionalConfigurationItems").any(is_it) {
        return declined(&["The configuration item is already associated with the ticket."]);
    }
    let link = link.as_object().cloned().unwrap_or_default();
    let id = tenant.add("TicketAdditionalConfigurationItems", link);
    Answer::json(200, &json!({"itemId": id}))
}

fn no_permission(what: &str) -> Answer {
    declined(&[&format!(
        "The logged in Resource does not have the adequate permissions to {what} this entity type."
    )])
}
