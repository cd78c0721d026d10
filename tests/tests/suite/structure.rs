//! Rules about the sources and the component that no compiler enforces.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use psa_build::gzip_bytes;
use psa_tests::{
    CONNECTWISE, VENDORS, broken_bytes, broken_connectors, bytes_built_from, source_digest,
    workspace,
};

#[test]
fn a_component_imports_http_exports_the_desk_and_is_small() {
    for vendor in VENDORS {
        let connector = vendor.connector().expect("the component");
        assert_eq!(connector.imports(), ["psa:connector/http@0.2.0"]);
        assert_eq!(connector.exports(), ["psa:connector/service-desk@0.2.0"]);
    }
    let component = CONNECTWISE.bytes().expect("the component");
    let sizes = (component.len(), gzip_bytes(&component));
    assert!(sizes.0 <= 605_000 && sizes.1 <= 238_000, "{sizes:?} bytes");
}

#[test]
fn a_missing_component_fails_with_what_to_do() {
    let nowhere = Path::new(env!("CARGO_TARGET_TMPDIR")).join("without-a-component");
    let error = bytes_built_from(&nowhere, "connectwise-psa.wasm", "").expect_err("there is none");
    let message = format!("{error:#}");
    assert!(message.contains("connectwise-psa.wasm"), "{message}");
    assert!(message.contains("run `make component`"), "{message}");
}

#[test]
fn a_stale_component_fails_with_what_to_do() {
    let sources = source_digest(CONNECTWISE.package).expect("the sources");
    let changed = sources.chars().rev().collect::<String>();
    let error = bytes_built_from(&workspace(), "connectwise-psa.wasm", &changed)
        .expect_err("it is of other sources");
    let message = format!("{error:#}");
    assert!(message.contains("other sources"), "{message}");
    assert!(message.contains("run `make component`"), "{message}");
}

/// A connector that is not there cannot be caught at being wrong.
#[test]
fn every_wrong_connector_is_built() {
    let wrong = broken_connectors().expect("the features");
    assert!(wrong.len() >= 14, "{wrong:?}");
    for name in wrong {
        broken_bytes(&name).expect("a connector");
    }
}

