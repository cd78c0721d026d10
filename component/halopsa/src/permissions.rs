//! The one table of rights: which request needs which, and where to grant it.
//!
//! Two must allow a request: the application, by the scopes of its tab Permissions, and the agent that it logs in as. The
//! path leads to the agent's right; the sentence names the scope, too.

use psa_contract::Operation::{
    AddNote, AttachAsset, CheckTicket, CreateTicket, FindTickets, GetTicket, ListAssets,
    ListBoardMetadata, ListCompanies, ListContacts, ListSites, SetStatus,
};
use psa_toolkit::permission::RequiredPermission;

/// The steps below an agent's page, what to set there, the request, and what needs it.
macro_rules! rights {
    ($($name:ident $id:literal $steps:literal $level:literal, $request:literal for $needed_for:expr;)+) => {
        $(pub(crate) static $name: RequiredPermission = RequiredPermission {
            id: $id,
            path: concat!("Configuration > Teams & Agents > Agents > ", $steps),
            level: Some($level),
            request: $request,
            needed_for: &$needed_for,
            how_to_grant,
        };)+

        pub(crate) static PERMISSIONS: &[&RequiredPermission] = &[$(&$name),+];
    };
}

rights! {
    TICKETS_READ "tickets-read" "Permissions > Feature Access > Tickets Access Level" "Read Only",
        "GET /api/Tickets" for [CreateTicket, GetTicket, FindTickets, AddNote, SetStatus, AttachAsset];
    TICKETS_ADD "tickets-add" "Permissions > Feature Access > Can add new Tickets" "Yes",
        "POST /api/Tickets" for [CreateTicket];
    TICKETS_EDIT "tickets-edit" "Permissions > Feature Access > Tickets Access Level" "Read and Modify",
        "POST /api/Actions" for [AddNote, SetStatus, AttachAsset];
    CUSTOMERS_READ "customers-read" "Permissions > Feature Access > Customers Access Level" "Read Only",
        "GET /api/Client" for [ListCompanies, CheckTicket, CreateTicket, ListContacts, ListSites];
    TEAMS_READ "teams-read" "Departments & Teams" "Every team whose tickets it opens",
        "GET /api/Team" for [ListBoardMetadata, CheckTicket, CreateTicket];
    TICKET_TYPES_READ "ticket-types-read" "Permissions > Ticket Type > Allow use of all Ticket Types" "Yes",
        "GET /api/TicketType" for [ListBoardMetadata, CheckTicket];
    STATUSES_READ "statuses-read" "Permissions > Feature Access > Tickets Access Level" "Read Only",
        "GET /api/Status" for [ListBoardMetadata, CheckTicket, SetStatus];
    PRIORITIES_READ "priorities-read" "Permissions > Feature Access > Tickets Access Level" "Read Only",
        "GET /api/Priority" for [ListBoardMetadata, CheckTicket];
    CATEGORIES_READ "categories-read" "Permissions > Feature Access > Tickets Access Level" "Read Only",
        "GET /api/Category" for [ListBoardMetadata, CheckTicket];
    SOURCES_READ "sources-read" "Permissions > Feature Access > Tickets Access Level" "Read Only",
        "GET /api/Lookup" for [ListBoardMetadata, CheckTicket];
    ASSETS_READ "assets-read" "Permissions > Feature Access > Assets Access Level" "Read Only",
        "GET /api/Asset" for [ListAssets, AttachAsset];
}

/// The right that a read needs, by its path.
pub(crate) fn right_to_read(path: &str) -> &'static RequiredPermission {
    match path.split('/').next().unwrap_or_default() {
        "Client" | "Site" | "Users" => &CUSTOMERS_READ,
        "Asset" => &ASSETS_READ,
        "Team" => &TEAMS_READ,
        "TicketType" => &TICKET_TYPES_READ,
        "Status" => &STATUSES_READ,
        "Priority" => &PRIORITIES_READ,
        "Category" => &CATEGORIES_READ,
        "Lookup" => &SOURCES_READ,
        _ => &TICKETS_READ,
    }
}

/// The smallest scope that includes it, as far as that is known.
fn how_to_grant(permission: &RequiredPermission) -> String {
    let scope = match permission.id {
        "customers-read" => "read:customers",
        "assets-read" => "read:assets",
        _ => "edit:tickets",
    };
    format!(
        "in {}, give the API agent `{}`; in Configuration > Integrations > HaloPSA API > View Applications > Permissions, give \
         the application `{scope}`",
        permission.path,
        permission.level.unwrap_or_default(),
    )
}
