//! A place of a company, as the API serves it.

use serde_json::{Value, json};

use super::condition::{Kind, Operand};
use super::listing::Record;

/// A site.
#[derive(Clone, Debug)]
pub struct Site {
    /// Its id.
    pub id: i64,
    /// The company's.
    pub company_id: i64,
    /// The name.
    pub name: String,
    /// Whether a ticket that names none gets this one.
    pub is_primary: bool,
    /// Not to be chosen any more.
    pub is_inactive: bool,
}

impl Record for Site {
    /// `defaultFlag` cannot be compared, as users of the API report.
    fn kind(name: &str) -> Option<Kind> {
        match name {
            "id" => Some(Kind::Number),
            "name" => Some(Kind::Text),
            "primaryAddressFlag" | "inactiveFlag" => Some(Kind::Flag),
            _ => None,
        }
    }

    fn id(&self) -> i64 {
        self.id
    }

    fn operands(&self, name: &str) -> Vec<Operand> {
        match name {
            "name" => vec![Operand::Text(self.name.clone())],
            "primaryAddressFlag" => vec![Operand::Flag(self.is_primary)],
            "inactiveFlag" => vec![Operand::Flag(self.is_inactive)],
            _ => vec![Operand::Number(self.id)],
        }
    }

    fn json(&self, _base: &str) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "addressLine1": "1 Example Street",
            "city": "Tampa",
            "primaryAddressFlag": self.is_primary,
            "inactiveFlag": self.is_inactive,
            "defaultShippingFlag": self.is_primary,
            "defaultBillingFlag": self.is_primary,
            "defaultMailingFlag": self.is_primary,
            "company": {"id": self.company_id},
            "_info": {"lastUpdated": "2026-01-05T08:00:00Z", "updatedBy": "Admin1"},
        })
    }
}
