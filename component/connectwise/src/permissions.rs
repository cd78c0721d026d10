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

const OWN_MEMBER: &str = "System > Security Roles > System > Member Maintenance";
const TABLE_SETUP: &str = "System > Security Roles > System > Table Setup";
const COMPANY_MAINTENANCE: &str = "System > Security Roles > Companies > Company Maintenance";
const COMPANY_CONTACTS: &str = "System > Security Roles > Companies > Contacts";
const COMPANY_CONFIGURATIONS: &str = "System > Security Roles > Companies > Configurations";
const SERVICE_TICKETS: &str = "System > Security Roles > Service Desk > Service Tickets";
/// A function of its own beside Service Tickets.
const CLOSE_SERVICE_TICKETS: &str =
    "System > Security Roles > Service Desk > Close Service Tickets";

psa_toolkit::permissions! { how_to_grant;
    OWN_ROLE = "member-maintenance-inquire", OWN_MEMBER, Some(INQUIRE), "GET /system/mySecurity", &[Verify];
    COMPANIES = "company-maintenance-inquire", COMPANY_MAINTENANCE, Some(INQUIRE), "GET /company/companies",
        &[Verify, ListCompanies, CheckTicket, ListSites];
    BOARDS = "service-boards-inquire", SERVICE_TICKETS, Some(INQUIRE), "GET /service/info/boards",
        &[Verify, ListBoardMetadata, CheckTicket];
    PRIORITIES = "table-setup-inquire-priorities", TABLE_SETUP, Some(INQUIRE), "GET /service/priorities",
        &[Verify, ListBoardMetadata, CheckTicket];
    BOARD_TYPES = "table-setup-inquire-types", TABLE_SETUP, Some(INQUIRE), "GET /service/boards/{parentId}/types",
        &[Verify, ListBoardMetadata, CheckTicket];
    BOARD_STATUSES = "table-setup-inquire-statuses", TABLE_SETUP, Some(INQUIRE), "GET /service/boards/{parentId}/statuses",
        &[Verify, ListBoardMetadata, CheckTicket, SetStatus];
    TICKETS_ADD = "service-tickets-add", SERVICE_TICKETS, Some(ADD), "POST /service/tickets", &[CreateTicket];
    TICKETS_INQUIRE = "service-tickets-inquire", SERVICE_TICKETS, Some(INQUIRE), "GET /service/tickets",
        &[Verify, CreateTicket, GetTicket, FindTickets, AddNote, SetStatus, AttachAsset];
    TICKETS_EDIT = "service-tickets-edit", SERVICE_TICKETS, Some(EDIT), "PATCH /service/tickets/{id}",
        &[AddNote, SetStatus, AttachAsset];
    // Into a closed status and out of it.
    TICKETS_CLOSE = "close-service-tickets-edit", CLOSE_SERVICE_TICKETS, Some(EDIT), "PATCH /service/tickets/{id}", &[SetStatus];
    CONTACTS = "contacts-inquire", COMPANY_CONTACTS, Some(INQUIRE), "GET /company/contacts", &[ListContacts];
    CONFIGURATIONS = "configurations-inquire", COMPANY_CONFIGURATIONS, Some(INQUIRE), "GET /company/configurations",
        &[ListAssets, AttachAsset];
}

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
