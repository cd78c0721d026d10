//! The service and the container. systemd checks the one; of the other, what can be seen without building it.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use psa_relay::configuration::Configuration;
use psa_tests::{tool, workspace};

use super::program::program;

fn deployed(name: &str) -> String {
    let path = workspace().join("relay/deploy").join(name);
    fs::read_to_string(path).expect("a file")
}

#[test]
fn the_service_is_one_that_systemd_takes_and_finds_safe() {
    let Some(analyze) = tool("systemd-analyze", "systemd") else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let unit = folder.path().join("psa-relay.service");
    // The program of these sources in the place of the installed one.
    let text = deployed("psa-relay.service");
    let here = text.replace("/usr/local/bin/psa-relay", &program().display().to_string());
    assert_ne!(text, here);
    fs::write(&unit, here).expect("written");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(&analyze);
        let command = command.args(arguments).arg(&unit).env("SYSTEMD_PAGER", "");
        let output = command.output().expect("it runs");
        let said = [output.stdout, output.stderr].concat();
        (
            output.status.success(),
            String::from_utf8_lossy(&said).into_owned(),
        )
    };
    let (is_fine, said) = run(&["verify", "--man=no"]);
    // What it says of units of this machine is not about this one.
    let about_it: Vec<&str> = said.lines().filter(|it| it.contains("psa-relay")).collect();
    assert!(is_fine && about_it.is_empty(), "{said}");
    // In tenths: 0 is the safest, 100 is a service without any limit.
    let (is_safe, said) = run(&["security", "--offline=true", "--threshold=15"]);
    assert!(is_safe, "{said}");
}

#[test]
fn the_container_is_built_in_stages_and_runs_as_nobody_in_particular() {
    let text = deployed("Containerfile").replace("\\\n", " ");
    let lines: Vec<(&str, &str)> = text
        .lines()
        .filter_map(|line| line.split_once(' '))
        .filter(|(word, _)| !word.starts_with('#'))
        .collect();
    let all = |word: &str| -> Vec<&str> {
        let found = lines.iter().filter(|(it, _)| *it == word);
        found.map(|(_, rest)| *rest).collect()
    };
    assert_eq!(all("FROM").len(), 2, "{text}");
    assert_eq!(all("USER"), ["10001:10001"]);
    let position = |word: &str| lines.iter().rposition(|(it, _)| *it == word);
    assert!(position("USER") > position("RUN") && position("USER") > position("FROM"));
    // What the last stage runs is what the first one makes.
    let copies = all("COPY").join("\n");
    let workspace = workspace();
    let manifest = fs::read_to_string(workspace.join("Cargo.toml")).expect("the manifest");
    let version = manifest
        .lines()
        .find_map(|line| line.strip_prefix("rust-version = "));
    let version = version.expect("a version").trim_matches('"');
    assert!(
        all("FROM")[0].contains(&format!("rust:{version}-")),
        "{version}"
    );
    for vendor in ["connectwise", "halopsa", "autotask"] {
        assert!(
            copies.contains(&format!("/src/target/{vendor}-psa.wasm")),
            "{vendor}"
        );
    }
    for copy in all("COPY").iter().filter(|it| !it.starts_with("--from")) {
        let from = copy.split(' ').next().expect("a path");
        assert!(workspace.join(from).exists(), "{from}");
    }
}

#[test]
fn the_relays_of_the_compose_file_share_a_database_and_a_key() {
    let text = deployed("compose.yaml");
    let count = |words: &str| text.matches(words).count();
    assert_eq!(count("<<: *relay"), 3, "three relays");
    for words in [
        "PSA_RELAY_KEY: ",
        "./several.toml:/etc/psa-relay/relay.toml:ro",
        "dockerfile: relay/deploy/Containerfile",
    ] {
        assert_eq!(count(words), 1, "{words}: once, for all of them");
    }
    let path = workspace().join("relay/deploy/several.toml");
    let configuration = Configuration::from_file(&path).expect("a configuration");
    let url = configuration.database.expect("a database").url;
    let name = url.split(['/', '?']).nth(3).expect("a name");
    assert!(text.contains(&format!("POSTGRES_DB: {name}\n")), "{name}");
    let (_, user) = url.split_once("user=").expect("a user");
    assert!(text.contains(&format!("POSTGRES_USER: {user}\n")), "{user}");
}

#[test]
fn the_configurations_are_ones_that_the_program_takes() {
    for name in ["relay.toml", "container.toml", "several.toml"] {
        let path = workspace().join("relay/deploy").join(name);
        let configuration = Configuration::from_file(&path).expect(name);
        configuration.check().expect(name);
        let names: BTreeSet<&str> = configuration.connectors.keys().map(|it| &**it).collect();
        assert_eq!(
            names,
            BTreeSet::from(["autotask", "connectwise", "halopsa"])
        );
    }
}
