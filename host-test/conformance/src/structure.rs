//! What the component is, before any call: imports, exports, size, metadata.

use wasmparser::{ComponentName, ComponentNameSectionReader, KnownCustom, Parser, Payload};

use crate::Options;
use crate::report::{Area, Problem, Rule, problem};
use crate::task::{Findings, Task};
use psa_host::{Connector, LoadError};

pub(crate) fn tasks<'a>(
    component: &'a [u8],
    loaded: &Result<Connector, LoadError>,
    options: &Options,
) -> Vec<Task<'a>> {
    let loads = loaded.as_ref().err().map(of_loading);
    let most = options.maximum_component_bytes;
    let size = (component.len() > most).then(|| {
        problem(
            Rule::Size,
            format!("at most {most} bytes"),
            format!("{} bytes", component.len()),
        )
    });
    let (imports, loads) = match loads {
        Some(problem) if problem.rule == Rule::Imports => (Some(problem), None),
        other => (None, other),
    };
    vec![
        finding("loads", loads),
        finding("imports", imports),
        finding("size", size),
        finding("metadata", of_metadata(component)),
    ]
}

fn finding<'a>(name: &str, problem: Option<Problem>) -> Task<'a> {
    Task::new(Area::Structure, name, || Findings {
        runs: 0,
        problems: problem.into_iter().collect(),
    })
}

fn of_loading(error: &LoadError) -> Problem {
    match error {
        LoadError::ForbiddenImports { imports } => problem(
            Rule::Imports,
            "`psa:connector/http` and nothing else",
            imports.join(", "),
        ),
        other => problem(
            Rule::Loads,
            "a component of this version of the contract",
            other.to_string(),
        ),
    }
}

/// Registries and operators tell components apart by these. One that cannot be read is said by `loads`.
fn of_metadata(component: &[u8]) -> Option<Problem> {
    let mut missing = vec!["name", "version"];
    for payload in Parser::new(0).parse_all(component) {
        if let Payload::CustomSection(section) = payload.ok()? {
            let found = match section.as_known() {
                KnownCustom::ComponentName(names) => is_named(names).then_some("name"),
                _ => {
                    (section.name() == "version" && !section.data().is_empty()).then_some("version")
                }
            };
            missing.retain(|name| Some(*name) != found);
        }
    }
    (!missing.is_empty()).then(|| {
        problem(
            Rule::Metadata,
            "name and version, as `wasm-tools metadata add` writes them",
            format!("no {}", missing.join(" and no ")),
        )
    })
}

fn is_named(names: ComponentNameSectionReader<'_>) -> bool {
    names
        .into_iter()
        .any(|name| matches!(name, Ok(ComponentName::Component { name, .. }) if !name.is_empty()))
}
