//! What tickets and notes say: chosen by source, made from the alert.

mod defaults; // What is shown if nothing was chosen.
mod draft; // The contract's drafts.
mod template; // `{field}` in a line.

use serde::{Deserialize, Serialize};

pub use draft::{note_draft, ticket_draft};
pub use template::{Template, TemplateError};

/// What the tickets of a source say.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct TextRules {
    /// The summary. None: the alert's own.
    pub summary: Option<Template>,
    /// The description. None: the alert's own.
    pub description: Option<Template>,
    /// Which fields are shown, in this order. None: chosen by what is there.
    pub details: Option<Vec<DetailRule>>,
    /// A link made of fields, in place of the alert's own.
    pub link: Option<Template>,
}

/// A field that is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DetailRule {
    /// Its name in the alert.
    pub field: String,
    /// What people read. None: its name.
    #[serde(default)]
    pub label: Option<String>,
}
