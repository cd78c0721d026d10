//! The first ticket of docs/embedding.md, a program in an empty folder. It is an example of this workspace too, so that each run
//! of the tests compiles and runs it, and cargo resolves what the document asks for. At full size, cargo builds and runs it in a
//! folder of its own, as that of a reader does, which takes minutes.

use std::fs;
use std::process::Command;

use psa_tests::{is_full_size, workspace};

use super::markdown::Document;
use crate::program::component_path;

const PLACE: &str = "/path/to/psa-connector";

#[test]
fn the_program_of_the_document_opens_a_ticket_from_an_empty_folder() {
    component_path(); // It must be of these sources.
    let document = Document::read("docs/embedding.md");
    let clone = workspace().display().to_string();
    let block = |info: &str| {
        let blocks = document.blocks().into_iter();
        let mut blocks = blocks.filter(|block| block.info == info);
        blocks.next().expect("a block").text.replace(PLACE, &clone)
    };
    let (manifest, program) = (block("toml Cargo.toml"), block("rust main.rs"));
    let example = fs::read_to_string(workspace().join("tests/hosts/first_ticket.rs"));
    assert_eq!(program, example.expect("the example"));

    let folder = tempfile::tempdir().expect("a folder");
    let write = |name, text: &str| fs::write(folder.path().join(name), text).expect("a file");
    write("Cargo.toml", &manifest);
    write("main.rs", &program);
    // The versions that are here already.
    let lock = fs::read_to_string(workspace().join("Cargo.lock"));
    write("Cargo.lock", &lock.expect("the lock file"));
    let ended = |mut command: Command| {
        let output = command.current_dir(folder.path()).output();
        let output = output.unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command:?}: {errors}");
        String::from_utf8(output.stdout).expect("text")
    };

    let printed = if is_full_size() {
        let commands = block("sh");
        let run = commands
            .lines()
            .nth(1)
            .expect("a command after what it needs");
        let mut shell = Command::new("sh");
        shell.args(["-ec", run]).env("CARGO_NET_OFFLINE", "true");
        shell.env("CARGO_TARGET_DIR", workspace().join("target/first-ticket"));
        ended(shell)
    } else {
        let mut resolve = Command::new("cargo");
        resolve.args(["tree", "--offline", "--edges", "normal"]);
        assert!(ended(resolve).contains("wasmtime v"));
        let built = std::env::current_exe().expect("this program");
        let built = built.ancestors().nth(2).expect("where it was built");
        let mut example = Command::new(built.join("examples/first_ticket"));
        example.arg(&clone);
        ended(example)
    };
    assert_eq!(printed, "5120 Created\n");
    assert!(document.text.contains("It prints `5120 Created`."));
}
