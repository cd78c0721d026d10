//! A connector for Sample Desk, a ticketing system that does not exist: the one to copy.
//!
//! Its files have the names that every connector's files have. `settings` parses what was entered; `api` builds requests
//! and says what refusals mean; `wire` has the records as they come; `describe` has the tables that a form, the checks and
//! the hints read. The others are one operation each, or two that belong together. Values in, values out: the only way
//! out is `send`.
//!
//! The API, all of it JSON, with the header `Authorization: Bearer` and an access token:
//!
//! | Request | Answer |
//! | --- | --- |
//! | `POST /oauth/token`, a form of `grant_type`, `client_id` and `client_secret` | `{"access_token", "expires_in"}`; 400 `{"error": "invalid_client"}` |
//! | `GET /api/session` | `{"user", "rights": ["companies.read", …]}` |
//! | `GET /api/companies?limit=100&after=0` | `{"rows": [{"id", "name", "active"}], "more"}`, by ascending id |
//! | `GET /api/contacts?company=250&limit=100&after=0` | `{"rows": [{"id", "name", "company", "email", "active"}], "more"}`, by ascending id |
//! | `GET /api/boards` | `{"rows": [{"id", "name", "active"}]}` |
//! | `GET /api/boards/7/statuses` | `{"rows": [{"id", "name", "closed", "default"}]}` |
//! | `GET /api/boards/7/types` | `{"rows": [{"id", "name", "default"}]}` |
//! | `GET /api/priorities` | `{"rows": [{"id", "name", "rank", "default"}]}` |
//! | `GET /api/tickets?reference=…` | `{"rows": [ticket]}` |
//! | `GET /api/tickets?…&limit=100&after=0` with `ids=9001,9002`, `references=…` or `company=250&closed=false` | `{"rows": [ticket], "more"}`, by ascending id |
//! | `POST /api/tickets` | 201 and the ticket |
//! | `GET /api/tickets/9` | the ticket; 404 `no-such-ticket` |
//! | `PATCH /api/tickets/9` with `{"status": 79}` | the ticket |
//! | `GET /api/tickets/9/notes?newest=200` | `{"rows": [{"id", "text", "public", "created"}]}`, the newest first |
//! | `POST /api/tickets/9/notes` with `{"text", "public"}` | 201 and the note |
//!
//! An error is `{"error": {"code", "message", "fields": [{"name", "message"}]}}`.
// Nothing from outside may trap the component, so whatever can panic is refused by the compiler.
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::string_slice,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]

mod api;
mod boards;
mod companies;
mod contacts;
mod describe;
mod draft;
mod notes;
mod permissions;
mod settings;
mod ticket;
mod verify;
mod wire;

pub use settings::Settings;

/// The connector.
pub struct SampleDesk;

psa_toolkit::service_desk! {
    SampleDesk, Settings, describe::describe, Settings::origins;
    verify: verify::verify,
    list_companies: companies::list_companies,
    list_board_metadata: boards::list_board_metadata,
    check_ticket: ticket::check_ticket,
    create_ticket: ticket::create_ticket,
    get_ticket: ticket::get_ticket,
    find_tickets: ticket::find::find_tickets,
    add_note: notes::add_note,
    set_status: ticket::status::set_status,
    list_contacts: contacts::list_contacts,
}

// A connector that stands on this one has exports of its own.
#[cfg(feature = "component")]
psa_toolkit::export!(SampleDesk);
