//! The one table of rights: which request needs which, and where to grant it.

use psa_contract::Operation::{
    self, AddNote, CheckTicket, CreateTicket, FindTickets, GetTicket, ListBoardMetadata,
    ListCompanies, ListContacts, SetStatus,
};
use psa_toolkit::permission::RequiredPermission;

pub(crate) static COMPANIES_READ: RequiredPermission = row(
    "companies-read",
    "Administration > Integrations > companies.read",
    "GET /api/companies",
    &[ListCompanies, CheckTicket, ListContacts],
);
pub(crate) static BOARDS_READ: RequiredPermission = row(
    "boards-read",
    "Administration > Integrations > boards.read",
    "GET /api/boards",
    &[ListBoardMetadata, CheckTicket, SetStatus],
);
pub(crate) static TICKETS_READ: RequiredPermission = row(
    "tickets-read",
    "Administration > Integrations > tickets.read",
    "GET /api/tickets",
    &[CreateTicket, GetTicket, FindTickets, AddNote, SetStatus],
);
pub(crate) static TICKETS_WRITE: RequiredPermission = row(
    "tickets-write",
    "Administration > Integrations > tickets.write",
    "POST /api/tickets",
    &[CreateTicket, AddNote, SetStatus],
);

const fn row(
    id: &'static str,
    path: &'static str,
    request: &'static str,
    needed_for: &'static [Operation],
) -> RequiredPermission {
    RequiredPermission {
        id,
        path,
        level: None,
        request,
        needed_for,
        how_to_grant,
    }
}

pub(crate) static PERMISSIONS: [&RequiredPermission; 4] =
    [&COMPANIES_READ, &BOARDS_READ, &TICKETS_READ, &TICKETS_WRITE];

/// The right's name at Sample Desk is the last step of its path.
pub(crate) fn right(permission: &RequiredPermission) -> &'static str {
    permission.path.rsplit(" > ").next().unwrap_or_default()
}

fn how_to_grant(permission: &RequiredPermission) -> String {
    let right = right(permission);
    format!("in Administration > Integrations, grant the integration `{right}`")
}
