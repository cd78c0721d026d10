//! A tenant of Halo: who may ask, what there is, and what its version does otherwise.

use bytes::Bytes;
use serde_json::{Value, json};

use super::lists::{active, envelope, filtered, is_by_id, on_page, page, shows_inactive};
use super::tickets::Ticket;
use super::{empty, model_state};
use crate::mock::{Answer, Asked};

/// A right that the agent may lack, by the first step of the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// To read this list or record: `team`.
    Read(&'static str),
    /// To write there: `tickets`.
    Write(&'static str),
}

/// One company that has Halo.
#[derive(Clone, Debug)]
pub struct Tenant {
    /// `example`.
    pub name: String,
    /// Of the application.
    pub client_id: String,
    /// Of the application.
    pub client_secret: String,
    /// How many clients there are, from id 12 on.
    pub clients: i64,
    /// What its agent may not do, and with which status that is refused: 401 or 403.
    pub lacks: Vec<(Right, u16)>,
    /// Whether the list of tickets knows the filter `third_party_id_string`. Older versions ignore it.
    pub knows_reference_filter: bool,
    /// Whether tickets keep `third_party_id_string`.
    pub keeps_reference: bool,
    /// Whether rows of lists show members such as `third_party_id_string` and the text.
    pub lists_show_references: bool,
    /// Whether the list of tickets knows the filter `search_details`.
    pub knows_text_search: bool,
    /// Whether a ticket's answers hold its whole type, which makes them 60 KB larger.
    pub shows_whole_type: bool,
    pub(super) tickets: Vec<Ticket>,
}

impl Tenant {
    /// A tenant with every right, 250 clients, two teams, and no ticket, of a version that does everything.
    #[must_use]
    pub fn example(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            client_id: "5f0c2a1e-0d3b-4f6a-9c8e-7b1d2e3f4a5b".to_owned(),
            client_secret:
                "a1b2c3d4-0000-4000-8000-1234567890ab-a1b2c3d4-0000-4000-8000-ba0987654321"
                    .to_owned(),
            clients: 250,
            lacks: Vec::new(),
            knows_reference_filter: true,
            keeps_reference: true,
            lists_show_references: true,
            knows_text_search: true,
            shows_whole_type: false,
            tickets: Vec::new(),
        }
    }

    /// Every ticket.
    #[must_use]
    pub fn tickets(&self) -> &[Ticket] {
        &self.tickets
    }

    pub(super) fn answer(&mut self, asked: &Asked, path: &str, body: &Bytes) -> Answer {
        let parts: Vec<&str> = path.split('/').collect();
        let first = parts.first().copied().unwrap_or_default();
        let is_lacking = |right: &Right| match right {
            Right::Read(path) => asked.method == "GET" && *path == first,
            Right::Write(path) => asked.method == "POST" && *path == first,
        };
        if let Some((_, status)) = self.lacks.iter().find(|(right, _)| is_lacking(right)) {
            return empty(*status);
        }
        match (asked.method.as_str(), parts.as_slice()) {
            ("GET", ["client"]) => self.list_clients(asked),
            ("GET", ["site"]) => page(
                active(filtered(sites(), asked, &["client_id"]), asked),
                asked,
                "sites",
            ),
            ("GET", ["users"]) => page(
                active(filtered(users(), asked, &["client_id"]), asked),
                asked,
                "users",
            ),
            ("GET", ["asset"]) => page(filtered(assets(), asked, &["client_id"]), asked, "assets"),
            ("GET", [list @ ("client" | "site" | "users" | "asset"), id]) => self.record(list, id),
            ("GET", ["team"]) => whole(json!([
                {"id": 26, "name": "1st Line Support", "sequence": 1, "forrequests": true, "inactive": false},
                {"id": 27, "name": "Security", "sequence": 2, "forrequests": true, "inactive": false},
                {"id": 40, "name": "Projects", "sequence": 3, "forrequests": false, "inactive": false},
            ])),
            ("GET", ["tickettype"]) => {
                whole(json!([{"id": 36, "name": "Incident", "sequence": 1, "default_sla": 1}]))
            }
            ("GET", ["tickettype", "36"]) => {
                whole(json!({"id": 36, "name": "Incident", "allowall_team": true}))
            }
            ("GET", ["status"]) => whole(Self::statuses()),
            ("GET", ["priority"]) => whole(json!([
                {"id": "aeb80996-724c-e811-892e-000000010004", "slaid": 1, "priorityid": 4, "name": "Low"},
                {"id": "aeb80996-724c-e811-892e-000000040001", "slaid": 4, "priorityid": 1, "name": "Major"},
            ])),
            ("GET", ["category"]) => {
                whole(json!([{"id": 101, "value": "Hardware>Laptop", "type_id": 1}]))
            }
            ("GET", ["lookup"]) => {
                whole(json!([{"id": 3, "name": "Manual"}, {"id": 5, "name": "API"}]))
            }
            ("GET", ["tickets"]) => self.list_tickets(asked),
            ("GET", ["tickets", id]) => match id.parse() {
                Ok(id) => self.read_ticket(id),
                Err(_) => model_state("id", id),
            },
            ("POST", ["tickets"]) => self.write_ticket(body),
            ("GET", ["actions"]) => self.list_actions(asked),
            ("POST", ["actions"]) => self.write_action(body),
            _ => empty(404),
        }
    }

    pub(super) fn statuses() -> Value {
        json!([
            {"id": 1, "name": "New", "sequence": 1, "type": 0},
            {"id": 2, "name": "In Progress", "sequence": 2, "type": 0},
            {"id": 9, "name": "Closed", "sequence": 9, "type": 0},
        ])
    }

    pub(super) fn has_client(&self, id: i64) -> bool {
        (12..12 + self.clients).contains(&id)
    }

    /// As any other list; `search` is like. Only what is shown is made, since there are tens of thousands in long tests.
    fn list_clients(&self, asked: &Asked) -> Answer {
        let lower_name = |id: i64| client_name(id).to_lowercase();
        let search = asked.query("search").map(str::to_lowercase);
        let is_found = |id: &i64| {
            let text = search.as_ref();
            (shows_inactive(asked) || !is_inactive(*id))
                && text.is_none_or(|text| lower_name(*id).contains(text))
        };
        let mut ids: Vec<i64> = (12..12 + self.clients).filter(is_found).collect();
        if !is_by_id(asked) {
            ids.sort_by_cached_key(|id| lower_name(*id));
        }
        let total = ids.len();
        let rows = on_page(ids, asked).into_iter().map(client);
        envelope("clients", total, rows.collect())
    }

    fn record(&self, list: &str, id: &str) -> Answer {
        let Ok(number) = id.parse::<i64>() else {
            return model_state("id", id);
        };
        let rows: Vec<Value> = match list {
            "client" if self.has_client(number) => return whole(client(number)),
            "site" => sites().collect(),
            "users" => users().collect(),
            "asset" => assets().collect(),
            _ => Vec::new(),
        };
        let mut rows = rows.into_iter();
        rows.find(|row| row["id"].as_f64() == Some(number as f64))
            .map_or_else(|| empty(404), whole)
    }
}

