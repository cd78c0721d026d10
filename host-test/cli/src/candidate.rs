//! Something that is chosen by its name.

use std::fmt;

use serde::Serialize;

/// A company, board, status or the like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Candidate {
    pub(crate) id: String,
    pub(crate) name: String,
    /// The short name of a company.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) identifier: Option<String>,
}

/// For people: the id and the names.
impl fmt::Display for Candidate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, name, .. } = self;
        match &self.identifier {
            Some(identifier) => write!(out, "{id}: {name} ({identifier})"),
            None => write!(out, "{id}: {name}"),
        }
    }
}

impl Candidate {
    pub(crate) fn new(id: &str, name: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            identifier: None,
        }
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let identifier = self.identifier.as_deref();
        identifier
            .into_iter()
            .chain([self.name.as_str()])
            .map(str::trim)
    }
}
