//! `psa-build`: the command.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use psa_build::{Options, build};

/// Build a psa:connector component: compile a crate for WebAssembly, package it, stamp it with its manifest, and check it.
///
/// Example: psa-build -p connectwise-psa --output connectwise-psa.wasm
///
/// Connectors of one workspace that are built in one go share what is compiled for all of them.
#[derive(Parser)]
#[command(name = "psa-build", version)]
struct Arguments {
    /// The connector's Cargo.toml, or its workspace's
    #[arg(long, value_name = "FILE")]
    manifest_path: Option<PathBuf>,
    /// The package to build; may be repeated; without it, the one of the manifest
    #[arg(short, long, value_name = "NAME")]
    package: Vec<String>,
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
    /// What the component must export instead of the service desk: for what goes around a connector, as psa-compose does
    #[arg(long, value_name = "NAME")]
    export: Option<String>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.package.len() > 1 && arguments.output.is_some() {
        eprintln!("error: --output names one file, so name one package");
        return ExitCode::FAILURE;
    }
    let mut packages: Vec<Option<String>> = arguments.package.into_iter().map(Some).collect();
    if packages.is_empty() {
        packages.push(None);
    }
    for package in packages {
        let built = build(&Options {
            manifest_path: arguments.manifest_path.clone(),
            package,
            features: arguments.features.clone(),
            profile: arguments.profile.clone(),
            output: arguments.output.clone(),
            may_import_anything: arguments.any_import,
            export: arguments.export.clone(),
        });
        match built {
            Ok(built) => {
                let path = built.path.display();
                println!(
                    "{path}: {} bytes, {} in gzip",
                    built.bytes, built.gzip_bytes
                );
            }
            Err(error) => {
                eprintln!("error: {error:#}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}
