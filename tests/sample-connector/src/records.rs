//! What Sample Desk answers. A member that is no `Option` has to be there, or the answer is not understood.

use std::num::NonZeroU64;

use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Session {
    pub(crate) user: Option<String>,
    pub(crate) rights: Vec<String>,
}

/// A list that is always whole.
#[derive(Deserialize)]
pub(crate) struct Rows<T> {
    pub(crate) rows: Vec<T>,
}

/// A list that comes in pages.
#[derive(Deserialize)]
pub(crate) struct Page<T> {
    pub(crate) rows: Vec<T>,
    pub(crate) more: bool,
}

#[derive(Deserialize)]
pub(crate) struct Company {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) active: bool,
}

#[derive(Deserialize)]
pub(crate) struct Board {
    pub(crate) id: NonZeroU64,
    pub(crate) name: String,
    pub(crate) active: bool,
}

/// A type or a priority.
#[derive(Deserialize)]
pub(crate) struct Entry {
    pub(crate) id: NonZeroU64,
    pub(crate) name: String,
    pub(crate) rank: Option<i32>,
    pub(crate) default: Option<bool>,
}

/// An entry that says whether its tickets are done.
#[derive(Deserialize)]
pub(crate) struct Status {
    pub(crate) id: NonZeroU64,
    pub(crate) name: String,
    pub(crate) rank: Option<i32>,
    pub(crate) default: Option<bool>,
    pub(crate) closed: bool,
}

#[derive(Deserialize)]
pub(crate) struct Ticket {
    pub(crate) id: NonZeroU64,
    pub(crate) summary: String,
    pub(crate) company: Option<Reference>,
    pub(crate) board: Option<Reference>,
    pub(crate) status: Option<Reference>,
    pub(crate) closed: Option<bool>,
    pub(crate) priority: Option<Reference>,
    #[serde(rename = "type")]
    pub(crate) ticket_type: Option<Reference>,
    pub(crate) reference: Option<String>,
    /// RFC 3339, UTC, whole seconds.
    pub(crate) created: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Reference {
    pub(crate) id: Option<NonZeroU64>,
    pub(crate) name: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Refusal {
    pub(crate) error: RefusalError,
}

#[derive(Deserialize)]
pub(crate) struct RefusalError {
    pub(crate) code: String,
    pub(crate) message: Option<String>,
    pub(crate) fields: Option<Vec<RefusedField>>,
}

/// RFC 6749, section 5.2: how a request for a token is refused.
#[derive(Deserialize)]
pub(crate) struct TokenRefusal {
    pub(crate) error: String,
    pub(crate) error_description: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct RefusedField {
    pub(crate) name: String,
    pub(crate) message: String,
}
