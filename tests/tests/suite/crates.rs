//! What the crates below `host-test/` take from others and from each other: as few crates as were promised, no forced
//! cryptography, and no import circles.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use psa_tests::workspace;

/// A name for each crate that a program gets with `psa-host`, itself included.
fn crates_with(features: &str) -> BTreeSet<String> {
    let listed = tree(&[
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--features",
        features,
    ]);
    listed
        .lines()
        .map(|line| line.trim_end_matches(" (*)").to_owned())
        .filter(|line| !line.is_empty())
        .collect()
}

fn tree(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "--package", "psa-host"])
        .args(arguments)
        .current_dir(workspace())
        .output()
        .expect("cargo");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn a_program_gets_few_crates_with_psa_host_and_none_of_the_command_line_or_the_kit() {
    const OF_OTHERS: [&str; 10] = [
        "clap",
        "comfy-table",
        "csv",
        "indicatif",
        "maud",
        "psa-conformance",
        "psa-recording",
        "quick-junit",
        "rayon",
        "toml",
    ];
    for (features, most) in [("", 120), ("live,ring,cache,tracing", 180)] {
        let crates = crates_with(features);
        assert!(crates.len() < most, "{}: {crates:#?}", crates.len());
        let found: Vec<_> = crates
            .iter()
            .filter_map(|line| line.split(' ').next())
            .filter(|name| OF_OTHERS.contains(name))
            .collect();
        assert!(found.is_empty(), "{features}: {found:?}");
    }
}

/// With a provider beside the one of the program, rustls no longer chooses: `ClientConfig::builder` panics.
#[test]
fn live_http_forces_no_cryptography_on_a_program() {
    let features = |of_psa_host| {
        let edges = ["--edges", "normal,features", "--invert", "rustls"];
        tree(&[&edges[..], &["--features", of_psa_host]].concat())
    };
    let turned_on =
        |listed: &str, feature: &str| listed.contains(&format!("rustls feature \"{feature}\""));
    let without = features("live,cache,tracing");
    for provider in ["ring", "aws-lc-rs", "aws_lc_rs"] {
        assert!(!turned_on(&without, provider), "{provider}: {without}");
    }
    assert!(turned_on(&features("ring"), "ring"));
}

/// A file may use those below its own folder and those above; beside that, who is used does not use back, however far round.
#[test]
fn no_file_is_used_by_what_it_uses() {
    let sources = [
        "wit/src",
        "component/toolkit/src",
        "component/connectwise/src",
        "component/sample/src",
        "component/halopsa/src",
        "component/autotask/src",
        "component/build/src",
        "host-test/host/src",
        "host-test/recording/src",
        "host-test/conformance/src",
        "host-test/host-conformance/src",
        "host-test/cli/src",
        "relay/src",
        "relay/src/bin/psa-relay",
    ];
    let mut files = 0;
    for folder in sources {
        let modules = Modules::of(&workspace().join(folder));
        files += modules.files.len();
        let uses = modules.uses();
        for module in uses.keys() {
            let circle = way_back(module, &uses);
            assert!(circle.is_none(), "{folder}: {circle:?}");
        }
    }
    assert!(files > 120, "only {files} files were looked at");
}

/// The shortest way from a module to itself, with a stop in between.
fn way_back(from: &str, uses: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    let mut ways = vec![vec![from.to_owned()]];
    let mut seen = BTreeSet::new();
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            for next in way
                .last()
                .and_then(|last| uses.get(last))
                .into_iter()
                .flatten()
            {
                let way = [&way[..], std::slice::from_ref(next)].concat();
                if next == from {
                    return Some(way);
                }
                if seen.insert(next.clone()) {
                    longer.push(way);
                }
            }
        }
        ways = longer;
    }
    None
}

/// The files of a crate by the path of their module: `live::backend`. The root is the empty one.
struct Modules {
    files: BTreeMap<String, String>,
}

