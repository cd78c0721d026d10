//! One call of one function of a connector, and why it can fail. How a guest is run is in `run.rs`.

use std::sync::{Arc, Mutex};

use psa_contract::{
    BoardMetadata, BoardSelection, CompanyPage, CompanyQuery, ConnectorDescription, ConnectorError,
    CreatedTicket, ErrorCode, FieldError, Setting, Ticket, TicketDraft, Verification,
};
use wasmtime::component::{ComponentNamedList, Lift, Lower};

use crate::connector::Connector;
use crate::functions::{Function, Functions, Outcome};
use crate::http::Http;
use crate::limits::{LimitReached, Limits};
use crate::run::{Interrupted, KeptGuest, Usage, run};

/// Least time to wait before a ticket in doubt is asked for again: the PSA may still be writing it.
const RETRY_AFTER_DOUBT_SECONDS: u32 = 60;

/// One call, ready to be made. Its futures are `Send` and need a Tokio runtime with time enabled, of any flavour.
///
/// Dropping the future of a call ends the call; what the server then does with a request
/// under way is not known, so a `create_ticket` that was dropped is repeated only with its reference.
pub struct Call {
    pub(crate) connector: Connector,
    pub(crate) http: Box<dyn Http>,
    pub(crate) limits: Limits,
    pub(crate) usage: Option<Arc<Mutex<Usage>>>,
    pub(crate) kept: Option<KeptGuest>,
}

/// Why a call has no result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// The connector's answer, or the host's `outcome-unknown` for it where the connector was stopped after a write may
    /// have left. Do what its code says.
    #[error("{}: {}", .0.code.name(), .0.message)]
    Connector(Box<ConnectorError>),
    /// The connector passed a limit of this host. Nothing was written. Raise the limit, or ask for less at once.
    #[error("the connector was stopped in `{function}`: {limit}. Raise the limit `{}`, or ask for less at once", .limit.field())]
    Stopped {
        /// The function, as in the contract.
        function: &'static str,
        /// The limit.
        limit: LimitReached,
    },
    /// A defect of the connector: it trapped, or broke the rules of the interface. Nothing was written. Report it to
    /// the connector's author.
    #[error(
        "the connector failed in `{function}`: {message}. This is a defect of the connector: report it to its author"
    )]
    Trapped {
        /// The function, as in the contract.
        function: &'static str,
        /// What the engine says, on one line.
        message: String,
        /// Where in the connector, for its author. Several lines, empty where the engine does not know.
        backtrace: String,
    },
    /// The host could not make the call: out of memory or address space. Nothing was sent.
    #[error("the host cannot run the connector: {0}")]
    Host(String),
}

impl Call {
    pub(crate) fn new(connector: Connector, http: Box<dyn Http>, limits: Limits) -> Self {
        Self {
            connector,
            http,
            limits,
            usage: None,
            kept: None,
        }
    }

    /// Writes what the call used to this place when it ends, however it ends.
    #[must_use]
    pub fn measured(mut self, usage: &Arc<Mutex<Usage>>) -> Self {
        self.usage = Some(Arc::clone(usage));
        self
    }

    /// Runs in the instance of the calls before it. For checks and measures only: nothing of one tenant is kept from another.
    #[doc(hidden)]
    #[must_use]
    pub fn in_kept_guest(mut self, kept: &KeptGuest) -> Self {
        self.kept = Some(kept.clone());
        self
    }

    /// The settings, permissions and draft fields of this connector. Sends nothing.
    ///
    /// # Errors
    /// [`CallError::Stopped`], [`CallError::Trapped`] or [`CallError::Host`] only.
    pub async fn describe(self) -> Result<ConnectorDescription, CallError> {
        let (description,) = self.run(|functions| &functions.describe, ()).await?;
        Ok(description)
    }

    /// The https origins that the connector contacts with these settings. Sends nothing.
    ///
    /// # Errors
    /// [`CallError`], here and in every function below.
    pub async fn origins(self, settings: Vec<Setting>) -> Result<Vec<String>, CallError> {
        answer(self.run(|functions| &functions.origins, (settings,)).await)
    }

