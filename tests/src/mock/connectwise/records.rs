//! The records of a tenant that are set up by hand, as the API serves them: companies, boards with their lists, priorities.

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

/// A board with its lists.
#[derive(Clone, Debug, Default)]
pub struct Board {
    /// Its id.
    pub id: i64,
    /// The name.
    pub name: String,
    /// Takes no more tickets.
    pub is_inactive: bool,
    /// Takes project tickets only.
    pub is_for_projects: bool,
    /// Its statuses. The first default one is that of new tickets.
    pub statuses: Vec<Entry>,
    /// Its types.
    pub types: Vec<Entry>,
    /// Its subtypes.
    pub subtypes: Vec<Entry>,
    /// Its items.
    pub items: Vec<Entry>,
    /// Which item goes under which type and subtype.
    pub associations: Vec<Association>,
}

/// Which of the lists an [`Entry`] is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A status; true: tickets in it are closed.
    Status(bool),
    /// A type.
    Type,
    /// A subtype, and the types that it goes under.
    Subtype(Vec<i64>),
    /// An item.
    Item,
    /// A priority with its level and colour. Of no board.
    Priority(&'static str, &'static str),
}

/// A row of a list.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its id, unique in the tenant.
    pub id: i64,
    /// The name.
    pub name: String,
    /// Its list.
    pub kind: EntryKind,
    /// Not to be chosen any more.
    pub is_inactive: bool,
    /// Taken where a ticket names none.
    pub is_default: bool,
}

/// An item that is allowed under a type and a subtype.
#[derive(Clone, Debug)]
pub struct Association {
    /// Its own id.
    pub id: i64,
    /// The type's.
    pub type_id: i64,
    /// The subtype's.
    pub subtype_id: Option<i64>,
    /// The item's.
    pub item_id: i64,
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

impl Record for Board {
    fn kind(name: &str) -> Option<Kind> {
        match name {
            "id" => Some(Kind::Number),
            "name" => Some(Kind::Text),
            "inactiveFlag" | "projectFlag" => Some(Kind::Flag),
            _ => None,
        }
    }

    fn id(&self) -> i64 {
        self.id
    }

    fn operands(&self, name: &str) -> Vec<Operand> {
        match name {
            "name" => vec![Operand::Text(self.name.clone())],
            "inactiveFlag" => vec![Operand::Flag(self.is_inactive)],
            "projectFlag" => vec![Operand::Flag(self.is_for_projects)],
            _ => vec![Operand::Number(self.id)],
        }
    }

    fn json(&self, base: &str) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "location": {"id": 2, "name": "Tampa Office", "_info": {"location_href": format!("{base}//system/locations/2")}},
            "department": {"id": 10, "identifier": "Services", "name": "Professional Services"},
            "inactiveFlag": self.is_inactive,
            "projectFlag": self.is_for_projects,
            "closedLoopAllFlag": null,
            "billTime": "NoDefault",
            "problemSort": "Descending",
            "_info": {"lastUpdated": "2026-01-05T08:00:00Z", "updatedBy": "Admin1"},
        })
    }
}

impl Record for Entry {
    fn kind(name: &str) -> Option<Kind> {
        match name {
            "id" => Some(Kind::Number),
            "name" => Some(Kind::Text),
            "defaultFlag" => Some(Kind::Flag),
            _ => None,
        }
    }

    fn id(&self) -> i64 {
        self.id
    }

    fn operands(&self, name: &str) -> Vec<Operand> {
        match name {
            "name" => vec![Operand::Text(self.name.clone())],
            "defaultFlag" => vec![Operand::Flag(self.is_default)],
            _ => vec![Operand::Number(self.id)],
        }
    }

    fn json(&self, _base: &str) -> Value {
        let mut json = json!({
            "id": self.id,
            "name": self.name,
            "sortOrder": self.id % 100,
            "defaultFlag": self.is_default,
            "_info": {"lastUpdated": "2026-01-05T08:00:00Z", "updatedBy": "Admin1"},
        });
        // The flags have other names on a status.
        match &self.kind {
            EntryKind::Status(is_closed) => {
                json["inactive"] = self.is_inactive.into();
                json["closedStatus"] = (*is_closed).into();
            }
            EntryKind::Subtype(types) => {
                json["inactiveFlag"] = self.is_inactive.into();
                json["typeAssociationIds"] = json!(types);
            }
            EntryKind::Priority(level, color) => {
                json["level"] = (*level).into();
                json["color"] = (*color).into();
            }
            EntryKind::Type | EntryKind::Item => json["inactiveFlag"] = self.is_inactive.into(),
        }
        json
    }
}

impl Record for Association {
    fn kind(name: &str) -> Option<Kind> {
        ["id", "type/id", "subType/id", "item/id"]
            .contains(&name)
            .then_some(Kind::Number)
    }

    fn id(&self) -> i64 {
        self.id
    }

    fn operands(&self, name: &str) -> Vec<Operand> {
        let id = match name {
            "type/id" => Some(self.type_id),
            "subType/id" => self.subtype_id,
            "item/id" => Some(self.item_id),
            _ => Some(self.id),
        };
        id.map(Operand::Number).into_iter().collect()
    }

    fn json(&self, _base: &str) -> Value {
        let mut json = json!({
            "id": self.id,
            "type": {"id": self.type_id},
            "item": {"id": self.item_id},
            "_info": {"lastUpdated": "2026-01-05T08:00:00Z"},
        });
        if let Some(id) = self.subtype_id {
            json["subType"] = json!({"id": id});
        }
        json
    }
}
