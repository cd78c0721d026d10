//! Which fields of its inputs a connector takes: one table, from which come both the description and the refusal of all other
//! fields.

use psa_contract::{FieldError, InputField, Operation};

use crate::error::field_error;
use crate::text::Ids;

/// A field of an input that the connector takes.
#[derive(Clone, Copy, Debug)]
pub struct InputRow {
    /// The operation whose input it is of. Fields of `create-ticket` count for `check-ticket` too.
    pub operation: Operation,
    /// Its name in the contract.
    pub name: &'static str,
    /// Whether it has to be given.
    pub is_required: bool,
    /// In characters, if a limit is known.
    pub maximum_length: Option<u32>,
    /// Of entries, if a limit is known.
    pub maximum_count: Option<u32>,
    /// Of an enum: the cases it takes. Empty: all.
    pub allowed: &'static [&'static str],
    /// Of an id: how the PSA writes it.
    pub ids: Ids,
    /// The PSA's name for it in a request, which its refusals use, too. None: it has none.
    pub member: Option<&'static str>,
    /// Other names of the PSA for it.
    pub other_members: &'static [&'static str],
}

impl InputRow {
    /// A field of `create-ticket` that may be given.
    #[must_use]
    pub const fn of_ticket(name: &'static str) -> Self {
        Self::of(Operation::CreateTicket, name)
    }

    /// The same, with the PSA's name for it.
    #[must_use]
    pub const fn ticket(name: &'static str, member: &'static str) -> Self {
        Self::of_ticket(name).member(member)
    }

    /// A field of any operation that may be given.
    #[must_use]
    pub const fn of(operation: Operation, name: &'static str) -> Self {
        Self {
            operation,
            name,
            is_required: false,
            maximum_length: None,
            maximum_count: None,
            allowed: &[],
            ids: Ids::AboveZero,
            member: None,
            other_members: &[],
        }
    }

    /// With the PSA's name for it.
    #[must_use]
    pub const fn member(self, name: &'static str) -> Self {
        Self {
            member: Some(name),
            ..self
        }
    }

    /// With other names that the PSA has for it.
    #[must_use]
    pub const fn or(self, names: &'static [&'static str]) -> Self {
        Self {
            other_members: names,
            ..self
        }
    }

    /// It is an id, and any whole number may be one.
    #[must_use]
    pub const fn any_id(self) -> Self {
        Self {
            ids: Ids::Any,
            ..self
        }
    }

    /// Only for these cases of the enum.
    #[must_use]
    pub const fn only(self, allowed: &'static [&'static str]) -> Self {
        Self { allowed, ..self }
    }

    /// At most so many entries.
    #[must_use]
    pub const fn at_most_entries(self, count: u32) -> Self {
        Self {
            maximum_count: Some(count),
            ..self
        }
    }

    /// It has to be given.
    #[must_use]
    pub const fn required(self) -> Self {
        Self {
            is_required: true,
            ..self
        }
    }

    /// With at most so many characters.
    #[must_use]
    pub const fn at_most(self, characters: u32) -> Self {
        Self {
            maximum_length: Some(characters),
            ..self
        }
    }
}

/// The tables, as the description has them.
#[must_use]
pub fn input_fields(tables: &[&[InputRow]]) -> Vec<InputField> {
    let rows = tables.iter().copied().flatten();
    let fields = rows.map(|row| InputField {
        operation: row.operation,
        name: row.name.to_owned(),
        is_required: row.is_required,
        maximum_length: row.maximum_length,
        maximum_count: row.maximum_count,
        allowed: row.allowed.iter().map(|it| (*it).to_owned()).collect(),
    });
    fields.collect()
}

/// The row of a field.
#[must_use]
pub fn row<'a>(table: &'a [InputRow], operation: Operation, name: &str) -> Option<&'a InputRow> {
    let mut rows = table.iter();
    rows.find(|row| row.operation == operation && row.name == name)
}

/// The field that the PSA calls this, whatever its case.
#[must_use]
pub fn field_of_member(table: &[InputRow], member: &str) -> Option<&'static str> {
    let is_it = |row: &&InputRow| {
        let mut names = row.member.iter().chain(row.other_members);
        names.any(|it| it.eq_ignore_ascii_case(member))
    };
    table.iter().find(is_it).map(|row| row.name)
}

/// Notes the fields that are given and not in the table, and those that are required and missing. `fields` are all fields of
/// the input and whether they are given, `noun` is what the input describes.
pub fn check_given(
    table: &[InputRow],
    operation: Operation,
    noun: &str,
    fields: &[(&str, bool)],
    faults: &mut Vec<FieldError>,
) {
    for (name, is_given) in fields {
        match row(table, operation, name) {
            None if *is_given => {
                faults.push(field_error(
                    name,
                    "it is not supported by this connector; leave it out",
                ));
            }
            Some(row) if row.is_required && !is_given => {
                let fault = format!("it is required for every {noun}");
                faults.push(field_error(name, fault));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_known_by_each_name_that_the_psa_has_for_it() {
        let table = [
            InputRow::ticket("board-id", "team").or(&["team_id"]),
            InputRow::of_ticket("links"),
        ];
        for (member, expected) in [
            ("team", Some("board-id")),
            ("Team_ID", Some("board-id")),
            ("links", None),
            ("", None),
        ] {
            assert_eq!(field_of_member(&table, member), expected, "{member}");
        }
    }
}
