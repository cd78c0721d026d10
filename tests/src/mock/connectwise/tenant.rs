//! A tenant: who may ask, what they may see, and what there is. Everything in memory.

use std::collections::{BTreeMap, HashMap};

use psa_host::contract::Setting;

use super::records::{Association, Board, Company, Entry, EntryKind};
use super::role::Role;
use super::ticket::Ticket;

/// One company that has ConnectWise, and everything of it.
#[derive(Clone, Debug)]
pub struct Tenant {
    /// What one signs in with, as it is typed.
    pub company_id: String,
    /// Of the API member.
    pub public_key: String,
    /// Of the API member.
    pub private_key: String,
    /// Of the integration.
    pub client_id: String,
    /// The API member.
    pub member: String,
    /// What the member may do.
    pub role: Role,
    /// Where `/login/companyinfo` sends a client; None: to the host that was asked.
    pub site_url: Option<String>,
    /// Whether `/system/mySecurity` is served.
    pub serves_role: bool,
    /// The customers.
    pub companies: Vec<Company>,
    /// The boards.
    pub boards: Vec<Board>,
    /// The priorities.
    pub priorities: Vec<Entry>,
    pub(super) tickets: Tickets,
}

/// The tickets by id, and the ids by reference.
#[derive(Clone, Debug, Default)]
pub(super) struct Tickets {
    by_id: BTreeMap<i64, Ticket>,
    by_reference: HashMap<String, Vec<i64>>,
}

/// The id of the first ticket.
const FIRST_TICKET: i64 = 7001;

impl Tenant {
    /// A tenant with keys of its own, every right, and two companies, two boards with lists, three priorities, no ticket.
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
            tickets: Tickets::default(),
        }
    }

    /// The same tenant with so many more companies, whose ids are `gap` apart.
    #[must_use]
    pub fn with_companies(mut self, count: i64, gap: i64) -> Self {
        let first = self.companies.iter().map(|company| company.id).max();
        let first = first.unwrap_or(0) + gap;
        self.companies.extend((0..count).map(|number| Company {
            id: first + number * gap,
            identifier: format!("Customer{number}"),
            name: format!("Customer {number} of {}", self.company_id),
            status: "Active".to_owned(),
            types: vec!["Client".to_owned()],
            is_deleted: false,
            is_full: false,
        }));
        self
    }

    /// The same tenant with so many boards, ids from 1, in place of its own.
    #[must_use]
    pub fn with_boards(mut self, count: i64) -> Self {
        let board = |id: i64| example_board(id, &format!("Board {id}"), &self.company_id);
        self.boards = (1..=count).map(board).collect();
        self
    }

    /// The connector's settings for this tenant at a site.
    #[must_use]
    pub fn settings(&self, site: &str) -> Vec<Setting> {
        [
            ("site", site),
            ("company-id", &self.company_id),
            ("public-key", &self.public_key),
            ("private-key", &self.private_key),
            ("client-id", &self.client_id),
        ]
        .map(|(name, value)| Setting {
            name: name.to_owned(),
            value: value.to_owned(),
        })
        .to_vec()
    }

    /// Every ticket, by ascending id.
    pub fn tickets(&self) -> impl Iterator<Item = &Ticket> {
        self.tickets.by_id.values()
    }

    /// The tickets with this reference, compared without case as the PSA does.
    #[must_use]
    pub fn tickets_with(&self, reference: &str) -> Vec<&Ticket> {
        let ids = self.tickets.by_reference.get(&reference.to_lowercase());
        let ids = ids.map(Vec::as_slice).unwrap_or_default();
        ids.iter().filter_map(|id| self.ticket(*id)).collect()
    }

    /// One ticket.
    #[must_use]
    pub fn ticket(&self, id: i64) -> Option<&Ticket> {
        self.tickets.by_id.get(&id)
    }

    /// Takes a ticket away, as a person who deletes it.
    pub fn remove_ticket(&mut self, id: i64) {
        if let Some(ticket) = self.tickets.by_id.remove(&id)
            && let Some(reference) = &ticket.reference
            && let Some(ids) = self.tickets.by_reference.get_mut(&reference.to_lowercase())
        {
            ids.retain(|other| *other != id);
        }
    }

    /// Gives the ticket its id and keeps it.
    pub(super) fn add_ticket(&mut self, mut ticket: Ticket) -> &Ticket {
        let last = self.tickets.by_id.last_key_value().map(|(id, _)| *id);
        ticket.id = last.map_or(FIRST_TICKET, |last| last + 1);
        if let Some(reference) = &ticket.reference {
            let ids = self.tickets.by_reference.entry(reference.to_lowercase());
            ids.or_default().push(ticket.id);
        }
        self.tickets.by_id.entry(ticket.id).or_insert(ticket)
    }
}

fn example_board(id: i64, name: &str, company_id: &str) -> Board {
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
