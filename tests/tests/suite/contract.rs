//! The text of the interface: every part explained and well named, frozen once released, and the same as the Rust types.
//!
//! That the types agree is checked by wasmtime: it compares each function's type, made by wit-bindgen from the text, with
//! the Rust types when a component is loaded. The names in JSON are made from the text together with the types.

use std::fs;

use psa_host::contract::{CONNECTOR_WIT, ConnectorDescription, Operation};
use psa_recording::Input;
use psa_tests::{CONNECTWISE, workspace};
use serde_json::Value;
use wit_parser::{Docs, InterfaceId, PackageId, Resolve, TypeDefKind};

#[test]
fn every_part_is_explained() {
    let unexplained: Vec<String> = parts(&Text::parse(CONNECTOR_WIT))
        .into_iter()
        .filter(|part| !part.is_explained)
        .map(|part| part.path)
        .collect();
    assert!(unexplained.is_empty(), "{unexplained:#?}");
}

#[test]
fn every_name_is_kebab_case() {
    for part in parts(&Text::parse(CONNECTOR_WIT)) {
        let name = part.path.rsplit(' ').next().unwrap_or_default();
        let is_kebab = name.split('-').all(|word| {
            word.starts_with(|first: char| first.is_ascii_lowercase())
                && word
                    .bytes()
                    .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
        });
        assert!(is_kebab, "{}", part.path);
    }
}

#[test]
fn the_types_in_rust_are_those_of_the_text() {
    CONNECTWISE
        .connector()
        .expect("a component, whose types are compared where it is loaded");
}

#[test]
fn the_description_lists_the_fields_of_a_draft() {
    let text = Text::parse(CONNECTOR_WIT);
    let listed: Vec<String> = description()
        .input_fields
        .into_iter()
        .filter(|field| field.operation == Operation::CreateTicket)
        .map(|field| field.name)
        .collect();
    let mut fields = text.fields("ticket-draft");
    fields.retain(|field| listed.contains(field));
    assert_eq!(listed, fields);
}

/// A form that is drawn from the description must find the names again in what the connector answers.
#[test]
fn answers_speak_of_permissions_settings_and_fields_that_are_described() {
    let text = Text::parse(CONNECTOR_WIT);
    let description = description();
    let order: Vec<&str> = description
        .permissions
        .iter()
        .map(|it| it.id.as_str())
        .collect();
    let inputs = [
        "ticket-draft",
        "company-query",
        "ticket-query",
        "note-draft",
        "status-change",
        "contact-query",
        "asset-query",
        "site-query",
    ];
    let mut fields: Vec<String> = inputs.iter().flat_map(|it| text.fields(it)).collect();
    fields.extend(description.settings.iter().map(|it| it.name.clone()));
    // Arguments that are no record.
    fields.extend(["id", "selection", "needed", "ticket-id", "asset-id"].map(str::to_owned));
    for (name, case) in CONNECTWISE.cases().expect("the cases") {
        let outcome = CONNECTWISE.run_natively(&case);
        let (Ok(result) | Err(result)) = &outcome.result;
        if let (Input::Verify(_), Ok(verification)) = (&case.input, &outcome.result) {
            let checks: Vec<&str> = texts(&verification["checks"], "permission-id");
            assert_eq!(checks, order, "{name}");
        }
        for id in list(&result["permission-ids"]) {
            let id = id.as_str().unwrap_or_default();
            let right = description.permissions.iter().find(|right| right.id == id);
            let needed_for = right.map_or(&[][..], |right| &right.needed_for);
            let operation = case.input.function();
            // `verify` speaks of the rights of every operation.
            let is_due =
                operation == "verify" || needed_for.iter().any(|it| it.name() == operation);
            assert!(
                right.is_some() && is_due,
                "{name}: `{id}` is not described as needed for {operation}"
            );
        }
        let faults = match &case.input {
            Input::CheckTicket(_) if outcome.result.is_ok() => &result["objections"],
            _ => &result["field-errors"],
        };
        for field in texts(faults, "field") {
            assert!(fields.iter().any(|it| it == field), "{name}: `{field}`");
        }
        for part in texts(&result["omissions"], "part") {
            let parts = text.fields("board-metadata");
            assert!(parts.iter().any(|it| it == part), "{name}: `{part}`");
        }
    }
}

#[test]
fn a_released_text_is_frozen() {
    let folder = workspace().join("wit/released");
    let version = Text::parse(CONNECTOR_WIT).version();
    // Before the first release there is no such folder.
    for entry in fs::read_dir(&folder).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        let released = path.file_stem().unwrap_or_default().to_string_lossy();
        let text = fs::read_to_string(&path).expect("a text");
        let fault = broken_freeze(CONNECTOR_WIT, &version, &text, &released);
        assert_eq!(fault, None, "{}", path.display());
        assert_eq!(Text::parse(&text).version(), released, "{}", path.display());
    }
}

