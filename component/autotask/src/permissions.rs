//! The rights of a security level: which request needs which, and where to grant it.
//!
//! Source: the security settings in Autotask's online help (CRM, Service Desk, Web Services API), and what other
//! integrations ask for.

use psa_contract::Operation::{
    AddNote, AttachAsset, CheckTicket, CreateTicket, FindTickets, GetTicket, ListAssets,
    ListCompanies, ListContacts, ListSites, SetStatus,
};
use psa_toolkit::ServiceDesk;
use psa_toolkit::permission::RequiredPermission;

use crate::Autotask;

/// What a right lets the user do with an entity.
#[derive(Clone, Copy)]
pub(crate) enum Access {
    Query,
    Create,
    Update,
}

/// Rows as the toolkit has them, and where the API shows each right: `GET {entity}/entityInformation`.
macro_rules! permissions {
    ($($name:ident = $id:literal, $path:ident, $level:expr, $request:literal, $needed:expr, $entity:literal $access:ident;)+) => {
        psa_toolkit::permissions! { how_to_grant; $($name = $id, $path, $level, $request, $needed;)+ }

        /// Where the API shows a right. An empty entity: signing in shows it.
        pub(crate) fn shown_by(permission: &RequiredPermission) -> (&'static str, Access) {
            match permission.id {
                $($id => ($entity, Access::$access),)+
                _ => ("", Access::Query),
            }
        }
    };
}

const WEB_SERVICES: &str = "Security Levels > Web Services API > Can login to Web Services API";
const ORGANIZATIONS: &str =
    "Security Levels > CRM > Organization & Contact Access > Customer & Cancelation";
const ITEMS: &str =
    "Security Levels > CRM > Object Permissions > Configuration Items & Subscriptions";
const TICKETS: &str = "Security Levels > Service Desk > Object Permissions > Tickets";
const NOTES: &str = "Security Levels > Service Desk > Object Permissions > Ticket Notes";

permissions! {
    LOGIN = "web-services-login", WEB_SERVICES, None, "GET /Tickets/entityInformation", Autotask::OPERATIONS, "" Query;
    COMPANIES = "organizations-view", ORGANIZATIONS, Some("All"), "POST /Companies/query", &[ListCompanies, CheckTicket],
        "Companies" Query;
    TICKETS_VIEW = "tickets-view", TICKETS, Some("View: All"), "POST /Tickets/query",
        &[CreateTicket, GetTicket, FindTickets, AddNote, SetStatus, AttachAsset], "Tickets" Query;
    TICKETS_ADD = "tickets-add", TICKETS, Some("Add: Yes"), "POST /Tickets", &[CreateTicket], "Tickets" Create;
    TICKETS_EDIT = "tickets-edit", TICKETS, Some("Edit: Yes"), "PATCH /Tickets", &[SetStatus], "Tickets" Update;
    NOTES_VIEW = "ticket-notes-view", NOTES, Some("View: All"), "POST /TicketNotes/query", &[AddNote], "TicketNotes" Query;
    NOTES_ADD = "ticket-notes-add", NOTES, Some("Add: Yes"), "POST /Tickets/{id}/Notes", &[AddNote], "TicketNotes" Create;
    CONTACTS = "contacts-view", ORGANIZATIONS, Some("All"), "POST /Contacts/query", &[ListContacts], "Contacts" Query;
    LOCATIONS = "locations-view", ORGANIZATIONS, Some("All"), "POST /CompanyLocations/query", &[ListSites],
        "CompanyLocations" Query;
    ASSETS = "assets-view", ITEMS, Some("View: All"), "POST /ConfigurationItems/query", &[ListAssets, AttachAsset],
        "ConfigurationItems" Query;
    ATTACHED = "ticket-assets-add", TICKETS, Some("Edit: Yes"), "POST /Tickets/{id}/AdditionalConfigurationItems", &[AttachAsset],
        "TicketAdditionalConfigurationItems" Create;
}

/// Which clicks grant a permission.
fn how_to_grant(permission: &RequiredPermission) -> String {
    let (_, steps) = permission.path.split_once(" > ").unwrap_or_default();
    let what = match permission.level {
        Some(level) => format!("set {steps} to {level}"),
        None => format!("select {steps}"),
    };
    format!(
        "in Admin > Organization Settings & Users > Resources/Users (HR) > Security > Security Levels, open the security level \
         of the API user and {what}"
    )
}
