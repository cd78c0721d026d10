//! The commands that the README shows: each is understood by the `psa-host` of these sources.

use std::fs;

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
