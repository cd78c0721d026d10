//! What a form shows before anything is entered, and the one table of rights.

use psa_contract::{ConnectorDescription, Operation, Pacing, SettingKind};
use psa_toolkit::input::input_fields;
use psa_toolkit::permission::RequiredPermission;
use psa_toolkit::settings::description;

use crate::draft;
use crate::settings::{CLIENT_ID, CLIENT_SECRET, SITE};
use Operation::{
    AddNote, CheckTicket, CreateTicket, FindTickets, GetTicket, ListBoardMetadata, ListCompanies,
    ListContacts, SetStatus,
};

/// The functions that this connector has.
pub(crate) const OPERATIONS: [Operation; 10] = [
    Operation::Verify,
    ListCompanies,
    ListBoardMetadata,
    CheckTicket,
    CreateTicket,
    GetTicket,
    FindTickets,
    AddNote,
    SetStatus,
    ListContacts,
];

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

pub(crate) fn describe() -> ConnectorDescription {
    ConnectorDescription {
        vendor: "Sample Desk".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        operations: OPERATIONS.to_vec(),
        settings: vec![
            description(
                SITE,
                "Site",
                SettingKind::Host,
                "The host in your browser's address bar.",
                "example.sample-desk.example",
            ),
            description(
                CLIENT_ID,
                "Client ID",
                SettingKind::Secret,
                "Administration > Integrations.",
                "0000-0000-0000",
            ),
            description(
                CLIENT_SECRET,
                "Client secret",
                SettingKind::Secret,
                "Administration > Integrations. Shown once, when the integration is made.",
                "0000-0000-0000-0000",
            ),
        ],
        permissions: PERMISSIONS.iter().map(|it| it.describe()).collect(),
        input_fields: input_fields(&draft::FIELDS),
        pacing: Pacing {
            concurrent_requests: Some(8),
            requests: Some(300),
            seconds: Some(60),
        },
        board_label: Some("Board".to_owned()),
        vendor_domains: vec!["sample-desk.example".to_owned()],
        properties: Vec::new(),
    }
}
