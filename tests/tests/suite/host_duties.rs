//! The conformance kit for hosts lets the good ones pass, and catches a wrong one for each duty.

mod twin; // A host on wasmtime that can be wrong in one way.
mod wrong; // What it does to requests and results then.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use psa_host_conformance::{DUTIES, Observer, Server};
use psa_tests::{source_digest, workspace};
use serde_json::Value;

use crate::program::run;
use twin::Twin;

/// The probe, built from the sources that are here.
fn probe() -> Vec<u8> {
    let sources = source_digest("probe-psa").expect("the sources");
    psa_tests::bytes_built_from(&workspace(), "probe-psa.wasm", &sources).expect("the probe")
}

fn server() -> Server {
    Server::start(Duration::from_secs(4)).expect("a server")
}

#[test]
fn every_duty_has_a_name_of_its_own_and_is_seen_by_somebody() {
    let names: BTreeSet<&str> = DUTIES.iter().map(|duty| duty.id).collect();
    assert_eq!(names.len(), DUTIES.len());
    let probed: BTreeSet<&str> = probe_psa::duties().into_iter().collect();
    for duty in &DUTIES {
        let is_probed = matches!(duty.observer, Observer::Probe | Observer::Both);
        assert!(!is_probed || probed.contains(duty.id), "{}", duty.id);
        for text in [duty.contract, duty.provoked, duty.remedy] {
            assert!(text.ends_with('.'), "{}: {text}", duty.id);
        }
    }
    let unknown: Vec<_> = probed.difference(&names).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn the_document_has_every_duty() {
    let path = workspace().join("docs/hosts.md");
    let document = fs::read_to_string(path).expect("the document");
    for duty in &DUTIES {
        let row = format!("| `{}` | {} | {} |", duty.id, duty.contract, duty.provoked);
        assert!(document.lines().any(|line| line == row), "missing: {row}");
    }
}

#[test]
fn a_host_that_is_right_keeps_every_duty_that_its_program_can_show() {
    let (server, probe) = (server(), probe());
    let report = Twin::new(&server, &probe).run(None, None);
    let broken: Vec<_> = report
        .outcomes
        .iter()
        .filter(|it| it.state == "broken")
        .collect();
    assert!(broken.is_empty(), "{broken:#?}");
    // Its program makes one call after the other.
    assert_eq!(report.in_state("not-tested"), ["one-call-at-a-time"]);
}

/// Of the duties, `one-call-at-a-time` alone has none: wasmtime does not let a host break it.
#[test]
fn a_wrong_host_for_each_duty_is_caught_by_the_duty_that_it_breaks() {
    let (server, probe) = (server(), probe());
    let twin = Twin::new(&server, &probe);
    let mut missed = Vec::new();
    for duty in DUTIES.iter().filter(|duty| duty.id != "one-call-at-a-time") {
        let report = twin.run(Some(duty.id), Some(duty.id));
        if report.in_state("broken") != [duty.id] {
            missed.push(format!("{}: {:?}", duty.id, report.outcomes));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

/// The program of a host, as an author writes it.
fn rust_host() -> String {
    let built = std::env::current_exe().expect("this program");
    let folder = built
        .ancestors()
        .nth(2)
        .expect("the folder of what was built");
    let host: PathBuf = folder.join("examples/rust_host");
    assert!(
        host.exists(),
        "run `cargo build --workspace --locked --examples`, then repeat"
    );
    host.display().to_string()
}

#[test]
fn the_library_keeps_every_duty() {
    probe();
    let arguments = [
        "conform-host",
        "--json",
        "--patience",
        "6",
        "--",
        &rust_host(),
    ];
    let run = run(&arguments);
    assert_eq!(run.exit_code, 0, "{}{}", run.output, run.errors);
    let report: Value = serde_json::from_str(&run.output).expect("JSON");
    let outcomes = report["outcomes"].as_array().expect("a list");
    let not_kept: Vec<_> = outcomes.iter().filter(|it| it["state"] != "kept").collect();
    assert!(not_kept.is_empty(), "{not_kept:#?}");
    assert_eq!(outcomes.len(), DUTIES.len());
}

#[test]
fn what_a_program_can_do_wrong_is_said() {
    probe();
    for (arguments, exit_code, part) in [
        (
            &["--timeout", "1", "--", "sleep", "60"][..],
            41,
            "ended after 1 seconds",
        ),
        (
            &["--", "sh", "-c", "echo no-component >&2; exit 3"],
            41,
            "no-component",
        ),
        (
            &[
                "--",
                "sh",
                "-c",
                "echo '{\"error\": {\"code\": \"denied\"}}'",
            ],
            41,
            "failed with `denied`",
        ),
        (
            &["--only", "in-order", "--", "true"],
            0,
            "nothing was seen of it",
        ),
        (&["--", "./there-is-no-such-program"], 2, "cannot run"),
        (
            &["--only", "no-such-duty", "--", "true"],
            2,
            "one-result-each",
        ),
        (
            &["--probe", "no-such-probe", "--", "true"],
            3,
            "no-such-probe",
        ),
        (&[], 2, "required"),
    ] {
        let run = run(&[&["conform-host"], arguments].concat());
        let said = [run.output, run.errors].concat();
        assert_eq!(run.exit_code, exit_code, "{arguments:?}: {said}");
        assert!(said.contains(part), "{arguments:?}: {said}");
    }
}

#[test]
fn a_server_alone_says_what_to_tell_the_host_and_reads_what_it_printed() {
    probe();
    let mut command = crate::program::command(&["conform-host", "--serve"], &[]);
    command.stdin(std::process::Stdio::null());
    let run = crate::program::ended(command);
    assert_eq!(run.exit_code, 41, "{}", run.output);
    for name in [
        "PSA_PROBE",
        "PSA_CERTIFICATE",
        "PSA_SETTINGS",
        "PSA_OTHER_SETTINGS",
    ] {
        assert!(
            run.errors.contains(&format!("export {name}='")),
            "{}",
            run.errors
        );
    }
    assert!(run.output.contains("printed no result"), "{}", run.output);
}
