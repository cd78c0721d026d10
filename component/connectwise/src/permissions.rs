//! The rights of a security role: which request needs which, and where to grant it.
//!
//! Source: the permission table of the HYAS Protect integration (docs.hyas.com, "ConnectWise"), and the Developer Guide's
//! remark that a look-up of tickets needs Inquire on Service Tickets.

use psa_contract::Operation::{
    AddNote, AttachAsset, CheckTicket, CreateTicket, FindTickets, GetTicket, ListAssets,
    ListBoardMetadata, ListCompanies, ListContacts, ListSites, SetStatus, Verify,
};
use psa_toolkit::permission::RequiredPermission;

/// What to set a function of a security role to. Delete is never needed.
const INQUIRE: &str = "Inquire (All)";
pub(crate) const ADD: &str = "Add (All)";
pub(crate) const EDIT: &str = "Edit (All)";

const TABLE_SETUP: &[&str] = &["System", "Security Roles", "System", "Table Setup"];
const SERVICE_TICKETS: &[&str] = &[
    "System",
    "Security Roles",
    "Service Desk",
    "Service Tickets",
];

pub(crate) static OWN_ROLE: RequiredPermission = RequiredPermission {
    id: "member-maintenance-inquire",
    path: &["System", "Security Roles", "System", "Member Maintenance"],
    level: Some(INQUIRE),
    request: "GET /system/mySecurity",
    needed_for: &[Verify],
    how_to_grant,
};

pub(crate) static COMPANIES: RequiredPermission = RequiredPermission {
    id: "company-maintenance-inquire",
    path: &[
        "System",
        "Security Roles",
        "Companies",
        "Company Maintenance",
    ],
    request: "GET /company/companies",
    needed_for: &[Verify, ListCompanies, CheckTicket, ListSites],
    ..OWN_ROLE
};

pub(crate) static BOARDS: RequiredPermission = RequiredPermission {
    id: "service-boards-inquire",
    path: SERVICE_TICKETS,
    request: "GET /service/info/boards",
    needed_for: &[Verify, ListBoardMetadata, CheckTicket],
    ..OWN_ROLE
};

pub(crate) static PRIORITIES: RequiredPermission = RequiredPermission {
    id: "table-setup-inquire-priorities",
    path: TABLE_SETUP,
    request: "GET /service/priorities",
    needed_for: &[Verify, ListBoardMetadata, CheckTicket],
    ..OWN_ROLE
};

pub(crate) static BOARD_TYPES: RequiredPermission = RequiredPermission {
    id: "table-setup-inquire-types",
    path: TABLE_SETUP,
    request: "GET /service/boards/{parentId}/types",
    needed_for: &[Verify, ListBoardMetadata, CheckTicket],
    ..OWN_ROLE
};

pub(crate) static BOARD_STATUSES: RequiredPermission = RequiredPermission {
    id: "table-setup-inquire-statuses",
    path: TABLE_SETUP,
    request: "GET /service/boards/{parentId}/statuses",
    needed_for: &[Verify, ListBoardMetadata, CheckTicket, SetStatus],
    ..OWN_ROLE
};

pub(crate) static TICKETS_ADD: RequiredPermission = RequiredPermission {
    id: "service-tickets-add",
    path: SERVICE_TICKETS,
    level: Some(ADD),
    request: "POST /service/tickets",
    needed_for: &[CreateTicket],
    ..OWN_ROLE
};

pub(crate) static TICKETS_INQUIRE: RequiredPermission = RequiredPermission {
    id: "service-tickets-inquire",
    path: SERVICE_TICKETS,
    request: "GET /service/tickets",
    needed_for: &[
        Verify,
        CreateTicket,
        GetTicket,
        FindTickets,
        AddNote,
        SetStatus,
        AttachAsset,
    ],
    ..OWN_ROLE
};

pub(crate) static TICKETS_EDIT: RequiredPermission = RequiredPermission {
    id: "service-tickets-edit",
    path: SERVICE_TICKETS,
    level: Some(EDIT),
    request: "PATCH /service/tickets/{id}",
    needed_for: &[AddNote, SetStatus, AttachAsset],
    ..OWN_ROLE
};

/// Into a closed status and out of it. A function of its own beside Service Tickets.
pub(crate) static TICKETS_CLOSE: RequiredPermission = RequiredPermission {
    id: "close-service-tickets-edit",
    path: &[
        "System",
        "Security Roles",
        "Service Desk",
        "Close Service Tickets",
    ],
    level: Some(EDIT),
    request: "PATCH /service/tickets/{id}",
    needed_for: &[SetStatus],
    ..OWN_ROLE
};

pub(crate) static CONTACTS: RequiredPermission = RequiredPermission {
    id: "contacts-inquire",
    path: &["System", "Security Roles", "Companies", "Contacts"],
    request: "GET /company/contacts",
    needed_for: &[ListContacts],
    ..OWN_ROLE
};

pub(crate) static CONFIGURATIONS: RequiredPermission = RequiredPermission {
    id: "configurations-inquire",
    path: &["System", "Security Roles", "Companies", "Configurations"],
    request: "GET /company/configurations",
    needed_for: &[ListAssets, AttachAsset],
    ..OWN_ROLE
};

/// Every permission, in the order of the description.
pub(crate) static PERMISSIONS: [&RequiredPermission; 12] = [
    &OWN_ROLE,
    &COMPANIES,
    &BOARDS,
    &PRIORITIES,
    &BOARD_TYPES,
    &BOARD_STATUSES,
    &TICKETS_ADD,
    &TICKETS_INQUIRE,
    &TICKETS_EDIT,
    &TICKETS_CLOSE,
    &CONTACTS,
    &CONFIGURATIONS,
];

/// Which clicks grant a permission.
fn how_to_grant(permission: &RequiredPermission) -> String {
    let (module, function) = module_and_function(permission);
    let level = permission.level.unwrap_or_default();
    let column = level.strip_suffix(" (All)").unwrap_or(level);
    let customize = if function == "Table Setup" {
        "; then click customize beside Table Setup and move Service / Service Board and the entry for priorities to the \
         allowed ones"
    } else {
        ""
    };
    format!(
        "in System > Security Roles, open the role of the API member and under {module} set {function}: {column} to \
         All{customize}"
    )
}

/// Where it stands in a security role.
pub(crate) fn module_and_function(permission: &RequiredPermission) -> (&'static str, &'static str) {
    match permission.path {
        [.., module, function] => (module, function),
        _ => ("", ""),
    }
}
