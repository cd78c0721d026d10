//! Which request is which. Wrong ones are refused in the words of the framework under the API.

use serde_json::{Value, json};

use super::example::{ENTITIES, choosers};
use super::tenant::{Tenant, WrongZone};
use super::{declined, not_let_in, query, writes};
use crate::mock::{Answer, Asked};

/// The answer to a request of a known user. `path` is below the version.
pub(super) fn answer(asked: &Asked, path: &str, tenant: &mut Tenant, body: &[u8]) -> Answer {
    let header = |name: &str| asked.header(name).unwrap_or_default().to_owned();
    let is_there = asked
        .authority
        .starts_with(&format!("webservices{}.autotask.net", tenant.zone));
    if !is_there {
        return match tenant.wrong_zone {
            WrongZone::Empty if path.ends_with("/query") => {
                Answer::json(200, &query::page(&[], None))
            }
            _ => not_let_in(),
        };
    }
    if !tenant.lets_in(&header("secret"), &header("apiintegrationcode")) {
        return not_let_in();
    }
    let parsed: Value = match serde_json::from_slice(body) {
        Ok(parsed) => parsed,
        Err(_) if body.is_empty() => Value::Null,
        Err(_) => return declined(&["Unexpected character encountered while parsing value."]),
    };
    if !body.is_empty() && !header("content-type").starts_with("application/json") {
        return Answer::json(415, &json!({"Message": "The media type is not supported."}));
    }
    let parts: Vec<&str> = path.split('/').collect();
    match (asked.method.as_str(), parts.as_slice()) {
        ("GET", ["Version"]) => Answer::json(
            200,
            &json!({"majorVersion": 2026, "minorVersion": 1, "build": "118", "customerType": "Standard"}),
        ),
        ("GET", [entity, "entityInformation"]) => rights(tenant, entity),
        ("GET", [entity, "entityInformation", "fields"]) => fields(tenant, entity),
        ("POST", [entity, "query"]) => of_query(tenant, entity, &parsed),
        ("POST", [entity, "query", "count"]) => match entity_named(entity) {
            Some((name, fields)) => {
                let rows = tenant.rows(name).filter(|_| tenant.may(name, "Query"));
                query::count(rows, fields, name, &parsed)
            }
            None => no_resource(),
        },
        ("GET", ["Tickets", id]) => {
            match id.parse().ok().and_then(|id| tenant.row("Tickets", id)) {
                Some(row) => Answer::json(200, &json!({"item": row})),
                None => Answer::json(200, &json!({"item": null})),
            }
        }
        ("POST", ["Tickets"]) => writes::create(tenant, &parsed),
        ("PATCH", ["Tickets"]) => writes::change(tenant, &parsed),
        ("POST", ["Tickets", id, "Notes"]) => writes::note(tenant, id, &parsed),
        ("POST", ["Tickets", id, "AdditionalConfigurationItems"]) => {
            writes::attach(tenant, id, &parsed)
        }
        ("GET", [entity]) if entity_named(entity).is_some() => no_method(&asked.method),
        (_, ["Tickets", _]) => no_method(&asked.method),
        _ => no_resource(),
    }
}

fn entity_named(name: &str) -> Option<(&'static str, &'static [&'static str])> {
    ENTITIES.into_iter().find(|(entity, _)| *entity == name)
}

fn of_query(tenant: &Tenant, entity: &str, body: &Value) -> Answer {
    let Some((name, fields)) = entity_named(entity) else {
        return no_resource();
    };
    // Without the right, rows are absent, and nothing says so.
    let rows = query::candidates(tenant, name, body).filter(|_| tenant.may(name, "Query"));
    query::answer(rows, fields, name, body, tenant.heeds_page_size)
}

fn rights(tenant: &Tenant, entity: &str) -> Answer {
    if entity_named(entity).is_none() {
        return no_resource();
    }
    let access = |access: &str| match tenant.may(entity, access) {
        true => "All",
        false => "None",
    };
    Answer::json(
        200,
        &json!({"info": {
            "name": entity, "canCreate": true, "canDelete": false, "canQuery": true, "canUpdate": true,
            "userAccessForCreate": access("Create"), "userAccessForDelete": "None",
            "userAccessForQuery": access("Query"), "userAccessForUpdate": access("Update"),
            "hasUserDefinedFields": true, "supportsWebhookCallouts": true,
        }}),
    )
}

fn fields(tenant: &Tenant, entity: &str) -> Answer {
    let Some((name, fields)) = entity_named(entity) else {
        return no_resource();
    };
    let choosers = choosers(name);
    let fields = fields.iter().map(|field| {
        let chooser = choosers.iter().find(|(name, _)| name == field);
        let values = chooser.map(|(_, values)| {
            let values = values.iter().enumerate().map(|(place, (id, label, parent, is_default, is_active))| {
                let was_made_inactive = *field == "status" && tenant.inactive_statuses.contains(id);
                let is_active = *is_active && !was_made_inactive;
                json!({
                    "value": id.to_string(), "label": label, "isDefaultValue": is_default, "sortOrder": place + 1,
                    "parentValue": parent, "isActive": is_active, "isSystem": *id < 10,
                })
            });
            values.collect::<Vec<_>>()
        });
        json!({"name": field, "isPickList": values.is_some(), "picklistValues": values})
    });
    Answer::json(200, &json!({"fields": fields.collect::<Vec<_>>()}))
}

fn no_resource() -> Answer {
    Answer::json(
        404,
        &json!({"Message": "No HTTP resource was found that matches the request."}),
    )
}

fn no_method(method: &str) -> Answer {
    let text = format!("The requested resource does not support http method '{method}'.");
    Answer::json(405, &json!({"Message": text}))
}