impl Modules {
    fn of(root: &Path) -> Self {
        let mut files = BTreeMap::new();
        let mut folders = vec![root.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("a folder") {
                let path: PathBuf = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else if let Some(module) = module_of(root, &path) {
                    let text = fs::read_to_string(&path).expect("a source");
                    let code = text.split("#[cfg(test)]\nmod tests {").next();
                    files.insert(module, code.unwrap_or_default().to_owned());
                }
            }
        }
        Self { files }
    }

    /// The modules that each names, without those above and below it.
    fn uses(&self) -> BTreeMap<String, BTreeSet<String>> {
        let is_below = |one: &str, other: &str| {
            one.is_empty() || other.starts_with(&format!("{one}::")) || one == other
        };
        self.files
            .iter()
            .map(|(module, code)| {
                let named = paths(code, "crate::")
                    .iter()
                    .filter_map(|path| self.named_by(path))
                    .filter(|used| !is_below(module, used) && !is_below(used, module))
                    .collect();
                (module.clone(), named)
            })
            .collect()
    }

    /// The module in which the item of a path is: one that passes an item on from a module below does not count.
    fn named_by(&self, path: &str) -> Option<String> {
        let segments: Vec<&str> = path.split("::").collect();
        let length = (1..=segments.len())
            .rev()
            .find(|length| self.files.contains_key(&segments[..*length].join("::")))?;
        let module = segments[..length].join("::");
        let passed_on = segments.get(length).and_then(|item| {
            let code = &self.files[&module];
            let from = paths(code, "pub use ")
                .into_iter()
                .chain(paths(code, "pub(crate) use "))
                .find(|path| path.rsplit("::").next() == Some(item))?;
            let from = format!("{module}::{}", from.rsplit_once("::")?.0);
            self.files.contains_key(&from).then_some(from)
        });
        Some(passed_on.unwrap_or(module))
    }
}

fn module_of(root: &Path, path: &Path) -> Option<String> {
    let relative = path.strip_prefix(root).ok()?.with_extension("");
    if path.extension().is_none_or(|extension| extension != "rs") {
        return None;
    }
    let mut names: Vec<&str> = relative.iter().filter_map(|name| name.to_str()).collect();
    // A program is a crate of its own.
    if names.first() == Some(&"bin") || names.iter().any(|name| name.ends_with("tests")) {
        return None;
    }
    if matches!(names.last(), Some(&"lib" | &"main" | &"mod")) {
        names.pop();
    }
    Some(names.join("::"))
}

/// Every path after the words, with its braces taken apart: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn paths(code: &str, words: &str) -> Vec<String> {
    let code: String = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .map(|line| format!("{line}\n"))
        .collect();
    code.split(words)
        .skip(1)
        .flat_map(|rest| {
            let is_of_path = |letter: char| letter.is_alphanumeric() || "_:{}, \n".contains(letter);
            let end = rest
                .find(|letter| !is_of_path(letter))
                .unwrap_or(rest.len());
            let text: String = rest[..end].split([' ', '\n']).collect();
            let text = if text.starts_with('{') {
                format!("::{text}")
            } else {
                text
            };
            taken_apart(&text)
        })
        .map(|path| path.trim_start_matches("::").to_owned())
        .collect()
}

fn taken_apart(text: &str) -> Vec<String> {
    const ENDS: [char; 3] = [',', '{', '}'];
    let alone = |text: &str| {
        let end = text.find(ENDS).unwrap_or(text.len());
        vec![text[..end].trim_end_matches(':').to_owned()]
    };
    let Some((before, rest)) = text.split_once("::{") else {
        return alone(text);
    };
    if before.contains(ENDS) {
        return alone(before);
    }
    let mut depth = 0_usize;
    let mut parts = vec![String::new()];
    for letter in rest.chars() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
    }
    parts
        .iter()
        .filter(|part| !part.is_empty())
        .flat_map(|part| taken_apart(&format!("{before}::{part}")))
        .collect()
}
