//! A tenant of Sample Desk: who may ask, and what there is.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::refusal;
use crate::mock::{Answer, Asked};

/// One company that has Sample Desk.
#[derive(Clone, Debug)]
pub struct Tenant {
    /// Of the integration.
    pub client_id: String,
    /// Of the integration.
    pub client_secret: String,
    /// How many companies there are. Their names hold the client id, so that one tenant's data is told from another's.
    pub companies: u64,
    /// Whether the session repeats the token and the credentials in every way in which a server might, where no connector
    /// reads them.
    pub repeats_credentials: bool,
    tickets: Vec<Value>,
}

const RIGHTS: [&str; 4] = [
    "companies.read",
    "boards.read",
    "tickets.read",
    "tickets.write",
];
const FIRST_TICKET: usize = 9_001;

impl Tenant {
    /// A tenant with credentials of its own, every right, 250 companies, a board, and no ticket.
    #[must_use]
    pub fn example(client_id: &str) -> Self {
        Self {
            client_id: client_id.to_owned(),
            // With letters that every encoding writes in another way.
            client_secret: format!("Se+cr/et%of~{client_id}=="),
            companies: 250,
            repeats_credentials: false,
            tickets: Vec::new(),
        }
    }

    pub(super) fn tickets(&self) -> usize {
        self.tickets.len()
    }

    pub(super) fn answer(&mut self, asked: &Asked, path: &str, body: &[u8]) -> Answer {
        let parts: Vec<&str> = path.split('/').collect();
        match (asked.method.as_str(), parts.as_slice()) {
            ("GET", ["session"]) => self.session(asked),
            ("GET", ["companies"]) => self.companies(asked),
            ("GET", ["boards"]) => list(&json!([
                {"id": 7, "name": "Security alerts", "active": true},
            ])),
            ("GET", ["boards", "7", "statuses"]) => list(&json!([
                {"id": 71, "name": "New", "closed": false, "default": true},
                {"id": 79, "name": "Done", "closed": true, "default": false},
            ])),
            ("GET", ["boards", "7", "types"]) => list(&json!([
                {"id": 1, "name": "Incident", "default": true},
            ])),
            ("GET", ["priorities"]) => list(&json!([
                {"id": 3, "name": "Low", "rank": 3, "default": true},
            ])),
            ("GET", ["tickets"]) => self.tickets_with(asked.query("reference")),
            ("POST", ["tickets"]) => self.create(body),
            ("GET", ["tickets", id]) => self.ticket(id),
            _ => refusal(404, "no-such-resource", "There is no such resource."),
        }
    }

    fn session(&self, asked: &Asked) -> Answer {
        let mut session = json!({
            "user": format!("Integration {}", self.client_id),
            "rights": RIGHTS,
        });
        if !self.repeats_credentials {
            return rows_of(&session);
        }
        let authorization = asked.header("authorization").unwrap_or_default();
        let token = authorization.trim_start_matches("Bearer ");
        let pair = format!("{}:{}", self.client_id, self.client_secret);
        let spellings = [token, &self.client_secret, &pair].map(spellings);
        session["trace"] = json!(spellings);
        session["links"] = json!({"next": format!("/api/session?token={}", spellings[0][1])});
        rows_of(&session)
            .with_header("x-signed-in-with", token.to_owned())
            .with_header("x-signed-in-as", spellings[2][2].clone())
    }

    fn companies(&self, asked: &Asked) -> Answer {
        let number = |name: &str| asked.query(name).and_then(|text| text.parse::<u64>().ok());
        let (after, limit) = (number("after").unwrap_or(0), number("limit").unwrap_or(100));
        let last = self.companies.min(after.saturating_add(limit));
        let rows: Vec<Value> = (after + 1..=last)
            .map(|id| {
                let name = format!("Company {id} of {}", self.client_id);
                json!({"id": id, "name": name, "active": true})
            })
            .collect();
        rows_of(&json!({"rows": rows, "more": last < self.companies}))
    }

    fn tickets_with(&self, reference: Option<&str>) -> Answer {
        let bears_it = |ticket: &&Value| ticket["reference"].as_str() == reference;
        let found: Vec<&Value> = self.tickets.iter().filter(bears_it).collect();
        list(&json!(found))
    }

    fn ticket(&self, id: &str) -> Answer {
        let id = id.parse::<usize>().ok();
        match self.tickets.iter().find(|it| json!(id) == it["id"]) {
            Some(ticket) => rows_of(ticket),
            None => refusal(404, "no-such-ticket", "There is no such ticket."),
        }
    }

    fn create(&mut self, body: &[u8]) -> Answer {
        let Ok(draft) = serde_json::from_slice::<Map<String, Value>>(body) else {
            return refusal(400, "not-json", "The body is not a JSON object.");
        };
        let named = |member: &str, name: &str| match draft.get(member) {
            Some(id) => json!({"id": id, "name": name}),
            None => Value::Null,
        };
        let ticket = json!({
            "id": FIRST_TICKET + self.tickets.len(),
            "summary": draft.get("summary"),
            "company": named("company", "Riverside Dental"),
            "board": named("board", "Security alerts"),
            "status": {"id": 71, "name": "New"},
            "closed": false,
            "priority": named("priority", "Low"),
            "type": named("type", "Incident"),
            "created": "2026-05-04T09:59:58Z",
            "reference": draft.get("reference"),
        });
        self.tickets.push(ticket.clone());
        Answer::json(201, &ticket)
    }
}

/// A text as it is, percent-encoded, in base64 at each offset, and as JSON inside of JSON.
fn spellings(text: &str) -> [String; 6] {
    [
        text.to_owned(),
        utf8_percent_encode(text, NON_ALPHANUMERIC).to_string(),
        STANDARD.encode(text),
        URL_SAFE_NO_PAD.encode(format!("a{text}")),
        STANDARD.encode(format!("ab{text}c")),
        json!({"token": text}).to_string(),
    ]
}

fn list(rows: &Value) -> Answer {
    rows_of(&json!({"rows": rows}))
}

fn rows_of(body: &Value) -> Answer {
    Answer::json(200, body)
}
