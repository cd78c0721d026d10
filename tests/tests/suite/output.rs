//! What `psa-host` prints for people and programs, whatever the terminal, and what it says if it cannot print.

use std::process::{Command, Stdio};

use psa_tests::CONNECTWISE;
use serde_json::Value;

use crate::program::{Run, command, component_path, ended, run};

/// A command, answered from a recording of the invented tenant.
fn replayed(name: &str, recording: &str, more: &[&str]) -> Command {
    command(&arguments(name, recording, more), &[])
}

fn arguments(name: &str, recording: &str, more: &[&str]) -> Vec<String> {
    let folder = CONNECTWISE.folder("recordings");
    let mut arguments = vec![
        name.to_owned(),
        component_path(),
        format!("--settings={}", folder.join("settings.toml").display()),
        format!("--replay={}", folder.join(recording).display()),
    ];
    arguments.extend(more.iter().map(|&it| it.to_owned()));
    arguments
}

/// That others may read the tenant's settings file is not what these tests are about.
fn without_warnings(run: &Run) -> String {
    let lines = run.errors.lines();
    let lines: Vec<_> = lines.filter(|it| !it.starts_with("warning: ")).collect();
    lines.join("\n")
}

/// The recorded ticket.
const TICKET: [&str; 8] = [
    "--company-id=250",
    "--board-id=5",
    "--type-id=61",
    "--priority-id=6",
    "--severity=high",
    "--summary=Blocked domain",
    "--detail=Domain=example.com",
    "--reference=alert-4711",
];

#[test]
fn text_fits_the_terminal() {
    for (name, recording, more) in [
        ("verify", "tenant.json", &[][..]),
        ("verify", "role-without-types.json", &[]),
        ("companies", "tenant.json", &[]),
        ("boards", "tenant.json", &["--all"]),
        ("ticket", "tenant.json", &["5120"]),
        ("ticket", "tenant.json", &["1"]),
    ] {
        for columns in [60, 80, 100] {
            let mut command = replayed(name, recording, more);
            command.env("COLUMNS", columns.to_string());
            let run = ended(command);
            let printed = format!("{}\n{}", run.output, without_warnings(&run));
            for line in printed.lines() {
                // A word that is longer than a line, such as a URL, stays whole.
                let words = line.split_whitespace().count();
                let fits = line.chars().count() <= columns;
                assert!(fits || words <= 2, "{name} at {columns}: {line}");
            }
        }
    }
}

#[test]
fn colours_are_for_terminals_and_for_those_who_ask() {
    let cases = [
        (&[][..], false),
        (&["--color=never"], false),
        (&["--color=always"], true),
        (&["--color=always", "--json"], false),
    ];
    for (more, is_coloured) in cases {
        let run = ended(replayed("verify", "tenant.json", more));
        assert_eq!(run.exit_code, 0, "{}", run.errors);
        assert_eq!(run.output.contains('\u{1b}'), is_coloured, "{more:?}");
    }
    let failed = ended(replayed("ticket", "tenant.json", &["1", "--color=always"]));
    assert!(failed.errors.contains("\u{1b}[1m"), "{}", failed.errors);
}

#[test]
fn an_error_of_use_is_json_if_json_is_asked_for() {
    let cases = [
        (&["--json", "--limit", "abc"][..], "--limit"),
        (&["--limit", "abc", "--output", "json"], "--limit"),
        (&["--output=json", "--colour"], "--colour"),
    ];
    for (more, part) in cases {
        let run = run(&arguments("companies", "tenant.json", more));
        assert_eq!(run.exit_code, 2, "{more:?}: {}", run.errors);
        assert_eq!(run.errors, "", "{more:?}");
        let printed: Value = serde_json::from_str(&run.output).expect("JSON");
        assert_eq!(printed["error"]["code"], "usage", "{more:?}");
        for member in ["message", "hint"] {
            assert!(printed["error"][member].is_string(), "{more:?}: {member}");
        }
        let message = printed["error"]["message"].as_str().unwrap_or_default();
        assert!(message.contains(part), "{more:?}: {message}");
    }
    let draft = arguments(
        "create-ticket",
        "tenant.json",
        &["--json", "--company-id=250"],
    );
    let run = run(&draft);
    let printed: Value = serde_json::from_str(&run.output).expect("JSON");
    assert_eq!(printed["error"]["code"], "usage");
}

