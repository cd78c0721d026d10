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
use crate::input::{InputRow, input_fields};
use crate::permission::RequiredPermission;
use crate::settings::{SettingRow, descriptions};

/// A vendor's connector: the functions of the contract, on settings that were parsed. Those that it does not list in
/// [`ServiceDesk::OPERATIONS`] are `unsupported`, send nothing, and need not be implemented.
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

    /// Proves the credentials, and checks the permissions.
    fn verify(
        settings: &Self::Settings,
        needed: &[Operation],
        send: &mut HttpSend,
    ) -> Result<Verification, Error>;

    /// The companies that these credentials can see.
    fn list_companies(
        settings: &Self::Settings,
        query: &CompanyQuery,
        send: &mut HttpSend,
    ) -> Result<CompanyPage, Error>;

    /// What the choosers of a form hold.
    fn list_board_metadata(
        settings: &Self::Settings,
        selection: &BoardSelection,
        send: &mut HttpSend,
    ) -> Result<BoardMetadata, Error>;

    /// Whether a draft would be accepted.
    fn check_ticket(
        settings: &Self::Settings,
        draft: &TicketDraft,
        send: &mut HttpSend,
    ) -> Result<TicketCheck, Error>;

    /// Opens one ticket.
    fn create_ticket(
        settings: &Self::Settings,
        draft: &TicketDraft,
        send: &mut HttpSend,
    ) -> Result<CreatedTicket, Error>;

    /// Reads one ticket.
    fn get_ticket(
        settings: &Self::Settings,
        id: &str,
        send: &mut HttpSend,
    ) -> Result<TicketLookup, Error>;

    /// Finds tickets.
    fn find_tickets(
        _: &Self::Settings,
        _: &TicketQuery,
        _: &mut HttpSend,
    ) -> Result<TicketPage, Error> {
        Err(unsupported(Operation::FindTickets))
    }

    /// Adds one note.
    fn add_note(_: &Self::Settings, _: &NoteDraft, _: &mut HttpSend) -> Result<CreatedNote, Error> {
        Err(unsupported(Operation::AddNote))
    }

    /// Sets the status of a ticket.
    fn set_status(
        _: &Self::Settings,
        _: &StatusChange,
        _: &mut HttpSend,
    ) -> Result<ChangedTicket, Error> {
        Err(unsupported(Operation::SetStatus))
    }

    /// The contacts of a company.
    fn list_contacts(
        _: &Self::Settings,
        _: &ContactQuery,
        _: &mut HttpSend,
    ) -> Result<ContactPage, Error> {
        Err(unsupported(Operation::ListContacts))
    }

    /// The assets of a company.
    fn list_assets(
        _: &Self::Settings,
        _: &AssetQuery,
        _: &mut HttpSend,
    ) -> Result<AssetPage, Error> {
        Err(unsupported(Operation::ListAssets))
    }

    /// The sites of a company.
    fn list_sites(_: &Self::Settings, _: &SiteQuery, _: &mut HttpSend) -> Result<SitePage, Error> {
        Err(unsupported(Operation::ListSites))
    }

    /// Attaches an asset to a ticket.
    fn attach_asset(
        _: &Self::Settings,
        _ticket_id: &str,
        _asset_id: &str,
        _: &mut HttpSend,
    ) -> Result<AttachedAsset, Error> {
        Err(unsupported(Operation::AttachAsset))
    }
}

/// What the tables of a connector say of it. What the PSA is called and how fast it takes requests is the vendor's to add.
#[must_use]
pub fn described<D: ServiceDesk>(
    settings: &[SettingRow],
    permissions: &[&RequiredPermission],
    fields: &[&[InputRow]],
) -> ConnectorDescription {
    ConnectorDescription {
        operations: D::OPERATIONS.to_vec(),
        settings: descriptions(settings),
        permissions: permissions.iter().map(|it| it.describe()).collect(),
        input_fields: input_fields(fields),
        ..ConnectorDescription::default()
    }
}

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

