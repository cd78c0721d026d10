//! A case as plain JSON: placeholders replaced, shared exchanges in their places, one form for each thing. For programs in
//! other languages, which need none of the rules of the files.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use psa_contract::{Failure, Response};
use serde_json::{Value, json};

use crate::case::{Case, Expectation, Input};
use crate::exchange::{Exchange, RecordedBody, RecordedRequest};

impl Case {
    /// The case as JSON. docs/recordings.md describes its members.
    #[must_use]
    pub fn exported(&self) -> Value {
        json!({
            "docs": self.recording.docs,
            "function": self.input.function(),
            "settings": self.settings,
            "arguments": self.input.arguments(),
            "exchanges": self.exchanges.iter().map(exchange).collect::<Vec<_>>(),
            "rounds": self.rounds,
            "expect": match &self.expect {
                Expectation::Ok(value) => json!({ "ok": value }),
                Expectation::Err(value) => json!({ "err": value }),
            },
        })
    }
}

impl Input {
    /// The arguments of the function but for the settings, by the names of the contract.
    #[must_use]
    pub fn arguments(&self) -> Value {
        match self {
            Self::Describe | Self::Origins => json!({}),
            Self::Verify(needed) => json!({ "needed": needed }),
            Self::ListCompanies(query) => json!({ "query": query }),
            Self::ListBoardMetadata(selection) => json!({ "selection": selection }),
            Self::CheckTicket(draft) | Self::CreateTicket(draft) => json!({ "draft": draft }),
            Self::GetTicket(id) => json!({ "id": id }),
            Self::FindTickets(query) => json!({ "query": query }),
            Self::AddNote(note) => json!({ "note": note }),
            Self::SetStatus(change) => json!({ "change": change }),
            Self::ListContacts(query) => json!({ "query": query }),
            Self::ListAssets(query) => json!({ "query": query }),
            Self::ListSites(query) => json!({ "query": query }),
            Self::AttachAsset(it) => json!({ "ticket-id": it.ticket_id, "asset-id": it.asset_id }),
        }
    }
}

fn exchange(exchange: &Exchange) -> Value {
    json!({
        "role": exchange.role,
        "request": request(&exchange.request),
        "answer": match &exchange.answer {
            Ok(response) => json!({ "ok": self::response(response) }),
            Err(failure) => json!({ "err": failure as &Failure }),
        },
    })
}

fn request(request: &RecordedRequest) -> Value {
    json!({
        "method": request.method,
        "url": request.url,
        "query": request.query,
        "headers": request.headers,
        "body": match &request.body {
            RecordedBody::Absent => Value::Null,
            RecordedBody::Json(value) => json!({ "json": value }),
            RecordedBody::Form(fields) => json!({ "form": fields }),
            RecordedBody::Bytes(bytes) => body(bytes),
        },
    })
}

fn response(response: &Response) -> Value {
    json!({
        "status": response.status,
        "headers": response.headers,
        "body": body(response.body.as_bytes()),
    })
}

fn body(bytes: &[u8]) -> Value {
    match std::str::from_utf8(bytes) {
        Ok(text) => json!({ "text": text }),
        Err(_) => json!({ "base64": STANDARD.encode(bytes) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_exported_with_its_placeholders_filled_in() {
        let case = Case::parse(
            "case.json",
            r#"{
                "docs": "Why.", "provenance": "Composed.", "operation": "get-ticket",
                "settings": { "key": "k1" }, "input": { "id": "7" },
                "base-url": "https://psa.example.com", "request-headers": { "authorization": "{{key}}" },
                "exchanges": [
                    { "role": "detail", "request": { "method": "GET", "path": "/tickets/7", "query": { "a": "{{key}}" } },
                      "response": { "status": 200, "headers": { "ETag": "{{key}}" }, "json": { "id": 7 } } },
                    { "role": "list", "request": { "method": "POST", "path": "/x", "form": { "b": "{{key}}" } },
                      "response": { "status": 200, "base64": "/w==" } },
                    { "role": "list", "request": { "method": "POST", "path": "/y", "json": ["{{key}}"] },
                      "failure": { "kind": "timed-out", "message": "m", "may-have-acted": false } }
                ],
                "rounds": 1, "expect": { "ok": { "ticket": null } }
            }"#,
        )
        .expect("a case");
        let request = |method: &str, path: &str, body: Value| {
            let headers = json!([["authorization", "k1"]]);
            let url = format!("https://psa.example.com{path}");
            json!({ "method": method, "url": url, "query": [], "headers": headers, "body": body })
        };
        let mut first = request("GET", "/tickets/7", Value::Null);
        first["query"] = json!([["a", "k1"]]);
        let response = |headers: Value, body: Value| json!({ "ok": { "status": 200, "headers": headers, "body": body } });
        assert_eq!(
            case.exported(),
            json!({
                "docs": "Why.",
                "function": "get-ticket",
                "settings": [{ "name": "key", "value": "k1" }],
                "arguments": { "id": "7" },
                "exchanges": [
                    { "role": "detail", "request": first,
                      "answer": response(json!([["etag", "k1"]]), json!({ "text": "{\"id\":7}" })) },
                    { "role": "list", "request": request("POST", "/x", json!({ "form": [["b", "k1"]] })),
                      "answer": response(json!([]), json!({ "base64": "/w==" })) },
                    { "role": "list", "request": request("POST", "/y", json!({ "json": ["k1"] })),
                      "answer": { "err": { "kind": "timed-out", "message": "m", "may-have-acted": false } } },
                ],
                "rounds": 1,
                "expect": { "ok": { "ticket": null } },
            })
        );
    }
}
