//! What a tenant chose, as far as the state machine of a case needs it.

use serde::{Deserialize, Serialize};

use super::Timing;

/// What happens to a ticket when its alert is over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnRecovery {
    /// A note, then the closing status.
    #[default]
    Close,
    /// A note.
    Note,
    /// Nothing.
    Nothing,
}

/// The choices of a tenant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rules {
    /// Whether new cases are made and tickets reopened.
    pub is_enabled: bool,
    /// What a recovery does.
    pub on_recovery: OnRecovery,
    /// Whether a closing status is chosen. Without one, a recovery is noted.
    pub can_close: bool,
    /// Whether a status for reopening is chosen. Without one, an alert that recurs opens a new ticket.
    pub can_reopen: bool,
    /// How long things take.
    pub timing: Timing,
}