    /// Proves the credentials and checks each permission. A missing permission is a result, not an error.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn verify(self, settings: Vec<Setting>) -> Result<Verification, CallError> {
        answer(self.run(|functions| &functions.verify, (settings,)).await)
    }

    /// One page of the companies that the credentials can see.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn list_companies(
        self,
        settings: Vec<Setting>,
        query: CompanyQuery,
    ) -> Result<CompanyPage, CallError> {
        answer(
            self.run(|functions| &functions.list_companies, (settings, query))
                .await,
        )
    }

    /// Boards with their statuses, types, subtypes and items, and the priorities.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn list_board_metadata(
        self,
        settings: Vec<Setting>,
        selection: BoardSelection,
    ) -> Result<BoardMetadata, CallError> {
        answer(
            self.run(
                |functions| &functions.list_board_metadata,
                (settings, selection),
            )
            .await,
        )
    }

    /// Whether this draft would be accepted, as far as reading tells. Empty: no objection found.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn check_ticket(
        self,
        settings: Vec<Setting>,
        draft: TicketDraft,
    ) -> Result<Vec<FieldError>, CallError> {
        answer(
            self.run(|functions| &functions.check_ticket, (settings, draft))
                .await,
        )
    }

    /// Opens one ticket, or finds the one with the draft's reference.
    ///
    /// # Errors
    /// [`CallError`]. A connector that is stopped or traps after a write may have left gives
    /// [`CallError::Connector`] with the code `outcome-unknown`; in every other case nothing was written, unless the
    /// connector's own code says otherwise.
    pub async fn create_ticket(
        self,
        settings: Vec<Setting>,
        draft: TicketDraft,
    ) -> Result<CreatedTicket, CallError> {
        let has_reference = draft
            .reference
            .as_deref()
            .is_some_and(|text| !text.is_empty());
        let outcome = run(
            self,
            |functions| &functions.create_ticket,
            (settings, draft),
        )
        .await;
        answer(outcome.map_err(|interrupted| match interrupted {
            Interrupted {
                error,
                may_have_written: true,
            } => CallError::Connector(Box::new(outcome_unknown(&error, has_reference))),
            Interrupted { error, .. } => error,
        }))
    }

    /// The same without the host's own `outcome-unknown`, which would hide that the connector trapped.
    pub(crate) async fn create_ticket_as_it_ends(
        self,
        settings: Vec<Setting>,
        draft: TicketDraft,
    ) -> Result<CreatedTicket, CallError> {
        answer(
            self.run(|functions| &functions.create_ticket, (settings, draft))
                .await,
        )
    }

    /// One ticket. None: there is no such ticket, or the credentials may not see that there is.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn get_ticket(
        self,
        settings: Vec<Setting>,
        id: String,
    ) -> Result<Option<Ticket>, CallError> {
        answer(
            self.run(|functions| &functions.get_ticket, (settings, id))
                .await,
        )
    }

    async fn run<Parameters, Results>(
        self,
        function: impl FnOnce(&Functions) -> &Function<Parameters, Results>,
        parameters: Parameters,
    ) -> Result<Results, CallError>
    where
        Parameters: ComponentNamedList + Lower + Send + Sync + 'static,
        Results: ComponentNamedList + Lift + Send + Sync + 'static,
    {
        run(self, function, parameters)
            .await
            .map_err(|interrupted| interrupted.error)
    }
}

fn answer<T>(outcome: Result<Outcome<T>, CallError>) -> Result<T, CallError> {
    let (result,) = outcome?;
    result.map_err(|error| CallError::Connector(Box::new(error)))
}

fn outcome_unknown(cause: &CallError, has_reference: bool) -> ConnectorError {
    let hint = if has_reference {
        "Repeat the call with the same reference after the time given: it finds the ticket if there is one."
    } else {
        "The draft has no reference, so a repeated call may open a second ticket: look in the PSA first."
    };
    ConnectorError {
        code: ErrorCode::OutcomeUnknown,
        message: format!("the request that opens the ticket was sent, then {cause}"),
        hint: Some(hint.to_owned()),
        field_errors: Vec::new(),
        permission_ids: Vec::new(),
        retry_after_seconds: Some(RETRY_AFTER_DOUBT_SECONDS),
        http_status: None,
        vendor_code: None,
        vendor_request_id: None,
    }
}
