//! The examples of the README and of `docs/` are true: each `console` block runs, and prints what the document shows.
//!
//! A document's examples run in order, in a folder of its own; `target/` and `tests/` are those of the workspace. A block
//! whose fence names a file, such as `toml my.toml`, is that file. In what is shown, `…` alone on a line stands for any
//! number of lines. What cannot run here, because it needs a tenant or another program, is in an `sh` block, whose first
//! line says so; of it, the arguments of `psa-host` are checked.

use std::fs;
use std::path::{Path, PathBuf};

use psa_tests::{VENDORS, workspace};

use crate::program::{command, component_path, ended, run};

use super::markdown::{Block, Document, manuals};

const PROGRAM: &str = "target/debug/psa-host";
const ANY_LINES: &str = "…";

/// A command after a prompt, and the lines under it.
struct Example<'a> {
    /// On one line.
    command: String,
    shown: Vec<&'a str>,
}

#[test]
fn every_example_prints_what_its_document_shows() {
    component_path(); // It must be of these sources.
    for vendor in VENDORS {
        let settings = vendor.folder("recordings").join("settings.toml");
        if settings.exists() {
            allow_nobody_else(&settings);
        }
    }
    let mut count = 0;
    let mut problems = Vec::new();
    for document in manuals() {
        let folder = folder_of(&document);
        for block in document.blocks() {
            match block.info.split_once(' ') {
                _ if block.info == "console" => {
                    let examples = examples(&block.text);
                    count += examples.len();
                    let found = problems_of(&examples, &folder).into_iter();
                    let place = format!("{}:{}", document.path.display(), block.line);
                    problems.extend(found.map(|problem| format!("{place}: {problem}")));
                }
                Some((_, name)) => {
                    let file = folder.join(name);
                    fs::write(&file, &block.text).expect("a file");
                    allow_nobody_else(&file);
                }
                None => {}
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
    assert!(count >= 12, "only {count} commands were found");
}

#[test]
fn what_cannot_run_here_says_what_it_needs_and_is_understood() {
    let mut count = 0;
    for document in manuals() {
        for block in document.blocks() {
            let commands = commands_of_psa_host(&block);
            let language = block.info.split(' ').next().unwrap_or_default();
            if commands.is_empty() || matches!(language, "console" | "toml") {
                continue;
            }
            let place = format!("{}:{}", document.path.display(), block.line);
            assert_eq!(block.info, "sh", "{place}: use a `console` or `sh` block");
            assert!(
                block.text.starts_with("# Needs "),
                "{place}: the first line must say what the examples need, such as `# Needs a ConnectWise tenant.`"
            );
            for arguments in commands {
                count += 1;
                // The help comes only if everything before it is understood. What follows `--` is for another program.
                let own = arguments.split(|it| it == "--").next().unwrap_or_default();
                let run = run(&[own, &["--help".to_owned()]].concat());
                assert_eq!(run.exit_code, 0, "{place}: {arguments:?}: {}", run.errors);
            }
        }
    }
    assert!(count >= 4, "only {count} commands were found");
}

#[test]
fn any_lines_stand_for_none_or_more_and_everything_else_for_itself() {
    let cases: &[(&str, &str, bool)] = &[
        ("a\nb", "a\nb", true),
        ("a  \nb", "a\nb ", true),
        ("a\nb", "a", false),
        ("a", "a\nb", false),
        ("…", "", true),
        ("a\n…", "a", true),
        ("a\n…\nd", "a\nb\nc\nd", true),
        ("a\n…\nd", "a\nb\nc", false),
        ("…\nb\n…", "a\nb\nb\nc", true),
        ("…\nb\n…\nb", "a\nb", false),
        ("a …", "a b", false),
    ];
    for (shown, found, expected) in cases {
        let (shown_lines, found_lines) = (lines(shown), lines(found));
        assert_eq!(
            fits(&shown_lines, &found_lines),
            *expected,
            "{shown:?} {found:?}"
        );
    }
}

fn examples(block: &str) -> Vec<Example<'_>> {
    let mut examples: Vec<Example<'_>> = Vec::new();
    let mut lines = block.lines();
    while let Some(line) = lines.next() {
        if let Some(start) = line.strip_prefix("$ ") {
            let mut command = start.to_owned();
            while command.ends_with('\\') {
                command.pop();
                command.push_str(lines.next().unwrap_or_default());
            }
            examples.push(Example {
                command,
                shown: Vec::new(),
            });
        } else {
            let example = examples.last_mut();
            example.expect("a command comes first").shown.push(line);
        }
    }
    examples
}

/// Runs them one after another.
fn problems_of(examples: &[Example<'_>], folder: &Path) -> Vec<String> {
    let mut problems = Vec::new();
    let mut exit_code = 0;
    for (index, example) in examples.iter().enumerate() {
        let words = shlex::split(&example.command).expect("the words of a command");
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let found = match words[..] {
            ["echo", "$?"] => exit_code.to_string(),
            [PROGRAM, ref arguments @ ..] => {
                let mut command = command(&in_workspace(arguments), &[]);
                command.current_dir(folder);
                let run = ended(command);
                exit_code = run.exit_code;
                run.output + &run.errors
            }
            _ => {
                problems.push(format!(
                    "`{}` cannot run: only `{PROGRAM}` and `echo $?` can. Put it into an `sh` block",
                    example.command
                ));
                continue;
            }
        };
        if !fits(&example.shown, &lines(&found)) {
            let (command, shown) = (&example.command, example.shown.join("\n"));
            problems.push(format!(
                "`{command}` does not print what is shown\n--- shown\n{shown}\n--- printed\n{found}"
            ));
        }
        let next = examples.get(index + 1).map(|next| next.command.as_str());
        if exit_code != 0 && words[0] == PROGRAM && next != Some("echo $?") {
            problems.push(format!(
                "`{}` ends with {exit_code}: show it with `echo $?`",
                example.command
            ));
        }
    }
    problems
}

/// The arguments with `target/` and `tests/` leading to those of the workspace.
fn in_workspace(arguments: &[&str]) -> Vec<String> {
    let workspace = workspace();
    arguments
        .iter()
        .map(|argument| {
            if argument.starts_with("target/") || argument.starts_with("tests/") {
                workspace.join(argument).display().to_string()
            } else {
                (*argument).to_owned()
            }
        })
        .collect()
}

/// The arguments of each `psa-host` in a block, whatever comes before its name.
fn commands_of_psa_host(block: &Block) -> Vec<Vec<String>> {
    block
        .text
        .replace("\\\n", "")
        .lines()
        .map(|line| line.strip_prefix("$ ").unwrap_or(line))
        .filter_map(shlex::split)
        .filter(|words| {
            words
                .first()
                .is_some_and(|word| word.rsplit('/').next() == Some("psa-host"))
        })
        .map(|words| words[1..].to_vec())
        .collect()
}

/// Whether the lines are those that are shown; spaces at their ends do not count.
fn fits(shown: &[&str], found: &[&str]) -> bool {
    match (shown, found) {
        ([], []) => true,
        ([ANY_LINES, rest @ ..], _) => (0..=found.len()).any(|from| fits(rest, &found[from..])),
        ([line, rest @ ..], [first, others @ ..]) => {
            line.trim_end() == first.trim_end() && fits(rest, others)
        }
        _ => false,
    }
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().collect()
}

/// An empty folder for the files of a document's examples.
fn folder_of(document: &Document) -> PathBuf {
    let name = document.path.file_stem().expect("a name");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("documents")
        .join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("an old folder");
    }
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// As the documents advise: else each command warns that others can read the file.
fn allow_nobody_else(file: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let own = fs::Permissions::from_mode(0o600);
        fs::set_permissions(file, own).expect("a mode");
    }
    #[cfg(not(unix))]
    let _ = file;
}
