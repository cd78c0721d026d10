//! `GET {entity}/entityInformation/fields`: one answer holds the values of every chooser of an entity. Nothing ties them to a
//! queue. Names of fields are compared without case: they differ between versions.

use psa_contract::Operation::CreateTicket;
use psa_toolkit::Error;
use psa_toolkit::exchange::Answer;
use psa_toolkit::input::row;
use psa_toolkit::json::Record;

use crate::draft::FIELDS;
use crate::wire::{Fields, PicklistValue};

/// How long a host may keep the names of values. What is chosen is read anew.
pub(crate) const REUSE_SECONDS: u32 = 3_600;

impl Fields {
    /// Those of an answer, among which these have to be there, with their values.
    pub(crate) fn read(answer: &Answer, needed: &[&str]) -> Result<Self, Error> {
        let fields: Self = answer.record()?;
        match needed.iter().find(|name| fields.find(name).is_none()) {
            None => Ok(fields),
            Some(name) => {
                let fault = format!("expected the field `{name}` with its values");
                Err(answer.unexpected(&fault))
            }
        }
    }

    /// Those of a ticket. A tenant may have no types, subtypes and sources.
    pub(crate) fn of_ticket(answer: &Answer) -> Result<Self, Error> {
        Self::read(answer, &["queueID", "status", "priority"])
    }

    /// The values of a field of the contract's ticket.
    pub(crate) fn of(&self, field: &str) -> Picklist<'_> {
        let member = row(&FIELDS, CreateTicket, field).and_then(|row| row.member);
        self.values(member.unwrap_or_default())
    }

    /// The values of a field. There are none if it was not read.
    pub(crate) fn values(&self, name: &str) -> Picklist<'_> {
        Picklist(self.find(name).unwrap_or_default())
    }

    fn find(&self, name: &str) -> Option<&[Record<PicklistValue>]> {
        let mut fields = self.fields.iter().map(|Record(field)| field);
        let field = fields.find(|field| field.name.eq_ignore_ascii_case(name))?;
        field.picklist_values.as_deref()
    }
}

/// The values of a field, in no order.
#[derive(Clone, Copy)]
pub(crate) struct Picklist<'a>(&'a [Record<PicklistValue>]);

impl<'a> Picklist<'a> {
    fn all(self) -> impl Iterator<Item = &'a PicklistValue> {
        self.0.iter().map(|Record(value)| value)
    }

    /// What tickets can be given now. Inactive values stay in the list, since old tickets have them.
    pub(crate) fn active(self) -> impl Iterator<Item = &'a PicklistValue> {
        self.all().filter(|it| it.is_active != Some(false))
    }

    /// The active value with this id.
    pub(crate) fn find(self, id: i64) -> Option<&'a PicklistValue> {
        self.active().find(|it| it.value == id)
    }

    /// What a value is called, active or not.
    pub(crate) fn name(self, id: i64) -> Option<String> {
        self.all()
            .find(|it| it.value == id)
            .map(PicklistValue::name)
    }

    /// What is taken if nothing is chosen.
    pub(crate) fn default_id(self) -> Option<i64> {
        let mut defaults = self.active().filter(|it| it.is_default_value == Some(true));
        defaults.next().map(|it| it.value)
    }
}

impl PicklistValue {
    pub(crate) fn name(&self) -> String {
        match self.label.as_deref().unwrap_or_default().trim() {
            "" => self.value.to_string(),
            label => label.to_owned(),
        }
    }
}
