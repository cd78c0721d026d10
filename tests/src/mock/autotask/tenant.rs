//! A tenant of Autotask: who may ask, what there is, and how it misbehaves.

use std::collections::{BTreeMap, HashMap};

use psa_host::contract::Setting;
use serde_json::{Map, Value, json};

use super::example;

/// So many failed logins lock the user.
const MOST_FAILED_LOGINS: u32 = 5;

/// What a zone answers in which the tenant is not. Both are reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongZone {
    /// 401 without a body.
    Unauthorized,
    /// Lists without rows.
    Empty,
}

/// One managed service provider that has Autotask.
#[derive(Clone, Debug)]
pub struct Tenant {
    /// Of the API user.
    pub user_name: String,
    /// Of the API user.
    pub secret: String,
    /// The API tracking identifier.
    pub integration_code: String,
    /// Where the tenant is: 5 or 6.
    pub zone: u32,
    /// What the other zones answer.
    pub wrong_zone: WrongZone,
    /// Logins that failed. From five on, the user is locked.
    pub failed_logins: u32,
    /// Rights that the user has not, such as `Tickets/Create`: an entity and `Query`, `Create` or `Update`.
    pub missing_rights: Vec<String>,
    /// Whether a ticket with the title of an open one of the same company becomes a note on that.
    pub merges_duplicates: bool,
    /// How many changes of tickets are answered with a success and not made.
    pub ignored_changes: usize,
    /// A status that a rule moves on to another one.
    pub moves_on: Option<(i64, i64)>,
    /// Statuses that an administrator has made inactive.
    pub inactive_statuses: Vec<i64>,
    /// Whether `MaxRecords` is heeded.
    pub heeds_page_size: bool,
    pub(super) rows: HashMap<&'static str, BTreeMap<i64, Map<String, Value>>>,
    /// The statuses that each ticket had, in order.
    pub(super) statuses: HashMap<i64, Vec<i64>>,
    next_id: i64,
}

impl Tenant {
    /// A tenant with credentials of its own, every right, three companies, and no ticket.
    #[must_use]
    pub fn example(user_name: &str) -> Self {
        Self {
            user_name: user_name.to_owned(),
            secret: format!("$ecret~of*{user_name}"),
            integration_code: "EXAMPLEIDENTIFIEROFNOBODY27".to_owned(),
            zone: 5,
            wrong_zone: WrongZone::Unauthorized,
            failed_logins: 0,
            missing_rights: Vec::new(),
            merges_duplicates: false,
            ignored_changes: 0,
            moves_on: None,
            inactive_statuses: Vec::new(),
            heeds_page_size: true,
            rows: example::rows(),
            statuses: HashMap::new(),
            next_id: 7_001,
        }
    }

    /// And so many more companies, each `gap` ids after the one before.
    #[must_use]
    pub fn with_companies(mut self, count: usize, gap: i64) -> Self {
        let companies = self.rows.entry("Companies").or_default();
        let last = companies.keys().next_back().copied().unwrap_or_default();
        for number in 1..=i64::try_from(count).unwrap_or(i64::MAX) {
            let id = last + number * gap;
            companies.insert(id, example::company(id, &format!("Company {id}")));
        }
        self
    }

    pub(super) fn settings(&self) -> Vec<Setting> {
        [
            ("user-name", &self.user_name),
            ("secret", &self.secret),
            ("integration-code", &self.integration_code),
        ]
        .map(|(name, value)| Setting {
            name: name.to_owned(),
            value: value.clone(),
        })
        .to_vec()
    }

    /// Whether the credentials are right. A failed login counts.
    pub(super) fn lets_in(&mut self, secret: &str, integration_code: &str) -> bool {
        if self.failed_logins >= MOST_FAILED_LOGINS {
            return false;
        }
        let is_right = secret == self.secret && integration_code == self.integration_code;
        if !is_right {
            self.failed_logins += 1;
        }
        is_right
    }

    pub(super) fn may(&self, entity: &str, access: &str) -> bool {
        !self.missing_rights.contains(&format!("{entity}/{access}"))
    }

    /// A record, by its entity and its id.
    #[must_use]
    pub fn row(&self, entity: &str, id: i64) -> Option<&Map<String, Value>> {
        self.rows.get(entity)?.get(&id)
    }

    /// The records of an entity, by id.
    pub fn rows(&self, entity: &str) -> impl Iterator<Item = &Map<String, Value>> {
        self.rows.get(entity).into_iter().flat_map(BTreeMap::values)
    }

    /// The tickets that bear a reference.
    #[must_use]
    pub fn tickets_with(&self, reference: &str) -> Vec<i64> {
        let bears_it = |row: &&Map<String, Value>| row.get("externalID") == Some(&json!(reference));
        let rows = self.rows("Tickets").filter(bears_it);
        rows.filter_map(|row| row["id"].as_i64()).collect()
    }

    /// The statuses that a ticket had, in order.
    #[must_use]
    pub fn statuses_of(&self, ticket: i64) -> Vec<i64> {
        self.statuses.get(&ticket).cloned().unwrap_or_default()
    }

    /// Keeps a new record, and gives it an id.
    pub(super) fn add(&mut self, entity: &'static str, mut row: Map<String, Value>) -> i64 {
        let id = self.next_id;
        self.next_id += 1;
        row.insert("id".to_owned(), json!(id));
        self.rows.entry(entity).or_default().insert(id, row);
        id
    }
}
