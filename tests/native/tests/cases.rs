//! Every case of every vendor, through the core as ordinary Rust.

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};
use psa_native::{VENDORS, check};

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
            let name = format!("native::{}/{name}", vendor.name);
            trials.push(Trial::test(name, move || {
                Ok(check(vendor, &case, &vendor.run_natively(&case))?)
            }));
        }
    }
    Ok(trials)
}
