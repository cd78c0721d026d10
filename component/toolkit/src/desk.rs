//! What a vendor implements.

use psa_contract::{
    AssetPage, AssetQuery, AttachedAsset, BoardMetadata, BoardSelection, ChangedTicket,
    CompanyPage, CompanyQuery, ConnectorDescription, ConnectorError, ContactPage, ContactQuery,
    CreatedNote, CreatedTicket, ErrorCode, NoteDraft, Operation, OriginList, Setting, SitePage,
    SiteQuery, StatusChange, TicketCheck, TicketDraft, TicketLookup, TicketPage, TicketQuery,
    Verification,
};

use crate::error::Error;
use crate::exchange::HttpSend;

/// The functions of the contract, as a table: its name, its arguments as the component takes them and as a connector sees
/// them, its result, its operation. The trait [`ServiceDesk`] and the exports in `guest.rs` are both made of it.
macro_rules! with_functions {
    ($make:path) => {
        $make! {
            required {
                /// Proves the credentials, and checks the permissions.
                verify(needed: Vec<Operation> as &[Operation]) -> Verification = Verify;
                /// The companies that these credentials can see.
                list_companies(query: CompanyQuery as &CompanyQuery) -> CompanyPage = ListCompanies;
                /// What the choosers of a form hold.
                list_board_metadata(selection: BoardSelection as &BoardSelection)
                    -> BoardMetadata = ListBoardMetadata;
                /// Whether a draft would be accepted.
                check_ticket(draft: TicketDraft as &TicketDraft) -> TicketCheck = CheckTicket;
                /// Opens one ticket.
                create_ticket(draft: TicketDraft as &TicketDraft) -> CreatedTicket = CreateTicket;
                /// Reads one ticket.
                get_ticket(id: String as &str) -> TicketLookup = GetTicket;
            }
            optional {
                /// Finds tickets.
                find_tickets(query: TicketQuery as &TicketQuery) -> TicketPage = FindTickets;
                /// Adds one note.
                add_note(note: NoteDraft as &NoteDraft) -> CreatedNote = AddNote;
                /// Sets the status of a ticket.
                set_status(change: StatusChange as &StatusChange) -> ChangedTicket = SetStatus;
                /// The contacts of a company.
                list_contacts(query: ContactQuery as &ContactQuery) -> ContactPage = ListContacts;
                /// The assets of a company.
                list_assets(query: AssetQuery as &AssetQuery) -> AssetPage = ListAssets;
                /// The sites of a company.
                list_sites(query: SiteQuery as &SiteQuery) -> SitePage = ListSites;
                /// Attaches an asset to a ticket.
                attach_asset(ticket_id: String as &str, asset_id: String as &str)
                    -> AttachedAsset = AttachAsset;
            }
        }
    };
}
pub(crate) use with_functions;

macro_rules! service_desk {
    (
        required {$(
            $(#[$doc:meta])*
            $name:ident($($argument:ident: $owned:ty as $seen:ty),*) -> $result:ident = $operation:ident;
        )*}
        optional {$(
            $(#[$optional_doc:meta])*
            $optional_name:ident($($optional_argument:ident: $optional_owned:ty as $optional_seen:ty),*)
                -> $optional_result:ident = $optional_operation:ident;
        )*}
    ) => {
        /// A vendor's connector: the functions of the contract, on settings that were parsed. Those that it does not list
        /// in [`ServiceDesk::OPERATIONS`] are `unsupported`, send nothing, and need not be implemented.
        ///
        /// Each returns the contract's errors for its function.
        #[expect(clippy::missing_errors_doc, reason = "the contract says which")]
        pub trait ServiceDesk {
            /// The settings, parsed: whoever holds them holds good ones.
            type Settings;

            /// The functions that it has, in the order of the contract. The description lists the same.
            const OPERATIONS: &'static [Operation];

            /// What a host can know before anything is entered.
            fn describe() -> ConnectorDescription;

            /// Parses the settings, all faults at once: `invalid-settings`.
            fn parse(settings: &[Setting]) -> Result<Self::Settings, Error>;

            /// The origins that these settings lead to.
            fn origins(settings: &Self::Settings) -> OriginList;

            $(
                $(#[$doc])*
                fn $name(
                    settings: &Self::Settings,
                    $($argument: $seen,)*
                    send: &mut HttpSend,
                ) -> Result<$result, Error>;
            )*

            $(
                $(#[$optional_doc])*
                fn $optional_name(
                    _settings: &Self::Settings,
                    $($optional_argument: $optional_seen,)*
                    _send: &mut HttpSend,
                ) -> Result<$optional_result, Error> {
                    let _ = ($($optional_argument,)*);
                    Err(unsupported(Operation::$optional_operation))
                }
            )*
        }
    };
}

with_functions!(service_desk);

/// This connector does not have this function.
#[must_use]
pub fn unsupported(operation: Operation) -> Error {
    let message = format!("this connector has no function `{}`", operation.name());
    Error::new(ErrorCode::Unsupported, message)
        .hint("`describe` lists the functions that it has; nothing was sent")
}

/// Runs a function as the component does: refuses one that the connector does not have, then parses the settings, then
/// calls it. For programs that call a connector as ordinary Rust.
///
/// # Errors
/// `unsupported`, `invalid-settings`, and those of the function.
pub fn run<D: ServiceDesk, T>(
    operation: Operation,
    settings: &[Setting],
    call: impl FnOnce(&D::Settings) -> Result<T, Error>,
) -> Result<T, ConnectorError> {
    if !D::OPERATIONS.contains(&operation) {
        return Err(unsupported(operation).into_inner());
    }
    D::parse(settings)
        .and_then(|settings| call(&settings))
        .map_err(Error::into_inner)
}
