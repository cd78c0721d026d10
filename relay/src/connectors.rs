//! The connectors that the relay has, and the desks of its tenants on them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use psa_contract::{
    BoardMetadata, BoardSelection, ChangedTicket, CompanyPage, CompanyQuery, ConnectorDescription,
    CreatedNote, CreatedTicket, ErrorCode, NoteDraft, Operation, Setting, StatusChange,
    TicketCheck, TicketDraft, TicketLookup, TicketPage, TicketQuery, Verification,
};
use psa_host::{CallError, CodeCache, Connector, LoadError, NoHttp, Pools, Tenant, TenantOptions};

use crate::desk::{Answer, Desk, Desks, no_connector, own_error};

/// The connectors by name, and what their calls share.
pub struct Connectors {
    loaded: BTreeMap<String, (Connector, ConnectorDescription)>,
    options: TenantOptions,
    pools: Pools,
}

/// Why a connector cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConnectorsError {
    /// It cannot be loaded.
    #[error("the connector {name} cannot be loaded: {error}")]
    Load {
        /// Which.
        name: String,
        /// Why.
        error: LoadError,
    },
    /// It does not describe itself.
    #[error("the connector {name} does not describe itself: {error}")]
    Describe {
        /// Which.
        name: String,
        /// Why.
        error: CallError,
    },
}

impl Connectors {
    /// None yet.
    #[must_use]
    pub fn new(options: TenantOptions) -> Self {
        Self {
            loaded: BTreeMap::new(),
            options,
            pools: Pools::default(),
        }
    }

    /// Loads a connector under a name.
    ///
    /// # Errors
    /// [`ConnectorsError`]
    pub async fn load(
        &mut self,
        name: &str,
        path: &Path,
        cache: Option<&CodeCache>,
    ) -> Result<(), ConnectorsError> {
        let loaded = match cache {
            Some(cache) => Connector::from_file_cached(path, cache),
            None => Connector::from_file(path),
        };
        let connector = loaded.map_err(|error| ConnectorsError::Load {
            name: name.to_owned(),
            error,
        })?;
        let limits = self.options.limits.clone();
        let description = connector.call(NoHttp, limits).describe().await;
        let description = description.map_err(|error| ConnectorsError::Describe {
            name: name.to_owned(),
            error,
        })?;
        self.loaded
            .insert(name.to_owned(), (connector, description));
        Ok(())
    }
}

#[async_trait]
impl Desks for Connectors {
    fn names(&self) -> Vec<String> {
        self.loaded.keys().cloned().collect()
    }

    fn description(&self, connector: &str) -> Option<&ConnectorDescription> {
        self.loaded
            .get(connector)
            .map(|(_, description)| description)
    }

    async fn desk(&self, connector: &str, settings: Vec<Setting>) -> Answer<Arc<dyn Desk>> {
        let (connector, description) = self.loaded.get(connector).ok_or_else(|| {
            let message = no_connector(connector, &self.names());
            own_error(ErrorCode::InvalidSettings, message)
        })?;
        let options = self.options.clone();
        let tenant = Tenant::described(connector, description, settings, options, &self.pools);
        let tenant =
            tenant.map_err(|error| own_error(ErrorCode::InvalidSettings, error.to_string()))?;
        Ok(Arc::new(tenant))
    }
}

/// Every call of the contract, its failures outside the contract brought into it.
macro_rules! calls {
    ($($name:ident($($argument:ident: $type:ty),*) -> $result:ty;)*) => {
        #[async_trait]
        impl Desk for Tenant {$(
            async fn $name(&self, $($argument: $type),*) -> Answer<$result> {
                Tenant::$name(self, $($argument),*).await.map_err(of_the_contract)
            }
        )*}
    };
}

calls! {
    verify(needed: Vec<Operation>) -> Verification;
    list_companies(query: CompanyQuery) -> CompanyPage;
    list_board_metadata(selection: BoardSelection) -> BoardMetadata;
    check_ticket(draft: TicketDraft) -> TicketCheck;
    create_ticket(draft: TicketDraft) -> CreatedTicket;
    get_ticket(id: String) -> TicketLookup;
    find_tickets(query: TicketQuery) -> TicketPage;
    add_note(note: NoteDraft) -> CreatedNote;
    set_status(change: StatusChange) -> ChangedTicket;
}

/// What stopped a call outside the contract wrote nothing; else it would be `outcome-unknown`.
fn of_the_contract(error: CallError) -> Box<psa_contract::ConnectorError> {
    let code = match error {
        CallError::Connector(error) => return error,
        CallError::Stopped { .. } => ErrorCode::Denied,
        CallError::Trapped { .. } => ErrorCode::UnexpectedResponse,
        _ => ErrorCode::Unavailable,
    };
    own_error(code, error.to_string())
}
