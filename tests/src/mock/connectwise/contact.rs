//! A person at a company, as the API serves it. It has neither `name` nor `email`: addresses are a child array.

use serde_json::{Value, json};

use super::condition::{Kind, Operand};
use super::listing::Record;

/// A contact.
#[derive(Clone, Debug)]
pub struct Contact {
    /// Its id.
    pub id: i64,
    /// The company's.
    pub company_id: i64,
    /// The first name.
    pub first_name: String,
    /// The last name. Empty: not served.
    pub last_name: String,
    /// The id of the site where they work.
    pub site_id: Option<i64>,
    /// Not to be chosen any more.
    pub is_inactive: bool,
    /// Whether this is the company's primary contact.
    pub is_default: bool,
    /// Addresses and numbers.
    pub reached_at: Vec<Means>,
}

/// A row of `communicationItems`.
#[derive(Clone, Debug)]
pub struct Means {
    /// `Email`, `Phone` or `Fax`.
    pub kind: &'static str,
    /// The address or number.
    pub value: String,
    /// Whether it is the default of its kind.
    pub is_default: bool,
}

impl Means {
    /// An address.
    #[must_use]
    pub fn email(value: &str, is_default: bool) -> Self {
        Self {
            kind: "Email",
            value: value.to_owned(),
            is_default,
        }
    }

    /// A number.
    #[must_use]
    pub fn phone(value: &str, is_default: bool) -> Self {
        Self {
            kind: "Phone",
            ..Self::email(value, is_default)
        }
    }

    fn json(&self, id: i64) -> Value {
        let mut json = json!({
            "id": id,
            // The tenant's own word, which says nothing of the kind.
            "type": {"id": 13, "name": "Shared Mailbox", "_info": {}},
            "value": self.value,
            "defaultFlag": self.is_default,
            "communicationType": self.kind,
        });
        if let Some((_, domain)) = self.value.split_once('@') {
            json["domain"] = format!("@{domain}").into();
        }
        json
    }
}

impl Contact {
    pub(super) fn full_name(&self) -> String {
        let name = format!("{} {}", self.first_name, self.last_name);
        name.trim().to_owned()
    }
}

impl Record for Contact {
    fn kind(name: &str) -> Option<Kind> {
        match name {
            "id" | "company/id" | "site/id" => Some(Kind::Number),
            "firstName" | "lastName" => Some(Kind::Text),
            "inactiveFlag" | "defaultFlag" => Some(Kind::Flag),
            _ => None,
        }
    }

    fn child_kind(name: &str) -> Option<Kind> {
        [
            "communicationItems/value",
            "communicationItems/communicationType",
        ]
        .contains(&name)
        .then_some(Kind::Text)
    }

    fn id(&self) -> i64 {
        self.id
    }

    fn operands(&self, name: &str) -> Vec<Operand> {
        let text = |text: &str| vec![Operand::Text(text.to_owned())];
        let of_each = |part: fn(&Means) -> &str| {
            let parts = self.reached_at.iter().map(part);
            parts.map(|text| Operand::Text(text.to_owned())).collect()
        };
        match name {
            "company/id" => vec![Operand::Number(self.company_id)],
            "site/id" => self.site_id.into_iter().map(Operand::Number).collect(),
            "firstName" => text(&self.first_name),
            "lastName" => text(&self.last_name),
            "inactiveFlag" => vec![Operand::Flag(self.is_inactive)],
            "defaultFlag" => vec![Operand::Flag(self.is_default)],
            "communicationItems/value" => of_each(|means| &means.value),
            "communicationItems/communicationType" => of_each(|means| means.kind),
            _ => vec![Operand::Number(self.id)],
        }
    }

    fn json(&self, base: &str) -> Value {
        let reached_at = self.reached_at.iter().zip(self.id * 100..);
        let reached_at: Vec<Value> = reached_at.map(|(means, id)| means.json(id)).collect();
        let mut json = json!({
            "id": self.id,
            "firstName": self.first_name,
            "company": {"id": self.company_id, "_info": {
                "company_href": format!("{base}//company/companies/{}", self.company_id)}},
            "inactiveFlag": self.is_inactive,
            "defaultFlag": self.is_default,
            "defaultBillingFlag": self.is_default,
            "communicationItems": reached_at,
            "types": [],
            "_info": {"lastUpdated": "2026-01-05T08:00:00Z", "updatedBy": "Admin1"},
        });
        // Members that are not set are left out.
        if !self.last_name.is_empty() {
            json["lastName"] = self.last_name.clone().into();
        }
        if let Some(site_id) = self.site_id {
            json["site"] = json!({"id": site_id});
        }
        json
    }
}