/// So that no release forgets to freeze its text.
#[test]
fn each_version_that_the_changelog_calls_released_is_frozen() {
    let changelog = fs::read_to_string(workspace().join("CHANGELOG.md")).expect("a changelog");
    let own = Text::parse(CONNECTOR_WIT).version();
    let headings = changelog.lines().filter_map(|it| it.strip_prefix("## "));
    let (unreleased, released): (Vec<&str>, Vec<&str>) =
        headings.partition(|it| it.ends_with("(unreleased)"));
    assert!(
        unreleased
            .iter()
            .chain(&released)
            .any(|it| it.starts_with(&own)),
        "CHANGELOG.md has no heading `## {own}`"
    );
    for heading in released {
        let version = heading.split(' ').next().unwrap_or_default();
        let frozen = workspace().join(format!("wit/released/{version}.wit"));
        assert!(
            frozen.is_file(),
            "CHANGELOG.md says that {version} is released: copy its connector.wit to {}, or call it (unreleased)",
            frozen.display()
        );
    }
}

#[test]
fn a_change_of_a_released_text_is_found_and_a_new_version_is_free() {
    let released = "package psa:connector@0.1.0; interface a {}";
    for (text, version, is_broken) in [
        (released, "0.1.0", false),
        ("package psa:connector@0.1.0; interface b {}", "0.1.0", true),
        (
            "package psa:connector@0.1.0; interface a {}\n",
            "0.1.0",
            true,
        ),
        (
            "package psa:connector@0.2.0; interface b {}",
            "0.2.0",
            false,
        ),
    ] {
        let fault = broken_freeze(text, version, released, "0.1.0");
        assert_eq!(fault.is_some(), is_broken, "{text:?}");
    }
}

/// Why a text may not be what it is, beside a released one.
fn broken_freeze(
    text: &str,
    version: &str,
    released: &str,
    released_version: &str,
) -> Option<String> {
    (version == released_version && text != released).then(|| {
        format!(
            "connector.wit differs from the released {version}: a change of the interface is a new version of the package"
        )
    })
}

/// The text, read by the same parser that the bindings are made with.
struct Text {
    resolve: Resolve,
    package: PackageId,
}

/// Something that has a name and should have a comment.
struct Part {
    path: String,
    is_explained: bool,
}

impl Text {
    fn parse(text: &str) -> Self {
        let mut resolve = Resolve::default();
        let package = resolve.push_str("connector.wit", text).expect("WIT");
        Self { resolve, package }
    }

    fn version(&self) -> String {
        let name = &self.resolve.packages[self.package].name;
        name.version
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default()
    }

    fn interfaces(&self) -> impl Iterator<Item = InterfaceId> {
        self.resolve.packages[self.package]
            .interfaces
            .values()
            .copied()
    }

    fn kind(&self, name: &str) -> &TypeDefKind {
        let mut interfaces = self.interfaces();
        let id = interfaces
            .find_map(|id| self.resolve.interfaces[id].types.get(name))
            .unwrap_or_else(|| panic!("no type `{name}`"));
        &self.resolve.types[*id].kind
    }

    fn fields(&self, record: &str) -> Vec<String> {
        match self.kind(record) {
            TypeDefKind::Record(it) => it.fields.iter().map(|field| field.name.clone()).collect(),
            _ => panic!("`{record}` is no record"),
        }
    }
}

fn parts(text: &Text) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut add = |path: String, docs: &Docs| {
        let is_explained = docs
            .contents
            .as_ref()
            .is_some_and(|it| !it.trim().is_empty());
        parts.push(Part { path, is_explained });
    };
    let package = &text.resolve.packages[text.package];
    add(format!("package {}", package.name.name), &package.docs);
    for (name, world) in &package.worlds {
        add(format!("world {name}"), &text.resolve.worlds[*world].docs);
    }
    for (name, interface) in &package.interfaces {
        let interface = &text.resolve.interfaces[*interface];
        add(format!("interface {name}"), &interface.docs);
        for (name, function) in &interface.functions {
            add(format!("function {name}"), &function.docs);
        }
        for (name, id) in &interface.types {
            let definition = &text.resolve.types[*id];
            add(format!("type {name}"), &definition.docs);
            match &definition.kind {
                TypeDefKind::Record(it) => {
                    it.fields
                        .iter()
                        .for_each(|it| add(format!("{name} {}", it.name), &it.docs));
                }
                TypeDefKind::Enum(it) => {
                    it.cases
                        .iter()
                        .for_each(|it| add(format!("{name} {}", it.name), &it.docs));
                }
                TypeDefKind::Variant(it) => {
                    it.cases
                        .iter()
                        .for_each(|it| add(format!("{name} {}", it.name), &it.docs));
                }
                other => panic!("`{name}` is a {}, which nobody compares", other.as_str()),
            }
        }
    }
    parts
}

fn description() -> ConnectorDescription {
    CONNECTWISE.description()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A member of each object of a list, where it is a text.
fn texts<'a>(value: &'a Value, member: &str) -> Vec<&'a str> {
    list(value)
        .iter()
        .filter_map(|object| object[member].as_str())
        .collect()
}
