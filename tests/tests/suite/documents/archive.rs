//! The first ticket of whoever has the archive of a release: the commands of its README, in a folder with what `release/dist.sh`
//! puts there, and nothing else.

use std::fs;
use std::process::Command;

use psa_tests::{AUTOTASK, CONNECTWISE, HALOPSA, workspace};

use super::markdown::Document;
use crate::program::{cache, command, component_path};

#[test]
fn the_commands_of_the_archive_open_a_ticket_from_an_empty_folder() {
    component_path(); // It must be of these sources.
    let folder = tempfile::tempdir().expect("a folder");
    let copy = |from: &str, to: &str| {
        let to = folder.path().join(to);
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        fs::copy(workspace().join(from), to).unwrap_or_else(|error| panic!("{from}: {error}"));
    };
    let program = command(&[] as &[&str], &[]);
    copy(&program.get_program().to_string_lossy(), "bin/psa-host");
    for vendor in [CONNECTWISE, HALOPSA, AUTOTASK] {
        let name = vendor.name;
        let connector = format!("{name}-psa.wasm");
        copy(
            &format!("target/{connector}"),
            &format!("lib/psa-host/{connector}"),
        );
        for file in ["settings.toml", "tenant.json"] {
            copy(
                &format!("tests/recordings/{name}/{file}"),
                &format!("demo/{name}/{file}"),
            );
        }
    }
    let document = Document::read("release/psa-host.md");
    let blocks = document
        .blocks()
        .into_iter()
        .filter(|block| block.info == "sh");
    let commands: Vec<String> = blocks.map(|block| block.text).collect();
    let output = Command::new("bash")
        .args(["-euc", &commands.concat()])
        .current_dir(folder.path())
        .env_clear()
        .env("XDG_CACHE_HOME", cache())
        .output()
        .expect("bash");
    let (printed, errors) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{errors}");
    assert!(printed.starts_with("Account "), "{printed}");
    assert!(
        printed.contains("\nOpened:\n  Ticket     5120\n"),
        "{printed}"
    );
    assert!(
        document
            .text
            .contains("prints `Opened:`, and the ticket's number, 5120.")
    );
}
