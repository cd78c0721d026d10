//! Every case of every vendor, twice: through the core as ordinary Rust, and through the component in wasmtime. The same file,
//! the same expectation. A component that is missing or stale fails its trials.

use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use psa_host::Connector;
use psa_recording::Case;
use psa_tests::{Outcome, VENDORS, Vendor, run_in_sandbox};

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
            let name = format!("{}/{name}", vendor.name);
            if vendor.core.is_some() {
                let native = case.clone();
                trials.push(Trial::test(format!("native::{name}"), move || {
                    check(vendor, &native, Ok(vendor.run_natively(&native)))
                }));
            }
            trials.push(Trial::test(format!("wasm::{name}"), move || {
                check(vendor, &case, in_sandbox(vendor.connector(), &case))
            }));
        }
    }
    Ok(trials)
}

fn in_sandbox(connector: anyhow::Result<Connector>, case: &Case) -> anyhow::Result<Outcome> {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()?
        .block_on(run_in_sandbox(&connector?, case))
}

fn check(vendor: &Vendor, case: &Case, outcome: anyhow::Result<Outcome>) -> Result<(), Failed> {
    let outcome = outcome.map_err(|error| format!("{case}\n{error:#}"))?;
    let result = outcome.result.as_ref();
    let mut complaints = outcome.replay.finish();
    complaints.extend(case.expect.mismatches(result));
    let rounds = outcome.replay.rounds();
    if rounds != case.rounds {
        complaints.push(format!("rounds: expected {}, found {rounds}", case.rounds));
    }
    complaints.extend(leaks(vendor, case, &outcome));
    if complaints.is_empty() {
        return Ok(());
    }
    let result = match result {
        Ok(value) => format!("ok: {value:#}"),
        Err(error) => format!("err: {error:#}"),
    };
    Err(format!("{case}\n- {}\nwhat came: {result}", complaints.join("\n- ")).into())
}

/// Secrets of the settings in what came out, or in a URL.
fn leaks(vendor: &Vendor, case: &Case, outcome: &Outcome) -> Vec<String> {
    let (Ok(result) | Err(result)) = &outcome.result;
    let result = result.to_string();
    let urls: Vec<String> = outcome
        .replay
        .requests()
        .into_iter()
        .flatten()
        .map(|request| request.url)
        .collect();
    // A shorter one may be a part of any word.
    let secrets = case.settings.iter().filter(|setting| {
        vendor.secrets.contains(&setting.name.as_str()) && setting.value.len() >= 8
    });
    let mut leaks = Vec::new();
    for secret in secrets {
        if result.contains(&secret.value) {
            leaks.push(format!("the result holds the value of `{}`", secret.name));
        }
        if urls.iter().any(|url| url.contains(&secret.value)) {
            leaks.push(format!("a URL holds the value of `{}`", secret.name));
        }
    }
    leaks
}
