//! `psa-wit`: the command.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Parser;
use wit_parser::Resolve;

/// Encode the text of an interface as a WIT package, the form in which registries keep it.
///
/// Example: psa-wit wit/connector.wit --output psa-connector.wit.wasm
#[derive(Parser)]
#[command(name = "psa-wit", version)]
struct Arguments {
    /// The text
    wit: PathBuf,
    /// What to write
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments.wit, &arguments.output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(wit: &Path, output: &Path) -> Result<()> {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path(wit)?;
    let encoded = wit_component::encode(&resolve, package)?;
    fs::write(output, encoded).with_context(|| format!("cannot write `{}`", output.display()))
}
