//! The one table of rights: which request needs which, and where to grant it.
//!
//! Two must allow a request: the application, by the scopes of its tab Permissions, and the agent that it logs in as. The
//! path leads to the agent's right; the sentence names the scope, too.

use psa_contract::Operation::{
    AddNote, AttachAsset, CheckTicket, CreateTicket, FindTickets, GetTicket, ListAssets,
    ListBoardMetadata, ListCompanies, ListContacts, ListSites, SetStatus,
};
use psa_toolkit::permission::RequiredPermission;

const MODIFY: &str = "Read and Modify";
const READ: &str = "Read Only";

macro_rules! agent {
    ($($step:literal),+) => {
        &["Configuration", "Teams & Agents", "Agents", $($step),+]
    };
}

const TICKETS: &[&str] = agent!("Permissions", "Feature Access", "Tickets Access Level");

pub(crate) static TICKETS_READ: RequiredPermission = RequiredPermission {
    id: "tickets-read",
    path: TICKETS,
    level: Some(READ),
    request: "GET /api/Tickets",
    needed_for: &[
        CreateTicket,
        GetTicket,
        FindTickets,
        AddNote,
        SetStatus,
        AttachAsset,
    ],
    how_to_grant,
};
pub(crate) static TICKETS_ADD: RequiredPermission = RequiredPermission {
    id: "tickets-add",
    path: agent!("Permissions", "Feature Access", "Can add new Tickets"),
    level: Some("Yes"),
    request: "POST /api/Tickets",
    needed_for: &[CreateTicket],
    ..TICKETS_READ
};
pub(crate) static TICKETS_EDIT: RequiredPermission = RequiredPermission {
    id: "tickets-edit",
    path: TICKETS,
    level: Some(MODIFY),
    request: "POST /api/Actions",
    needed_for: &[AddNote, SetStatus, AttachAsset],
    ..TICKETS_READ
};
pub(crate) static CUSTOMERS_READ: RequiredPermission = RequiredPermission {
    id: "customers-read",
    path: agent!("Permissions", "Feature Access", "Customers Access Level"),
    request: "GET /api/Client",
    needed_for: &[
        ListCompanies,
        CheckTicket,
        CreateTicket,
        ListContacts,
        ListSites,
    ],
    ..TICKETS_READ
};
pub(crate) static TEAMS_READ: RequiredPermission = RequiredPermission {
    id: "teams-read",
    path: agent!("Departments & Teams"),
    level: Some("Every team whose tickets it opens"),
    request: "GET /api/Team",
    needed_for: &[ListBoardMetadata, CheckTicket, CreateTicket],
    ..TICKETS_READ
};
pub(crate) static TICKET_TYPES_READ: RequiredPermission = RequiredPermission {
    id: "ticket-types-read",
    path: agent!(
        "Permissions",
        "Ticket Type",
        "Allow use of all Ticket Types"
    ),
    level: Some("Yes"),
    request: "GET /api/TicketType",
    needed_for: &[ListBoardMetadata, CheckTicket],
    ..TICKETS_READ
};
pub(crate) static STATUSES_READ: RequiredPermission = RequiredPermission {
    id: "statuses-read",
    request: "GET /api/Status",
    needed_for: &[ListBoardMetadata, CheckTicket, SetStatus],
    ..TICKETS_READ
};
pub(crate) static PRIORITIES_READ: RequiredPermission = RequiredPermission {
    id: "priorities-read",
    request: "GET /api/Priority",
    needed_for: &[ListBoardMetadata, CheckTicket],
    ..TICKETS_READ
};
pub(crate) static CATEGORIES_READ: RequiredPermission = RequiredPermission {
    id: "categories-read",
    request: "GET /api/Category",
    needed_for: &[ListBoardMetadata, CheckTicket],
    ..TICKETS_READ
};
pub(crate) static SOURCES_READ: RequiredPermission = RequiredPermission {
    id: "sources-read",
    request: "GET /api/Lookup",
    needed_for: &[ListBoardMetadata, CheckTicket],
    ..TICKETS_READ
};
pub(crate) static ASSETS_READ: RequiredPermission = RequiredPermission {
    id: "assets-read",
    path: agent!("Permissions", "Feature Access", "Assets Access Level"),
    request: "GET /api/Asset",
    needed_for: &[ListAssets, AttachAsset],
    ..TICKETS_READ
};

pub(crate) static PERMISSIONS: [&RequiredPermission; 11] = [
    &TICKETS_READ,
    &TICKETS_ADD,
    &TICKETS_EDIT,
    &CUSTOMERS_READ,
    &TEAMS_READ,
    &TICKET_TYPES_READ,
    &STATUSES_READ,
    &PRIORITIES_READ,
    &CATEGORIES_READ,
    &SOURCES_READ,
    &ASSETS_READ,
];

/// The smallest scope that includes it, as far as that is known.
fn scope(permission: &RequiredPermission) -> &'static str {
    match permission.id {
        "customers-read" => "read:customers",
        "assets-read" => "read:assets",
        _ => "edit:tickets",
    }
}

fn how_to_grant(permission: &RequiredPermission) -> String {
    let level = permission.level.unwrap_or("Yes");
    format!(
        "in {}, give the API agent `{level}`; in Configuration > Integrations > HaloPSA API > View Applications > Permissions, \
         give the application `{}`",
        permission.path.join(" > "),
        scope(permission),
    )
}
