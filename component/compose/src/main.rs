//! `psa-compose`: the command.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Parser;

/// Put components around a connector, so that it offers or needs another interface.
///
/// Example: psa-compose my-psa.wasm target/wasi/parts/adapter.wasm --concurrent-requests 8 --output my-wasi.wasm
#[derive(Parser)]
#[command(name = "psa-compose", version)]
struct Arguments {
    /// The components from the front, whose exports the whole has, to the back: each gets what the next one exports
    #[arg(required = true, num_args = 2..)]
    components: Vec<PathBuf>,
    /// How many requests the adapter for wasi:http sends at once: what the connector's description advises
    #[arg(long, value_name = "NUMBER")]
    concurrent_requests: Option<u32>,
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
    let read = |path: &PathBuf| {
        fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))
    };
    let mut components = arguments
        .components
        .iter()
        .map(read)
        .collect::<Result<Vec<_>>>()?;
    if let Some(number) = arguments.concurrent_requests {
        components.push(psa_compose::pacing(number)?);
    }
    let whole = psa_compose::compose(&components)?;
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
