//! A digest of the sources of a component, and the custom section in which a built component carries it.

use std::ffi::OsStr;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use wasmparser::{Parser, Payload};

/// Name of the custom section that holds the digest as 64 hexadecimal digits.
pub const DIGEST_SECTION: &str = "source-digest";

/// Folders of a crate, directly below its own, that are no part of a component.
const NOT_COMPILED: [&str; 4] = ["benches", "examples", "target", "tests"];

/// One file that takes part in the digest.
struct SourceFile {
    /// The name of its crate and where it is in there, with `/` between its parts on every system.
    path: String,
    contents: Vec<u8>,
}

/// SHA-256 of these files and of the sources of these crates, each with its name and folder, as 64 hexadecimal digits. It
/// depends on the names and the contents of the files, and neither on their times nor on where the folders lie or how they
/// are called.
pub(crate) fn digest_of_sources(files: &[PathBuf], crates: &[(&str, &Path)]) -> Result<String> {
    let mut found = Vec::new();
    for path in files.iter().filter(|path| path.is_file()) {
        let name = path.file_name().and_then(OsStr::to_str);
        found.push(SourceFile {
            path: name.unwrap_or_default().to_owned(),
            contents: fs::read(path).with_context(|| cannot_read(path))?,
        });
    }
    for (name, folder) in crates {
        collect_files(folder, name, &mut found)?;
    }
    Ok(digest_of(found))
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
    bail!("the component has no section `{DIGEST_SECTION}`: build it with psa-build");
}

/// Crates within the crate, what was built into it, and hidden files are not its sources. Cargo marks a folder of what was
/// built with `CACHEDIR.TAG`, however it is called.
fn collect_files(folder: &Path, relative: &str, files: &mut Vec<SourceFile>) -> Result<()> {
    let is_crate = !relative.contains('/');
    for entry in fs::read_dir(folder).with_context(|| cannot_read(folder))? {
        let path = entry.with_context(|| cannot_read(folder))?.path();
        let Some(name) = path.file_name().and_then(OsStr::to_str) else {
            bail!("rename `{}`: its name is not UTF-8", path.display());
        };
        let is_left_out = name.starts_with('.')
            || name.ends_with(".wasm")
            || is_crate && NOT_COMPILED.contains(&name)
            || path.join("Cargo.toml").is_file()
            || path.join("CACHEDIR.TAG").is_file();
        if is_left_out {
            continue;
        }
        let relative = format!("{relative}/{name}");
        if path.is_dir() {
            collect_files(&path, &relative, files)?;
        } else {
            let contents = fs::read(&path).with_context(|| cannot_read(&path))?;
            files.push(SourceFile {
                path: relative,
                contents,
            });
        }
    }
    Ok(())
}

fn cannot_read(path: &Path) -> String {
    format!(
        "cannot read `{}`, a source of the component",
        path.display()
    )
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
    fn sources_are_all_files_but_hidden_ones_crates_within_and_what_no_component_is_made_of() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        };
        let digest = || digest_of_sources(&[], &[("a", folder.path())]).expect("a digest");
        write("src/lib.rs", "1");
        let before = digest();
        for (name, counts) in [
            ("target/x", false),
            (".git/x", false),
            ("inner/Cargo.toml", false),
            ("inner/src/lib.rs", false),
            ("built/CACHEDIR.TAG", false),
            ("built/x", false),
            ("tests/x.rs", false),
            ("benches/x.rs", false),
            ("examples/x.rs", false),
            ("a.wasm", false),
            ("src/api.rs", true),
            ("src/target/mod.rs", true),
            ("src/tests/mod.rs", true),
            ("build.rs", true),
            ("contract.wit", true),
        ] {
            let before = digest();
            write(name, "2");
            assert_eq!(digest() != before, counts, "{name}");
        }
        assert_ne!(digest(), before);
        assert!(digest_of_sources(&[], &[("a", &folder.path().join("none"))]).is_err());
    }

    #[test]
    fn a_crate_counts_by_its_name_and_not_by_its_folder() {
        let folders = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
        for folder in &folders {
            fs::write(folder.path().join("lib.rs"), "1").expect("a file");
        }
        let digest = |name, folder: usize| {
            digest_of_sources(&[], &[(name, folders[folder].path())]).expect("a digest")
        };
        assert_eq!(digest("a", 0), digest("a", 1));
        assert_ne!(digest("a", 0), digest("b", 0));
    }

    #[test]
    fn a_component_without_the_section_is_refused() {
        let error = embedded_digest(&wasm_encoder::Component::new().finish()).unwrap_err();
        assert!(error.to_string().contains("psa-build"), "{error}");
    }

    #[test]
    fn what_is_not_webassembly_is_refused() {
        assert!(embedded_digest(b"not wasm").is_err());
        assert!(embedded_digest(&wasm_encoder::Component::new().finish()[..6]).is_err());
    }
}
