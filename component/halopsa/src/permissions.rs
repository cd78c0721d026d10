//! The one table of rights: which request needs which, and where to grant it.
//!
//! Two must allow a request: the application, by the scopes of its tab Permissions, and the agent that it logs in as. The
//! path leads to the agent's right; the sentence names the scope, too.

use psa_contract::Operation::{
    AddNote, AttachAsset, CheckTicket, CreateTicket, FindTickets, GetTicket, ListAssets,
    ListBoardMetadata, ListCompanies, ListContacts, ListSites, SetStatus,
};
use psa_toolkit::permission::RequiredPermission;

const TICKETS: &str =
    "Configuration > Teams & Agents > Agents > Permissions > Feature Access > Tickets Access Level";

psa_toolkit::permissions! { how_to_grant;
    TICKETS_READ = "tickets-read", TICKETS, Some("Read Only"), "GET /api/Tickets",
        &[CreateTicket, GetTicket, FindTickets, AddNote, SetStatus, AttachAsset];
    TICKETS_ADD = "tickets-add", "Configuration > Teams & Agents > Agents > Permissions > Feature Access > Can add new Tickets",
        Some("Yes"), "POST /api/Tickets", &[CreateTicket];
    TICKETS_EDIT = "tickets-edit", TICKETS, Some("Read and Modify"), "POST /api/Actions", &[AddNote, SetStatus, AttachAsset];
    CUSTOMERS_READ = "customers-read",
        "Configuration > Teams & Agents > Agents > Permissions > Feature Access > Customers Access Level",
        Some("Read Only"), "GET /api/Client", &[ListCompanies, CheckTicket, CreateTicket, ListContacts, ListSites];
    TEAMS_READ = "teams-read", "Configuration > Teams & Agents > Agents > Departments & Teams",
        Some("Every team whose tickets it opens"), "GET /api/Team", &[ListBoardMetadata, CheckTicket, CreateTicket];
    TICKET_TYPES_READ = "ticket-types-read",
        "Configuration > Teams & Agents > Agents > Permissions > Ticket Type > Allow use of all Ticket Types",
        Some("Yes"), "GET /api/TicketType", &[ListBoardMetadata, CheckTicket];
    STATUSES_READ = "statuses-read", TICKETS, Some("Read Only"), "GET /api/Status", &[ListBoardMetadata, CheckTicket, SetStatus];
    PRIORITIES_READ = "priorities-read", TICKETS, Some("Read Only"), "GET /api/Priority", &[ListBoardMetadata, CheckTicket];
    CATEGORIES_READ = "categories-read", TICKETS, Some("Read Only"), "GET /api/Category", &[ListBoardMetadata, CheckTicket];
    SOURCES_READ = "sources-read", TICKETS, Some("Read Only"), "GET /api/Lookup", &[ListBoardMetadata, CheckTicket];
    ASSETS_READ = "assets-read",
        "Configuration > Teams & Agents > Agents > Permissions > Feature Access > Assets Access Level",
        Some("Read Only"), "GET /api/Asset", &[ListAssets, AttachAsset];
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
pub(crate) fn how_to_grant(permission: &RequiredPermission) -> String {
    let scope = match permission.id {
        "customers-read" => "read:customers",
        "assets-read" => "read:assets",
        _ => "edit:tickets",
    };
    let level = match permission.id {
        "teams-read" => "every team whose tickets it opens".to_owned(),
        _ => format!("`{}`", permission.level.unwrap_or_default()),
    };
    format!(
        "in {}, give the API agent {level}; in Configuration > Integrations > HaloPSA API > View Applications > Permissions, \
         give the application `{scope}`",
        permission.path,
    )
}
