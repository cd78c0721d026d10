//! `GET {entity}/entityInformation/fields`: one answer holds the values of every chooser of an entity. Nothing ties them to a
//! queue. Names of fields are compared without case: they differ between versions.

use psa_toolkit::Error;
use psa_toolkit::exchange::Answer;
use psa_toolkit::json::Record;

use crate::wire::{self, PicklistValue};

/// The values of a field, in no order.
#[derive(Default)]
pub(crate) struct Picklist(Vec<PicklistValue>);

/// How long a host may keep the names of values. What is chosen is read anew.
pub(crate) const REUSE_SECONDS: u32 = 3_600;

/// Of a field that was not read.
pub(crate) static EMPTY: Picklist = Picklist(Vec::new());

impl Picklist {
    /// The values of one field, of an answer that was asked for.
    pub(crate) fn of(answer: Option<Answer>, name: &str) -> Result<Self, Error> {
        match answer {
            Some(answer) => Self::read(&answer, &mut answer.record()?, name),
            None => Ok(Self::default()),
        }
    }

    /// The values of a field that has to be there.
    pub(crate) fn read(
        answer: &Answer,
        fields: &mut wire::Fields,
        name: &str,
    ) -> Result<Self, Error> {
        let mut fields = fields.fields.iter_mut().map(|Record(field)| field);
        let field = fields.find(|field| field.name.eq_ignore_ascii_case(name));
        match field.and_then(|field| field.picklist_values.take()) {
            Some(values) => Ok(Self(values.into_iter().map(|Record(it)| it).collect())),
            None => Err(answer.unexpected(&format!("expected the field `{name}` with its values"))),
        }
    }

    /// What tickets can be given now. Inactive values stay in the list, since old tickets have them.
    pub(crate) fn active(&self) -> impl Iterator<Item = &PicklistValue> {
        self.0.iter().filter(|it| it.is_active != Some(false))
    }

    /// The active value with this id.
    pub(crate) fn find(&self, id: i64) -> Option<&PicklistValue> {
        self.active().find(|it| it.value == id)
    }

    /// What a value is called, active or not.
    pub(crate) fn name(&self, id: i64) -> Option<String> {
        let mut values = self.0.iter();
        values.find(|it| it.value == id).map(PicklistValue::name)
    }

    /// What is taken if nothing is chosen.
    pub(crate) fn default_id(&self) -> Option<i64> {
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