#[test]
fn a_text_may_begin_with_a_hyphen() {
    let more = [
        "--company-id",
        "250",
        "--summary",
        "-Xmx exceeded on SRV1",
        "--description",
        "- first finding",
        "--detail",
        "-label=-value",
        "--internal-note",
        "--verbose is no flag here",
        "--reference",
        "-a",
    ];
    let run = ended(replayed("check-ticket", "tenant.json", &more));
    assert_eq!(run.exit_code, 0, "{}{}", run.output, run.errors);
}

#[test]
fn csv_has_what_the_table_has() {
    let ticket = ended(replayed("ticket", "tenant.json", &["5120", "--output=csv"]));
    let boards = ended(replayed(
        "boards",
        "tenant.json",
        &["--all", "--output=csv"],
    ));
    for (run, column, value) in [
        (&ticket, "type", "Security Incident"),
        (&boards, "is-closed", "yes"),
    ] {
        let mut rows = run.output.lines().map(|line| line.split(','));
        let place = rows
            .next()
            .and_then(|mut it| it.position(|it| it == column));
        let place = place.unwrap_or_else(|| panic!("no column {column}: {}", run.output));
        let is_there = rows.any(|mut row| row.nth(place) == Some(value));
        assert!(is_there, "{column} {value}: {}", run.output);
    }
}

/// A full disk must not look like success, above all not after a ticket was opened.
#[cfg(target_os = "linux")]
#[test]
fn a_result_that_cannot_be_written_is_a_failure() {
    let full = || {
        let device = std::fs::OpenOptions::new().write(true).open("/dev/full");
        Stdio::from(device.expect("/dev/full"))
    };
    let with_json = [&TICKET[..], &["--json"]].concat();
    for (name, more, parts) in [
        ("companies", &[][..], &["No space left on device"][..]),
        ("companies", &["--json"], &["No space left on device"]),
        (
            "create-ticket",
            &TICKET,
            &["No space left", "ticket 5120: Opened"],
        ),
        (
            "create-ticket",
            &with_json,
            &["No space left", "ticket 5120: Opened"],
        ),
    ] {
        let mut command = replayed(name, "tenant.json", more);
        let output = command.stdout(full()).output().expect("psa-host runs");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(4), "{name} {more:?}: {errors}");
        for part in parts {
            assert!(errors.contains(part), "{name} {more:?}: {errors}");
        }
    }
    // The failure has a code of its own, which is kept, and is said where it can be.
    let mut command = replayed("ticket", "tenant.json", &["1", "--json"]);
    let output = command.stdout(full()).output().expect("psa-host runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("the recording does not match"), "{errors}");
    for help in [&["--help"][..], &["--version"], &["completions", "bash"]] {
        let mut command = command_of(help);
        let output = command.stdout(full()).output().expect("psa-host runs");
        assert_eq!(output.status.code(), Some(4), "{help:?}");
    }
}

#[cfg(target_os = "linux")]
fn command_of(arguments: &[&str]) -> Command {
    command(arguments, &[])
}

#[cfg(unix)]
#[test]
fn a_closed_standard_output_is_a_failure_before_anything_is_sent() {
    let inner = replayed("companies", "tenant.json", &["--json"]);
    let mut shell = Command::new("sh");
    shell.args(["-c", "exec \"$0\" \"$@\" >&-"]);
    shell.arg(inner.get_program()).args(inner.get_args());
    let run = ended(shell);
    assert_eq!(run.exit_code, 4, "{}", run.errors);
    assert!(
        run.errors.contains("standard output is closed"),
        "{}",
        run.errors
    );
}

/// As `head` does. But nobody has learnt what was opened.
#[test]
fn a_reader_that_goes_away_is_a_failure_only_after_a_write() {
    let closed = ["--ticket=5120"];
    let note = [
        "--ticket=5120",
        "--text=Seen again at 10:00.",
        "--reference=alert-4711:2",
    ];
    for (name, more, exit_code, part) in [
        ("companies", &[][..], 0, ""),
        ("ticket", &closed, 0, ""),
        ("create-ticket", &TICKET, 4, "ticket 5120: Opened"),
        ("note", &note, 4, "Note 84 was added to ticket 5120."),
        ("close", &closed, 4, "ticket 5120: The status was changed"),
    ] {
        for more in [more.to_vec(), [more, &["--json"]].concat()] {
            let mut command = replayed(name, "tenant.json", &more);
            let (reader, writer) = std::io::pipe().expect("a pipe");
            drop(reader);
            let output = command.stdout(writer).output().expect("psa-host runs");
            let errors = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(exit_code), "{name}: {errors}");
            assert!(errors.contains(part), "{name}: {errors}");
        }
    }
}
