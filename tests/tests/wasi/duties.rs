//! The probe as a service under the kit for hosts, `psa-host conform-host`: which duties adapter and service keep on a host of
//! `wasi:http`, and which of them are the host's.

use std::process::Command;

use psa_host_conformance::DUTIES;
use serde_json::Value;

use crate::built;

#[test]
fn every_duty_is_kept_on_a_host_that_confines_a_connector_to_its_origins() {
    let report = judged(&[]);
    assert_eq!(report.broken, Vec::<String>::new(), "{}", report.text);
    assert_eq!(report.not_tested, NOT_TESTED, "{}", report.text);
    assert_eq!(report.kept, DUTIES.len() - NOT_TESTED.len());
}

/// As docs/hosts.md says: what the adapter cannot do on a host without rules for outgoing requests.
#[test]
fn on_a_host_without_such_a_rule_that_duty_alone_is_broken() {
    let report = judged(&["any-origin"]);
    assert_eq!(report.broken, ["origin-refused"], "{}", report.text);
    assert_eq!(report.not_tested, NOT_TESTED, "{}", report.text);
}

/// The adapter asks for responses without a content encoding, so there is nothing to remove.
const NOT_TESTED: [&str; 1] = ["encoding-removed"];

struct Report {
    kept: usize,
    broken: Vec<String>,
    not_tested: Vec<String>,
    text: String,
}

fn judged(arguments: &[&str]) -> Report {
    let probe = built::probe().expect("the probe as a service");
    let built = std::env::current_exe().expect("this program");
    let folder = built
        .ancestors()
        .nth(2)
        .expect("the folder of what was built");
    let [kit, host] = ["psa-host", "examples/wasi_host"].map(|program| folder.join(program));
    for program in [&kit, &host] {
        let advice = "run `cargo build --workspace --locked --bins --examples`, then repeat";
        assert!(
            program.is_file(),
            "{} is missing: {advice}",
            program.display()
        );
    }
    let output = Command::new(kit)
        .args(["conform-host", "--json", "--patience", "6", "--probe"])
        .arg(probe)
        .arg("--")
        .arg(host)
        .args(arguments)
        .output()
        .expect("psa-host");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let report: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{output:?}"));
    let outcomes = report["outcomes"].as_array().expect("a list");
    let in_state = |state: &str| -> Vec<String> {
        let outcomes = outcomes.iter().filter(|outcome| outcome["state"] == state);
        let names = outcomes.filter_map(|outcome| outcome["id"].as_str());
        names.map(str::to_owned).collect()
    };
    Report {
        kept: in_state("kept").len(),
        broken: in_state("broken"),
        not_tested: in_state("not-tested"),
        text,
    }
}
