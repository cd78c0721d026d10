//! Every case of every vendor, through the component in wasmtime. A component that is missing or stale fails its trials. The
//! same cases run through the core as ordinary Rust in `native/tests/cases.rs`.

use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use psa_host::Connector;
use psa_recording::Case;
use psa_tests::{Outcome, VENDORS, Vendor, check, run_in_sandbox};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    match trials() {
        Ok(trials) => libtest_mimic::run(&arguments, trials).exit_code(),
        Err(error) => {
            eprintln!("the cases cannot be read: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn trials() -> anyhow::Result<Vec<Trial>> {
    let mut trials = Vec::new();
    for vendor in VENDORS {
        for (name, case) in vendor.cases()? {
            let name = format!("wasm::{}/{name}", vendor.name);
            trials.push(Trial::test(name, move || run(vendor, &case)));
        }
    }
    Ok(trials)
}

fn run(vendor: &Vendor, case: &Case) -> Result<(), Failed> {
    let outcome = in_sandbox(vendor.connector(), case);
    let outcome = outcome.map_err(|error| format!("{case}\n{error:#}"))?;
    Ok(check(vendor, case, &outcome)?)
}

fn in_sandbox(connector: anyhow::Result<Connector>, case: &Case) -> anyhow::Result<Outcome> {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()?
        .block_on(run_in_sandbox(&connector?, case))
}
