//! What is known of a vendor's API, row by row, and the cases that show what its connector makes of it: `rows.txt` beside the
//! cases. A row without a case is one that nobody has tried.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use psa_tests::{CONNECTWISE, SAMPLE, VENDORS, Vendor};

#[test]
fn every_row_of_what_is_known_has_cases_that_exist() {
    for vendor in VENDORS {
        let path = vendor.folder("cases").join("rows.txt");
        let Ok(text) = fs::read_to_string(&path) else {
            // Their cases are older than the list.
            let has_none = [CONNECTWISE.name, SAMPLE.name].contains(&vendor.name);
            assert!(has_none, "{} is missing", path.display());
            continue;
        };
        let wrong = wrong_rows(&text, &names(vendor));
        assert!(wrong.is_empty(), "{}: {wrong:#?}", path.display());
    }
}

fn names(vendor: &Vendor) -> BTreeSet<String> {
    let cases = vendor.cases().expect("the cases");
    cases.into_iter().map(|(name, _)| name).collect()
}

/// What is wrong with each row that is wrong. A row is `what : case, case`, in a group such as `[settings]`.
fn wrong_rows(text: &str, cases: &BTreeSet<String>) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut group = "";
    let mut rows: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if line.starts_with('[') {
            group = line;
        } else if !line.is_empty() {
            let (row, named) = line.split_once(" : ").unwrap_or((line, ""));
            let mut named = named.split(", ").filter(|name| !name.is_empty()).peekable();
            if named.peek().is_none() {
                wrong.push(format!("{group} {row}: no case"));
            }
            if !rows.entry(group).or_default().insert(row) {
                wrong.push(format!("{group} {row}: twice"));
            }
            let missing = named.filter(|name| !cases.contains(*name));
            wrong.extend(missing.map(|name| format!("{group} {row}: there is no case {name}")));
        }
    }
    if rows.is_empty() {
        wrong.push("there are no rows".to_owned());
    }
    wrong
}

#[test]
fn a_row_without_a_case_or_with_one_that_is_missing_is_found() {
    let cases = ["verify/ok".to_owned()].into();
    for (text, expected) in [
        ("[a]\nknown : verify/ok", vec![]),
        ("", vec!["there are no rows"]),
        ("[a]\nknown", vec!["[a] known: no case"]),
        ("[a]\nknown : ", vec!["[a] known: no case"]),
        (
            "[a]\nknown : verify/ok, verify/no",
            vec!["[a] known: there is no case verify/no"],
        ),
        (
            "[a]\nknown : verify/ok\nknown : verify/ok\n[b]\nknown : verify/ok",
            vec!["[a] known: twice"],
        ),
    ] {
        assert_eq!(wrong_rows(text, &cases), expected, "{text}");
    }
}
