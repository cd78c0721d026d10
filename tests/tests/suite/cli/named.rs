//! Connectors by their names.

use std::fs;
use std::path::Path;

use psa_tests::{CONNECTWISE, workspace};

use crate::program::{command, component_path, ended, run, run_with};

#[test]
fn a_connector_is_found_by_its_name_from_any_folder() {
    let by_file = run(&["describe", &component_path()]);
    let mut by_name = command(&["describe", "connectwise"], &[]);
    by_name.current_dir(std::env::temp_dir());
    let by_name = ended(by_name);
    assert_eq!(by_name.exit_code, 0, "{}", by_name.errors);
    assert_eq!(by_name.output, by_file.output);
}

#[test]
fn a_folder_of_ones_own_comes_first() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("connectors");
    fs::create_dir_all(&folder).expect("a folder");
    fs::copy(component_path(), folder.join("mine-psa.wasm")).expect("a copy");
    fs::write(folder.join("sample-psa.wasm"), "none").expect("a file");
    let folder = ("PSA_HOST_CONNECTORS", folder.display().to_string());
    let settings = CONNECTWISE.folder("recordings").join("settings.toml");
    let settings = format!("--settings={}", settings.display());
    let own = run_with(
        &["origins", "mine", &settings],
        std::slice::from_ref(&folder),
    );
    assert_eq!(own.output, "https://api-na.myconnectwise.net\n");
    // Of no setting, and yet it is used.
    assert!(
        !own.errors.contains("PSA_HOST_CONNECTORS"),
        "{}",
        own.errors
    );
    let first = run_with(&["describe", "sample"], &[folder]);
    assert!(
        first.errors.contains("sample-psa.wasm is not a connector"),
        "{}",
        first.errors
    );
}

#[test]
fn a_name_that_is_not_there_is_answered_with_those_that_are() {
    component_path();
    for command in ["describe", "verify", "conform"] {
        let cases = workspace()
            .join("tests/cases/connectwise")
            .display()
            .to_string();
        let more = (command == "conform").then_some(cases);
        let words = [command, "conectwise"].map(str::to_owned);
        let words: Vec<String> = words.into_iter().chain(more).collect();
        let run = run(&words);
        assert_eq!(run.exit_code, 3, "{command}: {}", run.errors);
        for part in [
            "named `conectwise`",
            "/debug, ",
            "connectwise, ",
            "./conectwise",
        ] {
            assert!(run.errors.contains(part), "{part}: {}", run.errors);
        }
    }
}

#[test]
fn shells_complete_the_names() {
    component_path();
    for shell in ["bash", "zsh", "fish"] {
        let run = run(&["completions", shell]);
        assert!(run.output.contains("connectwise"), "{shell}");
    }
}
