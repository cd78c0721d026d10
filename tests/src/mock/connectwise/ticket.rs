//! A ticket, as it is kept and as the API serves it.

use serde_json::{Map, Value, json};

use super::condition::{Kind, Operand};
use super::listing::Record;
use super::note::Note;
use super::records::Entry;

/// An id with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Of the record referred to.
    pub id: i64,
    /// Its name.
    pub name: String,
}

impl Named {
    pub(super) fn new(id: i64, name: &str) -> Self {
        let name = name.to_owned();
        Self { id, name }
    }
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
    /// When it was last closed.
    pub closed_at: Option<String>,
    /// The id of every status that it was ever put into, in order; the same one again where it was set again.
    pub statuses: Vec<i64>,
    /// A type of the board.
    pub ticket_type: Option<Named>,
    /// A subtype of the board.
    pub subtype: Option<Named>,
    /// An item of the board.
    pub item: Option<Named>,
    /// A priority.
    pub priority: Option<Named>,
    /// Where it comes from.
    pub source: Option<Named>,
    /// A contact of the company.
    pub contact: Option<Named>,
    /// A site of the company.
    pub site: Option<Named>,
    /// `externalXRef`.
    pub reference: Option<String>,
    /// `initialDescription`, which is never served again.
    pub description: Option<String>,
    /// `initialInternalAnalysis`, which is never served again.
    pub internal_note: Option<String>,
    /// Whatever else was set and is served as it came.
    pub other: Map<String, Value>,
    /// Its notes and time entries, in the order in which they were written.
    pub notes: Vec<Note>,
    /// The ids of the configurations that are attached to it.
    pub configurations: Vec<i64>,
    /// The ticket that it was merged into.
    pub merged_into: Option<Named>,
    /// Whether others were merged into it.
    pub has_merged_children: bool,
    /// The member that opened it.
    pub entered_by: String,
    /// When it was opened.
    pub entered_at: String,
    /// The member that last changed it.
    pub updated_by: String,
    /// When it was last changed.
    pub updated_at: String,
}

impl Ticket {
    /// Puts it into a status of its board. The date of closing stays when it is opened again: whether the PSA clears it is not
    /// known, so no client may depend on it.
    pub(super) fn enter(&mut self, status: &Entry, now: &str) {
        self.status = status.named();
        self.statuses.push(status.id);
        if status.is_closed() && !self.is_closed {
            self.closed_at = Some(now.to_owned());
        }
        self.is_closed = status.is_closed();
    }
}

impl Record for Ticket {
    fn kind(name: &str) -> Option<Kind> {
        match name {
            "id" | "company/id" | "board/id" | "status/id" | "contact/id" => Some(Kind::Number),
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
            "contact/id" => {
                let ids = self.contact.iter().map(|contact| contact.id);
                ids.map(Operand::Number).collect()
            }
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
            "hasMergedChildTicketFlag": self.has_merged_children,
            "billTime": "NoDefault",
            "_info": {"lastUpdated": self.updated_at, "updatedBy": self.updated_by,
                "dateEntered": self.entered_at, "enteredBy": self.entered_by},
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
        for (member, named, path) in [
            ("priority", &self.priority, "service/priorities"),
            ("source", &self.source, "service/sources"),
            ("contact", &self.contact, "company/contacts"),
            ("site", &self.site, "company/sites"),
        ] {
            if let Some(named) = named {
                json[member] = reference(named, member, path);
            }
        }
        for (member, named) in [("contactName", &self.contact), ("siteName", &self.site)] {
            if let Some(named) = named {
                json[member] = named.name.clone().into();
            }
        }
        if let Some(closed_at) = &self.closed_at {
            json["closedDate"] = closed_at.clone().into();
        }
        if let Some(parent) = &self.merged_into {
            json["mergedParentTicket"] = json!({"id": parent.id, "summary": parent.name});
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
