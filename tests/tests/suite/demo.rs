//! `make demo` shows the same on every recorded tenant, whatever the vendor.

use std::fs;
use std::process::Command;

use psa_tests::workspace;

use crate::program::{cache, component_path, ended};

/// What each tenant shows, in this order; more may be between.
const FLOW: [&str; 6] = [
    "verify",
    "companies",
    "boards",
    "create-ticket",
    "note",
    "close",
];

#[test]
fn every_recorded_tenant_shows_the_same_flow() {
    component_path(); // It must be of these sources.
    let mut bash = Command::new("bash");
    bash.arg(workspace().join("tests/recordings/demo.sh"))
        .env("XDG_CACHE_HOME", cache());
    let run = ended(bash);
    assert_eq!(run.exit_code, 0, "{}{}", run.output, run.errors);
    let tenants = fs::read_dir(workspace().join("tests/recordings")).expect("the folder");
    let tenants = tenants.map(|entry| entry.expect("an entry").path());
    let mut count = 0;
    for tenant in tenants.filter(|path| path.join("settings.toml").is_file()) {
        count += 1;
        let name = tenant.file_name().and_then(|name| name.to_str());
        let name = name.expect("a name");
        let (_, mut rest) = run
            .output
            .split_once(&format!("== {name}\n"))
            .unwrap_or_else(|| panic!("{name} is not shown"));
        rest = rest.split("\n== ").next().unwrap_or_default();
        for command in FLOW {
            let shown = format!("\n$ psa-host {command} {name} ");
            let after = rest.split_once(&shown).map(|(_, after)| after);
            rest = after.unwrap_or_else(|| panic!("{name} does not show {command} in its turn"));
        }
    }
    assert!(count >= 1, "no recorded tenant was found");
}
