//! The tickets of a tenant, found by their ids and by their references: a tenant may have many thousands.

use std::collections::{BTreeMap, HashMap};

use super::tenant::Tenant;
use super::ticket::Ticket;

/// The tickets by id, and the ids by reference.
#[derive(Clone, Debug, Default)]
pub(super) struct Tickets {
    by_id: BTreeMap<i64, Ticket>,
    by_reference: HashMap<String, Vec<i64>>,
}

/// The id of the first ticket.
const FIRST_TICKET: i64 = 7001;

impl Tenant {
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
    pub fn remove_ticket(&mut self, id: i64) -> Option<Ticket> {
        let ticket = self.tickets.by_id.remove(&id)?;
        if let Some(reference) = &ticket.reference
            && let Some(ids) = self.tickets.by_reference.get_mut(&reference.to_lowercase())
        {
            ids.retain(|other| *other != id);
        }
        Some(ticket)
    }

    /// Changes a ticket, whatever of it.
    ///
    /// # Panics
    /// There is no such ticket.
    pub fn change_ticket(&mut self, id: i64, change: impl FnOnce(&mut Ticket)) {
        let ticket = self.remove_ticket(id);
        let mut ticket = ticket.unwrap_or_else(|| panic!("there is no ticket {id}"));
        change(&mut ticket);
        self.keep_ticket(ticket);
    }

    /// Gives the ticket its id and keeps it.
    pub(super) fn add_ticket(&mut self, mut ticket: Ticket) -> &Ticket {
        let last = self.tickets.by_id.last_key_value().map(|(id, _)| *id);
        ticket.id = last.map_or(FIRST_TICKET, |last| last + 1);
        self.keep_ticket(ticket)
    }

    fn keep_ticket(&mut self, ticket: Ticket) -> &Ticket {
        if let Some(reference) = &ticket.reference {
            let ids = self.tickets.by_reference.entry(reference.to_lowercase());
            ids.or_default().push(ticket.id);
        }
        self.tickets.by_id.entry(ticket.id).or_insert(ticket)
    }
}
