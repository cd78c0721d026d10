//! What is misread of tickets, notes and contacts.

use psa_contract::{Request, Response};
use serde_json::{Value, json};

/// An answer that nobody gave: what the ticket is like is guessed and not asked.
pub(crate) fn made_up(requests: &[Request]) -> Option<Response> {
    let [request] = requests else {
        return None;
    };
    let id = ticket_id(request)?;
    let guessed = json!({"id": id, "summary": "", "board": {"id": 7}, "status": {"id": 0}});
    (cfg!(feature = "sets-a-status-without-reading") && request.method == "GET").then(|| Response {
        status: 200,
        body: guessed.to_string().into(),
        ..Response::default()
    })
}

pub(crate) fn misread(request: &Request, answer: &mut Value) {
    let (_, path) = request.url.split_once("/api/").unwrap_or_default();
    let is_of_a_ticket = ticket_id(request).is_some();
    // The note is there, and nobody looks at it.
    if cfg!(feature = "overlooks-a-note") && request.method == "GET" && path.contains("/notes") {
        answer["rows"] = json!([]);
    }
    // It was chosen by another filter, so nobody looks whether it is closed.
    if cfg!(feature = "reports-a-closed-ticket-as-open") && path.starts_with("tickets?") {
        each_row(answer, |row| row["closed"] = json!(false));
    }
    // The server was asked for those of one company, so they are taken for its own.
    if cfg!(feature = "lists-contacts-of-another-company") && path.starts_with("contacts?") {
        let company = path.split(['=', '&']).nth(1).unwrap_or_default();
        let company: u64 = company.parse().unwrap_or_default();
        each_row(answer, |row| row["company"] = json!(company));
    }
    // A success is believed, whatever the ticket shows.
    if cfg!(feature = "believes-a-false-success") && is_of_a_ticket && request.method == "PATCH" {
        let body = request.body.as_ref().map_or(&[][..], |it| it.as_bytes());
        let wanted: Value = serde_json::from_slice(body).unwrap_or_default();
        answer["status"]["id"] = wanted["status"].clone();
    }
    // What the ticket has makes no difference.
    if cfg!(feature = "sets-a-status-again") && is_of_a_ticket && request.method == "GET" {
        answer["status"]["id"] = json!(0);
    }
}

/// Of `tickets/9001`.
fn ticket_id(request: &Request) -> Option<u64> {
    let (_, id) = request.url.split_once("/api/tickets/")?;
    id.parse().ok()
}

fn each_row(answer: &mut Value, change: impl FnMut(&mut Value)) {
    let rows = answer["rows"].as_array_mut();
    rows.into_iter().flatten().for_each(change);
}
