//! The commands for what follows a ticket's opening: each prints for programs what its function returns, and ends with the
//! code of its error. What people see is checked against the stand-in, in `server/lifecycle.rs`.

use std::collections::{BTreeMap, BTreeSet};

use psa_host::contract::Operation;
use psa_recording::Expectation;
use psa_tests::CONNECTWISE;
use serde_json::Value;

use super::typed::{arguments, can_be_typed};
use super::{Tenant, documented_codes};

const FUNCTIONS: [Operation; 7] = [
    Operation::FindTickets,
    Operation::AddNote,
    Operation::SetStatus,
    Operation::ListContacts,
    Operation::ListAssets,
    Operation::ListSites,
    Operation::AttachAsset,
];

#[test]
fn every_case_prints_what_its_function_returns() {
    let codes = documented_codes();
    let mut counts = BTreeMap::new();
    let mut codes_seen = BTreeSet::new();
    for (name, case) in CONNECTWISE.cases().expect("the cases") {
        let Some(function) = case.input.operation().filter(|it| FUNCTIONS.contains(it)) else {
            continue;
        };
        let error = match &case.expect {
            Expectation::Ok(_) => None,
            Expectation::Err(error) => Some(error["code"].to_string()),
        };
        // Of the errors with the same code, one.
        if !can_be_typed(&case) || error.is_some_and(|code| !codes_seen.insert((function, code))) {
            continue;
        }
        *counts.entry(function).or_insert(0) += 1;
        let words = [&arguments(&case.input)[..], &["--json".to_owned()]].concat();
        let run = Tenant::of_case(&name, &case).run(&words);
        let printed: Value = serde_json::from_str(&run.output).expect("JSON");
        let (result, exit_code) = match &case.expect {
            Expectation::Ok(_) => (Ok(&printed), 0),
            Expectation::Err(error) => {
                let code = error["code"].as_str().expect("a code");
                (Err(&printed["error"]), codes[code])
            }
        };
        assert_eq!(run.exit_code, exit_code, "{name}: {}", run.output);
        let mismatches = case.expect.mismatches(result);
        assert!(mismatches.is_empty(), "{name}: {mismatches:?}");
    }
    for function in FUNCTIONS {
        let count = counts.get(&function).copied().unwrap_or(0);
        assert!(count >= 2, "{} has only {count} cases", function.name());
    }
}
