//! One call of one function of a connector, and why it can fail. How a guest is run is in `run.rs`.

use std::sync::{Arc, Mutex};

use psa_contract::{
    AssetPage, AssetQuery, AttachedAsset, BoardMetadata, BoardSelection, ChangedTicket,
    CompanyPage, CompanyQuery, ConnectorDescription, ConnectorError, ContactPage, ContactQuery,
    CreatedNote, CreatedTicket, ErrorCode, NoteDraft, Operation, OriginList, Setting, SitePage,
    SiteQuery, StatusChange, TicketCheck, TicketDraft, TicketLookup, TicketPage, TicketQuery,
    Verification,
};
use wasmtime::component::{ComponentNamedList, Lift, Lower};

use crate::call_error::CallError;
use crate::connector::Connector;
use crate::functions::{Function, Functions, Outcome};
use crate::http::Http;
use crate::limited_http::RequestRules;
use crate::limits::Limits;
#[cfg(feature = "policy")]
use crate::policy::Policy;
use crate::run::{KeptGuest, Run, Usage, run};

/// Least time to wait before a ticket in doubt is asked for again: the PSA may still be writing it.
const RETRY_AFTER_DOUBT_SECONDS: u32 = 60;

/// One call, ready to be made. Its futures are `Send` and need a Tokio runtime with time enabled, of any flavour.
///
/// Dropping the future of a call ends the call; what the server then does with a request
/// under way is not known, so a `create_ticket` that was dropped is repeated only with its reference.
pub struct Call {
    run: Run,
    shows_the_end: bool,
}

impl Connector {
    /// One call with this HTTP and these limits: `connector.call(http, Limits::default()).verify(settings).await`.
    #[must_use]
    pub fn call(&self, http: impl Http + 'static, limits: Limits) -> Call {
        Call::new(self.clone(), Box::new(http), limits)
    }
}

impl Call {
    fn new(connector: Connector, http: Box<dyn Http>, limits: Limits) -> Self {
        Self {
            run: Run {
                connector,
                http,
                rules: RequestRules::Contract,
                limits,
                usage: None,
                kept: None,
            },
            shows_the_end: false,
        }
    }

    /// Sends only requests that this policy allows ([`Policy::check`]), whatever the [`Http`]; others are answered as failure
    /// `denied`. Without it a call is held to the contract's rules alone, and its [`Http`] may be sent any https URL.
    #[cfg(feature = "policy")]
    #[must_use]
    pub fn under(mut self, policy: &Policy) -> Self {
        self.run.rules = RequestRules::Policy(policy.clone());
        self
    }

    /// Writes what the call used to this place when it ends, however it ends.
    #[must_use]
    pub fn measured(mut self, usage: &Arc<Mutex<Usage>>) -> Self {
        self.run.usage = Some(Arc::clone(usage));
        self
    }

    /// Runs in the instance of the calls before it. For checks and measures only: nothing of one tenant is kept from another.
    #[doc(hidden)]
    #[must_use]
    pub fn in_kept_guest(mut self, kept: &KeptGuest) -> Self {
        self.run.kept = Some(kept.clone());
        self
    }

    /// What the connector can do and needs to know. Sends nothing.
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
    pub async fn origins(self, settings: Vec<Setting>) -> Result<OriginList, CallError> {
        answer(self.run(|functions| &functions.origins, (settings,)).await)
    }

