//! `conform` as it is typed. The component is none, so that these tests need no build of one: that is a finding, too.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{CommandFactory as _, Parser as _};
use serde_json::Value;

use super::run;
use crate::arguments::{Arguments, Command};
use crate::exit;
use crate::output::Output;

const CASE: &str = r#"{
  "docs": "A case of nothing.", "provenance": "invented", "operation": "describe",
  "settings": {}, "exchanges": [], "rounds": 0, "expect": {"ok": {}}
}"#;

/// Its `required` is misspelt.
const STALE_CASE: &str = r#"{
  "docs": "A case of nothing.", "provenance": "invented", "operation": "describe",
  "settings": {}, "base-url": "https://psa.example.com", "exchanges": [
    {"role": "list", "request": {"method": "GET", "path": "/"}, "response": {"status": 200, "json": [{"id": 1}]}, "required": ["*/ids"]}
  ], "rounds": 0, "expect": {"ok": {}}
}"#;

/// A folder with a file that is no component, and a folder of one case. Deleted at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("psa-host-{name}-{}", std::process::id()));
        fs::create_dir_all(folder.join("cases/describe")).expect("a folder");
        fs::create_dir_all(folder.join("empty")).expect("a folder");
        fs::write(folder.join("none.wasm"), "no component").expect("a file");
        fs::write(folder.join("cases/describe/ok.json"), CASE).expect("a file");
        fs::write(folder.join("stale.json"), STALE_CASE).expect("a file");
        fs::write(folder.join("cut.json"), &CASE[..6]).expect("a file");
        Self(folder)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The output, or the exit code and the message of the failure.
fn conform(arguments: &[&str]) -> Result<Output, (u8, String)> {
    let arguments = [&["psa-host", "conform"], arguments].concat();
    let parsed = Arguments::try_parse_from(arguments);
    let parsed = parsed.map_err(|error| (exit::USAGE, error.to_string()))?;
    let Command::Conform(command) = parsed.command else {
        panic!("another command");
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let outcome = runtime.expect("a runtime").block_on(run(command));
    outcome.map_err(|failure| (failure.exit_code(), failure.text(None)))
}

#[test]
fn what_does_not_load_is_not_conformant_and_every_report_says_so() {
    let folder = Folder::new("reports");
    let (component, cases) = (folder.path("none.wasm"), folder.path("cases"));
    let [html, junit, json] = ["a.html", "a.xml", "a.json"].map(|name| folder.path(name));
    let files = ["--html", &html, "--junit", &junit, "--json-file", &json];
    let [text, printed_json, csv] = ["table", "json", "csv"].map(|format| {
        let arguments = [component.as_str(), &cases, "--output", format];
        let output = conform(&[&arguments, &files[..]].concat());
        let Ok(output) = output else {
            panic!("a report is due: {:?}", output.err());
        };
        assert_eq!(output.exit_code, exit::NOT_CONFORMANT);
        output.text
    });
    let command = format!("conform {component} {cases} --exact --filter structure/");
    for part in ["✗ Not conformant", "✗ loads (1 check)", &command] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let read = |path: &str| fs::read_to_string(Path::new(path)).expect("a report");
    assert_eq!(read(&json), printed_json);
    let document: Value = serde_json::from_str(&read(&json)).expect("JSON");
    assert_eq!(document["rules"][0]["rule"], "loads");
    assert_eq!(document["cases"], 1);
    assert!(read(&html).contains("Not conformant"));
    assert!(read(&junit).contains("<failure"));
    assert!(
        csv.starts_with("check,area,case,fault,runs,rule,expected,found\n"),
        "{csv}"
    );
    assert!(csv.contains(",loads,"), "{csv}");
}

#[test]
fn what_is_typed_wrongly_is_a_usage_error() {
    let folder = Folder::new("usage");
    let component = folder.path("none.wasm");
    let cases = folder.path("cases");
    let (empty, nowhere) = (folder.path("empty"), folder.path("nowhere"));
    let (cut, stale) = (folder.path("cut.json"), folder.path("stale.json"));
    // Found out before anything is checked, and so before it is known that there is nothing to check.
    let unwritable = folder.path("nowhere/a.html");
    for (arguments, part) in [
        (vec![component.as_str()], "<CASES>"),
        (vec![&component, &nowhere], "nowhere"),
        (vec![&component, &empty], "contains no cases"),
        (vec![&component, &component], "none.wasm: expected"),
        (vec![&component, &cut], "cut.json: EOF while parsing"),
        (
            vec![&component, &stale],
            "stale.json: exchanges[0].required: `*/ids` names nothing",
        ),
        (vec![&component, &cases, "--exact"], "--filter"),
        (vec![&component, &cases, "--jobs", "0"], "--jobs"),
        (
            vec![&component, &cases, "--filter", "no-such-check"],
            "contains `no-such-check`",
        ),
        (
            vec![&component, &cases, "--exact", "--filter", "structure"],
            "is `structure`",
        ),
        (
            vec![
                &component,
                &cases,
                "--html",
                &unwritable,
                "--filter",
                "no-such-check",
            ],
            "cannot write",
        ),
        (
            vec![
                &component,
                &cases,
                "--junit",
                &unwritable,
                "--filter",
                "no-such-check",
            ],
            "cannot write",
        ),
        (
            vec![
                &component,
                &cases,
                "--json-file",
                &unwritable,
                "--filter",
                "no-such-check",
            ],
            "cannot write",
        ),
    ] {
        let failure = conform(&arguments).err();
        let (exit_code, message) = failure.unwrap_or_else(|| panic!("{arguments:?}"));
        assert_eq!(exit_code, exit::USAGE, "{message}");
        assert!(message.contains(part), "{part}: {message}");
    }
}

#[test]
fn a_component_that_is_not_there_is_no_finding() {
    let folder = Folder::new("missing");
    let failure = conform(&[&folder.path("typo.wasm"), &folder.path("cases")]).err();
    let (exit_code, message) = failure.expect("a failure");
    assert_eq!(exit_code, exit::NOT_A_CONNECTOR);
    assert!(message.contains("typo.wasm"), "{message}");
}

#[test]
fn one_case_can_be_named_instead_of_the_folder() {
    let folder = Folder::new("one");
    let case = folder.path("cases/describe/ok.json");
    let read = super::cases(Path::new(&case)).map_err(|failure| failure.text(None));
    let names: Vec<_> = read
        .expect("a case")
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["ok"]);
    let read = super::cases(&folder.0.join("cases")).map_err(|failure| failure.text(None));
    let names: Vec<_> = read
        .expect("a case")
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["describe/ok"]);
}

#[test]
fn the_help_says_what_it_does_how_it_ends_and_each_option() {
    let mut command = Arguments::command();
    let conform = command.find_subcommand_mut("conform").expect("the command");
    let help = conform.render_long_help().to_string();
    for part in [
        "Needs no network and no settings",
        "Exits with 0",
        "with 41",
        "<CONNECTOR>",
        "<CASES>",
        "--filter <TEXT>",
        "--exact",
        "--jobs <NUMBER>",
        "--html <FILE>",
        "--junit <FILE>",
        "--json-file <FILE>",
        "--json\n",
    ] {
        assert!(help.contains(part), "{part}: {help}");
    }
    let undescribed = conform
        .get_arguments()
        .find(|argument| argument.get_help().is_none());
    assert_eq!(undescribed.map(|argument| argument.get_id().as_str()), None);
}
