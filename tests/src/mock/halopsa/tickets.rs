//! Tickets and their actions: written by POST of an array, in which an id makes the write a change.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::lists::page;
use super::tenant::{Tenant, client_name};
use super::{empty, exception, model_state};
use crate::mock::{Answer, Asked};

/// A ticket.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// Unique in its tenant.
    pub id: i64,
    /// The members that were sent, and what they became.
    pub members: Map<String, Value>,
    /// Every status that it had, the present one last.
    pub statuses: Vec<i64>,
    /// Its timeline, oldest first.
    pub actions: Vec<Action>,
}

/// An action on a ticket.
#[derive(Clone, Debug)]
pub struct Action {
    /// Counted from one on each ticket.
    pub id: i64,
    /// As HTML.
    pub note: String,
    /// Whether the customer sees it.
    pub is_hidden: bool,
    /// Whether it was mailed.
    pub is_mailed: bool,
}

const FIRST_TICKET: i64 = 9_499;

impl Ticket {
    /// `third_party_id_string`.
    #[must_use]
    pub fn reference(&self) -> Option<&str> {
        self.members.get("third_party_id_string")?.as_str()
    }

    fn text(&self) -> &str {
        self.members
            .get("details_html")
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    fn status(&self) -> i64 {
        self.statuses.last().copied().unwrap_or(1)
    }

    fn number(&self, member: &str) -> Option<i64> {
        self.members.get(member)?.as_i64()
    }

    /// A row of a list: without names, without texts unless the version shows them, and with a time without a zone.
    fn row(&self, shows_references: bool) -> Value {
        let mut row = json!({
            "id": self.id,
            "summary": self.members.get("summary"),
            "client_id": self.number("client_id"),
            "status_id": self.status(),
            "team_id": self.number("team_id"),
            "dateoccurred": "2026-05-04T09:59:58.967",
            "hasbeenclosed": (self.status() == 9).then_some(true),
            "merged_into_id": 0,
        });
        if shows_references {
            row["details"] = json!(self.text().replace("<br>", "\n"));
            row["third_party_id_string"] = json!(self.reference());
        }
        row
    }
}

impl Tenant {
    /// The list leaves nothing out that a filter does not name: a parameter that is not known here is ignored.
    pub(super) fn list_tickets(&self, asked: &Asked) -> Answer {
        let reference = asked
            .query("third_party_id_string")
            .filter(|_| self.knows_reference_filter);
        let text = asked
            .query("search_details")
            .filter(|_| self.knows_text_search);
        let ids: Option<Vec<&str>> = asked.query("ticketids").map(|ids| ids.split(',').collect());
        let client = asked.query("client_id");
        let rows = self.tickets.iter().filter(|ticket| {
            let has = |reference: &str| {
                ticket
                    .reference()
                    .is_some_and(|it| it.eq_ignore_ascii_case(reference))
            };
            reference.is_none_or(has)
                && text.is_none_or(|text| ticket.text().contains(text))
                && ids
                    .as_ref()
                    .is_none_or(|ids| ids.contains(&ticket.id.to_string().as_str()))
                && client.is_none_or(|id| {
                    ticket
                        .number("client_id")
                        .is_some_and(|it| it.to_string() == id)
                })
                && (asked.query("open_only") != Some("true") || ticket.status() != 9)
        });
        let rows = rows
            .map(|ticket| ticket.row(self.lists_show_references))
            .collect();
        page(rows, asked, "tickets")
    }

    pub(super) fn read_ticket(&self, id: i64) -> Answer {
        match self.tickets.iter().find(|ticket| ticket.id == id) {
            Some(ticket) => Answer::json(200, &self.whole(ticket)),
            None => empty(404),
        }
    }

    /// A ticket as it is read by itself and after a write. Members that are not set are absent.
    fn whole(&self, ticket: &Ticket) -> Value {
        let mut whole = Value::Object(ticket.members.clone());
        let client = ticket.number("client_id").unwrap_or_default();
        whole["id"] = json!(ticket.id);
        whole["status_id"] = json!(ticket.status());
        whole["client_name"] = json!(client_name(client));
        whole["dateoccurred"] = json!("2026-05-04T09:59:58.9746271Z");
        whole["tickettype"] = json!({"id": 36, "name": "Incident"});
        if ticket.status() == 9 {
            whole["hasbeenclosed"] = json!(true);
        }
        if self.shows_whole_type {
            let field = |id| json!({"fieldid": id, "fieldinfo": {"name": "CFfield", "hint": "x".repeat(200)}});
            whole["tickettype"]["fields"] = (0..250).map(field).collect();
        }
        whole
    }

