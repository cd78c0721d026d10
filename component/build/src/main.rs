//! `psa-build`: the command.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use psa_build::{Options, build};

/// Build a psa:connector component: compile a crate for WebAssembly, package it, stamp it with its manifest, and check it.
///
/// Example: psa-build -p connectwise-psa --output connectwise-psa.wasm
#[derive(Parser)]
#[command(name = "psa-build", version)]
struct Arguments {
    /// The connector's Cargo.toml, or its workspace's
    #[arg(long, value_name = "FILE")]
    manifest_path: Option<PathBuf>,
    /// The package to build; without it, the one of the manifest
    #[arg(short, long, value_name = "NAME")]
    package: Option<String>,
    /// Its features, separated by commas
    #[arg(long, value_name = "NAMES")]
    features: Option<String>,
    /// Cargo's profile; without it `component`, which is optimised for speed unless the workspace defines it
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// What to write; without it <package>.wasm in the target folder
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Let the component import more than HTTP, which hosts refuse: for tests
    #[arg(long)]
    any_import: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let options = Options {
        manifest_path: arguments.manifest_path,
        package: arguments.package,
        features: arguments.features,
        profile: arguments.profile,
        output: arguments.output,
        may_import_anything: arguments.any_import,
    };
    match build(&options) {
        Ok(built) => {
            let path = built.path.display();
            println!(
                "{path}: {} bytes, {} in gzip",
                built.bytes, built.gzip_bytes
            );
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
