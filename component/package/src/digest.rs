//! A digest of the sources of a component, and the custom section in which a built component carries it. What counts
//! as a source is listed here and nowhere else.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use wasmparser::{Parser, Payload};

/// Name of the custom section that holds the digest as 64 hexadecimal digits.
pub const DIGEST_SECTION: &str = "source-digest";

/// Files, and folders with all that is below them, that decide what every component is. Relative to the workspace.
const SHARED_SOURCES: [&str; 5] = [
    "Cargo.lock",
    "Cargo.toml",
    "component/json",
    "component/toolchain.sh",
    "wit",
];

/// The same of one component. Relative to its crate.
const OWN_SOURCES: [&str; 3] = ["Cargo.toml", "build.sh", "src"];

/// One file that takes part in the digest.
struct SourceFile {
    /// Relative to the workspace, with `/` between its parts on every system.
    path: String,
    contents: Vec<u8>,
}

/// SHA-256 of the sources of the component whose crate is in the folder `component` below `workspace_root`, as 64
/// hexadecimal digits. It depends on the names and the contents of the files, and neither on their times nor on where the
/// workspace lies.
///
/// # Errors
/// A source is missing or cannot be read, or its name is not UTF-8; the message names it.
pub fn source_digest(workspace_root: &Path, component: &str) -> Result<String> {
    let mut files = Vec::new();
    for source in SHARED_SOURCES {
        collect_files(workspace_root, source, &mut files)?;
    }
    for source in OWN_SOURCES {
        collect_files(workspace_root, &format!("{component}/{source}"), &mut files)?;
    }
    Ok(digest_of(files))
}

/// The digest that a component carries in its custom section `source-digest`.
///
/// # Errors
/// The bytes are not WebAssembly, or have no such section.
pub fn embedded_digest(component: &[u8]) -> Result<String> {
    for payload in Parser::new(0).parse_all(component) {
        if let Payload::CustomSection(section) =
            payload.context("cannot read the component: not WebAssembly")?
            && section.name() == DIGEST_SECTION
        {
            return Ok(String::from_utf8_lossy(section.data()).into_owned());
        }
    }
    bail!("the component has no section `{DIGEST_SECTION}`: build it with `make component`");
}

fn collect_files(workspace_root: &Path, relative: &str, files: &mut Vec<SourceFile>) -> Result<()> {
    let path = workspace_root.join(relative);
    let cannot_read = || {
        format!(
            "cannot read `{}`, a source of the component",
            path.display()
        )
    };
    if !path.is_dir() {
        let contents = fs::read(&path).with_context(cannot_read)?;
        files.push(SourceFile {
            path: relative.to_owned(),
            contents,
        });
        return Ok(());
    }
    for entry in fs::read_dir(&path).with_context(cannot_read)? {
        let name = entry.with_context(cannot_read)?.file_name();
        let Some(name) = name.to_str() else {
            bail!(
                "cannot digest `{}`: rename it, its name is not UTF-8",
                path.join(name).display()
            );
        };
        collect_files(workspace_root, &format!("{relative}/{name}"), files)?;
    }
    Ok(())
}

/// Lengths go in as well, so that no two lists of files give the same stream of bytes.
fn digest_of(mut files: Vec<SourceFile>) -> String {
    files.sort_by(|left, right| left.path.cmp(&right.path));
    let mut hasher = Sha256::new();
    for file in &files {
        for part in [file.path.as_bytes(), &file.contents] {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
    }
    let mut digest = String::new();
    for byte in hasher.finalize() {
        write!(digest, "{byte:02x}").expect("writing to a string cannot fail");
    }
    digest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, contents: &str) -> SourceFile {
        SourceFile {
            path: path.to_owned(),
            contents: contents.into(),
        }
    }

    #[test]
    fn the_order_in_which_files_are_found_does_not_count() {
        let forwards = digest_of(vec![file("a", "1"), file("b", "2")]);
        let backwards = digest_of(vec![file("b", "2"), file("a", "1")]);
        assert_eq!(forwards, backwards);
        assert_eq!(forwards.len(), 64);
    }

    #[test]
    fn a_changed_renamed_or_moved_byte_changes_the_digest() {
        let digest = digest_of(vec![file("a", "1"), file("b", "2")]);
        for other in [
            vec![file("a", "1"), file("b", "3")],
            vec![file("a", "1"), file("c", "2")],
            vec![file("a", "12"), file("b", "")],
            vec![file("a", "1b2")],
        ] {
            assert_ne!(digest_of(other), digest);
        }
    }

    #[test]
    fn a_missing_source_is_named() {
        let error = source_digest(Path::new("/nonexistent"), "component").unwrap_err();
        assert!(
            error.to_string().contains("/nonexistent/Cargo.lock"),
            "{error}"
        );
    }

    #[test]
    fn a_component_without_the_section_is_refused() {
        let error = embedded_digest(&wasm_encoder::Component::new().finish()).unwrap_err();
        assert!(error.to_string().contains("make component"), "{error}");
    }

    #[test]
    fn what_is_not_webassembly_is_refused() {
        assert!(embedded_digest(b"not wasm").is_err());
        assert!(embedded_digest(&wasm_encoder::Component::new().finish()[..6]).is_err());
    }
}
