//! The tenant that tests begin with: a few records of each kind.

use super::company::Company;
use super::configuration::Configuration;
use super::contact::{Contact, Means};
use super::paging::Paging;
use super::records::{Association, Board, Entry, EntryKind};
use super::role::Role;
use super::site::Site;
use super::tenant::Tenant;
use super::tickets::Tickets;

impl Tenant {
    /// A tenant with keys of its own, every right, and a few records of each kind, but no ticket.
    /// Its names hold the company id, so that one tenant's data is told from another's.
    #[must_use]
    pub fn example(company_id: &str) -> Self {
        Self {
            company_id: company_id.to_owned(),
            public_key: format!("PubKeyOf-{company_id}"),
            private_key: format!("PrivKeyOf-{company_id}"),
            client_id: "6f1b7a52-0c3d-4e58-9a76-2d4c8b1e9f30".to_owned(),
            member: format!("ApiMemberOf-{company_id}"),
            role: Role::sufficient(),
            site_url: None,
            serves_role: true,
            companies: [
                (2, "Riverside Dental"),
                (250, "Harbor Freight Lines"),
                (251, "Gone Bakery"),
            ]
            .map(|(id, name)| Company {
                id,
                identifier: format!("{}-{id}", name.replace(' ', "")),
                name: format!("{name} of {company_id}"),
                status: "Active".to_owned(),
                types: vec!["Client".to_owned()],
                is_deleted: id == 251,
                is_full: false,
            })
            .to_vec(),
            boards: vec![
                example_board(5, "Security Alerts", company_id),
                example_board(6, "Help Desk", company_id),
                Board {
                    id: 3,
                    name: format!("Projects of {company_id}"),
                    is_for_projects: true,
                    ..Board::default()
                },
            ],
            priorities: [
                (6, "Priority 1 - Critical", "Critical", "Red"),
                (7, "Priority 2 - High", "High", "Orange"),
                (8, "Priority 3 - Normal", "Medium", "Yellow"),
            ]
            .map(|(id, name, level, color)| {
                entry(id, name, EntryKind::Priority(level, color), id == 8)
            })
            .to_vec(),
            sources: [(1, "Call", true), (2, "Monitoring", false)]
                .map(|(id, name, is_default)| entry(id, name, EntryKind::Source, is_default))
                .to_vec(),
            sites: example_sites(company_id),
            contacts: example_contacts(company_id),
            configurations: example_configurations(company_id),
            moves_on: Vec::new(),
            heeds_inner_paths: true,
            paging: Paging::default(),
            tickets: Tickets::default(),
            seconds: 0,
        }
    }
}

fn example_sites(company_id: &str) -> Vec<Site> {
    [
        (3, 2, "Main", true),
        (4, 2, "Harbour Street", false),
        (251, 250, "Main", true),
    ]
    .map(|(id, of_company, name, is_primary)| Site {
        id,
        company_id: of_company,
        name: format!("{name} of {company_id}"),
        is_primary,
        is_inactive: false,
    })
    .to_vec()
}

fn example_contacts(company_id: &str) -> Vec<Contact> {
    [
        (31, 2, "Ada", 3, true),
        (32, 2, "Ben", 4, false),
        (33, 250, "Ada", 251, true),
    ]
    .map(
        |(id, of_company, first_name, site_id, is_default)| Contact {
            id,
            company_id: of_company,
            first_name: first_name.to_owned(),
            last_name: format!("Example of {company_id}"),
            site_id: Some(site_id),
            is_inactive: false,
            is_default,
            // One address for all who are called the same: contacts of several companies can have it.
            reached_at: vec![
                Means::email(&format!("{first_name}@{company_id}.example"), true),
                Means::phone("8135550100", true),
            ],
        },
    )
    .to_vec()
}

fn example_configurations(company_id: &str) -> Vec<Configuration> {
    [
        (41, 2, "SRV-01", Some(31)),
        (42, 2, "WS-07", None),
        (43, 250, "SRV-01", None),
    ]
    .map(|(id, of_company, name, contact_id)| Configuration {
        id,
        company_id: of_company,
        name: name.to_owned(),
        kind: "Managed Server".to_owned(),
        serial_number: Some(format!("SN-{id}-{company_id}")),
        site_id: None,
        contact_id,
        is_active: true,
    })
    .to_vec()
}

pub(super) fn example_board(id: i64, name: &str, company_id: &str) -> Board {
    let of_board = |number: i64| id * 100 + number;
    let (incident, request) = (of_board(11), of_board(12));
    Board {
        id,
        name: format!("{name} of {company_id}"),
        statuses: vec![
            entry(of_board(1), "New", EntryKind::Status(false), true),
            entry(of_board(2), "In Progress", EntryKind::Status(false), false),
            entry(of_board(3), "Closed", EntryKind::Status(true), false),
        ],
        types: vec![
            entry(incident, "Incident", EntryKind::Type, true),
            entry(request, "Request", EntryKind::Type, false),
        ],
        subtypes: vec![entry(
            of_board(21),
            "Web threat",
            EntryKind::Subtype(vec![incident]),
            false,
        )],
        items: vec![entry(
            of_board(31),
            "Blocked domain",
            EntryKind::Item,
            false,
        )],
        associations: vec![Association {
            id: of_board(41),
            type_id: incident,
            subtype_id: Some(of_board(21)),
            item_id: of_board(31),
        }],
        ..Board::default()
    }
}

fn entry(id: i64, name: &str, kind: EntryKind, is_default: bool) -> Entry {
    Entry {
        id,
        name: name.to_owned(),
        kind,
        is_inactive: false,
        is_default,
    }
}
