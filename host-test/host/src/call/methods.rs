//! A method of [`Call`] for each function of the contract, with the contract's own text.

use psa_contract::{
    AssetPage, AssetQuery, AttachedAsset, BoardMetadata, BoardSelection, ChangedTicket,
    CompanyPage, CompanyQuery, ConnectorDescription, ContactPage, ContactQuery, CreatedNote,
    CreatedTicket, NoteDraft, Operation, OriginList, Setting, SitePage, SiteQuery, StatusChange,
    TicketCheck, TicketDraft, TicketLookup, TicketPage, TicketQuery, Verification, function_docs,
};

use super::{Call, answer};
use crate::call_error::CallError;

impl Call {
    #[doc = function_docs!(describe)]
    ///
    /// # Errors
    /// [`CallError::Stopped`], [`CallError::Trapped`] or [`CallError::Host`] only.
    pub async fn describe(self) -> Result<ConnectorDescription, CallError> {
        let (description,) = self.run(|functions| &functions.describe, ()).await?;
        Ok(description)
    }
}

macro_rules! reads {
    ($($name:ident($($argument:ident: $type:ty),*) -> $result:ty;)*) => {
        impl Call {$(
            #[doc = function_docs!($name)]
            ///
            /// # Errors
            /// [`CallError`]
            pub async fn $name(
                self,
                settings: Vec<Setting>,
                $($argument: $type),*
            ) -> Result<$result, CallError> {
                let parameters = (settings, $($argument),*);
                answer(self.run(|functions| &functions.$name, parameters).await)
            }
        )*}
    };
}

reads! {
    origins() -> OriginList;
    verify(needed: Vec<Operation>) -> Verification;
    list_companies(query: CompanyQuery) -> CompanyPage;
    list_board_metadata(selection: BoardSelection) -> BoardMetadata;
    check_ticket(draft: TicketDraft) -> TicketCheck;
    get_ticket(id: String) -> TicketLookup;
    find_tickets(query: TicketQuery) -> TicketPage;
    list_contacts(query: ContactQuery) -> ContactPage;
    list_assets(query: AssetQuery) -> AssetPage;
    list_sites(query: SiteQuery) -> SitePage;
}

macro_rules! writes {
    ($($name:ident($($argument:ident: $type:ty),*) -> $result:ty, repeated if $may_be_repeated:expr;)*) => {
        impl Call {$(
            #[doc = function_docs!($name)]
            ///
            /// # Errors
            /// [`CallError`]. A connector that is stopped or traps after a write may have left gives
            /// [`CallError::Connector`] with the code `outcome-unknown`. In every other case nothing was written, unless the
            /// connector's own code says otherwise.
            pub async fn $name(
                self,
                settings: Vec<Setting>,
                $($argument: $type),*
            ) -> Result<$result, CallError> {
                let may_be_repeated = $may_be_repeated;
                let parameters = (settings, $($argument),*);
                self.write(|functions| &functions.$name, parameters, may_be_repeated).await
            }
        )*}
    };
}

writes! {
    create_ticket(draft: TicketDraft) -> CreatedTicket, repeated if is_given(draft.reference.as_deref());
    add_note(note: NoteDraft) -> CreatedNote, repeated if is_given(note.reference.as_deref());
    set_status(change: StatusChange) -> ChangedTicket, repeated if true;
    attach_asset(ticket_id: String, asset_id: String) -> AttachedAsset, repeated if true;
}

fn is_given(reference: Option<&str>) -> bool {
    reference.is_some_and(|text| !text.is_empty())
}
