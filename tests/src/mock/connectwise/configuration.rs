//! A configuration: a device or another thing of a company, and what is attached to tickets.

use serde_json::{Value, json};

use super::condition::{Kind, Operand};
use super::listing::Record;
use super::members::{Schema, Type};
use super::refusal::Fault;
use super::tenant::Tenant;
use super::ticket::Ticket;
use crate::mock::Answer;

/// A configuration.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// Its id.
    pub id: i64,
    /// The company's.
    pub company_id: i64,
    /// The name. Several of one company may have the same.
    pub name: String,
    /// The tenant's own word: `Managed Server`.
    pub kind: String,
    /// The serial number, as it was entered.
    pub serial_number: Option<String>,
    /// The id of the site where it is.
    pub site_id: Option<i64>,
    /// The id of the contact whose it is.
    pub contact_id: Option<i64>,
    /// Whether it is in use.
    pub is_active: bool,
}

/// The body that attaches one.
const REFERENCE: Schema = Schema {
    name: "ConfigurationReference",
    resource: "configuration",
    members: &[
        (Type::Integer, &["id"]),
        (Type::Text(100), &["deviceIdentifier"]),
        (Type::Any, &["_info"]),
    ],
};

/// The id of the configuration that a body attaches to a ticket. The error is the PSA's refusal.
///
/// Only the refusal of a body without id is recorded. That the same one twice is refused is reported, without the words.
pub(super) fn read_attached(tenant: &Tenant, ticket: &Ticket, body: &[u8]) -> Result<i64, Answer> {
    let members = REFERENCE.read(body)?;
    let refused = |code, message| {
        let field = "id".to_owned();
        Err(Answer::invalid(
            REFERENCE.resource,
            &[Fault {
                code,
                message,
                field,
            }],
        ))
    };
    let Some(id) = members.get("id").and_then(Value::as_i64) else {
        let message = "id or deviceIdentifier is required.".to_owned();
        return refused("MissingRequiredField", message);
    };
    if !tenant.configurations.iter().any(|known| known.id == id) {
        return refused("NotFound", format!("Configuration {id} not found"));
    }
    if ticket.configurations.contains(&id) {
        let message = "The configuration is already attached to this ticket.".to_owned();
        return refused("ObjectExists", message);
    }
    Ok(id)
}

impl Record for Configuration {
    fn kind(name: &str) -> Option<Kind> {
        match name {
            "id" | "company/id" | "site/id" | "contact/id" => Some(Kind::Number),
            "name" | "serialNumber" | "deviceIdentifier" | "type/name" | "status/name" => {
                Some(Kind::Text)
            }
            "activeFlag" => Some(Kind::Flag),
            _ => None,
        }
    }

    fn id(&self) -> i64 {
        self.id
    }

    fn operands(&self, name: &str) -> Vec<Operand> {
        let text = |text: &str| vec![Operand::Text(text.to_owned())];
        let numbers = |id: Option<i64>| id.into_iter().map(Operand::Number).collect();
        match name {
            "company/id" => numbers(Some(self.company_id)),
            "site/id" => numbers(self.site_id),
            "contact/id" => numbers(self.contact_id),
            "name" => text(&self.name),
            "serialNumber" => self.serial_number.as_deref().map_or_else(Vec::new, text),
            "deviceIdentifier" => text(&self.id.to_string()),
            "type/name" => text(&self.kind),
            "status/name" => text("Active"),
            "activeFlag" => vec![Operand::Flag(self.is_active)],
            _ => numbers(Some(self.id)),
        }
    }

    fn json(&self, base: &str) -> Value {
        let mut json = json!({
            "id": self.id,
            "name": self.name,
            "type": {"id": 22, "name": self.kind, "_info": {
                "type_href": format!("{base}//company/configurations/types/22")}},
            "status": {"id": 1, "name": "Active"},
            "company": {"id": self.company_id},
            "deviceIdentifier": self.id.to_string(),
            "activeFlag": self.is_active,
            "questions": [],
            "_info": {"lastUpdated": "2026-01-05T08:00:00Z", "updatedBy": "Admin1"},
        });
        if let Some(serial_number) = &self.serial_number {
            json["serialNumber"] = serial_number.clone().into();
        }
        for (member, id) in [("site", self.site_id), ("contact", self.contact_id)] {
            if let Some(id) = id {
                json[member] = json!({"id": id});
            }
        }
        json
    }
}

/// A configuration as a ticket has it.
pub(super) struct Attached(pub(super) i64);

impl Record for Attached {
    fn kind(name: &str) -> Option<Kind> {
        (name == "id").then_some(Kind::Number)
    }

    fn id(&self) -> i64 {
        self.0
    }

    fn operands(&self, _name: &str) -> Vec<Operand> {
        vec![Operand::Number(self.0)]
    }

    fn json(&self, base: &str) -> Value {
        let id = self.0;
        let href = format!("{base}//company/configurations/{id}");
        json!({"id": id, "deviceIdentifier": id.to_string(), "_info": {"configuration_href": href}})
    }
}
