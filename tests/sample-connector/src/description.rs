//! What a form shows before anything is entered, and the one table of rights.

use psa_contract::{
    ConnectorDescription, InputField, Operation, Pacing, Permission, SettingDescription,
    SettingKind, SettingSupplier,
};

use crate::draft;
use crate::settings::{CLIENT_ID, CLIENT_SECRET, SITE};
use Operation::{CheckTicket, CreateTicket, GetTicket, ListBoardMetadata, ListCompanies};

/// A right of an integration.
pub(crate) struct Right {
    pub(crate) permission: &'static str,
    /// As Sample Desk names it.
    pub(crate) name: &'static str,
    request: &'static str,
    pub(crate) needed_for: &'static [Operation],
}

pub(crate) const COMPANIES_READ: &str = "companies-read";
pub(crate) const BOARDS_READ: &str = "boards-read";
pub(crate) const TICKETS_READ: &str = "tickets-read";
pub(crate) const TICKETS_WRITE: &str = "tickets-write";

pub(crate) const RIGHTS: [Right; 4] = [
    Right {
        permission: COMPANIES_READ,
        name: "companies.read",
        request: "GET /api/companies",
        needed_for: &[ListCompanies, CheckTicket],
    },
    Right {
        permission: BOARDS_READ,
        name: "boards.read",
        request: "GET /api/boards",
        needed_for: &[ListBoardMetadata, CheckTicket],
    },
    Right {
        permission: TICKETS_READ,
        name: "tickets.read",
        request: "GET /api/tickets",
        needed_for: &[CreateTicket, GetTicket],
    },
    Right {
        permission: TICKETS_WRITE,
        name: "tickets.write",
        request: "POST /api/tickets",
        needed_for: &[CreateTicket],
    },
];

/// The functions that this connector has.
pub(crate) const OPERATIONS: [Operation; 6] = [
    Operation::Verify,
    ListCompanies,
    ListBoardMetadata,
    CheckTicket,
    CreateTicket,
    GetTicket,
];

pub(crate) fn describe() -> ConnectorDescription {
    let mut operations = OPERATIONS.to_vec();
    // Wrong: whoever calls it is told that there is no such function.
    if cfg!(feature = "describes-a-function-that-it-lacks") {
        operations.push(Operation::AttachAsset);
    }
    let mut input_fields: Vec<InputField> = draft::FIELDS.iter().map(input_field).collect();
    // Wrong: a ticket with it is refused.
    if cfg!(feature = "describes-a-field-that-it-refuses") {
        input_fields.push(input_field(&("vendor-fields", "", false, None)));
    }
    ConnectorDescription {
        vendor: "Sample Desk".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        operations,
        settings: vec![
            SettingDescription {
                name: SITE.to_owned(),
                label: "Site".to_owned(),
                help: "The host in your browser's address bar.".to_owned(),
                kind: SettingKind::Host,
                choices: Vec::new(),
                is_required: true,
                supplied_by: SettingSupplier::Customer,
                example: Some("example.sample-desk.example".to_owned()),
            },
            credential(
                CLIENT_ID,
                "Client ID",
                "Administration > Integrations.",
                "0000-0000-0000",
            ),
            credential(
                CLIENT_SECRET,
                "Client secret",
                "Administration > Integrations. Shown once, when the integration is made.",
                "0000-0000-0000-0000",
            ),
        ],
        permissions: RIGHTS.iter().map(permission).collect(),
        input_fields,
        pacing: Pacing {
            concurrent_requests: Some(8),
            requests: Some(300),
            // Wrong: nobody knows in how long a time they may be sent.
            seconds: Some(60).filter(|_| !cfg!(feature = "describes-pacing-without-a-window")),
        },
        board_label: Some("Board".to_owned()),
        vendor_domains: vec!["sample-desk.example".to_owned()],
        properties: Vec::new(),
    }
}

fn input_field(field: &(&str, &str, bool, Option<u32>)) -> InputField {
    let (name, _, is_required, maximum_length) = field;
    InputField {
        operation: Operation::CreateTicket,
        name: (*name).to_owned(),
        is_required: *is_required,
        maximum_length: *maximum_length,
        maximum_count: None,
        allowed: Vec::new(),
    }
}

fn credential(name: &str, label: &str, help: &str, example: &str) -> SettingDescription {
    SettingDescription {
        name: name.to_owned(),
        label: label.to_owned(),
        help: help.to_owned(),
        kind: SettingKind::Secret,
        choices: Vec::new(),
        is_required: true,
        supplied_by: SettingSupplier::Customer,
        example: Some(example.to_owned()),
    }
}

fn permission(right: &Right) -> Permission {
    Permission {
        id: right.permission.to_owned(),
        path: ["Administration", "Integrations", right.name]
            .map(str::to_owned)
            .to_vec(),
        level: None,
        needed_for: right.needed_for.to_vec(),
        request: right.request.to_owned(),
    }
}
