//! `psa-compose`: the command.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Parser;

/// Put components around a connector, so that it offers another interface to the host.
///
/// Example: psa-compose target/json/front.wasm connectwise-psa.wasm target/json/back.wasm --output connectwise-json.wasm
#[derive(Parser)]
#[command(name = "psa-compose", version)]
struct Arguments {
    /// The component that exports what the whole does, and imports the service desk
    front: PathBuf,
    /// The connector
    connector: PathBuf,
    /// The component that exports the connector's HTTP, and imports a function of text named `send`
    back: PathBuf,
    /// What to write
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<String> {
    let read =
        |path: &Path| fs::read(path).with_context(|| format!("cannot read `{}`", path.display()));
    let whole = psa_build::compose(
        &read(&arguments.front)?,
        &read(&arguments.connector)?,
        &read(&arguments.back)?,
    )?;
    let path = &arguments.output;
    let cannot_write = || format!("cannot write `{}`", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(cannot_write)?;
    }
    fs::write(path, &whole).with_context(cannot_write)?;
    let gzip_bytes = psa_build::gzip_bytes(&whole);
    Ok(format!(
        "{}: {} bytes, {gzip_bytes} in gzip",
        path.display(),
        whole.len()
    ))
}
