//! A tenant: who may ask, what they may see, and what there is. Everything in memory.

use psa_host::contract::Setting;

use super::company::Company;
use super::configuration::Configuration;
use super::contact::Contact;
use super::example::example_board;
use super::paging::Paging;
use super::records::{Board, Entry};
use super::role::Role;
use super::site::Site;
use super::tickets::Tickets;

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
    /// Where tickets can come from.
    pub sources: Vec<Entry>,
    /// The sites of all companies.
    pub sites: Vec<Site>,
    /// The contacts of all companies.
    pub contacts: Vec<Contact>,
    /// The configurations of all companies.
    pub configurations: Vec<Configuration>,
    /// Workflow rules: a ticket that is put into the first status goes on to the second.
    pub moves_on: Vec<(i64, i64)>,
    /// Whether a PATCH to a path inside an object (`status/id`) acts. The guide warns that it may be answered 200 without
    /// acting; clients report that it acts.
    pub heeds_inner_paths: bool,
    /// How lists are cut into pages.
    pub paging: Paging,
    pub(super) tickets: Tickets,
    /// How many seconds have passed in the tenant.
    pub(super) seconds: u32,
}

impl Tenant {
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

    /// The next second of the tenant's own time. There is no clock here, so that the same run is answered in the same way.
    pub(super) fn next_second(&mut self) -> String {
        // It begins at 09:59:58 on 4 May.
        let second = 3 * 86_400 + 35_998 + self.seconds;
        self.seconds += 1;
        let (day, hour) = (1 + second / 86_400, second / 3_600 % 24);
        let (minute, second) = (second / 60 % 60, second % 60);
        format!("2026-05-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}