/// Values in, values out: nothing of the component's edge, no system, no clock, nothing printed, no state.
#[test]
fn the_core_is_pure() {
    const FORBIDDEN: [&str; 31] = [
        "contract::guest",
        "wit_bindgen",
        "extern \"C\"",
        "std::env",
        "std::fs",
        "std::io",
        "std::net",
        "std::os",
        "std::process",
        "std::sync",
        "std::thread",
        // Not all of `std::time`: the date of a header is one.
        "SystemTime::now",
        "Instant",
        "HashMap",
        "HashSet",
        "unsafe",
        "core::arch",
        "print!",
        "println!",
        "dbg!",
        "log::",
        "tracing::",
        "thread_local!",
        "static mut",
        "Cell<",
        "Cell::",
        "Atomic",
        "Lock<",
        "Mutex",
        "include!",
        "#[path",
    ];
    let edge = workspace().join("component/toolkit/src/guest.rs");
    let mut found = Vec::new();
    let core = [
        "component/toolkit/src",
        "component/connectwise/src",
        "component/sample/src",
        "component/halopsa/src",
        "component/autotask/src",
    ];
    let core = core.map(|folder| workspace().join(folder));
    for path in core.iter().flat_map(|folder| files_below(folder)) {
        if path != edge {
            for (line, code) in code_of(&path) {
                let forbidden = FORBIDDEN.iter().filter(|word| code.contains(*word));
                found.extend(forbidden.map(|word| format!("{}:{line}: {word}", path.display())));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// Each of them is in everyone's sandbox: another one is added here together with its reason in the commit.
#[test]
fn the_component_depends_on_no_more_than_it_may() {
    for connector in [
        "component/connectwise",
        "component/sample",
        "component/halopsa",
        "component/autotask",
    ] {
        assert_eq!(
            dependencies(connector),
            ["psa-contract", "psa-toolkit", "serde", "serde_json"]
        );
    }
    let of_the_toolkit = [
        "base64",
        "httpdate",
        "percent-encoding",
        "psa-contract",
        "serde",
        "serde_json",
        // In the component only.
        "mini-alloc",
    ];
    assert_eq!(dependencies("component/toolkit"), of_the_toolkit);
}

/// The toolkit is for connectors of any vendor.
#[test]
fn the_toolkit_names_no_vendor() {
    let vendors = ["connectwise", "halo", "autotask", "cw-"];
    let mut found = Vec::new();
    for path in files_below(&workspace().join("component/toolkit")) {
        let text = read(&path).to_ascii_lowercase();
        let named = vendors.iter().filter(|vendor| text.contains(**vendor));
        found.extend(named.map(|vendor| format!("{}: {vendor}", path.display())));
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// Of a crate that has no others: for tests, for building, for one system.
fn dependencies(folder: &str) -> Vec<String> {
    let manifest = read(&workspace().join(folder).join("Cargo.toml"));
    let mut sections = Vec::new();
    let mut names = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            sections.push(line.to_owned());
        } else if sections
            .last()
            .is_some_and(|it| it.contains("dependencies"))
            && let Some((name, _)) = line.split_once('=')
        {
            names.push(name.trim().to_owned());
        }
    }
    sections.retain(|section| section.contains("dependencies"));
    let of_the_component = "[target.'cfg(target_arch = \"wasm32\")'.dependencies]";
    for section in sections {
        assert!(
            ["[dependencies]", of_the_component].contains(&section.as_str()),
            "{section}"
        );
    }
    names
}

/// The words are put together here, so that this file does not hold them.
#[test]
fn no_file_holds_a_credential_a_machines_path_or_unfinished_work() {
    let words = [
        concat!("/wo", "rk/"),
        concat!("/ro", "ot/"),
        concat!("/ho", "me/"),
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("to", "do!"),
        concat!("unimple", "mented!"),
        concat!("#[ig", "nore"),
    ];
    let mut found = Vec::new();
    for path in files_of_the_project() {
        let text = read(&path);
        for (index, line) in text.lines().enumerate() {
            let place = format!("{}:{}", path.display(), index + 1);
            let held = words.iter().filter(|word| line.contains(*word));
            found.extend(held.map(|word| format!("{place}: {word}")));
            if holds_a_credential(line) {
                found.push(format!("{place}: an Authorization value in clear"));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_credential_is_told_from_a_placeholder() {
    let credential = ["authorization: Basic", "ZXhhbXBsZTpr"].join(" ");
    assert!(holds_a_credential(&credential));
    for harmless in [
        r#""authorization": "Basic {{base64:{{company-id}}"#,
        "Basic [secret]",
        "Basic authorization",
    ] {
        assert!(!holds_a_credential(harmless), "{harmless}");
    }
}

#[test]
fn a_file_of_rust_is_read_in_one_go() {
    let long: Vec<String> = files_of_the_project()
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| (read(&path).lines().count(), path))
        .filter(|(lines, _)| *lines >= 450)
        .map(|(lines, path)| format!("{}: {lines} lines", path.display()))
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}

/// `Basic ` and twelve or more letters of Base64 that are no word: a word of that length has no digit and no capital.
fn holds_a_credential(line: &str) -> bool {
    line.split("Basic ").skip(1).any(|rest| {
        let end = rest
            .find(|letter: char| !(letter.is_ascii_alphanumeric() || "+/=".contains(letter)))
            .unwrap_or(rest.len());
        let token = &rest[..end];
        token.len() >= 12 && !token.chars().all(|letter| letter.is_ascii_lowercase())
    })
}

/// The lines that are code, with their numbers.
fn code_of(path: &Path) -> Vec<(usize, String)> {
    read(path)
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .map(|(index, line)| (index + 1, line.to_owned()))
        .collect()
}

/// What git knows or would add; without git, everything but what is built.
fn files_of_the_project() -> Vec<PathBuf> {
    let root = workspace();
    let listed = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(&root)
        .output();
    let files: Vec<PathBuf> = match listed {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout)
            .split_terminator('\0')
            .map(|name| root.join(name))
            .filter(|path| path.is_file())
            .collect(),
        _ => files_below(&root),
    };
    assert!(files.len() > 100, "only {} files were found", files.len());
    files
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let is_built = path.ends_with("target") || path.ends_with(".git");
        if path.is_dir() && !is_built {
            files.extend(files_below(&path));
        } else if path.is_file() {
            files.push(path);
        }
    }
    files
}

fn read(path: &Path) -> String {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    String::from_utf8_lossy(&bytes).into_owned()
}
