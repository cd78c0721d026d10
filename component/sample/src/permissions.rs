//! The one table of rights: which request needs which, and where to grant it.

use psa_contract::Operation::{
    AddNote, CheckTicket, CreateTicket, FindTickets, GetTicket, ListBoardMetadata, ListCompanies,
    ListContacts, SetStatus,
};
use psa_toolkit::permission::RequiredPermission;

pub(crate) static COMPANIES_READ: RequiredPermission = RequiredPermission {
    id: "companies-read",
    path: &["Administration", "Integrations", "companies.read"],
    level: None,
    request: "GET /api/companies",
    needed_for: &[ListCompanies, CheckTicket, ListContacts],
    how_to_grant,
};
pub(crate) static BOARDS_READ: RequiredPermission = RequiredPermission {
    id: "boards-read",
    path: &["Administration", "Integrations", "boards.read"],
    request: "GET /api/boards",
    needed_for: &[ListBoardMetadata, CheckTicket, SetStatus],
    ..COMPANIES_READ
};
pub(crate) static TICKETS_READ: RequiredPermission = RequiredPermission {
    id: "tickets-read",
    path: &["Administration", "Integrations", "tickets.read"],
    request: "GET /api/tickets",
    needed_for: &[CreateTicket, GetTicket, FindTickets, AddNote, SetStatus],
    ..COMPANIES_READ
};
pub(crate) static TICKETS_WRITE: RequiredPermission = RequiredPermission {
    id: "tickets-write",
    path: &["Administration", "Integrations", "tickets.write"],
    request: "POST /api/tickets",
    needed_for: &[CreateTicket, AddNote, SetStatus],
    ..COMPANIES_READ
};

pub(crate) static PERMISSIONS: [&RequiredPermission; 4] =
    [&COMPANIES_READ, &BOARDS_READ, &TICKETS_READ, &TICKETS_WRITE];

/// The right's name at Sample Desk is the last step of its path.
pub(crate) fn right(permission: &RequiredPermission) -> &'static str {
    permission.path.last().copied().unwrap_or_default()
}

fn how_to_grant(permission: &RequiredPermission) -> String {
    let right = right(permission);
    format!("in Administration > Integrations, grant the integration `{right}`")
}
