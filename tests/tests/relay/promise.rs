//! Each line of the promise in the documentation names tests, and they exist.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use psa_tests::workspace;

#[test]
fn each_line_of_the_promise_has_a_test_that_exists() {
    let text = fs::read_to_string(workspace().join("docs/relay.md")).expect("the document");
    let (_, promise) = text.split_once("\n## The promise\n").expect("the promise");
    let promise = promise.split("\n## ").next().expect("a section");
    let rows: Vec<&str> = promise
        .lines()
        .filter(|it| it.starts_with("| "))
        .skip(2)
        .collect();
    assert!(rows.len() >= 15, "only {} lines", rows.len());
    let tests = tests();
    let mut wrong = Vec::new();
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").collect();
        let named: Vec<&str> = cells[1].split('`').skip(1).step_by(2).collect();
        if cells.len() != 2 || named.is_empty() {
            wrong.push(format!("names no test: {row}"));
        }
        for name in named {
            let (place, function) = name.rsplit_once(": ").unwrap_or_default();
            let file = tests.get(function.trim());
            if !file.is_some_and(|file| is_in(file, place)) {
                wrong.push(format!("{name}: there is none, it is in {file:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether a file is where a name such as `worker::model` or `relay: lost` says.
fn is_in(file: &str, place: &str) -> bool {
    let path = match place.strip_prefix("relay: ") {
        Some(module) => format!("tests/tests/relay/{}", module.replace("::", "/")),
        None => format!("relay/src/{}", place.replace("::", "/")),
    };
    file.starts_with(&path)
}

/// The functions of the relay's tests, and their files.
fn tests() -> BTreeMap<String, String> {
    let mut functions = BTreeMap::new();
    for folder in ["relay/src", "tests/tests/relay"] {
        collect(&workspace(), &workspace().join(folder), &mut functions);
    }
    functions
}

fn collect(root: &Path, folder: &Path, functions: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(root, &path, functions);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap_or_default();
        let file = path.strip_prefix(root).expect("below the root");
        for words in text.split("fn ").skip(1) {
            let name = words.split('(').next().unwrap_or_default();
            functions.insert(name.to_owned(), file.display().to_string());
        }
    }
}