/// Implements [`ServiceDesk`] for a connector whose functions have the trait's parameters: they are named, and count as its
/// operations in the order of the contract.
///
/// ```text
/// service_desk! { MyDesk, Settings, describe, origins; verify: verify::verify, list_companies: companies::list_companies, … }
/// ```
#[macro_export]
macro_rules! service_desk {
    ($desk:ty, $settings:ty, $describe:path, $origins:path; $($name:ident: $function:path),+ $(,)?) => {
        impl $crate::ServiceDesk for $desk {
            type Settings = $settings;

            const OPERATIONS: &'static [$crate::psa_contract::Operation] =
                &[$($crate::service_desk!(@operation $name)),+];

            fn describe() -> $crate::psa_contract::ConnectorDescription {
                $describe()
            }

            fn parse(settings: &[$crate::psa_contract::Setting]) -> Result<$settings, $crate::Error> {
                <$settings>::parse(settings)
            }

            fn origins(settings: &$settings) -> $crate::psa_contract::OriginList {
                $crate::psa_contract::OriginList { origins: $origins(settings) }
            }

            $($crate::service_desk! { @function $name $function })+
        }
    };
    (@operation verify) => { $crate::psa_contract::Operation::Verify };
    (@operation list_companies) => { $crate::psa_contract::Operation::ListCompanies };
    (@operation list_board_metadata) => { $crate::psa_contract::Operation::ListBoardMetadata };
    (@operation check_ticket) => { $crate::psa_contract::Operation::CheckTicket };
    (@operation create_ticket) => { $crate::psa_contract::Operation::CreateTicket };
    (@operation get_ticket) => { $crate::psa_contract::Operation::GetTicket };
    (@operation find_tickets) => { $crate::psa_contract::Operation::FindTickets };
    (@operation add_note) => { $crate::psa_contract::Operation::AddNote };
    (@operation set_status) => { $crate::psa_contract::Operation::SetStatus };
    (@operation list_contacts) => { $crate::psa_contract::Operation::ListContacts };
    (@operation list_assets) => { $crate::psa_contract::Operation::ListAssets };
    (@operation list_sites) => { $crate::psa_contract::Operation::ListSites };
    (@operation attach_asset) => { $crate::psa_contract::Operation::AttachAsset };
    (@function verify $function:path) => {
        $crate::service_desk! { @one verify(needed: &[$crate::psa_contract::Operation]) -> $crate::psa_contract::Verification, $function }
    };
    (@function list_companies $function:path) => {
        $crate::service_desk! { @one list_companies(query: &$crate::psa_contract::CompanyQuery) -> $crate::psa_contract::CompanyPage, $function }
    };
    (@function list_board_metadata $function:path) => {
        $crate::service_desk! { @one list_board_metadata(selection: &$crate::psa_contract::BoardSelection) -> $crate::psa_contract::BoardMetadata, $function }
    };
    (@function check_ticket $function:path) => {
        $crate::service_desk! { @one check_ticket(draft: &$crate::psa_contract::TicketDraft) -> $crate::psa_contract::TicketCheck, $function }
    };
    (@function create_ticket $function:path) => {
        $crate::service_desk! { @one create_ticket(draft: &$crate::psa_contract::TicketDraft) -> $crate::psa_contract::CreatedTicket, $function }
    };
    (@function get_ticket $function:path) => {
        $crate::service_desk! { @one get_ticket(id: &str) -> $crate::psa_contract::TicketLookup, $function }
    };
    (@function find_tickets $function:path) => {
        $crate::service_desk! { @one find_tickets(query: &$crate::psa_contract::TicketQuery) -> $crate::psa_contract::TicketPage, $function }
    };
    (@function add_note $function:path) => {
        $crate::service_desk! { @one add_note(note: &$crate::psa_contract::NoteDraft) -> $crate::psa_contract::CreatedNote, $function }
    };
    (@function set_status $function:path) => {
        $crate::service_desk! { @one set_status(change: &$crate::psa_contract::StatusChange) -> $crate::psa_contract::ChangedTicket, $function }
    };
    (@function list_contacts $function:path) => {
        $crate::service_desk! { @one list_contacts(query: &$crate::psa_contract::ContactQuery) -> $crate::psa_contract::ContactPage, $function }
    };
    (@function list_assets $function:path) => {
        $crate::service_desk! { @one list_assets(query: &$crate::psa_contract::AssetQuery) -> $crate::psa_contract::AssetPage, $function }
    };
    (@function list_sites $function:path) => {
        $crate::service_desk! { @one list_sites(query: &$crate::psa_contract::SiteQuery) -> $crate::psa_contract::SitePage, $function }
    };
    (@function attach_asset $function:path) => {
        $crate::service_desk! { @one attach_asset(ticket_id: &str, asset_id: &str) -> $crate::psa_contract::AttachedAsset, $function }
    };
    (@one $name:ident($($input:ident: $type:ty),+) -> $result:ty, $function:path) => {
        fn $name(
            settings: &Self::Settings,
            $($input: $type,)+
            send: &mut $crate::HttpSend,
        ) -> Result<$result, $crate::Error> {
            $function(settings, $($input,)+ send)
        }
    };
}
