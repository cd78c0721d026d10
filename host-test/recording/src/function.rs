//! The functions of the contract, as cases name them.

use psa_contract::Operation;
use serde::{Deserialize, Serialize};

/// The functions of `service-desk`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Function {
    /// `describe`.
    Describe,
    /// `origins`.
    Origins,
    /// `verify`.
    Verify,
    /// `list-companies`.
    ListCompanies,
    /// `list-board-metadata`.
    ListBoardMetadata,
    /// `check-ticket`.
    CheckTicket,
    /// `create-ticket`.
    CreateTicket,
    /// `get-ticket`.
    GetTicket,
    /// `find-tickets`.
    FindTickets,
    /// `add-note`.
    AddNote,
    /// `set-status`.
    SetStatus,
    /// `list-contacts`.
    ListContacts,
    /// `list-assets`.
    ListAssets,
    /// `list-sites`.
    ListSites,
    /// `attach-asset`.
    AttachAsset,
}

/// Whether a function is one that changes something in the PSA.
#[must_use]
pub fn may_write(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::CreateTicket
            | Operation::AddNote
            | Operation::SetStatus
            | Operation::AttachAsset
    )
}
