//! What the documents say of the project holds: the commands that the README shows, the tests that SECURITY.md names.

use std::fs;
use std::path::Path;

use psa_conformance::{Area, Rule};
use psa_tests::workspace;

use crate::program::run;

#[test]
fn every_command_of_the_readme_is_understood() {
    let readme = fs::read_to_string(workspace().join("README.md")).expect("the README");
    let commands = commands(&readme);
    assert!(commands.len() >= 9, "{commands:?}");
    for command in commands {
        // The help comes only where everything before it is understood.
        let run = run(&[&command[..], &["--help".to_owned()]].concat());
        assert_eq!(run.exit_code, 0, "{command:?}: {}", run.errors);
    }
}

#[test]
fn the_readme_shows_how_to_record_and_replay_and_how_to_record_any_other_client() {
    let readme = fs::read_to_string(workspace().join("README.md")).expect("the README");
    let commands = commands(&readme);
    let file_after = |option: &str| {
        let of_companies = commands
            .iter()
            .filter(|command| command[0] == "companies" && command.contains(&option.to_owned()));
        let mut files = of_companies.filter_map(|command| command.last().cloned());
        files.find(|file| file.ends_with(".har"))
    };
    let recorded = file_after("--record");
    assert!(recorded.is_some(), "{commands:?}");
    assert_eq!(recorded, file_after("--replay"));
    let proxy = readme.lines().find(|line| line.starts_with("$ mitmdump "));
    assert!(proxy.is_some_and(|line| line.contains("--set hardump=")));
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

/// The arguments of every `psa-host` after a prompt.
fn commands(readme: &str) -> Vec<Vec<String>> {
    readme
        .replace("\\\n", "")
        .lines()
        .filter_map(|line| line.strip_prefix("$ "))
        .map(words)
        .filter(|words| words[0].ends_with("psa-host"))
        .map(|words| words[1..].to_vec())
        .collect()
}

/// The words of a line as a shell has them; the README quotes with ' only.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for (index, part) in line.split('\'').enumerate() {
        let is_quoted = index % 2 == 1;
        let mut pieces = part.split(|letter: char| letter == ' ' && !is_quoted);
        let last = words.last_mut().expect("there is one");
        last.push_str(pieces.next().unwrap_or_default());
        words.extend(pieces.map(str::to_owned));
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn the_conformance_document_has_every_area_and_every_rule_with_its_meaning() {
    let document = fs::read_to_string(workspace().join("CONFORMANCE.md")).expect("the document");
    let rules = Rule::ALL.iter().map(|rule| (rule.name(), rule.meaning()));
    let areas = Area::ALL.iter().map(|area| (area.name(), area.meaning()));
    for (name, meaning) in areas.chain(rules) {
        let row = format!("| `{name}` | {meaning} |");
        assert!(document.lines().any(|line| line == row), "missing: {row}");
    }
}
