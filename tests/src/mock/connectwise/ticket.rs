//! A ticket, as it is kept and as the API serves it.

use serde_json::{Map, Value, json};

use super::condition::{Kind, Operand};
use super::listing::Record;

/// An id with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Of the record referred to.
    pub id: i64,
    /// Its name.
    pub name: String,
}

/// A ticket that was opened.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// Given by the server.
    pub id: i64,
    /// At most 100 UTF-16 units.
    pub summary: String,
    /// The customer.
    pub company: Named,
    /// The customer's short name.
    pub company_identifier: String,
    /// The board.
    pub board: Named,
    /// A status of the board.
    pub status: Named,
    /// By its status.
    pub is_closed: bool,
    /// A type of the board.
    pub ticket_type: Option<Named>,
    /// A subtype of the board.
    pub subtype: Option<Named>,
    /// An item of the board.
    pub item: Option<Named>,
    /// A priority.
    pub priority: Option<Named>,
    /// `externalXRef`.
    pub reference: Option<String>,
    /// `initialDescription`, which is never served again.
    pub description: Option<String>,
    /// `initialInternalAnalysis`, which is never served again.
    pub internal_note: Option<String>,
    /// Whatever else was set and is served as it came.
    pub other: Map<String, Value>,
    /// The member that opened it.
    pub entered_by: String,
}

/// There is no clock here, so that the same run is answered the same way.
const ENTERED: &str = "2026-05-04T09:59:58Z";

impl Record for Ticket {
    fn kind(name: &str) -> Option<Kind> {
        match name {
            "id" | "company/id" | "board/id" | "status/id" => Some(Kind::Number),
            "summary" | "externalXRef" | "company/name" | "company/identifier" | "board/name"
            | "status/name" => Some(Kind::Text),
            "closedFlag" => Some(Kind::Flag),
            _ => None,
        }
    }

    fn id(&self) -> i64 {
        self.id
    }

    fn operands(&self, name: &str) -> Vec<Operand> {
        let text = |text: &String| vec![Operand::Text(text.clone())];
        match name {
            "summary" => text(&self.summary),
            "externalXRef" => self.reference.iter().cloned().map(Operand::Text).collect(),
            "company/name" => text(&self.company.name),
            "company/identifier" => text(&self.company_identifier),
            "board/name" => text(&self.board.name),
            "status/name" => text(&self.status.name),
            "closedFlag" => vec![Operand::Flag(self.is_closed)],
            "company/id" => vec![Operand::Number(self.company.id)],
            "board/id" => vec![Operand::Number(self.board.id)],
            "status/id" => vec![Operand::Number(self.status.id)],
            _ => vec![Operand::Number(self.id)],
        }
    }

    fn json(&self, base: &str) -> Value {
        let reference = |named: &Named, member: &str, path: &str| {
            let href = format!("{base}//{path}/{}", named.id);
            let link = format!("{member}_href");
            json!({"id": named.id, "name": named.name, "_info": {link: href}})
        };
        let board = format!("service/boards/{}", self.board.id);
        let mut json = json!({
            "id": self.id,
            "summary": self.summary,
            "recordType": "ServiceTicket",
            "board": reference(&self.board, "board", "service/boards"),
            "status": reference(&self.status, "status", &format!("{board}/statuses")),
            "company": reference(&self.company, "company", "company/companies"),
            "siteName": "Main",
            "team": {"id": 25, "name": "Service Team"},
            "serviceLocation": {"id": 4, "name": "Remote"},
            "severity": "Low",
            "impact": "Low",
            "allowAllClientsPortalView": false,
            "customerUpdatedFlag": false,
            "automaticEmailContactFlag": false,
            "automaticEmailResourceFlag": false,
            "automaticEmailCcFlag": false,
            "closedFlag": self.is_closed,
            "approved": true,
            "estimatedExpenseCost": 0.0,
            "billingMethod": "ActualRates",
            "subBillingMethod": "ActualRates",
            "isInSla": false,
            "hasChildTicket": false,
            "billTime": "NoDefault",
            "_info": {"lastUpdated": ENTERED, "updatedBy": self.entered_by,
                "dateEntered": ENTERED, "enteredBy": self.entered_by},
        });
        json["company"]["identifier"] = self.company_identifier.clone().into();
        // Members that are not set are left out, as current versions do.
        for (member, named, path) in [
            ("type", &self.ticket_type, "types"),
            ("subType", &self.subtype, "subtypes"),
            ("item", &self.item, "items"),
        ] {
            if let Some(named) = named {
                json[member] = reference(named, member, &format!("{board}/{path}"));
            }
        }
        if let Some(priority) = &self.priority {
            json["priority"] = reference(priority, "priority", "service/priorities");
        }
        if let Some(reference) = &self.reference {
            json["externalXRef"] = reference.clone().into();
        }
        for (name, value) in &self.other {
            json[name] = value.clone();
        }
        json
    }
}
