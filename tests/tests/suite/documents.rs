//! What the documents say of the project holds: the tests that SECURITY.md names, the rules that docs/conformance.md explains,
//! and in the files below what every document has.

use std::fs;
use std::path::Path;

use psa_conformance::{Area, Rule};
use psa_tests::workspace;

mod archive; // The first ticket of the archive of a release.
mod examples; // Commands with their output.
mod first_ticket; // A program in Rust from an empty folder.
mod links; // Where they lead.
mod markdown; // Blocks, headings and links of a document.
mod rust_blocks; // Code that compiles.

#[test]
fn the_readme_is_short() {
    let lines = markdown::Document::read("README.md").text.lines().count();
    assert!(
        lines <= 150,
        "{lines} lines: move what is not for every reader to docs/"
    );
}

/// The last name before the colon is that of the file which the test is in.
#[test]
fn every_line_of_the_security_document_names_a_test_that_is_there() {
    let document = fs::read_to_string(workspace().join("SECURITY.md")).expect("SECURITY.md");
    let mut sources = Vec::new();
    for folder in ["host-test", "tests"] {
        sources_below(&workspace().join(folder), &mut sources);
    }
    let is_there = |module: &str, test: &str| {
        let name = module.rsplit("::").next().unwrap_or(module);
        sources.iter().any(|(path, text)| {
            path.split(['/', '\\', '.']).any(|part| part == name)
                && text.contains(&format!("fn {test}("))
        })
    };
    let rows = document.lines().filter(|line| {
        let is_head = line.starts_with("| ---") || line.ends_with("| Shown by |");
        line.starts_with('|') && !is_head
    });
    let mut count = 0;
    for row in rows {
        count += 1;
        let (_, shown_by) = row
            .trim_end_matches(" |")
            .rsplit_once(" | ")
            .expect("two cells");
        for named in shown_by.split(", ") {
            let named = named.trim_matches('`');
            let exists = match named.split_once(": ") {
                Some((module, test)) => is_there(module, test),
                None => {
                    let case = format!("tests/cases/connectwise/{named}.json");
                    workspace().join(case).is_file()
                }
            };
            assert!(exists, "there is no {named}: {row}");
        }
    }
    assert!(count > 20, "only {count} rows were found");
}

/// The paths and texts of every source.
fn sources_below(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources_below(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).expect("a source");
            found.push((path.display().to_string(), text));
        }
    }
}

#[test]
fn the_conformance_document_has_every_area_and_every_rule_with_its_meaning() {
    let document =
        fs::read_to_string(workspace().join("docs/conformance.md")).expect("the document");
    let rules = Rule::ALL.iter().map(|rule| (rule.name(), rule.meaning()));
    let areas = Area::ALL.iter().map(|area| (area.name(), area.meaning()));
    for (name, meaning) in areas.chain(rules) {
        let row = format!("| `{name}` | {meaning} |");
        assert!(document.lines().any(|line| line == row), "missing: {row}");
    }
}
