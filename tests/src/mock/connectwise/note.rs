//! Notes of a ticket and the time entries among them: what a new one may hold, and how the API serves them.

use serde_json::{Value, json};

use super::condition::{Kind, Operand};
use super::listing::Record;
use super::members::{Schema, Type, UNBOUNDED, flag, text};
use super::refusal::Fault;
use crate::mock::Answer;

/// A note, or the text of a time entry.
#[derive(Clone, Debug)]
pub struct Note {
    /// Given by the server.
    pub id: i64,
    /// The ticket's.
    pub ticket_id: i64,
    /// What it says.
    pub text: String,
    /// `detailDescriptionFlag`: the customer sees it.
    pub is_discussion: bool,
    /// `internalAnalysisFlag`: the customer does not see it.
    pub is_internal: bool,
    /// `resolutionFlag`: the customer sees it, on the invoice too.
    pub is_resolution: bool,
    /// `processNotifications`: the server was asked to mail it.
    pub is_mailed: bool,
    /// Served under `allNotes` only.
    pub is_time_entry: bool,
    /// Who wrote it.
    pub created_by: String,
    /// When it was written.
    pub created_at: String,
}

/// The published schema (2026.4).
const SERVICE_NOTE: Schema = Schema {
    name: "ServiceNote",
    resource: "serviceNote",
    members: &[
        (Type::Integer, &["id", "ticketId"]),
        (Type::Text(UNBOUNDED), &["text", "dateCreated", "createdBy"]),
        (
            Type::Flag,
            &[
                "detailDescriptionFlag",
                "internalAnalysisFlag",
                "resolutionFlag",
                "issueFlag",
                "customerUpdatedFlag",
                "processNotifications",
                "internalFlag",
                "externalFlag",
            ],
        ),
        (Type::Reference, &["member", "contact"]),
        (Type::Number, &["sentimentScore"]),
        (Type::Any, &["_info"]),
    ],
};

impl Note {
    /// The note that a body describes, not yet with an id. The error is the PSA's refusal.
    pub(super) fn read(body: &[u8]) -> Result<Self, Answer> {
        let members = SERVICE_NOTE.read(body)?;
        let shown = |name: &str| flag(&members, name);
        let note = Self {
            id: 0,
            ticket_id: 0,
            text: text(&members, "text").unwrap_or_default().to_owned(),
            is_discussion: shown("detailDescriptionFlag"),
            is_internal: shown("internalAnalysisFlag"),
            is_resolution: shown("resolutionFlag"),
            is_mailed: shown("processNotifications"),
            is_time_entry: false,
            created_by: String::new(),
            created_at: String::new(),
        };
        if note.is_discussion || note.is_internal || note.is_resolution {
            return Ok(note);
        }
        let fault = Fault {
            code: "ServiceNote",
            message: "Please choose where to display the notes in order to save this record."
                .to_owned(),
            field: "detailDescriptionFlag, internalAnalysisFlag, resolutionFlag".to_owned(),
        };
        Err(Answer::invalid(SERVICE_NOTE.resource, &[fault]))
    }
}

/// `ServiceNote`.
impl Record for Note {
    fn kind(name: &str) -> Option<Kind> {
        match name {
            "id" => Some(Kind::Number),
            "detailDescriptionFlag" | "internalAnalysisFlag" | "resolutionFlag" => Some(Kind::Flag),
            _ => None,
        }
    }

    fn is_date(name: &str) -> bool {
        name == "dateCreated"
    }

    fn id(&self) -> i64 {
        self.id
    }

    fn operands(&self, name: &str) -> Vec<Operand> {
        let operand = match name {
            "detailDescriptionFlag" => Operand::Flag(self.is_discussion),
            "internalAnalysisFlag" => Operand::Flag(self.is_internal),
            "resolutionFlag" => Operand::Flag(self.is_resolution),
            _ => Operand::Number(self.id),
        };
        vec![operand]
    }

    fn date(&self, _name: &str) -> &str {
        &self.created_at
    }

    fn json(&self, _base: &str) -> Value {
        json!({
            "id": self.id,
            "ticketId": self.ticket_id,
            "text": self.text,
            "detailDescriptionFlag": self.is_discussion,
            "internalAnalysisFlag": self.is_internal,
            "resolutionFlag": self.is_resolution,
            "issueFlag": false,
            "member": {"id": 171, "identifier": self.created_by, "name": self.created_by, "_info": {}},
            "dateCreated": self.created_at,
            "createdBy": self.created_by,
            // Recorded like this on a note that the customer sees: they say nothing.
            "internalFlag": true,
            "externalFlag": true,
            "_info": {"lastUpdated": self.created_at, "updatedBy": self.created_by},
        })
    }
}

/// The same in the other shape, `ServiceTicketNote`: with a kind, and with its dates in `_info` only.
pub(super) struct OfAllNotes<'a>(pub(super) &'a Note);

impl OfAllNotes<'_> {
    fn kind(&self) -> &'static str {
        if self.0.is_time_entry {
            "TimeEntryNote"
        } else {
            "TicketNote"
        }
    }
}

impl Record for OfAllNotes<'_> {
    fn kind(name: &str) -> Option<Kind> {
        match name {
            "noteType" => Some(Kind::Text),
            _ => Note::kind(name),
        }
    }

    fn id(&self) -> i64 {
        self.0.id
    }

    fn operands(&self, name: &str) -> Vec<Operand> {
        match name {
            "noteType" => vec![Operand::Text(self.kind().to_owned())],
            _ => self.0.operands(name),
        }
    }

    fn json(&self, base: &str) -> Value {
        let note = self.0;
        let mut json = note.json(base);
        for name in [
            "ticketId",
            "dateCreated",
            "createdBy",
            "internalFlag",
            "externalFlag",
        ] {
            json.as_object_mut().expect("a record").remove(name);
        }
        json["noteType"] = self.kind().into();
        json["ticket"] = json!({"id": note.ticket_id});
        json["isMarkdownFlag"] = true.into();
        json["bundledFlag"] = false.into();
        json["mergedFlag"] = false.into();
        json["_info"] = json!({"dateEntered": note.created_at, "enteredBy": note.created_by});
        json
    }
}
