//! What Sample Desk answers. A member that is not an `Option` has to be there, or the answer is not understood. Answers
//! and rows are objects: serde alone would also take an array of their values.

use psa_toolkit::json::Record;
use psa_toolkit::pages::Row;
use serde::{Deserialize, Deserializer};

#[derive(Deserialize)]
pub(crate) struct Session {
    pub(crate) user: Option<String>,
    pub(crate) rights: Vec<String>,
}

/// A list that is always whole.
#[derive(Deserialize)]
#[serde(bound = "T: Deserialize<'de>")]
pub(crate) struct Rows<T> {
    #[serde(deserialize_with = "records")]
    pub(crate) rows: Vec<T>,
}

/// A list that comes in pages, by ascending id.
#[derive(Deserialize)]
#[serde(bound = "T: Deserialize<'de>")]
pub(crate) struct Page<T> {
    #[serde(deserialize_with = "records")]
    pub(crate) rows: Vec<T>,
    pub(crate) more: bool,
}

fn records<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let rows: Vec<Record<T>> = Vec::deserialize(deserializer)?;
    Ok(rows.into_iter().map(|Record(row)| row).collect())
}

#[derive(Deserialize)]
pub(crate) struct Company {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) active: bool,
}

impl Row for Company {
    fn id(&self) -> i64 {
        self.id
    }
}

#[derive(Deserialize)]
pub(crate) struct Contact {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) company: i64,
    pub(crate) email: Option<String>,
    pub(crate) active: bool,
}

impl Row for Contact {
    fn id(&self) -> i64 {
        self.id
    }
}

#[derive(Deserialize)]
pub(crate) struct Board {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) active: bool,
}

/// A type or a priority.
#[derive(Deserialize)]
pub(crate) struct Entry {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) rank: Option<i32>,
    pub(crate) default: Option<bool>,
}

/// An entry that says whether its tickets are done.
#[derive(Deserialize)]
pub(crate) struct Status {
    #[serde(flatten)]
    pub(crate) entry: Entry,
    pub(crate) closed: bool,
}

#[derive(Deserialize)]
pub(crate) struct Ticket {
    pub(crate) id: i64,
    pub(crate) summary: String,
    pub(crate) company: Option<Reference>,
    pub(crate) board: Option<Reference>,
    pub(crate) status: Option<Reference>,
    pub(crate) closed: Option<bool>,
    pub(crate) priority: Option<Reference>,
    #[serde(rename = "type")]
    pub(crate) ticket_type: Option<Reference>,
    pub(crate) created: Option<String>,
    pub(crate) reference: Option<String>,
    pub(crate) merged_into: Option<i64>,
}

impl Row for Ticket {
    fn id(&self) -> i64 {
        self.id
    }
}

#[derive(Deserialize)]
pub(crate) struct Note {
    pub(crate) id: i64,
    pub(crate) text: String,
    pub(crate) public: bool,
    pub(crate) created: String,
}

#[derive(Deserialize)]
pub(crate) struct Reference {
    pub(crate) id: Option<i64>,
    pub(crate) name: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct ErrorBody {
    pub(crate) error: Refusal,
}

#[derive(Deserialize)]
pub(crate) struct Refusal {
    pub(crate) code: String,
    pub(crate) message: Option<String>,
    #[serde(default)]
    pub(crate) fields: Vec<RefusedField>,
}

#[derive(Deserialize)]
pub(crate) struct RefusedField {
    pub(crate) name: String,
    pub(crate) message: String,
}
