//! The steps from core module to component: encode, stamp, check. The same input gives the same bytes: no time, no path
//! and no name of a machine goes in.

use std::io::Write as _;

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use wasm_encoder::{ComponentSection, CustomSection};
use wasm_metadata::{AddMetadata, AddMetadataField};
use wasmparser::{Parser, Payload};
use wit_component::ComponentEncoder;

use crate::DIGEST_SECTION;
use crate::manifest::Settings;

/// The one import that a connector may have.
pub const ONLY_IMPORT: &str = "psa:connector/http@0.2.0";

/// The interface that it offers.
pub const EXPORT: &str = "psa:connector/service-desk@0.2.0";

/// What a component says of itself.
pub(crate) struct Stamp<'a> {
    pub(crate) name: &'a str,
    pub(crate) version: &'a str,
    pub(crate) description: Option<&'a str>,
    pub(crate) license: Option<&'a str>,
    pub(crate) repository: Option<&'a str>,
    /// Of what it is made from.
    pub(crate) source_digest: &'a str,
}

/// The component made of a module, validated and stamped.
pub(crate) fn package(
    core_module: &[u8],
    stamp: &Stamp<'_>,
    may_import_anything: bool,
    export: &str,
) -> Result<Vec<u8>> {
    let bytes = ComponentEncoder::default()
        .validate(true)
        .module(core_module)
        .and_then(|mut encoder| encoder.encode())
        .context(
            "cannot make a component from the module (an unresolved import comes from a crate or a call that needs more \
             than HTTP)",
        )?;
    let bytes = stamped(&bytes, stamp)?;
    let edge = edge(&bytes)?;
    check_exports(&edge.exports, export)?;
    if !may_import_anything {
        check_imports(&edge.imports)?;
    }
    Ok(bytes)
}

/// How large it is in gzip, as it is downloaded.
///
/// # Panics
/// There is no memory.
#[must_use]
pub fn gzip_bytes(component: &[u8]) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder
        .write_all(component)
        .and_then(|()| encoder.finish())
        .expect("memory takes what is written")
        .len()
}

/// Whether it keeps the budget of its manifest.
pub(crate) fn check_budget(settings: &Settings, bytes: usize, gzip_bytes: usize) -> Result<()> {
    for (name, found, maximum) in [
        ("maximum-bytes", bytes, settings.maximum_bytes),
        (
            "maximum-gzip-bytes",
            gzip_bytes,
            settings.maximum_gzip_bytes,
        ),
    ] {
        if found > maximum {
            bail!(
                "the component is over its budget by {} bytes: it has {found}, and `{name}` in [package.metadata.psa] is \
                 {maximum}. Look for a new dependency or for generic code that is compiled many times, or raise the budget",
                found - maximum
            );
        }
    }
    Ok(())
}

/// Names of what a component itself imports and exports, in their order. Those of the modules inside it do not count: the
/// component supplies them.
#[derive(Debug, Default)]
pub struct Edge {
    /// What a host, or another component, has to supply.
    pub imports: Vec<String>,
    /// What it offers.
    pub exports: Vec<String>,
}

/// Reads what a component imports and exports.
///
/// # Errors
/// The bytes are not WebAssembly.
pub fn edge(component: &[u8]) -> Result<Edge> {
    let mut edge = Edge::default();
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(component) {
        match payload.context("cannot read the component: not WebAssembly")? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(section) if depth == 0 => {
                for import in section {
                    edge.imports.push(import?.name.name.to_owned());
                }
            }
            Payload::ComponentExportSection(section) if depth == 0 => {
                for export in section {
                    edge.exports.push(export?.name.name.to_owned());
                }
            }
            _ => {}
        }
    }
    Ok(edge)
}

/// Adds the sections in which registries and `wasm-tools metadata` look for these texts.
fn stamped(bytes: &[u8], stamp: &Stamp<'_>) -> Result<Vec<u8>> {
    // The encoder's own names of what is inside go first: nobody reads them, and they are one byte in a hundred.
    let mut stamped = named(bytes, AddMetadataField::Clear)?;
    stamped = named(&stamped, AddMetadataField::Set(stamp.name.to_owned()))?;
    for (section, text) in [
        ("description", stamp.description),
        ("licenses", stamp.license),
        ("source", stamp.repository),
        ("version", Some(stamp.version)),
        (DIGEST_SECTION, Some(stamp.source_digest)),
    ] {
        let Some(text) = text else { continue };
        let section = CustomSection {
            name: section.into(),
            data: text.as_bytes().into(),
        };
        section.append_to_component(&mut stamped);
    }
    Ok(stamped)
}

