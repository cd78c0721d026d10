//! What of the table of outcomes no case reaches: a function, what an answer to it is for, and what can be done to that
//! answer. Where no case has such an answer, the kit replaces none, and finds nothing.

use std::collections::BTreeSet;

use psa_contract::Operation;
use psa_recording::{Case, Role};

use crate::fault::Fault;
use crate::outcomes::{Place, place};
use crate::report::{Cell, Check, Unreached};
use crate::stand::Stand;

const LOOK_UP: Place = Place::First(Role::LookUp);
const WRITE: Place = Place::First(Role::Write);
const LIST: Place = Place::First(Role::List);

/// What the answers to a function are for, whatever the PSA.
fn places(operation: Operation) -> &'static [Place] {
    match operation {
        Operation::Verify => &[Place::First(Role::Credential)],
        Operation::GetTicket => &[Place::First(Role::Detail)],
        Operation::CreateTicket
        | Operation::AddNote
        | Operation::SetStatus
        | Operation::AttachAsset => &[LOOK_UP, WRITE, Place::LookUpAgain],
        _ => &[LIST],
    }
}

/// As `function role`, in the order of the contract.
pub(crate) fn unreached<'a>(
    operations: &[Operation],
    cases: impl Iterator<Item = &'a Case> + Clone,
) -> Vec<String> {
    let mut unreached = Vec::new();
    for operation in Operation::ALL.iter().filter(|it| operations.contains(it)) {
        for wanted in places(*operation) {
            let mut of_it = cases.clone();
            let is_reached = of_it
                .any(|case| case.input.operation() == Some(*operation) && reaches(case, *wanted));
            if !is_reached {
                unreached.push(format!("{} {}", operation.name(), wanted.name()));
            }
        }
    }
    unreached
}

/// The cells that no check of this run reached. Its functions are those of the connector; its roles are those that the
/// contract asks for and those that the cases have.
pub(crate) fn unreached_faults(stand: &Stand, checks: &[Check]) -> Vec<Unreached> {
    let reached: BTreeSet<Cell> = checks.iter().filter_map(|check| check.cell).collect();
    let cases = || stand.cases.iter().map(|prepared| &prepared.case);
    let mut unreached = Vec::new();
    for operation in &stand.description.operations {
        let own = cases().filter(|case| case.input.operation() == Some(*operation));
        for role in roles(*operation, own) {
            let cell = |fault| Cell {
                function: operation.name(),
                role,
                fault,
            };
            let faults = Fault::columns().filter(|fault| can_be(role, fault));
            let faults = faults.filter(|fault| !reached.contains(&cell(fault)));
            let faults: Vec<&'static str> = faults.collect();
            if !faults.is_empty() {
                unreached.push(Unreached {
                    function: operation.name(),
                    role,
                    faults,
                });
            }
        }
    }
    unreached
}

/// Whether there can be such a cell. What was written stands, whatever becomes of the read after it: no result depends on a
/// member of that answer, so that none of them is a required one.
fn can_be(role: &str, fault: &str) -> bool {
    role != Place::ReadBack.name() || !fault.starts_with("required-")
}

/// Those that any PSA has, then those that only this one has.
fn roles<'a>(operation: Operation, cases: impl Iterator<Item = &'a Case>) -> Vec<&'static str> {
    let mut roles: Vec<_> = places(operation).iter().map(|place| place.name()).collect();
    let recorded = cases.flat_map(|case| {
        let indexes = 0..case.exchanges.len();
        indexes.filter_map(|index| place(&case.exchanges, index))
    });
    let recorded: BTreeSet<_> = recorded.map(Place::name).collect();
    let own = recorded.into_iter().filter(|role| !roles.contains(role));
    let own: Vec<_> = own.collect();
    roles.extend(own);
    roles
}

/// A look-up that follows a write need not be recorded: the case says what it answers.
fn reaches(case: &Case, wanted: Place) -> bool {
    let exchanges = &case.exchanges;
    let is_told = exchanges.iter().any(|exchange| exchange.look_up.is_some());
    wanted == Place::LookUpAgain && is_told
        || (0..exchanges.len()).any(|index| place(exchanges, index) == Some(wanted))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn case(function: &str, input: Value, exchanges: Value) -> Case {
        let case = json!({
            "docs": "d", "provenance": "composed", "operation": function, "settings": {}, "input": input,
            "base-url": "https://a.example", "exchanges": exchanges, "rounds": 0, "expect": {"ok": {}},
        });
        Case::parse("f", &case.to_string()).expect("a case")
    }

    #[test]
    fn no_member_of_a_read_back_can_be_required() {
        for (role, fault, expected) in [
            ("read-back", "required-null", false),
            ("read-back", "optional-null", true),
            ("look-up-again", "required-null", true),
        ] {
            assert_eq!(can_be(role, fault), expected, "{role} {fault}");
        }
    }

    #[test]
    fn what_no_case_reaches_is_named() {
        let operations = [Operation::ListSites, Operation::SetStatus];
        let exchange = |role: &str| json!({"role": role, "request": {"method": "GET", "path": "/"}, "response": {"status": 200}});
        let change = json!({"ticket-id": "1", "status-ids": ["2"]});
        let all = [
            "set-status look-up",
            "set-status write",
            "set-status look-up-again",
            "list-sites list",
        ];
        assert_eq!(unreached(&operations, [].iter()), all);
        let sites = case(
            "list-sites",
            json!({"company-id": "1"}),
            json!([exchange("list")]),
        );
        let read = case("set-status", change.clone(), json!([exchange("look-up")]));
        let known = [sites, read];
        assert_eq!(unreached(&operations, known.iter()), all[1..3]);
        let mut write = exchange("write");
        write["look-up"] =
            json!({"if-committed": {"status": 200}, "if-not-committed": {"status": 200}});
        let written = case(
            "set-status",
            change.clone(),
            json!([exchange("look-up"), write]),
        );
        assert_eq!(unreached(&operations, [written].iter()), all[3..]);
        let again = json!([exchange("write"), exchange("look-up")]);
        let again = case("set-status", change, again);
        assert_eq!(unreached(&operations, [again].iter()), [all[0], all[3]]);
    }
}
