//! The rights of a security role: which request needs which, and where to grant it.
//!
//! Source: the permission table of the HYAS Protect integration (docs.hyas.com, "ConnectWise"), and the Developer Guide's
//! remark that a look-up of tickets needs Inquire on Service Tickets.

use psa_contract::Operation::{
    self, AddNote, AttachAsset, CheckTicket, CreateTicket, FindTickets, GetTicket, ListAssets,
    ListBoardMetadata, ListCompanies, ListContacts, ListSites, SetStatus, Verify,
};
use psa_toolkit::permission::RequiredPermission;

/// What to set a function of a security role to. Delete is never needed.
const INQUIRE: &str = "Inquire (All)";
pub(crate) const ADD: &str = "Add (All)";
pub(crate) const EDIT: &str = "Edit (All)";

const OWN_MEMBER: &str = "System > Security Roles > System > Member Maintenance";
const TABLE_SETUP: &str = "System > Security Roles > System > Table Setup";
const COMPANY_MAINTENANCE: &str = "System > Security Roles > Companies > Company Maintenance";
const COMPANY_CONTACTS: &str = "System > Security Roles > Companies > Contacts";
const COMPANY_CONFIGURATIONS: &str = "System > Security Roles > Companies > Configurations";
const SERVICE_TICKETS: &str = "System > Security Roles > Service Desk > Service Tickets";
/// A function of its own beside Service Tickets.
const CLOSE_SERVICE_TICKETS: &str =
    "System > Security Roles > Service Desk > Close Service Tickets";

const fn row(
    id: &'static str,
    path: &'static str,
    level: &'static str,
    request: &'static str,
    needed_for: &'static [Operation],
) -> RequiredPermission {
    RequiredPermission {
        id,
        path,
        level: Some(level),
        request,
        needed_for,
        how_to_grant,
    }
}

pub(crate) static OWN_ROLE: RequiredPermission = row(
    "member-maintenance-inquire",
    OWN_MEMBER,
    INQUIRE,
    "GET /system/mySecurity",
    &[Verify],
);

pub(crate) static COMPANIES: RequiredPermission = row(
    "company-maintenance-inquire",
    COMPANY_MAINTENANCE,
    INQUIRE,
    "GET /company/companies",
    &[Verify, ListCompanies, CheckTicket, ListSites],
);

pub(crate) static BOARDS: RequiredPermission = row(
    "service-boards-inquire",
    SERVICE_TICKETS,
    INQUIRE,
    "GET /service/info/boards",
    &[Verify, ListBoardMetadata, CheckTicket],
);

pub(crate) static PRIORITIES: RequiredPermission = row(
    "table-setup-inquire-priorities",
    TABLE_SETUP,
    INQUIRE,
    "GET /service/priorities",
    &[Verify, ListBoardMetadata, CheckTicket],
);

pub(crate) static BOARD_TYPES: RequiredPermission = row(
    "table-setup-inquire-types",
    TABLE_SETUP,
    INQUIRE,
    "GET /service/boards/{parentId}/types",
    &[Verify, ListBoardMetadata, CheckTicket],
);

pub(crate) static BOARD_STATUSES: RequiredPermission = row(
    "table-setup-inquire-statuses",
    TABLE_SETUP,
    INQUIRE,
    "GET /service/boards/{parentId}/statuses",
    &[Verify, ListBoardMetadata, CheckTicket, SetStatus],
);

pub(crate) static TICKETS_ADD: RequiredPermission = row(
    "service-tickets-add",
    SERVICE_TICKETS,
    ADD,
    "POST /service/tickets",
    &[CreateTicket],
);

pub(crate) static TICKETS_INQUIRE: RequiredPermission = row(
    "service-tickets-inquire",
    SERVICE_TICKETS,
    INQUIRE,
    "GET /service/tickets",
    &[
        Verify,
        CreateTicket,
        GetTicket,
        FindTickets,
        AddNote,
        SetStatus,
        AttachAsset,
    ],
);

pub(crate) static TICKETS_EDIT: RequiredPermission = row(
    "service-tickets-edit",
    SERVICE_TICKETS,
    EDIT,
    "PATCH /service/tickets/{id}",
    &[AddNote, SetStatus, AttachAsset],
);

/// Into a closed status and out of it.
pub(crate) static TICKETS_CLOSE: RequiredPermission = row(
    "close-service-tickets-edit",
    CLOSE_SERVICE_TICKETS,
    EDIT,
    "PATCH /service/tickets/{id}",
    &[SetStatus],
);

pub(crate) static CONTACTS: RequiredPermission = row(
    "contacts-inquire",
    COMPANY_CONTACTS,
    INQUIRE,
    "GET /company/contacts",
    &[ListContacts],
);

pub(crate) static CONFIGURATIONS: RequiredPermission = row(
    "configurations-inquire",
    COMPANY_CONFIGURATIONS,
    INQUIRE,
    "GET /company/configurations",
    &[ListAssets, AttachAsset],
);

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
        "; then click customize next to Table Setup, and move Service / Service Board and the entry for priorities to the \
         allowed list"
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
    let mut steps = permission.path.rsplit(" > ");
    let (function, module) = (steps.next(), steps.next());
    (module.unwrap_or_default(), function.unwrap_or_default())
}