    /// One element of an array; a bare object is not the form. An id changes that ticket.
    pub(super) fn write_ticket(&mut self, body: &Bytes) -> Answer {
        let sent = match element(body) {
            Ok(sent) => sent,
            Err(refusal) => return refusal,
        };
        if let Some(id) = sent.get("id") {
            return self.change_ticket(&id.clone(), sent);
        }
        let text = |member: &str| {
            sent.get(member)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .trim()
        };
        if text("summary").is_empty() {
            return exception("Summary is required");
        }
        let client = sent.get("client_id").and_then(Value::as_i64).unwrap_or(12);
        if !self.has_client(client) {
            return exception("Invalid Client");
        }
        // What is not known is replaced by a default without a word.
        let team = if text("team") == "Security" { 27 } else { 26 };
        let status = sent.get("status_id").and_then(Value::as_i64).unwrap_or(1);
        let mut members = sent;
        members.insert("team_id".to_owned(), team.into());
        members.insert("client_id".to_owned(), client.into());
        members.entry("site_id").or_insert(json!(18.0));
        members.entry("tickettype_id").or_insert(json!(36));
        members.entry("priority_id").or_insert(json!(4));
        if !self.keeps_reference {
            members.remove("third_party_id_string");
        }
        let id = self.tickets.last().map_or(FIRST_TICKET, |last| last.id + 1);
        let (statuses, actions) = (vec![status], Vec::new());
        self.tickets.push(Ticket {
            id,
            members,
            statuses,
            actions,
        });
        let created = self.tickets.last().map(|ticket| self.whole(ticket));
        Answer::json(201, &created.unwrap_or_default())
    }

    fn change_ticket(&mut self, id: &Value, sent: Map<String, Value>) -> Answer {
        let Some(place) = self
            .tickets
            .iter()
            .position(|it| id.as_i64() == Some(it.id))
        else {
            return empty(404);
        };
        let ticket = &mut self.tickets[place];
        for (member, value) in sent {
            match (member.as_str(), value.as_i64()) {
                ("id", _) => {}
                ("status_id", Some(status)) if Some(&status) != ticket.statuses.last() => {
                    ticket.statuses.push(status);
                }
                ("status_id", _) => {}
                _ => {
                    ticket.members.insert(member, value);
                }
            }
        }
        Answer::json(201, &self.whole(&self.tickets[place]))
    }

    /// Without a ticket, the whole tenant's would take longer than the gateway waits.
    pub(super) fn list_actions(&self, asked: &Asked) -> Answer {
        let Some(id) = asked.query("ticket_id") else {
            return Answer::text(
                504,
                "text/html",
                "<html><head><title>504 Gateway Time-out</title></head></html>",
            );
        };
        let ticket = self
            .tickets
            .iter()
            .find(|ticket| ticket.id.to_string() == id);
        let actions: Vec<&Action> = ticket.iter().flat_map(|ticket| &ticket.actions).collect();
        let most = asked
            .query("count")
            .and_then(|count| count.parse().ok())
            .unwrap_or(usize::MAX);
        let newest = actions.iter().rev().take(most);
        let rows: Vec<Value> = newest.map(|action| shown(id, action)).collect();
        Answer::json(
            200,
            &json!({"record_count": actions.len(), "actions": rows}),
        )
    }

    pub(super) fn write_action(&mut self, body: &Bytes) -> Answer {
        let sent = match element(body) {
            Ok(sent) => sent,
            Err(refusal) => return refusal,
        };
        if !sent.contains_key("outcome") && !sent.contains_key("outcome_id") {
            return exception("An Outcome must be entered for this Action");
        }
        let id = sent.get("ticket_id").and_then(Value::as_i64);
        let Some(ticket) = self.tickets.iter_mut().find(|ticket| Some(ticket.id) == id) else {
            return exception("Invalid Ticket");
        };
        let flag = |member: &str, default: bool| {
            sent.get(member).and_then(Value::as_bool).unwrap_or(default)
        };
        let action = Action {
            id: i64::try_from(ticket.actions.len()).unwrap_or(i64::MAX) + 1,
            note: sent
                .get("note_html")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            is_hidden: flag("hiddenfromuser", false),
            is_mailed: flag("sendemail", true),
        };
        ticket.actions.push(action.clone());
        Answer::json(201, &shown(&ticket.id.to_string(), &action))
    }
}

fn shown(ticket: &str, action: &Action) -> Value {
    json!({
        "id": action.id,
        "ticket_id": ticket.parse::<i64>().ok(),
        "outcome_id": 7,
        "note_html": format!("<p>{}</p>", action.note),
        "hiddenfromuser": action.is_hidden,
    })
}

/// The one element of an array.
fn element(body: &Bytes) -> Result<Map<String, Value>, Answer> {
    match serde_json::from_slice(body) {
        Ok(Value::Array(mut elements)) if elements.len() == 1 => match elements.pop() {
            Some(Value::Object(sent)) => Ok(sent),
            _ => Err(model_state("[0]", "")),
        },
        _ => Err(model_state("", "a body that is not an array of one")),
    }
}
