//! The tools are those of the contract: their words, and what they take and return.

use std::fs;
use std::path::Path;

use psa_host::contract::CONNECTOR_WIT;
use psa_recording::{Case, Expectation, Replay, case_files};
use psa_tests::{CONNECTWISE, VENDORS, Vendor};
use serde_json::{Value, json};
use wit_parser::{Docs, Resolve, Type, TypeDefKind};

use super::client::Client;
use super::schema;
use crate::program::{command, settings_file};

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
