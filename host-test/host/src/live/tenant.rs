//! What every call of one tenant has in common, in one value: `tenant.create_ticket(draft).await`.

use psa_contract::{
    AssetPage, AssetQuery, AttachedAsset, BoardMetadata, BoardSelection, ChangedTicket,
    CompanyPage, CompanyQuery, ConnectorDescription, ContactPage, ContactQuery, CreatedNote,
    CreatedTicket, NoteDraft, Operation, OriginList, Setting, SitePage, SiteQuery, StatusChange,
    TicketCheck, TicketDraft, TicketLookup, TicketPage, TicketQuery, Verification, function_docs,
};

use crate::call::Call;
use crate::call_error::CallError;
use crate::connector::Connector;
use crate::http::NoHttp;
use crate::limited_http::LimitedHttp;
use crate::limits::Limits;
use crate::live::backend::Live;
use crate::live::client::Pools;
use crate::live::{LiveError, LiveOptions};
use crate::policy::{Policy, PolicyError, PolicyOptions};

/// A connector with the settings of one tenant: each call is live, under the tenant's policy, and shares connections, kept
/// responses and pacing with the others over the same [`Pools`]. Cheap to clone.
#[derive(Clone)]
pub struct Tenant {
    connector: Connector,
    settings: Vec<Setting>,
    policy: Policy,
    options: LiveOptions,
    limits: Limits,
    pools: Pools,
}

/// How the calls of a tenant work, and what they may spend.
#[derive(Clone, Debug, Default)]
pub struct TenantOptions {
    /// What the connector may reach, and how fast.
    pub policy: PolicyOptions,
    /// HTTPS.
    pub live: LiveOptions,
    /// What each call may spend.
    pub limits: Limits,
}

/// Why a tenant cannot be set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TenantError {
    /// The connector does not describe itself.
    #[error(transparent)]
    Describe(#[from] CallError),
    /// The policy.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// HTTPS.
    #[error(transparent)]
    Live(#[from] LiveError),
}

impl Tenant {
    /// The tenant with these settings. Asks the connector to describe itself, and reads the machine's certificate authorities
    /// if these pools have not done so; sends nothing. The settings are checked by the connector in each call.
    ///
    /// # Errors
    /// [`TenantError`]
    pub async fn new(
        connector: &Connector,
        settings: Vec<Setting>,
        options: TenantOptions,
        pools: &Pools,
    ) -> Result<Self, TenantError> {
        let limits = options.limits.clone();
        let description = connector.call(NoHttp, limits).describe().await?;
        Self::described(connector, &description, settings, options, pools)
    }

    /// The same, with a description that was asked for before: one is the same for all tenants of a connector.
    ///
    /// # Errors
    /// [`TenantError::Policy`] or [`TenantError::Live`]
    pub fn described(
        connector: &Connector,
        description: &ConnectorDescription,
        settings: Vec<Setting>,
        options: TenantOptions,
        pools: &Pools,
    ) -> Result<Self, TenantError> {
        let digest = connector.digest();
        let policy = Policy::new(digest, description, &settings, &options.policy)?;
        // What would fail in every call fails here.
        Live::new(&policy, &options.live, pools)?;
        Ok(Self {
            connector: connector.clone(),
            settings,
            policy,
            options: options.live,
            limits: options.limits,
            pools: pools.clone(),
        })
    }

    /// What the tenant's connector may reach.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// A call that is ready to be made, for [`Call::measured`] and the like.
    ///
    /// # Errors
    /// [`CallError::Host`]: HTTPS cannot be set up.
    pub fn call(&self) -> Result<Call, CallError> {
        let http = self
            .live()
            .map_err(|error| CallError::Host(error.to_string()))?;
        let call = self.connector.call(http, self.limits.clone());
        Ok(call.under(&self.policy))
    }

    /// The HTTP of one call, for a store of your own whose linker has [`add_to_linker`](crate::add_to_linker).
    ///
    /// # Errors
    /// [`LiveError`]
    pub fn http(&self) -> Result<LimitedHttp, LiveError> {
        Ok(LimitedHttp::new(self.live()?, &self.limits).under(&self.policy))
    }

    fn live(&self) -> Result<Live, LiveError> {
        Live::new(&self.policy, &self.options, &self.pools)
    }
}

/// A method for each function that takes the tenant's settings, with the contract's own text.
macro_rules! functions {
    ($($name:ident($($argument:ident: $type:ty),*) -> $result:ty;)*) => {
        impl Tenant {$(
            #[doc = function_docs!($name)]
            ///
            /// # Errors
            #[doc = concat!("[`CallError`], as [`Call::", stringify!($name), "`].")]
            pub async fn $name(&self, $($argument: $type),*) -> Result<$result, CallError> {
                self.call()?.$name(self.settings.clone(), $($argument),*).await
            }
        )*}
    };
}

functions! {
    origins() -> OriginList;
    verify(needed: Vec<Operation>) -> Verification;
    list_companies(query: CompanyQuery) -> CompanyPage;
    list_board_metadata(selection: BoardSelection) -> BoardMetadata;
    check_ticket(draft: TicketDraft) -> TicketCheck;
    create_ticket(draft: TicketDraft) -> CreatedTicket;
    get_ticket(id: String) -> TicketLookup;
    find_tickets(query: TicketQuery) -> TicketPage;
    add_note(note: NoteDraft) -> CreatedNote;
    set_status(change: StatusChange) -> ChangedTicket;
    attach_asset(ticket_id: String, asset_id: String) -> AttachedAsset;
    list_contacts(query: ContactQuery) -> ContactPage;
    list_assets(query: AssetQuery) -> AssetPage;
    list_sites(query: SiteQuery) -> SitePage;
}