fn named(component: &[u8], name: AddMetadataField<String>) -> Result<Vec<u8>> {
    let mut metadata = AddMetadata::default();
    metadata.name = name;
    metadata
        .to_wasm(component)
        .context("cannot name the component")
}

fn check_imports(imports: &[String]) -> Result<()> {
    if imports != [ONLY_IMPORT] {
        let found = if imports.is_empty() {
            "nothing".to_owned()
        } else {
            imports.join(", ")
        };
        bail!(
            "the component must import {ONLY_IMPORT} and nothing else, but it imports {found}: look for a crate or a call \
             that needs more than HTTP"
        );
    }
    Ok(())
}

fn check_exports(exports: &[String], due: &str) -> Result<()> {
    if !exports.iter().any(|it| it == due) {
        bail!(
            "the component does not export {due}: end `lib.rs` with `psa_toolkit::export!(…)`, and enable the \
             feature that it depends on (in the sample, `component`)"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded_digest;

    const STAMP: Stamp<'_> = Stamp {
        name: "example",
        version: "1.2.3",
        description: Some("An example"),
        license: None,
        repository: None,
        source_digest: "0123abcd",
    };

    #[test]
    fn stamping_is_repeatable_and_the_digest_is_found_again() {
        let component = wasm_encoder::Component::new().finish();
        let once = stamped(&component, &STAMP).unwrap();
        assert_eq!(once, stamped(&component, &STAMP).unwrap());
        assert_eq!(embedded_digest(&once).unwrap(), "0123abcd");
    }

    #[test]
    fn imports_of_the_component_are_listed_and_those_inside_it_are_not() {
        let mut inner_imports = wasm_encoder::ImportSection::new();
        inner_imports.import(
            "inner",
            "memory",
            wasm_encoder::MemoryType {
                minimum: 1,
                maximum: None,
                memory64: false,
                shared: false,
                page_size_log2: None,
            },
        );
        let mut module = wasm_encoder::Module::new();
        module.section(&inner_imports);
        let mut types = wasm_encoder::ComponentTypeSection::new();
        types.instance(&wasm_encoder::InstanceType::new());
        let mut imports = wasm_encoder::ComponentImportSection::new();
        imports.import(ONLY_IMPORT, wasm_encoder::ComponentTypeRef::Instance(0));
        let mut component = wasm_encoder::Component::new();
        component.section(&wasm_encoder::ModuleSection(&module));
        component.section(&types);
        component.section(&imports);
        assert_eq!(edge(&component.finish()).unwrap().imports, [ONLY_IMPORT]);
    }

    #[test]
    fn any_other_set_of_imports_is_refused_in_one_sentence() {
        let one_more = [
            ONLY_IMPORT.to_owned(),
            "wasi:cli/environment@0.2.0".to_owned(),
        ];
        let error = check_imports(&one_more).unwrap_err().to_string();
        assert!(error.contains("wasi:cli/environment@0.2.0"), "{error}");
        assert!(
            check_imports(&[])
                .unwrap_err()
                .to_string()
                .contains("imports nothing")
        );
        assert!(check_imports(&[ONLY_IMPORT.to_owned()]).is_ok());
    }

    #[test]
    fn a_budget_may_be_used_up_and_says_by_how_much_it_is_passed() {
        let settings = Settings {
            maximum_bytes: 170,
            maximum_gzip_bytes: 60,
            ..Settings::default()
        };
        assert!(check_budget(&settings, 170, 60).is_ok());
        for (bytes, gzip, part) in [
            (173, 60, "by 3 bytes: it has 173, and `maximum-bytes`"),
            (170, 61, "by 1 bytes: it has 61, and `maximum-gzip-bytes`"),
        ] {
            let error = check_budget(&settings, bytes, gzip)
                .unwrap_err()
                .to_string();
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn a_module_that_is_not_of_the_world_is_refused() {
        assert!(package(&wasm_encoder::Module::new().finish(), &STAMP, false, EXPORT).is_err());
        assert!(package(b"not wasm", &STAMP, false, EXPORT).is_err());
    }

    #[test]
    fn a_component_that_offers_nothing_is_refused() {
        assert!(check_exports(&["wasi:cli/run@0.2.0".to_owned()], EXPORT).is_err());
        assert!(check_exports(&[EXPORT.to_owned()], EXPORT).is_ok());
    }
}
