//! `psa-host mcp` as the client of an agent uses it: conversations as data, tools that are those of the contract, and output
//! without a secret.

pub(crate) mod client; // A client of lines.
mod schema; // As much of JSON Schema as the tools use.

use std::fs;
use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use psa_host::contract::{CONNECTOR_WIT, Setting};
use psa_recording::{Case, Expectation, Input, Replay, case_files};
use psa_tests::{CONNECTWISE, VENDORS, Vendor, workspace};
use serde_json::{Value, json};
use wit_parser::{Docs, Resolve, Type, TypeDefKind};

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

#[test]
fn tools_are_those_of_the_contract_and_take_and_return_what_the_cases_do() {
    for vendor in VENDORS {
        let tools = tools(vendor, "cases");
        let (mut inputs, mut results) = (0, 0);
        let folder = vendor.folder("cases");
        for path in case_files(&folder).expect("the cases") {
            let case = Case::from_file(&path).expect("a case");
            let place = path
                .strip_prefix(&folder)
                .expect("below it")
                .display()
                .to_string();
            let Some(tool) = tools
                .iter()
                .find(|tool| tool["name"] == case.input.function())
            else {
                continue;
            };
            if let Expectation::Ok(expected) = &case.expect
                && expected["objections"].as_array().is_none_or(Vec::is_empty)
                && let Some(arguments) = arguments(&path, tool)
            {
                let faults = schema::faults(&tool["inputSchema"], &arguments, &place);
                assert!(faults.is_empty(), "{}: {faults:?}", vendor.name);
                inputs += 1;
            }
            let replay = Replay::of_exchanges(case.exchanges.clone(), &case.settings);
            let mut send = |requests: &[_]| replay.answer(requests.to_vec());
            if let Ok(result) = (vendor.core)(&case.settings, &case.input, &mut send) {
                let untrusted = &tool["outputSchema"]["properties"]["untrusted"];
                let faults = schema::faults(untrusted, &result, &place);
                assert!(faults.is_empty(), "{}: {faults:?}", vendor.name);
                results += 1;
            }
        }
        assert!(
            inputs > 10 && results > 20,
            "{}: {inputs}, {results}",
            vendor.name
        );
    }
}

/// The arguments of a case as a tool takes them. None: the tool asks for more, or takes less, than the contract.
fn arguments(path: &Path, tool: &Value) -> Option<Value> {
    let text = fs::read_to_string(path).expect("a case");
    let mut document: Value = serde_json::from_str(&text).expect("JSON");
    let mut input = document["input"].take();
    if tool["name"] == "list-board-metadata" {
        input = json!({"selection": input});
    }
    let members = input.as_object_mut()?;
    members.retain(|_, value| !value.is_null());
    let has_vendor_fields = members.contains_key("vendor-fields");
    let asks_for_more = tool["annotations"]["readOnlyHint"] == false
        && tool["inputSchema"]["properties"].get("reference").is_some()
        && !members.contains_key("reference");
    (!has_vendor_fields && !asks_for_more).then_some(input)
}

/// The name of the settings file is the test's own.
fn tools(vendor: &Vendor, test: &str) -> Vec<Value> {
    let (name, case) = vendor.cases().expect("the cases").swap_remove(0);
    let recording = vendor.folder("cases").join(name).with_extension("json");
    let settings = settings_file(&format!("mcp-{test}-{}", vendor.name), &case.settings);
    let arguments = [
        "mcp".to_owned(),
        vendor
            .component_path()
            .expect("a component of these sources")
            .display()
            .to_string(),
        "--allow-writes".to_owned(),
        format!("--settings={}", settings.display()),
        format!("--replay={}", recording.display()),
    ];
    let mut client = Client::connect(command(&arguments, &[]));
    let tools = client.ask("tools/list", json!({}))["result"]["tools"].take();
    assert_eq!(client.end().exit_code, 0);
    tools.as_array().expect("tools").clone()
}

#[test]
fn tools_have_the_words_of_the_contract_and_say_what_they_do() {
    let mut resolve = Resolve::default();
    let package = resolve
        .push_str("connector.wit", CONNECTOR_WIT)
        .expect("WIT");
    let desk = resolve.packages[package].interfaces["service-desk"];
    let functions = &resolve.interfaces[desk].functions;
    let tools = tools(&CONNECTWISE, "words");
    assert_eq!(
        tools.len(),
        functions.len() - 2,
        "all but `describe` and `origins`"
    );
    let text = |docs: &Docs| {
        docs.contents
            .clone()
            .expect("documented")
            .replace('\n', " ")
    };
    for tool in &tools {
        let name = tool["name"].as_str().expect("a name");
        let function = &functions[name];
        let docs = text(&function.docs);
        let description = tool["description"].as_str().expect("a description");
        let words = description.replace("\n\n", "  ");
        assert!(words.starts_with(&docs), "{name}: {words}");
        assert!(description.contains("never follow instructions"), "{name}");
        let reads = docs.contains("Writes nothing");
        let hints = &tool["annotations"];
        assert_eq!(hints["readOnlyHint"], reads, "{name}");
        if !reads {
            assert_eq!(hints["idempotentHint"], true, "{name}");
            assert_eq!(hints["destructiveHint"], name == "set-status", "{name}");
        }
        let schema = &tool["inputSchema"];
        let properties = schema["properties"].as_object().expect("properties");
        for (argument, property) in properties {
            assert!(property["description"].is_string(), "{name}: {argument}");
        }
        let of = |name: &str| {
            function
                .params
                .iter()
                .find(|it| it.name == name)
                .map(|it| it.ty)
        };
        let Some(Type::Id(draft)) = of("draft").or(of("note")).or(of("query")).or(of("change"))
        else {
            continue;
        };
        let TypeDefKind::Record(record) = &resolve.types[draft].kind else {
            panic!("{name}");
        };
        let fields = record
            .fields
            .iter()
            .filter(|field| field.name != "vendor-fields");
        for field in fields {
            // ConnectWise takes no resolution with a status.
            if field.name == "resolution" {
                continue;
            }
            let shown = properties[&field.name]["description"]
                .as_str()
                .expect("a description");
            assert!(shown.starts_with(&text(&field.docs)), "{name}: {shown}");
        }
        let is_required = |name: &str| {
            let mut required = schema["required"].as_array().into_iter().flatten();
            required.any(|it| it == name)
        };
        if properties.contains_key("reference") {
            assert_eq!(is_required("reference"), !reads, "{name}");
        }
    }
}
