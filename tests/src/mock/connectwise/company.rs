//! A customer, as the API serves it.

use serde_json::{Value, json};

use super::condition::{Kind, Operand};
use super::full_company::complete;
use super::listing::Record;

/// A customer.
#[derive(Clone, Debug)]
pub struct Company {
    /// Its id.
    pub id: i64,
    /// The short name.
    pub identifier: String,
    /// The name.
    pub name: String,
    /// The tenant's own label: `Active`.
    pub status: String,
    /// The tenant's own labels: `Client`.
    pub types: Vec<String>,
    /// Deleted companies are still served.
    pub is_deleted: bool,
    /// Whether every member of the schema is served, which makes a record of about 4.6 KB.
    pub is_full: bool,
}

impl Record for Company {
    fn kind(name: &str) -> Option<Kind> {
        match name {
            "id" | "status/id" => Some(Kind::Number),
            "identifier" | "name" | "status/name" => Some(Kind::Text),
            "deletedFlag" => Some(Kind::Flag),
            _ => None,
        }
    }

    /// `types` is a child array: `conditions` does not know it.
    fn child_kind(name: &str) -> Option<Kind> {
        (name == "types/name").then_some(Kind::Text)
    }

    fn id(&self) -> i64 {
        self.id
    }

    fn operands(&self, name: &str) -> Vec<Operand> {
        match name {
            "identifier" => vec![Operand::Text(self.identifier.clone())],
            "name" => vec![Operand::Text(self.name.clone())],
            "status/name" => vec![Operand::Text(self.status.clone())],
            "status/id" => vec![Operand::Number(1)],
            "deletedFlag" => vec![Operand::Flag(self.is_deleted)],
            "types/name" => self.types.iter().cloned().map(Operand::Text).collect(),
            _ => vec![Operand::Number(self.id)],
        }
    }

    fn json(&self, base: &str) -> Value {
        let id = self.id;
        let types: Vec<Value> = self
            .types
            .iter()
            .zip(1..)
            .map(|(name, id)| json!({"id": id, "name": name, "_info": {"type_href": format!("{base}//company/companies/types/{id}")}}))
            .collect();
        let mut json = json!({
            "id": id,
            "identifier": self.identifier,
            "name": self.name,
            "status": {"id": 1, "name": self.status, "_info": {"status_href": format!("{base}//company/companies/statuses/1")}},
            "addressLine1": "1 Example Street",
            "city": "Tampa",
            "phoneNumber": "8135550100",
            "territory": {"id": 2, "name": "Tampa Office"},
            "leadFlag": false,
            "unsubscribeFlag": false,
            "taxCode": {"id": 8, "name": "Tampa"},
            "billToCompany": {"id": id, "identifier": self.identifier, "name": self.name},
            "deletedFlag": self.is_deleted,
            "isVendorFlag": false,
            "types": types,
            "site": {"id": id + 1, "name": "Main"},
            "_info": {"lastUpdated": "2026-01-05T08:00:00Z", "updatedBy": "Admin1",
                "contacts_href": format!("{base}//company/contacts?conditions=company/id={id}")},
        });
        if self.is_full {
            complete(&mut json, id, base);
        }
        json
    }
}
