//! The text of the interface: every part explained and well named, frozen once released, and the same as the Rust types.
//!
//! That the types themselves agree is checked where a component is loaded: wasmtime compares each function's type with
//! the Rust types, field for field, and [`the_rust_types_are_those_of_the_text`] loads one. What that does not see, the
//! names in JSON, is compared here.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use psa_host::contract::{
    CONNECTOR_WIT, CompanyQuery, CreatedTicket, Creation, FailureKind, Operation, PermissionState,
    Request, Setting, TicketDraft,
};
use psa_host::{Case, Expectation, Function, Input};
use psa_tests::{call_natively, case, cases, component, run_natively, workspace};
use serde_json::{Value, json, to_value};
use wit_parser::{Docs, Resolve, TypeDefKind};

#[test]
fn every_part_is_explained() {
    let unexplained: Vec<String> = parts()
        .into_iter()
        .filter(|part| !part.is_explained)
        .map(|part| part.path)
        .collect();
    assert!(unexplained.is_empty(), "{unexplained:#?}");
}

#[test]
fn every_name_is_kebab_case() {
    for part in parts() {
        let name = part.path.rsplit(' ').next().unwrap_or_default();
        let is_kebab = name.split('-').all(|word| {
            word.starts_with(|first: char| first.is_ascii_lowercase())
                && word
                    .chars()
                    .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
        });
        assert!(is_kebab, "{}", part.path);
    }
}

#[test]
fn the_rust_types_are_those_of_the_text() {
    // Built from the text by wit-bindgen, compared with the Rust types by wasmtime.
    component().expect("a component whose types are the Rust types");
}

#[test]
fn names_in_json_are_those_of_the_text() {
    let mut types = types();
    let mut seen = BTreeSet::new();
    // What the connector is asked and what it answers, all of it as it is in the cases.
    for (name, case) in cases("cases").expect("the cases") {
        for (expected, value) in values_of(&case) {
            compare(&types, &expected, &value, &name, &mut seen);
        }
    }
    let request = Request {
        method: String::new(),
        url: String::new(),
        headers: Vec::new(),
        body: Some(Vec::new()),
    };
    compare(&types, "request", &json_of(&request), "request", &mut seen);
    for name in &seen {
        types.remove(name);
    }
    // A choice of a setting and the rows of `found` occur in no case of this vendor's.
    types.retain(|name, _| !["setting-choice"].contains(&name.as_str()));
    assert!(types.is_empty(), "never compared: {:?}", types.keys());
}

#[test]
fn enums_have_the_cases_of_the_text_in_its_order() {
    let types = types();
    let same = |name: &str, cases: Vec<&str>| {
        assert_eq!(types.get(name), Some(&Shape::Enum(owned(&cases))), "{name}");
    };
    use psa_host::contract::{ErrorCode, Rating, SettingKind, SettingSupplier};
    same("creation", Creation::ALL.iter().map(|it| it.name()).collect());
    same("error-code", ErrorCode::ALL.iter().map(|it| it.name()).collect());
    same("failure-kind", FailureKind::ALL.iter().map(|it| it.name()).collect());
    same("operation", Operation::ALL.iter().map(|it| it.name()).collect());
    same("permission-state", PermissionState::ALL.iter().map(|it| it.name()).collect());
    same("rating", Rating::ALL.iter().map(|it| it.name()).collect());
    same("setting-kind", SettingKind::ALL.iter().map(|it| it.name()).collect());
    same("setting-supplier", SettingSupplier::ALL.iter().map(|it| it.name()).collect());
}
