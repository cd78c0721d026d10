//! Which records the references in a body mean: `{"id": 5}`, or a name in its place. One that is not there is a fault.

use serde_json::{Map, Value};

use super::company::Company;
use super::contact::Contact;
use super::records::{Board, Entry};
use super::refusal::Fault;
use super::site::Site;
use super::tenant::Tenant;

/// The references of a body, and what is wrong with them.
pub(super) struct References<'a> {
    pub(super) tenant: &'a Tenant,
    pub(super) members: &'a Map<String, Value>,
    pub(super) faults: Vec<Fault>,
}

impl<'a> References<'a> {
    /// By id or identifier; a ticket cannot do without.
    pub(super) fn company(&mut self) -> Option<&'a Company> {
        if self.given("company").is_none() {
            self.faults.push(Fault::required("company"));
        }
        let key = |company: &'a Company| (company.id, company.identifier.as_str());
        self.find("company", &self.tenant.companies, key, "company", "")
    }

    /// The first one that takes tickets, where none is named.
    pub(super) fn board(&mut self) -> Option<&'a Board> {
        if self.given("board").is_none() {
            let mut boards = self.tenant.boards.iter();
            return boards.find(|board| !board.is_for_projects && !board.is_inactive);
        }
        let key = |board: &'a Board| (board.id, board.name.as_str());
        self.find("board", &self.tenant.boards, key, "Service Board", "")
    }

    /// An entry of a list. `what` names the list as the PSA's refusal does; `whose` follows it: ` for Service Board 21`.
    pub(super) fn entry(
        &mut self,
        member: &str,
        entries: &'a [Entry],
        what: &str,
        whose: &str,
    ) -> Option<&'a Entry> {
        let key = |entry: &'a Entry| (entry.id, entry.name.as_str());
        self.find(member, entries, key, what, whose)
    }

    /// A contact of the company. How the PSA refuses one of another company is not known.
    pub(super) fn contact(&mut self, company_id: i64) -> Option<&'a Contact> {
        let of_company = |contact: &&Contact| contact.company_id == company_id;
        let contacts = self.tenant.contacts.iter().filter(of_company);
        let key = |contact: &'a Contact| (contact.id, contact.last_name.as_str());
        self.find("contact", contacts, key, "Contact", "")
    }

    /// A site of the company, or its primary one.
    pub(super) fn site(&mut self, company_id: i64) -> Option<&'a Site> {
        let of_company = move |site: &&Site| site.company_id == company_id;
        let mut sites = self.tenant.sites.iter().filter(of_company);
        if self.given("site").is_none() {
            return sites.find(|site| site.is_primary);
        }
        let key = |site: &'a Site| (site.id, site.name.as_str());
        self.find("site", sites, key, "Site", "")
    }

    fn given(&self, member: &str) -> Option<&'a Map<String, Value>> {
        self.members.get(member).and_then(Value::as_object)
    }

    /// The record that a member means, by its id, or by its name where no id is given.
    fn find<T>(
        &mut self,
        member: &str,
        records: impl IntoIterator<Item = &'a T>,
        key: impl Fn(&'a T) -> (i64, &'a str),
        what: &str,
        whose: &str,
    ) -> Option<&'a T> {
        let reference = self.given(member)?;
        let id = reference.get("id").and_then(Value::as_i64);
        let name = ["name", "identifier"]
            .iter()
            .find_map(|name| reference.get(*name)?.as_str());
        let found = records.into_iter().find(|record| {
            let (own_id, own_name) = key(record);
            id.map_or(Some(own_name) == name, |id| id == own_id)
        });
        if found.is_none() {
            let label = id.map_or_else(|| name.unwrap_or("").to_owned(), |id| id.to_string());
            let by = if id.is_some() { "id" } else { "name" };
            self.faults.push(Fault {
                code: "NotFound",
                message: format!("{what} {label} not found{whose}"),
                field: format!("{member}/{by}"),
            });
        }
        found
    }
}

/// What is taken where a ticket names none.
pub(super) fn default_of(entries: &[Entry]) -> Option<&Entry> {
    let mut defaults = entries.iter().filter(|entry| entry.is_default);
    defaults.next().or(entries.first())
}
