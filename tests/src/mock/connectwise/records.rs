//! Boards with their lists, priorities and sources, as the API serves them.

use serde_json::{Value, json};

use super::condition::{Kind, Operand};
use super::listing::Record;
use super::ticket::Named;

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
    /// Its lists are refused to the API member, although those of other boards are not.
    pub is_restricted: bool,
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
    /// A source. Of no board.
    Source,
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

impl Entry {
    pub(super) fn named(&self) -> Named {
        Named::new(self.id, &self.name)
    }

    /// Whether tickets in this status are closed.
    pub(super) fn is_closed(&self) -> bool {
        self.kind == EntryKind::Status(true)
    }
}

impl Board {
    /// What follows the name of an entry that is not on this board, in the PSA's refusal.
    pub(super) fn whose(&self) -> String {
        format!(" for Service Board {}", self.id)
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
            EntryKind::Source => {}
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