    /// Proves the credentials and checks the permissions that these operations need; none named: those of all operations.
    /// A missing permission is a result, not an error.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn verify(
        self,
        settings: Vec<Setting>,
        needed: Vec<Operation>,
    ) -> Result<Verification, CallError> {
        answer(
            self.run(|functions| &functions.verify, (settings, needed))
                .await,
        )
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

    /// Boards with their statuses, types, subtypes and items, and the priorities and sources.
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

    /// Whether this draft would be accepted, as far as reading tells.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn check_ticket(
        self,
        settings: Vec<Setting>,
        draft: TicketDraft,
    ) -> Result<TicketCheck, CallError> {
        answer(
            self.run(|functions| &functions.check_ticket, (settings, draft))
                .await,
        )
    }

    /// One ticket, if there is such a ticket and the credentials may see it.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn get_ticket(
        self,
        settings: Vec<Setting>,
        id: String,
    ) -> Result<TicketLookup, CallError> {
        answer(
            self.run(|functions| &functions.get_ticket, (settings, id))
                .await,
        )
    }

    /// One page of tickets: by id, by reference, or the open ones of a company.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn find_tickets(
        self,
        settings: Vec<Setting>,
        query: TicketQuery,
    ) -> Result<TicketPage, CallError> {
        answer(
            self.run(|functions| &functions.find_tickets, (settings, query))
                .await,
        )
    }

    /// One page of the contacts of a company.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn list_contacts(
        self,
        settings: Vec<Setting>,
        query: ContactQuery,
    ) -> Result<ContactPage, CallError> {
        answer(
            self.run(|functions| &functions.list_contacts, (settings, query))
                .await,
        )
    }

    /// One page of the assets of a company.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn list_assets(
        self,
        settings: Vec<Setting>,
        query: AssetQuery,
    ) -> Result<AssetPage, CallError> {
        answer(
            self.run(|functions| &functions.list_assets, (settings, query))
                .await,
        )
    }

    /// One page of the sites of a company.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn list_sites(
        self,
        settings: Vec<Setting>,
        query: SiteQuery,
    ) -> Result<SitePage, CallError> {
        answer(
            self.run(|functions| &functions.list_sites, (settings, query))
                .await,
        )
    }

    /// Opens one ticket, or finds the one with the draft's reference.
    ///
    /// # Errors
    /// [`CallError`]. A connector that is stopped or traps after a write may have left gives [`CallError::Connector`] with
    /// the code `outcome-unknown`, here and in every function that writes; in every other case nothing was written, unless
    /// the connector's own code says otherwise.
    pub async fn create_ticket(
        self,
        settings: Vec<Setting>,
        draft: TicketDraft,
    ) -> Result<CreatedTicket, CallError> {
        let may_be_repeated = has_reference(draft.reference.as_deref());
        self.write(
            |functions| &functions.create_ticket,
            (settings, draft),
            may_be_repeated,
        )
        .await
    }

    /// Adds one note to a ticket, or finds the one with the draft's reference.
    ///
    /// # Errors
    /// [`CallError`], as [`Call::create_ticket`].
    pub async fn add_note(
        self,
        settings: Vec<Setting>,
        note: NoteDraft,
    ) -> Result<CreatedNote, CallError> {
        let may_be_repeated = has_reference(note.reference.as_deref());
        self.write(
            |functions| &functions.add_note,
            (settings, note),
            may_be_repeated,
        )
        .await
    }

    /// Sets the status of a ticket.
    ///
    /// # Errors
    /// [`CallError`], as [`Call::create_ticket`].
    pub async fn set_status(
        self,
        settings: Vec<Setting>,
        change: StatusChange,
    ) -> Result<ChangedTicket, CallError> {
        let may_be_repeated = true;
        self.write(
            |functions| &functions.set_status,
            (settings, change),
            may_be_repeated,
        )
        .await
    }

    /// Attaches an asset to a ticket.
    ///
    /// # Errors
    /// [`CallError`], as [`Call::create_ticket`].
    pub async fn attach_asset(
        self,
        settings: Vec<Setting>,
        ticket_id: String,
        asset_id: String,
    ) -> Result<AttachedAsset, CallError> {
        let may_be_repeated = true;
        self.write(
            |functions| &functions.attach_asset,
            (settings, ticket_id, asset_id),
            may_be_repeated,
        )
        .await
    }

    /// Shows how a function that writes ended, in place of the host's own `outcome-unknown`, which would hide that the
    /// connector trapped, and gives its HTTP every request, also those that the contract forbids. For checks only, which
    /// judge both themselves.
    #[doc(hidden)]
    #[must_use]
    pub fn with_its_own_end(mut self) -> Self {
        self.run.rules = RequestRules::None;
        self.shows_the_end = true;
        self
    }

    async fn write<Parameters, T>(
        self,
        function: impl FnOnce(&Functions) -> &Function<Parameters, Outcome<T>>,
        parameters: Parameters,
        may_be_repeated: bool,
    ) -> Result<T, CallError>
    where
        Parameters: ComponentNamedList + Lower + Send + Sync + 'static,
        T: Lift + Send + Sync + 'static,
    {
        let shows_the_end = self.shows_the_end;
        let outcome = run(self.run, function, parameters).await;
        answer(outcome.map_err(|interrupted| {
            if interrupted.may_have_written && !shows_the_end {
                let error = outcome_unknown(&interrupted.error, may_be_repeated);
                CallError::Connector(Box::new(error))
            } else {
                interrupted.error
            }
        }))
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
        run(self.run, function, parameters)
            .await
            .map_err(|interrupted| interrupted.error)
    }
}

fn answer<T>(outcome: Result<Outcome<T>, CallError>) -> Result<T, CallError> {
    let (result,) = outcome?;
    result.map_err(|error| CallError::Connector(Box::new(error)))
}

fn has_reference(reference: Option<&str>) -> bool {
    reference.is_some_and(|text| !text.is_empty())
}

fn outcome_unknown(cause: &CallError, may_be_repeated: bool) -> ConnectorError {
    let hint = if may_be_repeated {
        "Repeat the same call after the time given: it finds what was written."
    } else {
        "Without a reference a repeated call may write a second time: look in the PSA first."
    };
    ConnectorError {
        code: ErrorCode::OutcomeUnknown,
        message: format!("a write was sent to the PSA, then {cause}"),
        hint: Some(hint.to_owned()),
        field_errors: Vec::new(),
        permission_ids: Vec::new(),
        retry_after_seconds: Some(RETRY_AFTER_DOUBT_SECONDS),
        http_status: None,
        vendor_code: None,
        vendor_request_id: None,
        ticket_ids: Vec::new(),
    }
}