fn whole(body: Value) -> Answer {
    Answer::json(200, &body)
}

/// Names that sort in another order than their ids.
pub(super) fn client_name(id: i64) -> String {
    format!("Client {:03}", 997 - id)
}

fn is_inactive(client: i64) -> bool {
    client % 50 == 0
}

fn client(id: i64) -> Value {
    json!({
        "id": id,
        "name": client_name(id),
        "inactive": is_inactive(id),
        "customer_relationship": [{"id": 1, "name": "Client"}],
        "main_site_id": 18.0,
        "use": "client",
    })
}

fn sites() -> impl Iterator<Item = Value> {
    [18.0, 19.0].into_iter().map(|id: f64| {
        json!({"id": id, "name": format!("Site {id}"), "client_id": 12, "inactive": false})
    })
}

fn users() -> impl Iterator<Item = Value> {
    (38..=39).map(|id| {
        json!({
            "id": id,
            "name": format!("User {id}"),
            "client_id": 12,
            "site_id": 18.0,
            "emailaddress": format!("user{id}@client.example"),
            "inactive": false,
        })
    })
}

fn assets() -> impl Iterator<Item = Value> {
    (3945..=3946).map(|id| {
        json!({"id": id, "inventory_number": format!("WS-{id}"), "key_field2": format!("SN-{id}"), "client_id": 12})
    })
}
