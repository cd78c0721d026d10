//! The steps from core module to component: encode, stamp, check. The same input gives the same bytes: no time, no path
//! and no name of a machine goes in.

use anyhow::{Context, Result, bail};
use wasm_encoder::{ComponentSection, CustomSection};
use wasm_metadata::{AddMetadata, AddMetadataField};
use wasmparser::{Parser, Payload};
use wit_component::ComponentEncoder;

use crate::DIGEST_SECTION;

/// The one import that a connector may have.
pub const ONLY_IMPORT: &str = "psa:connector/http@0.2.0";

/// A component may be this large and no larger, unless it says otherwise: every host compiles it and keeps it.
pub const MAXIMUM_COMPONENT_BYTES: usize = 500_000;

/// What a component is called and what it has to keep. Version, licence and repository are the workspace's.
pub struct Component<'a> {
    /// What tools that list components show.
    pub name: &'a str,
    /// The same, in a sentence.
    pub description: &'a str,
    /// [`source_digest`](crate::source_digest) of what it is made from.
    pub source_digest: &'a str,
    /// The most bytes that it may have.
    pub maximum_bytes: usize,
    /// Whether it may import more than [`ONLY_IMPORT`], for tests of those who have to refuse it.
    pub may_import_anything: bool,
}

/// The component made of `core_module`, validated and stamped with name, version, description, licence and repository,
/// and with the digest of its sources in the custom section `source-digest`.
///
/// # Errors
/// The module was not built for the world `connector`; or the component imports anything but [`ONLY_IMPORT`]; or it is
/// larger than it may be.
pub fn package(core_module: &[u8], component: &Component<'_>) -> Result<Vec<u8>> {
    let bytes = ComponentEncoder::default()
        .validate(true)
        .module(core_module)
        .and_then(|encoder| encoder.encode())
        .context("cannot make a component of the core module")?;
    let bytes = stamp(&bytes, component)?;
    if !component.may_import_anything {
        check_imports(&component_imports(&bytes)?)?;
    }
    check_size(bytes.len(), component.maximum_bytes)?;
    Ok(bytes)
}

/// What a component imports, in its order. Imports of the modules inside it do not count: the component supplies them.
///
/// # Errors
/// The bytes are not WebAssembly.
pub fn component_imports(component: &[u8]) -> Result<Vec<String>> {
    let mut imports = Vec::new();
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(component) {
        match payload.context("cannot read the component: not WebAssembly")? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(section) if depth == 0 => {
                for import in section {
                    imports.push(
                        import
                            .context("cannot read an import of the component")?
                            .name
                            .name
                            .to_owned(),
                    );
                }
            }
            _ => {}
        }
    }
    Ok(imports)
}

/// Adds the sections in which registries and `wasm-tools metadata` look for these texts.
fn stamp(bytes: &[u8], component: &Component<'_>) -> Result<Vec<u8>> {
    // The encoder's own names of what is inside go first: nobody reads them, and they are one byte in a hundred.
    let mut stamped = named(bytes, AddMetadataField::Clear)?;
    stamped = named(&stamped, AddMetadataField::Set(component.name.to_owned()))?;
    for (section, text) in [
        ("description", component.description),
        ("licenses", env!("CARGO_PKG_LICENSE")),
        ("source", env!("CARGO_PKG_REPOSITORY")),
        ("version", env!("CARGO_PKG_VERSION")),
        (DIGEST_SECTION, component.source_digest),
    ] {
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
            "the component must import {ONLY_IMPORT} and nothing else, but it imports {found}: \
             look for a crate or a call that wants more than HTTP"
        );
    }
    Ok(())
}

fn check_size(bytes: usize, maximum_bytes: usize) -> Result<()> {
    if bytes > maximum_bytes {
        bail!(
            "the component has {bytes} bytes and may have {maximum_bytes}: \
             look for a new dependency, formatting of floats, or generic code that is compiled many times"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded_digest;

    const NAMED: Component<'_> = Component {
        name: "example",
        description: "An example",
        source_digest: "0123abcd",
        maximum_bytes: MAXIMUM_COMPONENT_BYTES,
        may_import_anything: false,
    };

    #[test]
    fn stamping_is_repeatable_and_the_digest_is_found_again() {
        let component = wasm_encoder::Component::new().finish();
        let stamped = stamp(&component, &NAMED).unwrap();
        assert_eq!(stamped, stamp(&component, &NAMED).unwrap());
        assert_eq!(embedded_digest(&stamped).unwrap(), "0123abcd");
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
        assert_eq!(
            component_imports(&component.finish()).unwrap(),
            [ONLY_IMPORT]
        );
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
    fn the_limit_of_size_is_itself_allowed() {
        assert!(check_size(170, 170).is_ok());
        let error = check_size(171, 170).unwrap_err().to_string();
        assert!(error.contains("171 bytes and may have 170"), "{error}");
    }

    #[test]
    fn a_module_that_is_not_of_the_world_is_refused() {
        assert!(package(&wasm_encoder::Module::new().finish(), &NAMED).is_err());
        assert!(package(b"not wasm", &NAMED).is_err());
    }
}
