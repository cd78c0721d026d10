//! `input-fields` of a description, held against the contract. Whether the fields are taken is tried in `arguments.rs`.

use std::collections::HashSet;

use psa_contract::{ConnectorDescription, InputField};

use crate::fields::{self, ENUMS, LISTS};
use crate::report::{Problem, Rule, problem};

pub(crate) fn described_fields(description: &ConnectorDescription) -> Vec<Problem> {
    let fields = &description.input_fields;
    let mut wrong: Vec<String> = fields.iter().filter_map(of_field).collect();
    for operation in fields::OPERATIONS {
        let described = || fields.iter().filter(|it| it.operation == operation);
        let is_listed = description.operations.contains(&operation);
        if !is_listed && described().next().is_some() {
            let name = operation.name();
            wrong.push(format!(
                "fields of `{name}`, although `operations` does not list it"
            ));
        }
        for name in repeated(described().map(|field| field.name.as_str())) {
            wrong.push(format!("`{name}` of `{}` twice", operation.name()));
        }
        for name in fields::indispensable(operation) {
            let is_required = described().any(|field| field.name == *name && field.is_required);
            if is_listed && !is_required {
                wrong.push(format!("no required `{name}` of `{}`", operation.name()));
            }
        }
    }
    if !fields.iter().filter_map(place).is_sorted() {
        wrong.push("an order that differs from the contract's".to_owned());
    }
    wrong
        .into_iter()
        .map(|found| {
            problem(
                Rule::InputFieldsDescribed,
                "the fields of each listed operation, each once, by name, in the contract's order, with limits that fit their types",
                found,
            )
        })
        .collect()
}

fn of_field(field: &InputField) -> Option<String> {
    let name = field.name.as_str();
    if !fields::names(field.operation).contains(&name) {
        let operation = field.operation.name();
        return Some(format!(
            "`{name}` of `{operation}`, which the contract does not have"
        ));
    }
    let cases = fields::cases_of_enum(name);
    let unknown = field
        .allowed
        .iter()
        .find(|it| !cases.contains(&it.as_str()));
    if let Some(unknown) = unknown {
        return Some(format!("`{unknown}` as a case of `{name}`"));
    }
    if field.maximum_length == Some(0) || field.maximum_count == Some(0) {
        return Some(format!("a maximum of 0 for `{name}`"));
    }
    if field.maximum_count.is_some() && !LISTS.contains(&name) {
        return Some(format!(
            "a `maximum-count` for `{name}`, which is not a list"
        ));
    }
    if field.maximum_length.is_some() && ENUMS.contains(&name) {
        return Some(format!("a `maximum-length` for `{name}`, which is an enum"));
    }
    let is_long = name == "reference" && field.maximum_length.is_some_and(|it| it > 50);
    is_long.then(|| "a `reference` of more than 50 characters".to_owned())
}

/// None: the contract does not have it.
fn place(field: &InputField) -> Option<(usize, usize)> {
    let operations = fields::OPERATIONS;
    let names = fields::names(field.operation);
    Some((
        operations.iter().position(|it| *it == field.operation)?,
        names.iter().position(|name| *name == field.name)?,
    ))
}

/// Every name that was there before.
pub(crate) fn repeated<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = HashSet::new();
    names.filter(|name| !seen.insert(*name)).collect()
}

#[cfg(test)]
mod tests {
    use psa_contract::Operation;

    use super::*;

    fn field(operation: Operation, name: &str, is_required: bool) -> InputField {
        InputField {
            operation,
            name: name.to_owned(),
            is_required,
            maximum_length: None,
            maximum_count: None,
            allowed: Vec::new(),
        }
    }

    type Change = fn(&mut ConnectorDescription);

    /// What is wrong after this change to a description that is right.
    fn found(change: Change) -> Vec<String> {
        let mut description = ConnectorDescription {
            operations: vec![Operation::CreateTicket, Operation::AddNote],
            input_fields: vec![
                field(Operation::CreateTicket, "company-id", true),
                field(Operation::CreateTicket, "severity", false),
                field(Operation::CreateTicket, "summary", true),
                field(Operation::CreateTicket, "details", false),
                field(Operation::CreateTicket, "reference", false),
                field(Operation::AddNote, "ticket-id", true),
                field(Operation::AddNote, "text", true),
                field(Operation::AddNote, "audience", true),
            ],
            ..ConnectorDescription::default()
        };
        change(&mut description);
        let problems = described_fields(&description).into_iter();
        problems.map(|problem| problem.found).collect()
    }

    #[test]
    fn every_fault_of_a_field_is_found() {
        let none: [&str; 0] = [];
        assert_eq!(found(|_| ()), none);
        assert_eq!(
            found(|it| it.input_fields[1].allowed = vec!["low".to_owned()]),
            none
        );
        let cases: [(Change, &str); 12] = [
            (
                |it| it.input_fields[1].name = "urgency".to_owned(),
                "does not have",
            ),
            (
                |it| it.input_fields[1].allowed = vec!["bad".to_owned()],
                "`bad` as a case",
            ),
            (
                |it| it.input_fields[2].allowed = vec!["low".to_owned()],
                "`low` as a case",
            ),
            (
                |it| it.input_fields[2].maximum_length = Some(0),
                "maximum of 0",
            ),
            (
                |it| it.input_fields[3].maximum_count = Some(0),
                "maximum of 0",
            ),
            (
                |it| it.input_fields[2].maximum_count = Some(1),
                "not a list",
            ),
            (
                |it| it.input_fields[1].maximum_length = Some(1),
                "is an enum",
            ),
            (
                |it| it.input_fields[4].maximum_length = Some(51),
                "more than 50",
            ),
            (
                |it| it.input_fields[2].is_required = false,
                "no required `summary`",
            ),
            (
                |it| it.input_fields.push(it.input_fields[7].clone()),
                "twice",
            ),
            (|it| it.input_fields.swap(0, 1), "an order that differs"),
            (|it| it.operations.truncate(1), "does not list"),
        ];
        for (change, expected) in cases {
            let found = found(change);
            assert!(
                matches!(found.as_slice(), [only] if only.contains(expected)),
                "{expected}: {found:?}"
            );
        }
    }
}
