//! Which file a connector's argument means. A name, such as `desk`, is the file `desk-psa.wasm` in the first of these folders
//! that has it:
//!
//! 1. the folder that the environment variable `PSA_HOST_CONNECTORS` names;
//! 2. the folder of `psa-host`;
//! 3. `../lib/psa-host`, seen from there;
//! 4. the folder above, if that of `psa-host` is Cargo's `debug` or `release`: `psa-build` writes there.
//!
//! An argument with a separator of folders, or that ends in `.wasm`, is the file itself.

use std::fs;
use std::path::{Path, PathBuf, is_separator};

use crate::failure::Failure;

/// A folder of connectors that no other rule finds.
pub(crate) const FOLDER_VARIABLE: &str = "PSA_HOST_CONNECTORS";

const ENDING: &str = "-psa.wasm";
/// A folder above one of these holds what was built. Above any other, it may be one that everybody writes to.
const FOLDERS_OF_CARGO: [&str; 2] = ["debug", "release"];

/// The file that the argument means.
pub(crate) fn of(argument: &Path) -> Result<PathBuf, Failure> {
    find(argument, &folders())
}

/// What can be named, in alphabetical order.
pub(crate) fn names() -> Vec<String> {
    names_in(&folders())
}

fn folders() -> Vec<PathBuf> {
    let variable = std::env::var_os(FOLDER_VARIABLE).filter(|value| !value.is_empty());
    let mut folders: Vec<PathBuf> = variable.map(PathBuf::from).into_iter().collect();
    let program = std::env::current_exe().and_then(|program| program.canonicalize());
    if let Some(own) = program.ok().as_deref().and_then(Path::parent) {
        folders.extend(beside(own));
    }
    folders
}

/// Where connectors are, seen from the folder of the program.
fn beside(own: &Path) -> Vec<PathBuf> {
    let mut folders = vec![own.to_owned()];
    if let Some(above) = own.parent() {
        folders.push(above.join("lib").join("psa-host"));
        if FOLDERS_OF_CARGO.iter().any(|name| own.ends_with(name)) {
            folders.push(above.to_owned());
        }
    }
    folders
}

fn find(argument: &Path, folders: &[PathBuf]) -> Result<PathBuf, Failure> {
    let name = argument.to_string_lossy();
    if name.contains(is_separator) || name.ends_with(".wasm") {
        return Ok(argument.to_owned());
    }
    let file = format!("{name}{ENDING}");
    let mut files = folders.iter().map(|folder| folder.join(&file));
    files
        .find(|file| file.is_file())
        .ok_or_else(|| not_found(&name, folders))
}

fn not_found(name: &str, folders: &[PathBuf]) -> Failure {
    let looked = folders.iter().map(|folder| folder.display().to_string());
    let looked: Vec<String> = looked.collect();
    let names = names_in(folders);
    let names = match names.is_empty() {
        true => "There are no connectors in these folders".to_owned(),
        false => format!("The connectors there: {}", names.join(", ")),
    };
    Failure::Load {
        message: format!(
            "there is no connector named `{name}`: no {name}{ENDING} in {}",
            looked.join(", ")
        ),
        hint: format!(
            "{names}. To name a file, write its folder too, such as ./{name}, or end it in .wasm."
        ),
    }
}

fn names_in(folders: &[PathBuf]) -> Vec<String> {
    let entries = folders
        .iter()
        .filter_map(|folder| fs::read_dir(folder).ok());
    let files = entries.flatten().flatten().map(|entry| entry.file_name());
    let names = files.filter_map(|file| Some(file.to_str()?.strip_suffix(ENDING)?.to_owned()));
    let mut names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connector_is_looked_for_beside_the_program_and_above_it_only_where_cargo_built_it() {
        let cases = [
            (
                "a/target/debug",
                &["a/target/debug", "a/target/lib/psa-host", "a/target"][..],
            ),
            (
                "a/target/release",
                &["a/target/release", "a/target/lib/psa-host", "a/target"],
            ),
            ("usr/bin", &["usr/bin", "usr/lib/psa-host"]),
        ];
        for (own, expected) in cases {
            let expected: Vec<PathBuf> = expected.iter().map(PathBuf::from).collect();
            assert_eq!(beside(Path::new(own)), expected, "{own}");
        }
    }

    #[test]
    fn a_name_is_a_file_in_the_first_folder_that_has_it_and_a_path_is_itself() {
        let root = std::env::temp_dir().join(format!("psa-host-names-{}", std::process::id()));
        let folders = ["first", "second", "none"].map(|name| root.join(name));
        for (folder, file) in [(0, "a"), (1, "a"), (1, "b")] {
            fs::create_dir_all(&folders[folder]).expect("a folder");
            fs::write(folders[folder].join(format!("{file}{ENDING}")), "").expect("a file");
        }
        let path =
            |folder: usize, name: &str| Some(folders[folder].join(format!("{name}{ENDING}")));
        let typed = |name: &str| Some(PathBuf::from(name));
        for (argument, expected) in [
            ("a", path(0, "a")),
            ("b", path(1, "b")),
            ("./a", typed("./a")),
            ("a-psa.wasm", typed("a-psa.wasm")),
            ("none.wasm", typed("none.wasm")),
            ("c", None),
            ("", None),
            ("a-psa", None),
        ] {
            let found = find(Path::new(argument), &folders);
            assert_eq!(found.as_ref().ok(), expected.as_ref(), "{argument}");
            if let Err(Failure::Load { message, hint }) = found {
                for folder in &folders {
                    let folder = folder.display().to_string();
                    assert!(message.contains(&folder), "{message}");
                }
                assert!(hint.contains("connectors there: a, b."), "{hint}");
            }
        }
        assert!(find(Path::new("a"), &[]).is_err());
        fs::remove_dir_all(root).expect("the folder");
    }
}
