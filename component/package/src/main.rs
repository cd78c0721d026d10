//! `package-component FOLDER CORE_MODULE COMPONENT`: reads the core module, writes the component, prints where it is and how
//! large. Run by `build.sh` of each component, in the workspace.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;
use package_component::{Component, MAXIMUM_COMPONENT_BYTES, package, source_digest};

/// Makes a component of a core module, names and stamps it, and checks its imports and its size.
#[derive(Parser)]
struct Arguments {
    /// The folder of its crate, relative to the workspace: `component`.
    folder: String,
    /// What to read.
    core_module: PathBuf,
    /// What to write.
    component: PathBuf,
    /// Its name for tools that list components.
    #[arg(long)]
    name: String,
    /// What it is, in a sentence.
    #[arg(long)]
    description: String,
    /// How large it may be.
    #[arg(long, default_value_t = MAXIMUM_COMPONENT_BYTES)]
    maximum_bytes: usize,
    /// Let it import more than HTTP: for a component that hosts have to refuse.
    #[arg(long)]
    any_import: bool,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(summary) => {
            println!("{summary}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<String> {
    let core_module = fs::read(&arguments.core_module)
        .with_context(|| format!("cannot read `{}`", arguments.core_module.display()))?;
    let component = Component {
        name: &arguments.name,
        description: &arguments.description,
        source_digest: &source_digest(Path::new("."), &arguments.folder)?,
        maximum_bytes: arguments.maximum_bytes,
        may_import_anything: arguments.any_import,
    };
    let packaged = package(&core_module, &component)?;
    let path = arguments.component.display();
    fs::write(&arguments.component, &packaged).with_context(|| format!("cannot write `{path}`"))?;
    Ok(format!("{path}: {} bytes", packaged.len()))
}
