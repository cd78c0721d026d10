//! `psa-host mcp` as the client of an agent uses it: conversations as data, tools that are those of the contract, and output
//! without a secret.

pub(crate) mod client; // A client of lines.
mod schema; // As much of JSON Schema as the tools use.
mod tools; // The tools, against the contract and the cases.

use std::fs;
use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use psa_host::contract::Setting;
use psa_recording::{Case, Input};
use psa_tests::{CONNECTWISE, workspace};
use serde_json::{Value, json};

use crate::program::{command, component_path, run, settings_file};

use client::{Client, Ended};

/// Of the recorded tenant and of every case.
const SECRETS: [&str; 3] = ["public-key", "private-key", "client-id"];

#[test]
fn conversations_go_as_they_are_written() {
    component_path(); // It must be of these sources.
    let folder = workspace().join("tests/tests/suite/mcp/conversations");
    let mut count = 0;
    for entry in fs::read_dir(folder).expect("the conversations") {
        let path = entry.expect("an entry").path();
        converse(&path);
        count += 1;
    }
    assert!(count >= 6, "only {count} conversations were found");
}

/// A line that starts with `mcp` are the arguments; one with `>` is sent, one with `<` is a part of what is due next. `#`
/// starts a comment.
fn converse(path: &Path) {
    let name = path.file_stem().expect("a name").to_string_lossy();
    let text = fs::read_to_string(path).expect("a conversation");
    let settings = recorded_settings();
    let mut client = None;
    for (index, line) in text.lines().enumerate() {
        let place = format!("{name}:{}", index + 1);
        match line.split_at_checked(1) {
            Some(("m", _)) => client = Some(Client::start(server(&name, line, &settings))),
            Some((">", message)) => client.as_mut().expect("the arguments").send(message.trim()),
            Some(("<", expected)) => {
                let expected: Value = serde_json::from_str(expected).expect("JSON");
                let found = client.as_mut().expect("the arguments").receive();
                assert!(has(&found, &expected), "{place}: {expected}\n{found:#}");
            }
            Some(("#", _)) | None => {}
            _ => panic!("{place}: {line}"),
        }
    }
    let ended = client.expect("the arguments").end();
    assert_eq!(ended.exit_code, 0, "{name}: {}", ended.errors);
    no_secret_in(&ended, &settings);
}

/// Whether each member and each element that is expected is there. A text between two `…` is a part of one.
fn has(found: &Value, expected: &Value) -> bool {
    match expected {
        Value::Object(members) => members
            .iter()
            .all(|(name, expected)| has(&found[name], expected)),
        Value::Array(elements) => {
            let mut elements = elements.iter().enumerate();
            elements.all(|(index, expected)| has(&found[index], expected))
        }
        Value::String(text) => match text.strip_prefix('…').and_then(|it| it.strip_suffix('…'))
        {
            Some(part) => found.as_str().is_some_and(|found| found.contains(part)),
            None => found == expected,
        },
        _ => found == expected,
    }
}

/// `psa-host` with the arguments of a line, settings, and paths of the workspace.
fn server(name: &str, line: &str, settings: &[Setting]) -> Command {
    let settings = settings_file(&format!("mcp-{name}"), settings);
    let words = line
        .split(' ')
        .map(|word| match word.starts_with("tests/") {
            true => workspace().join(word).display().to_string(),
            false => word.to_owned(),
        });
    let more = [format!("--settings={}", settings.display())];
    command(&words.chain(more).collect::<Vec<String>>(), &[])
}

fn recorded_settings() -> Vec<Setting> {
    let file = CONNECTWISE.folder("recordings").join("settings.toml");
    let lines = fs::read_to_string(file).expect("the settings");
    let pairs = lines.lines().filter_map(|line| line.split_once(" = "));
    pairs
        .map(|(name, value)| Setting {
            name: name.to_owned(),
            value: value.trim_matches('"').to_owned(),
        })
        .collect()
}

fn no_secret_in(ended: &Ended, settings: &[Setting]) {
    let value = |name: &str| {
        let found = settings.iter().find(|setting| setting.name == name);
        found.map_or("", |setting| &setting.value)
    };
    let keys = format!("{}:{}", value("public-key"), value("private-key"));
    let credential = STANDARD.encode(format!("{}+{keys}", value("company-id")));
    let output = ended.lines.concat() + &ended.errors;
    for secret in SECRETS.map(value).into_iter().chain([&*keys, &*credential]) {
        assert!(
            secret.len() > 8 && !output.contains(secret),
            "{secret}: {output}"
        );
    }
}

#[test]
fn a_failure_has_the_words_of_the_command_line() {
    let path = CONNECTWISE
        .folder("cases")
        .join("get-ticket/right-is-missing.json");
    let case = Case::from_file(&path).expect("the case");
    let Input::GetTicket(id) = &case.input else {
        panic!("{:?}", case.input);
    };
    let settings = settings_file("mcp-words", &case.settings);
    let settings = format!("--settings={}", settings.display());
    let replay = format!("--replay={}", path.display());
    let with = |command, more: &[&'static str]| {
        let shared = [command, "connectwise", &settings, &replay];
        let words = shared.into_iter().chain(more.iter().copied());
        words.map(str::to_owned).collect::<Vec<String>>()
    };
    let printed = run(&[with("ticket", &["--ticket"]), vec![id.clone()]].concat());
    let mut client = Client::connect(command(&with("mcp", &[]), &[]));
    let result = client.call("get-ticket", json!({"id": id}));
    assert_eq!(result["isError"], true);
    assert_eq!(result["content"][0]["text"], printed.errors.trim_end());
    assert_eq!(client.end().exit_code, 0);
}

#[test]
fn a_client_that_goes_at_once_ends_it() {
    let client = Client::start(server(
        "at-once",
        "mcp connectwise --replay tests/recordings/connectwise/tenant.json",
        &recorded_settings(),
    ));
    let ended = client.end();
    assert_eq!(
        (ended.exit_code, &*ended.lines.concat(), &*ended.errors),
        (0, "", "")
    );
}

#[test]
fn what_would_disturb_the_protocol_is_refused() {
    let settings = settings_file("mcp-refused", &recorded_settings());
    let settings = format!("--settings={}", settings.display());
    for (argument, part) in [
        ("--json", "`mcp` prints no result"),
        ("--private-key-file=-", "cannot be read from standard input"),
        (
            "--secret=client-id=@-",
            "cannot be read from standard input",
        ),
    ] {
        let run = run(&["mcp", "connectwise", &settings, argument]);
        assert_eq!((run.exit_code, &*run.output), (2, ""), "{argument}");
        assert!(run.errors.contains(part), "{argument}: {}", run.errors);
    }
    let mut client = Client::start(server(
        "not-mcp",
        "mcp connectwise --replay tests/recordings/connectwise/tenant.json",
        &recorded_settings(),
    ));
    client.send(r#"{"jsonrpc": "2.0", "method": "notifications/initialized"}"#);
    let ended = client.see_the_end();
    assert_eq!(ended.exit_code, 2);
    assert!(
        ended.errors.contains("did not begin with"),
        "{}",
        ended.errors
    );
}
