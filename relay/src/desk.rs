//! What a worker asks of a PSA, and who hands out such desks. [`Connectors`](crate::connectors::Connectors) is the real one.

use std::sync::Arc;

use async_trait::async_trait;
use psa_contract::{
    BoardMetadata, BoardSelection, ChangedTicket, CompanyPage, CompanyQuery, ConnectorDescription,
    ConnectorError, CreatedNote, CreatedTicket, ErrorCode, NoteDraft, Operation, Setting,
    StatusChange, TicketCheck, TicketDraft, TicketLookup, TicketPage, TicketQuery, Verification,
};

use crate::tenant::not_among;

/// What came of a call.
pub type Answer<T> = Result<T, Box<ConnectorError>>;

/// The PSA of one tenant. Each function is the contract's.
#[async_trait]
pub trait Desk: Send + Sync {
    /// `verify`
    async fn verify(&self, needed: Vec<Operation>) -> Answer<Verification>;
    /// `list-companies`
    async fn list_companies(&self, query: CompanyQuery) -> Answer<CompanyPage>;
    /// `list-board-metadata`
    async fn list_board_metadata(&self, selection: BoardSelection) -> Answer<BoardMetadata>;
    /// `check-ticket`
    async fn check_ticket(&self, draft: TicketDraft) -> Answer<TicketCheck>;
    /// `create-ticket`
    async fn create_ticket(&self, draft: TicketDraft) -> Answer<CreatedTicket>;
    /// `get-ticket`
    async fn get_ticket(&self, id: String) -> Answer<TicketLookup>;
    /// `find-tickets`
    async fn find_tickets(&self, query: TicketQuery) -> Answer<TicketPage>;
    /// `add-note`
    async fn add_note(&self, note: NoteDraft) -> Answer<CreatedNote>;
    /// `set-status`
    async fn set_status(&self, change: StatusChange) -> Answer<ChangedTicket>;
}

/// Hands out desks.
#[async_trait]
pub trait Desks: Send + Sync + 'static {
    /// The names of the connectors that are there.
    fn names(&self) -> Vec<String>;
    /// What a connector says of itself. None: there is none of this name.
    fn description(&self, connector: &str) -> Option<&ConnectorDescription>;
    /// The desk of a tenant with these settings.
    ///
    /// # Errors
    /// Nothing was sent: there is no such connector, or these settings allow no host.
    async fn desk(&self, connector: &str, settings: Vec<Setting>) -> Answer<Arc<dyn Desk>>;
}

/// What is said of a connector that the relay does not have.
#[must_use]
pub fn no_connector(connector: &str, known: &[String]) -> String {
    let problem = not_among("connector", connector, known);
    format!("{problem}. Name its file under [connectors] in the configuration")
}

/// An error that the relay itself found.
#[must_use]
pub fn own_error(code: ErrorCode, message: String) -> Box<ConnectorError> {
    Box::new(ConnectorError::new(code, message))
}
